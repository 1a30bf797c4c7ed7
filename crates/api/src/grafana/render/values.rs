//! Values of variables, asked level by level, those that others depend on first.

use super::ask::Asker;
use dashboard::{
    Choice, Globals, Scope, Variable, VariableKind, VariableValues, order_variables,
    values_from_url,
};
use render::{call_of, texts_of};

/// The values of variables as the address says them, of the choices that there are now. A variable whose
/// question fails keeps what the dashboard was saved with.
pub(super) async fn resolve(
    variables: Vec<Variable>,
    pairs: &[(String, String)],
    globals: &Globals,
    asker: &Asker<'_>,
) -> VariableValues {
    let order = order_variables(&variables);
    let mut values = VariableValues::new(variables);
    values_from_url(&mut values, pairs);
    for name in order.levels.iter().flatten() {
        if let Some(options) = choices(&values, name, globals, asker).await
            && let Some(value) = values.get_mut(name)
        {
            value.set_options(options);
        }
    }
    values
}

async fn choices(
    values: &VariableValues,
    name: &str,
    globals: &Globals,
    asker: &Asker<'_>,
) -> Option<Vec<Choice>> {
    let variable = values.get(name)?.variable.clone();
    let query = match &variable.kind {
        VariableKind::DataSource { .. } => {
            return Some(vec![Choice::new("Watchfire", "watchfire")]);
        }
        VariableKind::Query(query) => query.interpolate(&Scope::new(values, globals)),
        _ => return None,
    };
    let texts = match call_of(&query, globals) {
        None => Vec::new(),
        Some(call) => texts_of(&query, asker.data(&call).await.ok()?),
    };
    variable.choices(&texts, &Scope::new(values, globals)).ok()
}

//! Choices of variables: asked level by level, those that others depend on first.

use super::Board;
use app::data::{Answer, UiError, get, post};
use app::state::query_string;
use dashboard::{
    Choice, Globals, Refresh, Scope, Variable, VariableKind, VariableQuery, VariableValues,
    order_variables,
};
use leptos::prelude::*;
use leptos::task::spawn_local;
use render::{Call, call_of, texts_of};
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Which variables are asked for.
#[derive(Debug, Clone)]
pub(crate) enum Which {
    /// All that have a query: a dashboard opens.
    All,
    /// Those whose choices go with the time.
    OfTime,
    /// Those that depend on one that was changed.
    Below(String),
}

/// Asks for choices; panels wait until the values are there. For the browser only.
pub(crate) fn resolve(board: Board, which: Which) {
    let serial = board.variable_serial.try_update_value(|serial| {
        *serial += 1;
        *serial
    });
    let Some(serial) = serial else { return };
    spawn_local(async move {
        // The page may have gone before this began.
        let Some(start) = board.values.try_get_untracked() else {
            return;
        };
        let variables: Vec<Variable> = start.iter().map(|value| value.variable.clone()).collect();
        let order = order_variables(&variables);
        let wanted = wanted(&variables, &order, &which);
        if wanted.is_empty() {
            be_ready(board);
            return;
        }
        let mut values = (*start).clone();
        for level in &order.levels {
            for name in level.iter().filter(|name| wanted.contains(*name)) {
                let globals = board.globals_untracked();
                let found = ask(&values, name, &globals).await;
                // Somebody chose something meanwhile, or left.
                if board.variable_serial.try_get_value() != Some(serial) {
                    return;
                }
                match found {
                    Ok(Some(options)) => {
                        if let Some(value) = values.get_mut(name) {
                            value.set_options(options);
                        }
                        board.variable_errors.update(|errors| {
                            errors.remove(name);
                        });
                    }
                    Ok(None) => {}
                    Err(reason) => board.variable_errors.update(|errors| {
                        errors.insert(name.clone(), reason);
                    }),
                }
            }
        }
        board.values.set(Arc::new(values));
        be_ready(board);
    });
}

/// Lets panels ask; told once, for each telling makes them look again.
fn be_ready(board: Board) {
    if !board.ready.get_untracked() {
        board.ready.set(true);
    }
}

fn wanted(
    variables: &[Variable],
    order: &dashboard::VariableOrder,
    which: &Which,
) -> BTreeSet<String> {
    let has_query = |variable: &&Variable| {
        matches!(
            variable.kind,
            VariableKind::Query(_) | VariableKind::DataSource { .. }
        )
    };
    let mut wanted: BTreeSet<String> = match which {
        Which::All => variables
            .iter()
            .filter(has_query)
            .map(|v| v.name.clone())
            .collect(),
        Which::OfTime => variables
            .iter()
            .filter(has_query)
            .filter(|variable| variable.refresh == Refresh::OnTimeRange)
            .map(|variable| variable.name.clone())
            .collect(),
        Which::Below(name) => order.children(name).into_iter().collect(),
    };
    // What depends on one that is asked anew is asked anew, too.
    let mut open: Vec<String> = wanted.iter().cloned().collect();
    while let Some(name) = open.pop() {
        for child in order.children(&name) {
            if wanted.insert(child.clone()) {
                open.push(child);
            }
        }
    }
    wanted
}

/// The choices of a variable; `None` where they do not come from anywhere.
async fn ask(
    values: &VariableValues,
    name: &str,
    globals: &Globals,
) -> Result<Option<Vec<Choice>>, String> {
    let Some(value) = values.get(name) else {
        return Ok(None);
    };
    let variable = value.variable.clone();
    let query = match &variable.kind {
        VariableKind::DataSource { .. } => {
            return Ok(Some(vec![Choice::new("Watchfire", "watchfire")]));
        }
        VariableKind::Query(query) => query.interpolate(&Scope::new(values, globals)),
        _ => return Ok(None),
    };
    let answers = answers(&query, globals)
        .await
        .map_err(|error| error.to_string())?;
    variable
        .choices(&answers, &Scope::new(values, globals))
        .map(Some)
        .map_err(|error| error.to_string())
}

async fn answers(query: &VariableQuery, globals: &Globals) -> Result<Vec<String>, UiError> {
    let answer: Answer<Value> = match call_of(query, globals) {
        None => return Ok(Vec::new()),
        Some(Call::Get(path, pairs)) => {
            let pairs = pairs.iter().map(|(name, value)| (*name, value.as_str()));
            get(&format!("{path}?{}", query_string(pairs)), None).await?
        }
        Some(Call::Post(path, form)) => {
            let form: Vec<(&str, &str)> = form.iter().map(|(n, v)| (*n, v.as_str())).collect();
            post(&path, &form, None).await?
        }
    };
    Ok(texts_of(query, answer.data))
}

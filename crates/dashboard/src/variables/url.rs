//! Variables in addresses: `var-name=value`, once for each value.

use super::{ALL_VALUE, AdHocFilter, Choice, VariableKind, VariableValues};

/// The pairs of an address for what variables are; `clones` go before.
pub fn url_pairs(values: &VariableValues, clones: &[(String, Choice)]) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    for value in values.iter() {
        let variable = &value.variable;
        if variable.skip_url || matches!(variable.kind, VariableKind::Constant) {
            continue;
        }
        let key = format!("var-{}", variable.name);
        if let VariableKind::AdHoc { .. } = variable.kind {
            pairs.extend(
                value
                    .filters
                    .iter()
                    .map(|filter| (key.clone(), filter.to_url())),
            );
            continue;
        }
        if let Some((_, choice)) = clones.iter().rev().find(|(name, _)| *name == variable.name) {
            pairs.push((key, choice.value.clone()));
            continue;
        }
        if value.selected.is_empty() {
            pairs.push((key, String::new()));
        } else {
            pairs.extend(
                value
                    .selected
                    .iter()
                    .map(|choice| (key.clone(), choice.value.clone())),
            );
        }
    }
    pairs
}

/// Takes the values of an address; variables that it does not name stay what they are.
pub fn values_from_url(values: &mut VariableValues, pairs: &[(String, String)]) {
    for value in values.iter_mut() {
        let key = format!("var-{}", value.variable.name);
        let found: Vec<String> = pairs
            .iter()
            .filter(|(name, _)| *name == key)
            .map(|(_, value)| value.clone())
            .collect();
        if found.is_empty() {
            continue;
        }
        match value.variable.kind {
            VariableKind::AdHoc { .. } => {
                value.filters = found
                    .iter()
                    .filter_map(|text| AdHocFilter::from_url(text))
                    .collect();
            }
            VariableKind::Constant => {}
            _ if found == [String::new()]
                && !matches!(value.variable.kind, VariableKind::TextBox) =>
            {
                value.selected = Vec::new();
            }
            _ => {
                // `All` is what old addresses say.
                let all = found.iter().any(|text| text == ALL_VALUE || text == "All");
                let known = value.options.iter().any(|choice| choice.value == "All");
                if all && value.variable.include_all && !known {
                    value.select(&[ALL_VALUE.to_owned()]);
                } else {
                    value.select(&found);
                }
            }
        }
    }
}

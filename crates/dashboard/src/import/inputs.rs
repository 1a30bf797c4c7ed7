//! What the author of a dashboard left open: data sources and constants.

use crate::json::{Object, Reading, for_each_text, take};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Something to choose before a dashboard works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Its name; `${NAME}` stands for it in the document.
    pub name: String,
    /// What people read.
    pub label: String,
    /// For people.
    pub description: String,
    /// Whether a data source is asked for, not a text.
    pub is_data_source: bool,
    /// The kind of that data source.
    pub plugin: String,
    /// What it is if nothing is chosen.
    pub value: String,
}

pub(super) fn read(document: &Object) -> Vec<Input> {
    document
        .list("__inputs")
        .iter()
        .filter_map(|item| {
            let name = item.text("name")?;
            Some(Input {
                label: item.text("label").unwrap_or_else(|| name.clone()),
                description: item.text("description").unwrap_or_default(),
                is_data_source: item.str("type") == Some("datasource"),
                plugin: item.text("pluginId").unwrap_or_default(),
                value: item.text("value").unwrap_or_default(),
                name,
            })
        })
        .collect()
}

/// Puts the chosen values in and takes the questions away. A data source without an answer is left open if a
/// variable of the same name answers it, and becomes the default one otherwise.
pub(super) fn apply(document: &mut Object, inputs: &[Input], answers: &BTreeMap<String, String>) {
    for input in inputs {
        let variable = document
            .field("templating")
            .map_or(&[][..], |value| value.list("list"))
            .iter()
            .any(|variable| variable.str("name") == Some(input.name.as_str()));
        let answer = match answers.get(&input.name) {
            Some(answer) => answer.clone(),
            None if variable => continue,
            None if !input.value.is_empty() || !input.is_data_source => input.value.clone(),
            None => "default".to_owned(),
        };
        let mention = format!("${{{}}}", input.name);
        let mut value = Value::Object(std::mem::take(document));
        for_each_text(&mut value, &mut |text| {
            if text.contains(&mention) {
                *text = text.replace(&mention, &answer);
            }
        });
        if let Value::Object(changed) = value {
            *document = changed;
        }
    }
    take(document, "__inputs");
    // Bundled library panels, empty in all that was seen.
    if document.object("__elements").is_none_or(Object::is_empty) {
        take(document, "__elements");
    }
}

/// Makes the data source of a document an input.
pub(super) fn share(mut value: Value) -> Value {
    const NAME: &str = "DS_PROMETHEUS";
    let mut found = false;
    open_sources(&mut value, &mut found);
    let Value::Object(document) = value else {
        return value;
    };
    let mut shared = Object::new();
    if found {
        shared.insert(
            "__inputs".into(),
            json!([{
                "name": NAME,
                "label": "Prometheus",
                "description": "",
                "type": "datasource",
                "pluginId": "prometheus",
                "pluginName": "Prometheus",
            }]),
        );
    }
    shared.extend(document);
    Value::Object(shared)
}

/// Names `${DS_PROMETHEUS}` wherever a Prometheus is named by its own uid.
fn open_sources(value: &mut Value, found: &mut bool) {
    match value {
        Value::Object(object) => {
            if let Some(Value::Object(source)) = object.get_mut("datasource")
                && source.str("type") == Some("prometheus")
                && source
                    .str("uid")
                    .is_some_and(|uid| !uid.starts_with('$') && !uid.starts_with("--"))
            {
                source.insert("uid".into(), "${DS_PROMETHEUS}".into());
                *found = true;
            }
            object
                .values_mut()
                .for_each(|item| open_sources(item, found));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| open_sources(item, found)),
        _ => {}
    }
}

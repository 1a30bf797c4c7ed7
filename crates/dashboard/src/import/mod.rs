//! Dashboards of others taken in, old ones brought up to date; and given out again.
//!
//! Source: Grafana's schema of dashboards, versions 14 to 42, and its migrations.

mod envelope;
mod graph;
mod graph_overrides;
mod inputs;
mod keys;
mod old_table;
mod panels;
mod repair;
mod rows;
mod singlestat;
#[cfg(test)]
mod tests;
mod versions;

use crate::document::Dashboard;
use crate::error::Result;
use crate::json::{Object, Reading, take};
use crate::notice::Notice;
use serde_json::Value;
use std::collections::BTreeMap;

pub use inputs::Input;

/// A dashboard that was taken in.
#[derive(Debug, Clone)]
pub struct Import {
    /// The dashboard, brought up to date.
    pub dashboard: Dashboard,
    /// What must be chosen before it works: data sources and constants of its author.
    pub inputs: Vec<Input>,
    /// The folder that it says it belongs to.
    pub folder_uid: Option<String>,
    /// What is not, or not exactly, as its author meant.
    pub notices: Vec<Notice>,
}

/// Reads the text of a dashboard: Grafana's JSON, bare or in the envelopes of its APIs.
///
/// `answers` are chosen values of inputs, by name; inputs without an answer get their own value.
///
/// # Errors
/// [`Error`](crate::Error) if the text is no such dashboard.
pub fn import(text: &str, answers: &BTreeMap<String, String>) -> Result<Import> {
    let trimmed = text.trim_start_matches('\u{feff}').trim();
    import_value(serde_json::from_str(trimmed)?, answers)
}

/// Reads a dashboard that is JSON already.
///
/// # Errors
/// [`Error`](crate::Error) if it is no such dashboard.
pub fn import_value(value: Value, answers: &BTreeMap<String, String>) -> Result<Import> {
    let envelope::Opened {
        mut document,
        folder_uid,
    } = envelope::open(value)?;
    let mut notices = Vec::new();
    keys::fix(&mut document, &mut notices);
    let inputs = inputs::read(&document);
    inputs::apply(&mut document, &inputs, answers);
    drop_server_fields(&mut document);
    let from = document.whole("schemaVersion").unwrap_or(0);
    rows::upgrade(&mut document);
    panels::upgrade(&mut document, from, &mut notices);
    versions::upgrade(&mut document, from);
    repair::repair(&mut document, &mut notices);
    let dashboard = Dashboard::from_document(document);
    dashboard.variables(&mut notices);
    for panel in dashboard.all_panels() {
        notices.extend(panel.notices());
    }
    Ok(Import {
        dashboard,
        inputs,
        folder_uid,
        notices,
    })
}

/// Fields that a server keeps for itself.
const SERVER_FIELDS: [&str; 5] = ["id", "iteration", "gnetId", "revision", "snapshot"];

fn drop_server_fields(document: &mut Object) {
    for key in SERVER_FIELDS {
        take(document, key);
    }
    let mut value = Value::Object(std::mem::take(document));
    drop_hash_keys(&mut value);
    if let Value::Object(cleaned) = value {
        *document = cleaned;
    }
}

/// `$$hashKey` is what an old framework left behind.
fn drop_hash_keys(value: &mut Value) {
    match value {
        Value::Object(object) => {
            take(object, "$$hashKey");
            object.values_mut().for_each(drop_hash_keys);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_hash_keys),
        _ => {}
    }
}

/// The JSON that Grafana reads back, without what the server counts.
pub fn export(dashboard: &Dashboard) -> Value {
    let mut document = dashboard.document().clone();
    for key in SERVER_FIELDS {
        take(&mut document, key);
    }
    take(&mut document, "version");
    Value::Object(document)
}

/// The JSON for people with other data sources: the data source becomes an input that Grafana asks for.
pub fn export_for_sharing(dashboard: &Dashboard) -> Value {
    inputs::share(export(dashboard))
}

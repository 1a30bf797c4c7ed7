//! A part of the document that forms change.

use super::json_path;
use crate::board::Board;
use leptos::prelude::*;
use serde_json::{Map, Value};

/// An object of the document, wherever it is; what is changed can be undone.
#[derive(Clone, Copy)]
pub(crate) struct Part {
    pub(crate) board: Board,
    /// The panel that it is in; else it is of the dashboard.
    panel: Option<i64>,
    base: StoredValue<Vec<String>>,
}

impl Part {
    /// The dashboard itself.
    pub(crate) fn dashboard(board: Board) -> Self {
        Self {
            board,
            panel: None,
            base: StoredValue::new(Vec::new()),
        }
    }

    /// A panel.
    pub(crate) fn panel(board: Board, id: i64) -> Self {
        Self {
            board,
            panel: Some(id),
            base: StoredValue::new(Vec::new()),
        }
    }

    /// What is deeper, by names and numbers of items.
    pub(crate) fn inside(self, path: &[&str]) -> Self {
        let mut base = self.base.get_value();
        base.extend(path.iter().map(|step| (*step).to_owned()));
        Self {
            base: StoredValue::new(base),
            ..self
        }
    }

    /// Calls `read` with the value at a path, tracked; the empty path is the part itself.
    pub(crate) fn with<T>(self, path: &[&str], read: impl FnOnce(Option<&Value>) -> T) -> T {
        self.board.document.with(|dashboard| {
            self.base.with_value(|base| {
                let whole: Vec<&str> = base
                    .iter()
                    .map(String::as_str)
                    .chain(path.iter().copied())
                    .collect();
                let found = match self.panel {
                    None => json_path::at(dashboard.document(), &whole),
                    Some(id) => dashboard
                        .panel(id)
                        .and_then(|panel| json_path::at(panel.json(), &whole)),
                };
                read(found)
            })
        })
    }

    /// The value at a path as a field shows it, tracked.
    pub(crate) fn text(self, path: &[&str]) -> String {
        self.with(path, json_path::text_of)
    }

    /// The items of the list at a path, tracked.
    pub(crate) fn list(self, path: &[&str]) -> Vec<Value> {
        self.with(path, |value| {
            value.and_then(Value::as_array).cloned().unwrap_or_default()
        })
    }

    /// The texts of the list at a path, tracked.
    pub(crate) fn texts(self, path: &[&str]) -> Vec<String> {
        let list = self.list(path);
        list.iter()
            .map(|item| json_path::text_of(Some(item)))
            .collect()
    }

    /// How many items the list at a path has, tracked.
    pub(crate) fn count(self, path: &[&str]) -> usize {
        self.with(path, |value| {
            value.and_then(Value::as_array).map_or(0, Vec::len)
        })
    }

    /// Sets the value at a path; steps of the same field count as one.
    pub(crate) fn set(self, path: &[&str], value: Option<Value>) {
        self.set_all(&[(path, value)]);
    }

    /// Sets several values as one step.
    pub(crate) fn set_all(self, changes: &[(&[&str], Option<Value>)]) {
        let base = self.base.get_value();
        let first = changes
            .first()
            .map(|(path, _)| path.join("."))
            .unwrap_or_default();
        let name = format!("{:?}.{}.{first}", self.panel, base.join("."));
        self.board.edit_as(&name, |dashboard| {
            let apply = |object: &mut Map<String, Value>| {
                for (path, value) in changes {
                    let whole: Vec<&str> = base
                        .iter()
                        .map(String::as_str)
                        .chain(path.iter().copied())
                        .collect();
                    json_path::set(object, &whole, value.clone());
                }
            };
            match self.panel {
                None => apply(dashboard.document_mut()),
                // A panel that went meanwhile needs no change.
                Some(id) => {
                    let _ = dashboard.change_panel(id, apply);
                }
            }
        });
    }

    /// Changes the list at a path; a step of its own.
    pub(crate) fn change_list(self, path: &[&str], change: impl FnOnce(&mut Vec<Value>)) {
        let mut list = untrack(|| self.list(path));
        change(&mut list);
        self.board.end_step();
        self.set(path, Some(Value::Array(list)));
        self.board.end_step();
    }
}

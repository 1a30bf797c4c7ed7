//! What differs between two JSON documents, in words of their fields.

use crate::{Error, Result};
use serde_json::Value;
use std::collections::BTreeSet;

/// Fields by which the items of an array are told apart, so that a panel that moved is no other panel.
/// Ordering: the first one that all items have, each its own, is taken.
const IDENTITIES: [&str; 4] = ["id", "refId", "uid", "name"];

/// A difference.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Where. Shape: JSON Pointer (RFC 6901); an item that is known by a field is named after it:
    /// `/panels/id=3/title`.
    pub path: String,
    /// What was there, as JSON; `None` if nothing.
    pub before: Option<String>,
    /// What is there, as JSON; `None` if nothing.
    pub after: Option<String>,
}

/// Compares two JSON documents. Ordering: by path, as the fields of the older document and then of the
/// newer one are sorted.
///
/// # Errors
/// [`Error::Invalid`] if one of them is not JSON.
pub fn compare(before: &str, after: &str) -> Result<Vec<Change>> {
    let parse = |text: &str| {
        serde_json::from_str::<Value>(text)
            .map_err(|error| Error::invalid("dashboard", error.to_string()))
    };
    let mut changes = Vec::new();
    walk(
        "",
        Some(&parse(before)?),
        Some(&parse(after)?),
        &mut changes,
    );
    Ok(changes)
}

/// The parser bounds the depth of both.
fn walk(path: &str, before: Option<&Value>, after: Option<&Value>, changes: &mut Vec<Change>) {
    match (before, after) {
        (Some(Value::Object(old)), Some(Value::Object(new))) => {
            let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
            for name in names {
                let path = format!("{path}/{}", escape(name));
                walk(&path, old.get(name), new.get(name), changes);
            }
        }
        (Some(Value::Array(old)), Some(Value::Array(new))) => arrays(path, old, new, changes),
        (before, after) if before == after => {}
        (before, after) => changes.push(Change {
            path: path.to_owned(),
            before: before.map(Value::to_string),
            after: after.map(Value::to_string),
        }),
    }
}

fn arrays(path: &str, old: &[Value], new: &[Value], changes: &mut Vec<Change>) {
    let known = IDENTITIES
        .into_iter()
        .find_map(|field| Some((field, identities(field, old)?, identities(field, new)?)));
    let Some((field, old_names, new_names)) = known else {
        for index in 0..old.len().max(new.len()) {
            let path = format!("{path}/{index}");
            walk(&path, old.get(index), new.get(index), changes);
        }
        return;
    };
    for (name, item) in old_names.iter().zip(old) {
        let partner = new_names.iter().zip(new).find(|(other, _)| *other == name);
        let path = format!("{path}/{field}={}", escape(name));
        walk(&path, Some(item), partner.map(|(_, item)| item), changes);
    }
    for (name, item) in new_names.iter().zip(new) {
        if !old_names.contains(name) {
            let path = format!("{path}/{field}={}", escape(name));
            walk(&path, None, Some(item), changes);
        }
    }
    let order = |names: &[String], others: &[String]| -> Vec<String> {
        let shared = names.iter().filter(|name| others.contains(name));
        shared.cloned().collect()
    };
    let (before, after) = (order(&old_names, &new_names), order(&new_names, &old_names));
    if before != after {
        changes.push(Change {
            path: format!("{path}/order"),
            before: Some(Value::from(before).to_string()),
            after: Some(Value::from(after).to_string()),
        });
    }
}

/// The values of a field that all items have, each its own.
fn identities(field: &str, items: &[Value]) -> Option<Vec<String>> {
    let mut seen = BTreeSet::new();
    let name = |item: &Value| match item.get(field)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    items
        .iter()
        .map(|item| name(item).filter(|name| seen.insert(name.clone())))
        .collect()
}

fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(before: &str, after: &str, expected: &[(&str, &str, &str)]) {
        let changes = compare(before, after).unwrap();
        let shown: Vec<(&str, &str, &str)> = changes
            .iter()
            .map(|change| {
                let text = |side: &'_ Option<String>| side.clone().unwrap_or_default();
                let leak = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
                (
                    change.path.as_str(),
                    leak(text(&change.before)),
                    leak(text(&change.after)),
                )
            })
            .collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn same_documents_in_other_spelling_do_not_differ() {
        check(r#"{"a": 1, "b": [true]}"#, r#"{"b":[true],"a":1}"#, &[]);
    }

    #[test]
    fn fields_are_named_by_pointers() {
        check(
            r#"{"a/b": {"c~": 1}, "gone": null, "kept": 5}"#,
            r#"{"a/b": {"c~": 2}, "new": [], "kept": 5}"#,
            &[
                ("/a~1b/c~0", "1", "2"),
                ("/gone", "null", ""),
                ("/new", "", "[]"),
            ],
        );
    }

    #[test]
    fn panels_that_moved_are_known_by_their_ids() {
        check(
            r#"{"panels": [{"id": 1, "title": "a"}, {"id": 2, "title": "b"}, {"id": 3}]}"#,
            r#"{"panels": [{"id": 4}, {"id": 2, "title": "B"}, {"id": 1, "title": "a"}]}"#,
            &[
                ("/panels/id=2/title", "\"b\"", "\"B\""),
                ("/panels/id=3", "{\"id\":3}", ""),
                ("/panels/id=4", "", "{\"id\":4}"),
                ("/panels/order", "[\"1\",\"2\"]", "[\"2\",\"1\"]"),
            ],
        );
    }

    #[test]
    fn items_without_names_of_their_own_are_known_by_their_places() {
        check(
            r#"{"x": [{"id": 1}, {"id": 1}], "y": [1, 2]}"#,
            r#"{"x": [{"id": 1}, {"id": 2}], "y": [1]}"#,
            &[("/x/1/id", "1", "2"), ("/y/1", "2", "")],
        );
    }
}

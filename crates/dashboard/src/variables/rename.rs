//! A variable that gets another name, with all that mentions it.

use super::interpolate::mention_name;
use crate::document::Dashboard;
use crate::json::{for_each_text, with_list, with_object};
use serde_json::Value;

impl Dashboard {
    /// Says which value a variable has when the dashboard is opened: `{"text": ..., "value": ...}`.
    pub fn set_current(&mut self, name: &str, current: Value) {
        with_object(&mut self.document, "templating", |templating| {
            with_list(templating, "list", |list| {
                let mut variables = list.iter_mut().filter_map(Value::as_object_mut);
                let found =
                    variables.find(|one| one.get("name").and_then(Value::as_str) == Some(name));
                if let Some(variable) = found {
                    variable.insert("current".into(), current);
                }
            });
        });
    }

    /// Gives a variable another name, and changes every text of the dashboard that mentions it.
    pub fn rename_variable(&mut self, old: &str, new: &str) {
        if old == new || old.is_empty() || new.is_empty() {
            return;
        }
        with_object(&mut self.document, "templating", |templating| {
            with_list(templating, "list", |list| {
                for variable in list.iter_mut().filter_map(Value::as_object_mut) {
                    if variable.get("name").and_then(Value::as_str) == Some(old) {
                        variable.insert("name".into(), new.into());
                    }
                }
            });
        });
        for value in self.document.values_mut() {
            for_each_text(value, &mut |text| {
                if let Some(changed) = renamed(text, old, new) {
                    *text = changed;
                }
            });
            rename_repeats(value, old, new);
        }
    }
}

/// Panels and rows name the variable that they repeat for without a mark.
fn rename_repeats(value: &mut Value, old: &str, new: &str) {
    match value {
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| rename_repeats(item, old, new)),
        Value::Object(object) => {
            if object.get("repeat").and_then(Value::as_str) == Some(old) {
                object.insert("repeat".into(), new.into());
            }
            object
                .values_mut()
                .for_each(|item| rename_repeats(item, old, new));
        }
        _ => {}
    }
}

/// The text with another name in its mentions; `None` if there is none of the old one.
fn renamed(text: &str, old: &str, new: &str) -> Option<String> {
    if !text.contains(old) {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut is_changed = false;
    while let Some(at) = rest.find(['$', '[']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        match mention_name(from) {
            Some((start, name)) if name == old => {
                out.push_str(from.get(..start).unwrap_or_default());
                out.push_str(new);
                rest = from.get(start + name.len()..).unwrap_or_default();
                is_changed = true;
            }
            _ => {
                out.push_str(from.get(..1).unwrap_or_default());
                rest = from.get(1..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    is_changed.then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn all_mentions_follow_and_longer_names_stay() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(renamed(text, "job", "app").as_deref(), expected, "{text}");
        };
        check(
            r#"up{job=~"$job"} + $jobs"#,
            Some(r#"up{job=~"$app"} + $jobs"#),
        );
        check("${job:regex} [[job]]", Some("${app:regex} [[app]]"));
        check("rate(job[5m])", None);
        check("[job] $", None);
    }

    #[test]
    fn a_renamed_variable_is_renamed_where_it_is_used() {
        let text = r#"{"title": "x", "panels": [{"id": 1, "type": "stat", "title": "$job", "repeat": "job",
            "targets": [{"expr": "up{job=\"$job\"}"}]}], "templating": {"list": [
            {"name": "job", "type": "custom", "query": "a"}, {"name": "b", "type": "query", "query": "label_values(up{job=\"$job\"}, b)"}]}}"#;
        let mut dashboard = crate::import(text, &BTreeMap::new()).unwrap().dashboard;
        dashboard.rename_variable("job", "app");
        let panel = dashboard.panel(1).unwrap();
        assert_eq!((panel.title(), panel.repeat()), ("$app", Some("app")));
        assert_eq!(panel.targets()[0].expr(), "up{job=\"$app\"}");
        let all = serde_json::to_string(dashboard.document()).unwrap();
        assert!(!all.contains("$job") && all.contains(r#"up{job=\"$app\"}"#));
    }
}

//! Values of the document that are more than a text, written as one.

use super::form::Code;
use super::json_path::{text_of, texts_of};
use serde_json::{Map, Value, json};

fn object(value: Option<&Value>) -> Map<String, Value> {
    value
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default()
}

/// Names and what they become, one a line: `old = new`.
pub(super) const PAIRS: Code = Code {
    read: |pairs| {
        let pairs = pairs.and_then(Value::as_object).into_iter().flatten();
        let lines = pairs.map(|(old, new)| format!("{old} = {}", text_of(Some(new))));
        lines.collect::<Vec<_>>().join("\n")
    },
    write: |text, _| {
        let pairs = text.lines().filter_map(|line| line.split_once(" = "));
        let pairs = pairs.map(|(old, new)| (old.trim().to_owned(), Value::from(new.trim())));
        Some(Value::Object(
            pairs.filter(|(old, _)| !old.is_empty()).collect(),
        ))
    },
    lines: 3,
    hint: "Value #A = CPU",
};

/// The names of an object that are `true`.
pub(super) const NAMES: Code = Code {
    read: |names| {
        let names = names.and_then(Value::as_object).into_iter().flatten();
        let names = names.filter(|(_, yes)| yes.as_bool() == Some(true));
        names
            .map(|(name, _)| name.as_str())
            .collect::<Vec<_>>()
            .join(", ")
    },
    write: |text, _| {
        let names = texts_of(text).into_iter().map(|name| (name, true.into()));
        Some(Value::Object(names.collect()))
    },
    lines: 1,
    hint: "Time, job",
};

/// The names of an object in the order of their numbers.
pub(super) const ORDER: Code = Code {
    read: |names| {
        let mut names: Vec<(f64, String)> = object(names)
            .into_iter()
            .filter_map(|(name, number)| Some((number.as_f64()?, name)))
            .collect();
        names.sort_by(|a, b| a.0.total_cmp(&b.0));
        names
            .into_iter()
            .map(|(_, name)| name)
            .collect::<Vec<_>>()
            .join(", ")
    },
    write: |text, _| {
        let names = texts_of(text).into_iter().enumerate();
        Some(Value::Object(
            names.map(|(number, name)| (name, number.into())).collect(),
        ))
    },
    lines: 1,
    hint: "job, Value",
};

/// Names of queries, as a text or with the id of a matcher.
pub(super) const REF_IDS: Code = Code {
    read: |side| match side {
        Some(Value::Object(side)) => text_of(side.get("options")),
        side => text_of(side),
    },
    write: |text, before| {
        if text.trim().is_empty() {
            return None;
        }
        Some(match before {
            Some(Value::Object(before)) => {
                let mut side = before.clone();
                side.insert("options".to_owned(), text.trim().into());
                Value::Object(side)
            }
            _ => text.trim().into(),
        })
    },
    lines: 1,
    hint: "A|B",
};

/// A field by its name, or a number; newer documents say which of both.
pub(super) const OPERAND: Code = Code {
    read: |side| match side {
        Some(Value::Object(side)) => match side.get("fixed") {
            Some(fixed) => text_of(Some(fixed)),
            None => text_of(
                side.get("matcher")
                    .and_then(|matcher| matcher.get("options")),
            ),
        },
        side => text_of(side),
    },
    write: |text, _| {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        Some(if text.parse::<f64>().is_ok() {
            json!({"fixed": text})
        } else {
            json!({"matcher": {"id": "byName", "options": text}})
        })
    },
    lines: 1,
    hint: "Value",
};

fn operation(field: &Value) -> &str {
    field
        .get("operation")
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// The fields by which rows are grouped.
pub(super) const GROUPS: Code = Code {
    read: |fields| {
        let fields = fields.and_then(Value::as_object).into_iter().flatten();
        let by = fields.filter(|(_, field)| operation(field) == "groupby");
        by.map(|(name, _)| name.as_str())
            .collect::<Vec<_>>()
            .join(", ")
    },
    write: |text, before| {
        let mut fields = object(before);
        fields.retain(|_, field| operation(field) != "groupby");
        for name in texts_of(text) {
            fields.insert(name, json!({"operation": "groupby", "aggregations": []}));
        }
        Some(Value::Object(fields))
    },
    lines: 1,
    hint: "job, instance",
};

/// What is calculated of which field, one a line: `field = max, mean`.
pub(super) const AGGREGATIONS: Code = Code {
    read: |fields| {
        let fields = fields.and_then(Value::as_object).into_iter().flatten();
        let lines = fields
            .filter(|(_, field)| operation(field) == "aggregate")
            .map(|(name, field)| {
                let calcs = field
                    .get("aggregations")
                    .and_then(Value::as_array)
                    .into_iter()
                    .flatten();
                let calcs: Vec<&str> = calcs.filter_map(Value::as_str).collect();
                format!("{name} = {}", calcs.join(", "))
            });
        lines.collect::<Vec<_>>().join("\n")
    },
    write: |text, before| {
        let mut fields = object(before);
        fields.retain(|_, field| operation(field) != "aggregate");
        for (name, calcs) in text.lines().filter_map(|line| line.split_once(" = ")) {
            let field = json!({"operation": "aggregate", "aggregations": texts_of(calcs)});
            fields.insert(name.trim().to_owned(), field);
        }
        Some(Value::Object(fields))
    },
    lines: 2,
    hint: "Value = max, mean",
};

#[cfg(test)]
mod tests {
    use super::*;

    fn back(code: Code, value: &Value) -> (String, Value) {
        let text = (code.read)(Some(value));
        let again = (code.write)(&text, Some(value)).unwrap_or_default();
        (text, again)
    }

    #[test]
    fn new_names_come_back_from_their_lines() {
        let pairs = json!({"Value #A": "CPU", "a=b": "c"});
        assert_eq!(
            back(PAIRS, &pairs),
            ("Value #A = CPU\na=b = c".to_owned(), pairs)
        );
        assert_eq!((PAIRS.write)("nothing\n = x", None), Some(json!({})));
    }

    #[test]
    fn names_and_their_order_come_back() {
        let hidden = json!({"Time": true, "job": false});
        assert_eq!(
            back(NAMES, &hidden),
            ("Time".to_owned(), json!({"Time": true}))
        );
        let order = json!({"b": 1, "a": 0, "c": 7});
        assert_eq!(
            back(ORDER, &order),
            ("a, b, c".to_owned(), json!({"a": 0, "b": 1, "c": 2}))
        );
    }

    #[test]
    fn groups_and_calculations_leave_each_other_alone() {
        let fields = json!({
            "job": {"operation": "groupby", "aggregations": []},
            "Value": {"operation": "aggregate", "aggregations": ["max", "mean"]},
        });
        assert_eq!(back(GROUPS, &fields).0, "job");
        assert_eq!(back(AGGREGATIONS, &fields).0, "Value = max, mean");
        assert_eq!(back(GROUPS, &fields).1, fields);
        assert_eq!(back(AGGREGATIONS, &fields).1, fields);
        let more = (GROUPS.write)("job, zone", Some(&fields)).unwrap();
        assert_eq!(back(AGGREGATIONS, &more).0, "Value = max, mean");
    }

    #[test]
    fn operands_and_queries_are_read_in_all_forms() {
        for side in [
            json!("cpu"),
            json!({"matcher": {"id": "byName", "options": "cpu"}}),
        ] {
            assert_eq!((OPERAND.read)(Some(&side)), "cpu");
        }
        assert_eq!(
            back(OPERAND, &json!({"fixed": "2"})).1,
            json!({"fixed": "2"})
        );
        assert_eq!(
            (REF_IDS.read)(Some(&json!({"id": "byRefId", "options": "A|B"}))),
            "A|B"
        );
        assert_eq!(
            back(REF_IDS, &json!({"id": "byRefId", "options": "A"})).1,
            json!({"id": "byRefId", "options": "A"})
        );
        assert_eq!((REF_IDS.write)(" ", None), None);
    }
}

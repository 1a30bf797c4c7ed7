//! Values deep in a document, read and set.

use serde_json::{Map, Value};

/// The value at a path of names and of numbers of items.
pub(crate) fn at<'a>(object: &'a Map<String, Value>, path: &[&str]) -> Option<&'a Value> {
    let (first, rest) = path.split_first()?;
    rest.iter()
        .try_fold(object.get(*first)?, |value, step| match value {
            Value::Object(object) => object.get(*step),
            Value::Array(items) => items.get(step.parse::<usize>().ok()?),
            _ => None,
        })
}

/// Sets the value at a path, making the objects on the way; nothing takes it away. Items of lists must be there.
pub(crate) fn set(object: &mut Map<String, Value>, path: &[&str], value: Option<Value>) {
    let Some((first, rest)) = path.split_first() else {
        return;
    };
    if rest.is_empty() {
        match value {
            Some(value) => {
                object.insert((*first).to_owned(), value);
            }
            None => {
                object.shift_remove(*first);
            }
        }
        return;
    }
    if value.is_none() && !object.contains_key(*first) {
        return;
    }
    let next = object
        .entry((*first).to_owned())
        .or_insert_with(|| Value::Object(Map::new()));
    set_inside(next, rest, value);
}

fn set_inside(inside: &mut Value, path: &[&str], value: Option<Value>) {
    if let Value::Array(items) = inside {
        let item = path.split_first().and_then(|(first, rest)| {
            let item = items.get_mut(first.parse::<usize>().ok()?)?;
            Some((item, rest))
        });
        match (item, value) {
            (Some((item, [])), Some(value)) => *item = value,
            (Some((item, rest)), value) if !rest.is_empty() => set_inside(item, rest, value),
            _ => {}
        }
        return;
    }
    if !inside.is_object() {
        *inside = Value::Object(Map::new());
    }
    if let Some(object) = inside.as_object_mut() {
        set(object, path, value);
    }
}

/// What a field holds for a value.
pub(crate) fn text_of(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Bool(flag)) => flag.to_string(),
        _ => String::new(),
    }
}

/// The number that is typed; nothing for nothing, and for what is no number.
pub(crate) fn number_of(text: &str) -> Option<Value> {
    let text = text.trim();
    if let Ok(whole) = text.parse::<i64>() {
        return Some(whole.into());
    }
    let number = text.parse::<f64>().ok()?;
    serde_json::Number::from_f64(number).map(Value::Number)
}

/// The texts that are typed with commas between them.
pub(crate) fn texts_of(text: &str) -> Vec<String> {
    text.split(',')
        .map(|part| part.trim().to_owned())
        .filter(|part| !part.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_are_set_where_nothing_was_and_taken_away() {
        let mut object = Map::new();
        set(&mut object, &["a", "b"], Some(json!(1)));
        set(&mut object, &["a", "c"], Some(json!("x")));
        set(&mut object, &["a", "b"], None);
        set(&mut object, &["z", "b"], None);
        assert_eq!(Value::Object(object.clone()), json!({"a": {"c": "x"}}));
        assert_eq!(text_of(at(&object, &["a", "c"])), "x");
        assert_eq!(at(&object, &["a", "c", "d"]), None);
    }

    #[test]
    fn items_of_lists_are_reached_by_their_number_and_never_made() {
        let mut object = Map::new();
        object.insert("l".to_owned(), json!([{"a": 1}, {"a": 2}]));
        set(&mut object, &["l", "1", "a"], Some(json!(3)));
        set(&mut object, &["l", "0"], Some(json!("x")));
        set(&mut object, &["l", "7", "a"], Some(json!(3)));
        set(&mut object, &["l", "1", "b"], None);
        assert_eq!(Value::Object(object.clone()), json!({"l": ["x", {"a": 3}]}));
        assert_eq!(at(&object, &["l", "1", "a"]), Some(&json!(3)));
        assert_eq!(at(&object, &["l", "x"]), None);
    }

    #[test]
    fn only_numbers_are_numbers() {
        assert_eq!(number_of(" 7 "), Some(json!(7)));
        assert_eq!(number_of("0.5"), Some(json!(0.5)));
        assert_eq!(
            (number_of(""), number_of("x"), number_of("inf")),
            (None, None, None)
        );
        assert_eq!(texts_of(" a, ,b"), ["a", "b"]);
    }
}

//! Lenient reading of JSON that many hands and versions have written.

use serde_json::{Map, Value};

/// An object of JSON, in the order of its text.
pub(crate) type Object = Map<String, Value>;

/// Reads fields of an object without asking what kind of value it is: absent and mistyped read alike.
pub(crate) trait Reading {
    /// The value under `key`, unless it is null.
    fn field(&self, key: &str) -> Option<&Value>;

    /// The value at a path of keys.
    fn at(&self, path: &[&str]) -> Option<&Value> {
        let (last, parents) = path.split_last()?;
        match parents.split_first() {
            None => self.field(last),
            Some((first, _)) => {
                let mut value = self.field(first)?;
                for key in path.iter().skip(1) {
                    value = value.field(key)?;
                }
                Some(value)
            }
        }
    }

    /// A text; numbers and booleans are texts too.
    fn text(&self, key: &str) -> Option<String> {
        text_of(self.field(key)?)
    }

    /// A text as it stands.
    fn str(&self, key: &str) -> Option<&str> {
        self.field(key)?.as_str()
    }

    /// A text as it stands, or nothing.
    fn str_or_empty(&self, key: &str) -> &str {
        self.str(key).unwrap_or_default()
    }

    /// A boolean, or its text.
    fn flag(&self, key: &str) -> Option<bool> {
        flag_of(self.field(key)?)
    }

    /// Whether a boolean is there and true.
    fn is(&self, key: &str) -> bool {
        self.flag(key).unwrap_or(false)
    }

    /// A number, or its text.
    fn number(&self, key: &str) -> Option<f64> {
        number_of(self.field(key)?)
    }

    /// A whole number, or its text.
    fn whole(&self, key: &str) -> Option<i64> {
        self.number(key).map(crate::number::to_i64)
    }

    /// The items of an array; none if it is something else.
    fn list(&self, key: &str) -> &[Value] {
        self.field(key)
            .and_then(Value::as_array)
            .map_or(&[], Vec::as_slice)
    }

    /// An object.
    fn object(&self, key: &str) -> Option<&Object> {
        self.field(key)?.as_object()
    }

    /// The texts of an array, or the single text that stands for one.
    fn texts(&self, key: &str) -> Vec<String> {
        match self.field(key) {
            Some(Value::Array(items)) => items.iter().filter_map(text_of).collect(),
            Some(value) => text_of(value).into_iter().collect(),
            None => Vec::new(),
        }
    }
}

impl Reading for Value {
    fn field(&self, key: &str) -> Option<&Value> {
        self.as_object()?.field(key)
    }
}

impl Reading for Object {
    fn field(&self, key: &str) -> Option<&Value> {
        self.get(key).filter(|value| !value.is_null())
    }
}

/// The text of a plain value.
pub(crate) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// The number of a plain value.
pub(crate) fn number_of(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok().filter(|n: &f64| n.is_finite()),
        _ => None,
    }
}

/// The boolean of a plain value; `"true"` is one.
pub(crate) fn flag_of(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) => match text.as_str() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        },
        Value::Number(number) => number.as_f64().map(|n| n != 0.0),
        _ => None,
    }
}

/// A number as JSON writes it: whole ones without a fraction.
pub(crate) fn json_number(value: f64) -> Value {
    if value.fract() == 0.0 && value.abs() < 9e15 {
        Value::from(crate::number::to_i64(value))
    } else {
        Value::from(value)
    }
}

/// Changes the object under `key`, made if it is absent or something else; its place among the keys stays.
pub(crate) fn with_object<T>(
    object: &mut Object,
    key: &str,
    change: impl FnOnce(&mut Object) -> T,
) -> T {
    let slot = object.entry(key).or_insert(Value::Null);
    let mut inner = match slot.take() {
        Value::Object(inner) => inner,
        _ => Object::new(),
    };
    let result = change(&mut inner);
    *slot = Value::Object(inner);
    result
}

/// Changes the array under `key`, made if it is absent or something else; its place among the keys stays.
pub(crate) fn with_list<T>(
    object: &mut Object,
    key: &str,
    change: impl FnOnce(&mut Vec<Value>) -> T,
) -> T {
    let slot = object.entry(key).or_insert(Value::Null);
    let mut items = match slot.take() {
        Value::Array(items) => items,
        _ => Vec::new(),
    };
    let result = change(&mut items);
    *slot = Value::Array(items);
    result
}

/// Removes `key` and leaves the order of the others.
pub(crate) fn take(object: &mut Object, key: &str) -> Option<Value> {
    object.shift_remove(key)
}

/// Sets `key` unless it has a value that is not null.
pub(crate) fn set_default(object: &mut Object, key: &str, value: impl Into<Value>) {
    if object.field(key).is_none() {
        object.insert(key.to_owned(), value.into());
    }
}

/// Calls `change` with every text inside `value`, names of fields not included.
pub(crate) fn for_each_text(value: &mut Value, change: &mut dyn FnMut(&mut String)) {
    match value {
        Value::String(text) => change(text),
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| for_each_text(item, change)),
        Value::Object(object) => object
            .values_mut()
            .for_each(|item| for_each_text(item, change)),
        _ => {}
    }
}

//! Go's own functions but comparisons and escapes.

use super::{Answer, text_at};
use crate::Value;
use crate::error::Problem;
use crate::printf;

pub(super) fn not(values: &[Value]) -> Answer {
    Ok(Value::Bool(!values.first().is_some_and(Value::is_true)))
}

pub(super) fn len(values: &[Value]) -> Answer {
    let length = match values.first().unwrap_or(&Value::Nil) {
        Value::Str(text) => text.len(),
        Value::List(list) => list.len(),
        Value::Labels(labels) => labels.len(),
        Value::Map(map) => map.len(),
        Value::Nil => return Err("len of nil pointer".into()),
        other => return Err(format!("len of type {}", other.type_name()).into()),
    };
    Ok(Value::Int(i64::try_from(length).unwrap_or(i64::MAX)))
}

/// A place in something of length `length`; Go's words where it is none. `end` says whether the place
/// behind the last one counts.
fn place(index: &Value, length: usize, end: bool) -> Result<usize, Problem> {
    let number = match index {
        Value::Int(number) => *number,
        Value::Nil => return Err("cannot index slice/array with nil".into()),
        other => {
            return Err(format!("cannot index slice/array with type {}", other.type_name()).into());
        }
    };
    let most = if end { length + 1 } else { length };
    usize::try_from(number)
        .ok()
        .filter(|at| *at < most)
        .ok_or_else(|| format!("index out of range: {number}").into())
}

pub(super) fn index(values: &[Value]) -> Answer {
    let (item, indexes) = values.split_first().ok_or("index of untyped nil")?;
    let mut item = item.clone();
    for index in indexes {
        item = match (&item, index) {
            (Value::Labels(labels), Value::Str(name)) => {
                Value::text(labels.get(name).unwrap_or(""))
            }
            (Value::Map(map), Value::Str(name)) => map.get(&**name).cloned().unwrap_or(Value::Nil),
            (Value::Labels(_) | Value::Map(_), Value::Nil) => {
                return Err("value is nil; should be of type string".into());
            }
            (Value::Labels(_) | Value::Map(_), other) => {
                let words = format!("value has type {}; should be string", other.type_name());
                return Err(words.into());
            }
            (Value::List(list), index) => {
                let at = place(index, list.len(), false)?;
                list.get(at).cloned().unwrap_or(Value::Nil)
            }
            (Value::Str(text), index) => {
                let at = place(index, text.len(), false)?;
                let byte = text.as_bytes().get(at).copied().unwrap_or(0);
                Value::Int(i64::from(byte))
            }
            (Value::Nil, _) => return Err("index of nil pointer".into()),
            (other, _) => {
                return Err(format!("can't index item of type {}", other.type_name()).into());
            }
        };
    }
    Ok(item)
}

pub(super) fn slice(values: &[Value]) -> Answer {
    let (item, indexes) = values.split_first().ok_or("slice of untyped nil")?;
    if indexes.len() > 3 {
        return Err(format!("too many slice indexes: {}", indexes.len()).into());
    }
    let length = match item {
        Value::Str(_) if indexes.len() == 3 => return Err("cannot 3-index slice a string".into()),
        Value::Str(text) => text.len(),
        Value::List(list) => list.len(),
        Value::Nil => return Err("slice of untyped nil".into()),
        other => return Err(format!("can't slice item of type {}", other.type_name()).into()),
    };
    let mut bounds = [0, length, length];
    for (bound, index) in bounds.iter_mut().zip(indexes) {
        *bound = place(index, length, true)?;
    }
    let [start, end, most] = bounds;
    if start > end {
        return Err(format!("invalid slice index: {start} > {end}").into());
    }
    if end > most {
        return Err(format!("invalid slice index: {end} > {most}").into());
    }
    Ok(match item {
        Value::List(list) => Value::List(list.get(start..end).unwrap_or_default().into()),
        Value::Str(text) => {
            let bytes = text.as_bytes().get(start..end).unwrap_or_default();
            Value::from(String::from_utf8_lossy(bytes).into_owned())
        }
        _ => Value::Nil,
    })
}

/// No value here is a function.
pub(super) fn call(values: &[Value]) -> Answer {
    match values.first() {
        None | Some(Value::Nil) => Err("call of nil".into()),
        Some(other) => {
            let (shown, kind) = (printf::plain(other), other.type_name());
            Err(format!("non-function {shown} of type {kind}").into())
        }
    }
}

pub(super) fn print(values: &[Value]) -> Answer {
    Ok(Value::from(printf::print(values)))
}

pub(super) fn println(values: &[Value]) -> Answer {
    Ok(Value::from(printf::print_line(values)))
}

pub(super) fn printf(values: &[Value]) -> Answer {
    let rest = values.get(1..).unwrap_or_default();
    Ok(Value::from(printf::printf(text_at(values, 0), rest)))
}

//! Comparisons: of texts, whole numbers, numbers and truth values, each with its like.

use super::Answer;
use crate::Value;
use crate::error::Problem;
use std::cmp::Ordering;

/// What can be compared.
enum Basic<'v> {
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(&'v str),
}

fn basic(value: &Value) -> Option<Basic<'_>> {
    match value {
        Value::Bool(value) => Some(Basic::Bool(*value)),
        Value::Int(value) => Some(Basic::Int(*value)),
        Value::Float(value) => Some(Basic::Float(*value)),
        Value::Str(text) => Some(Basic::Text(text)),
        _ => None,
    }
}

fn incompatible(a: &Value, b: &Value) -> Problem {
    format!(
        "incompatible types for comparison: {} and {}",
        a.type_name(),
        b.type_name()
    )
    .into()
}

fn equal(a: &Value, b: &Value) -> Result<bool, Problem> {
    match (basic(a), basic(b)) {
        (Some(Basic::Bool(a)), Some(Basic::Bool(b))) => Ok(a == b),
        (Some(Basic::Int(a)), Some(Basic::Int(b))) => Ok(a == b),
        (Some(Basic::Float(a)), Some(Basic::Float(b))) => Ok(a == b),
        (Some(Basic::Text(a)), Some(Basic::Text(b))) => Ok(a == b),
        _ => match (a, b) {
            (Value::Nil, Value::Nil) => Ok(true),
            (Value::Nil, _) | (_, Value::Nil) => Ok(false),
            (Value::Labels(_) | Value::Map(_) | Value::List(_), _) => Err(format!(
                "non-comparable type {}: {}",
                crate::printf::plain(a),
                a.type_name()
            )
            .into()),
            (Value::Time(a), Value::Time(b)) => Ok(a == b),
            (Value::Duration(a), Value::Duration(b)) => Ok(a == b),
            _ => Err(incompatible(a, b)),
        },
    }
}

/// The order of two values; `None` where one is NaN.
fn order(a: &Value, b: &Value) -> Result<Option<Ordering>, Problem> {
    let bad = || Problem::from("invalid type for comparison");
    match (basic(a).ok_or_else(bad)?, basic(b).ok_or_else(bad)?) {
        (Basic::Int(a), Basic::Int(b)) => Ok(Some(a.cmp(&b))),
        (Basic::Float(a), Basic::Float(b)) => Ok(a.partial_cmp(&b)),
        (Basic::Text(a), Basic::Text(b)) => Ok(Some(a.cmp(b))),
        (Basic::Bool(_), Basic::Bool(_)) => Err(bad()),
        _ => Err(incompatible(a, b)),
    }
}

fn pair(values: &[Value]) -> Result<(&Value, &Value), Problem> {
    values
        .first()
        .zip(values.get(1))
        .ok_or_else(|| "missing argument for comparison".into())
}

/// Whether the first value equals any of the others.
pub(super) fn eq(values: &[Value]) -> Answer {
    let (first, _) = pair(values)?;
    for other in values.iter().skip(1) {
        if equal(first, other)? {
            return Ok(Value::Bool(true));
        }
    }
    Ok(Value::Bool(false))
}

pub(super) fn ne(values: &[Value]) -> Answer {
    let (a, b) = pair(values)?;
    Ok(Value::Bool(!equal(a, b)?))
}

pub(super) fn lt(values: &[Value]) -> Answer {
    let (a, b) = pair(values)?;
    Ok(Value::Bool(order(a, b)? == Some(Ordering::Less)))
}

pub(super) fn le(values: &[Value]) -> Answer {
    let (a, b) = pair(values)?;
    let order = order(a, b)?;
    Ok(Value::Bool(order.is_some_and(Ordering::is_le)))
}

/// Not less or equal: true where one is NaN, as in Go.
pub(super) fn gt(values: &[Value]) -> Answer {
    let (a, b) = pair(values)?;
    let order = order(a, b)?;
    Ok(Value::Bool(!order.is_some_and(Ordering::is_le)))
}

/// Not less: true where one is NaN, as in Go.
pub(super) fn ge(values: &[Value]) -> Answer {
    let (a, b) = pair(values)?;
    Ok(Value::Bool(order(a, b)? != Some(Ordering::Less)))
}

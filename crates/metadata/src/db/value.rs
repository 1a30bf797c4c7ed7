//! Arguments of statements: the two types that both databases have in common.

use crate::{Error, Result};
use model::{DurationMs, TimestampMs};

/// An argument. Its type stands even where it is null, because PostgreSQL checks it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Int(Option<i64>),
    Text(Option<String>),
}

/// Arguments of a statement in their order.
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::db::Value::from($value)),*] };
}
pub(crate) use args;

/// PostgreSQL's texts hold no NUL; so that both databases take the same, neither gets one.
pub(crate) fn check(args: &[Value]) -> Result<()> {
    let nul = |value: &Value| matches!(value, Value::Text(Some(text)) if text.contains('\0'));
    if args.iter().any(nul) {
        return Err(Error::invalid("text", "it contains a NUL character"));
    }
    Ok(())
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(Some(number))
    }
}

impl From<Option<i64>> for Value {
    fn from(number: Option<i64>) -> Self {
        Self::Int(number)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Int(Some(i64::from(flag)))
    }
}

impl From<TimestampMs> for Value {
    fn from(time: TimestampMs) -> Self {
        Self::Int(Some(time.0))
    }
}

impl From<Option<TimestampMs>> for Value {
    fn from(time: Option<TimestampMs>) -> Self {
        Self::Int(time.map(|time| time.0))
    }
}

impl From<DurationMs> for Value {
    fn from(duration: DurationMs) -> Self {
        Self::Int(Some(duration.0))
    }
}

impl From<Option<DurationMs>> for Value {
    fn from(duration: Option<DurationMs>) -> Self {
        Self::Int(duration.map(|duration| duration.0))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(Some(text.to_owned()))
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::Text(Some(text.clone()))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(Some(text))
    }
}

impl From<Option<String>> for Value {
    fn from(text: Option<String>) -> Self {
        Self::Text(text)
    }
}

//! Results of queries.

use super::{Answer, Context, text_at};
use crate::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) fn query(context: &Context<'_>, values: &[Value]) -> Answer {
    let samples = context
        .environment
        .query(text_at(values, 0))
        .map_err(|error| error.to_string())?;
    Ok(Value::samples(samples))
}

fn list(values: &[Value], index: usize) -> &[Value] {
    match values.get(index) {
        Some(Value::List(list)) => list,
        _ => &[],
    }
}

pub(super) fn first(values: &[Value]) -> Answer {
    let first = list(values, 0).first().cloned();
    first.ok_or_else(|| "first() called on vector with no elements".into())
}

/// The value of the label `name` of a sample.
fn label_of(sample: Option<&Value>, name: &str) -> Value {
    match sample {
        Some(Value::Sample(sample)) => Value::text(sample.labels.get(name).unwrap_or("")),
        _ => Value::text(""),
    }
}

pub(super) fn label(values: &[Value]) -> Answer {
    Ok(label_of(values.get(1), text_at(values, 0)))
}

pub(super) fn value(values: &[Value]) -> Answer {
    match values.first() {
        Some(Value::Sample(sample)) => Ok(sample.value.clone()),
        _ => Ok(Value::Nil),
    }
}

/// The label that holds the text of samples that are texts.
pub(super) fn strvalue(values: &[Value]) -> Answer {
    Ok(label_of(values.first(), "__value__"))
}

pub(super) fn sort_by_label(values: &[Value]) -> Answer {
    let name = text_at(values, 0);
    let mut sorted = list(values, 1).to_vec();
    let key = |sample: &Value| match sample {
        Value::Sample(sample) => sample.labels.get(name).unwrap_or("").to_owned(),
        _ => String::new(),
    };
    sorted.sort_by_key(key);
    Ok(Value::List(sorted.into()))
}

/// The arguments as a map, `arg0` first.
pub(super) fn args(values: &[Value]) -> Answer {
    let named = values
        .iter()
        .enumerate()
        .map(|(index, value)| (format!("arg{index}"), value.clone()));
    let named: BTreeMap<String, Value> = named.collect();
    Ok(Value::Map(Arc::new(named)))
}

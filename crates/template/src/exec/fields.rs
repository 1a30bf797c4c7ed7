//! Fields, and the few methods of times and durations.

use super::evaluate::Arguments;
use super::{Place, State};
use crate::ast::Operand;
use crate::functions::Param;
use crate::time;
use crate::{Result, Value};
use model::CivilTime;

impl State<'_> {
    /// The value of `start.name.name...`; the last name may be a method that takes `arguments`.
    pub(super) fn fields(
        &mut self,
        operand: &Operand,
        start: Value,
        names: &[String],
        dot: &Value,
        arguments: Arguments<'_>,
    ) -> Result<Value> {
        let mut value = start;
        for (index, name) in names.iter().enumerate() {
            let arguments = if index + 1 == names.len() {
                arguments
            } else {
                Arguments::NONE
            };
            value = self.field(operand, &value, name, dot, arguments)?;
        }
        Ok(value)
    }

    fn field(
        &mut self,
        operand: &Operand,
        value: &Value,
        name: &str,
        dot: &Value,
        arguments: Arguments<'_>,
    ) -> Result<Value> {
        let fault =
            |state: &Self, words: String| Err(state.fault(&Place::of(operand), words.into()));
        if let Value::Time(_) | Value::Duration(_) = value {
            let mut given = Vec::new();
            for argument in arguments.operands {
                given.push(self.argument(Param::Any, argument, dot)?);
            }
            given.extend(arguments.last.cloned());
            if let Some(answer) = method(value, name, &given) {
                return Ok(answer);
            }
        }
        let found = match value {
            // A name that is not there stands for the zero value.
            Value::Labels(labels) => Some(Value::text(labels.get(name).unwrap_or(""))),
            Value::Map(map) => Some(map.get(name).cloned().unwrap_or(Value::Nil)),
            Value::Sample(sample) => match name {
                "Labels" => Some(Value::Labels(sample.labels.clone())),
                "Value" => Some(sample.value.clone()),
                _ => None,
            },
            Value::Alert(data) => data.field(name),
            Value::Histogram(histogram, _) => match name {
                "Count" => Some(Value::Float(histogram.count)),
                "Sum" => Some(Value::Float(histogram.sum)),
                "ZeroCount" => Some(Value::Float(histogram.zero_count)),
                "ZeroThreshold" => Some(Value::Float(histogram.zero_threshold)),
                "Schema" => Some(Value::Int(i64::from(histogram.schema))),
                _ => None,
            },
            Value::Nil => {
                return fault(self, format!("nil data; no entry for key {name:?}"));
            }
            _ => None,
        };
        let Some(found) = found else {
            let words = format!("can't evaluate field {name} in type {}", value.type_name());
            return fault(self, words);
        };
        if arguments.is_empty() {
            return Ok(found);
        }
        let words = match value {
            Value::Labels(_) | Value::Map(_) => format!("{name} is not a method but has arguments"),
            _ => format!("{name} has arguments but cannot be invoked as function"),
        };
        fault(self, words)
    }
}

/// The answer of a method; `None` if there is none of that name for these arguments.
fn method(value: &Value, name: &str, given: &[Value]) -> Option<Value> {
    match (value, given) {
        (Value::Time(at), []) => {
            let civil = CivilTime::of(*at);
            let number = match name {
                "Year" => civil.year,
                "Day" => civil.day,
                "Hour" => civil.hour,
                "Minute" => civil.minute,
                "Second" => civil.second,
                "YearDay" => civil.year_day,
                "Unix" => at.0.div_euclid(1000),
                "UnixMilli" => at.0,
                "Month" => return Some(Value::text(time::month_name(&civil))),
                "Weekday" => return Some(Value::text(time::weekday_name(&civil))),
                "String" => return Some(Value::from(time::shown(*at))),
                "UTC" => return Some(value.clone()),
                _ => return None,
            };
            Some(Value::Int(number))
        }
        (Value::Time(at), [Value::Str(layout)]) if name == "Format" => {
            Some(Value::from(time::format(*at, layout)))
        }
        (Value::Duration(nanos), []) => {
            let seconds = *nanos as f64 / 1e9;
            match name {
                "Seconds" => Some(Value::Float(seconds)),
                "Minutes" => Some(Value::Float(seconds / 60.0)),
                "Hours" => Some(Value::Float(seconds / 3600.0)),
                "Milliseconds" => Some(Value::Int(nanos / 1_000_000)),
                "String" => Some(Value::from(time::duration(*nanos))),
                _ => None,
            }
        }
        _ => None,
    }
}

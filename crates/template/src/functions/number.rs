//! Numbers for people, and times.
//!
//! Source: Prometheus' `template/template.go`, `common/helpers/templates`.

use super::{Answer, Context, text_at};
use crate::Value;
use crate::error::Problem;
use crate::float;
use crate::time;
use model::{DurationMs, TimestampMs};

/// The number in the first argument: a number, a text that is one, or seconds of a duration.
fn number(values: &[Value]) -> Result<f64, Problem> {
    match values.first().unwrap_or(&Value::Nil) {
        Value::Float(value) => Ok(*value),
        Value::Int(value) => Ok(*value as f64),
        Value::Duration(nanos) => Ok(*nanos as f64 / 1e9),
        Value::Str(text) => model::parse_value(text).map_err(|_| {
            let shown = model::quote_label_value(text);
            format!("strconv.ParseFloat: parsing {shown}: invalid syntax").into()
        }),
        other => Err(format!("can't convert {} to float", other.type_name()).into()),
    }
}

fn four_digits(value: f64) -> String {
    float::general(value, Some(4))
}

const SMALL: [&str; 8] = ["m", "u", "n", "p", "f", "a", "z", "y"];
const LARGE: [&str; 8] = ["k", "M", "G", "T", "P", "E", "Z", "Y"];
const BINARY: [&str; 8] = ["ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi"];

/// Divides by `base` while the number is too large for its prefix.
fn scaled_down(mut value: f64, base: f64, prefixes: [&'static str; 8]) -> (f64, &'static str) {
    let mut prefix = "";
    for next in prefixes {
        if value.abs() < base {
            break;
        }
        prefix = next;
        value /= base;
    }
    (value, prefix)
}

fn scaled_up(mut value: f64) -> (f64, &'static str) {
    let mut prefix = "";
    for next in SMALL {
        if value.abs() >= 1.0 {
            break;
        }
        prefix = next;
        value *= 1000.0;
    }
    (value, prefix)
}

pub(super) fn humanize(values: &[Value]) -> Answer {
    let value = number(values)?;
    if value == 0.0 || !value.is_finite() {
        return Ok(Value::from(four_digits(value)));
    }
    let (value, prefix) = if value.abs() >= 1.0 {
        scaled_down(value, 1000.0, LARGE)
    } else {
        scaled_up(value)
    };
    Ok(Value::from(format!("{}{prefix}", four_digits(value))))
}

pub(super) fn humanize_1024(values: &[Value]) -> Answer {
    let value = number(values)?;
    if value.abs() <= 1.0 || !value.is_finite() {
        return Ok(Value::from(four_digits(value)));
    }
    let (value, prefix) = scaled_down(value, 1024.0, BINARY);
    Ok(Value::from(format!("{}{prefix}", four_digits(value))))
}

pub(super) fn humanize_duration(values: &[Value]) -> Answer {
    let value = number(values)?;
    if !value.is_finite() {
        return Ok(Value::from(four_digits(value)));
    }
    if value == 0.0 {
        return Ok(Value::from(format!("{}s", four_digits(value))));
    }
    if value.abs() < 1.0 {
        let (value, prefix) = scaled_up(value);
        return Ok(Value::from(format!("{}{prefix}s", four_digits(value))));
    }
    let sign = if value < 0.0 { "-" } else { "" };
    let size = value.abs();
    #[expect(
        clippy::cast_possible_truncation,
        reason = "float casts saturate, and whole seconds are meant"
    )]
    let whole = size as i64;
    let (seconds, minutes) = (whole % 60, whole / 60 % 60);
    let (hours, days) = (whole / 3600 % 24, whole / 86_400);
    let text = match (days, hours, minutes) {
        (0, 0, 0) => format!("{sign}{}s", four_digits(size)),
        (0, 0, _) => format!("{sign}{minutes}m {seconds}s"),
        (0, _, _) => format!("{sign}{hours}h {minutes}m {seconds}s"),
        _ => format!("{sign}{days}d {hours}h {minutes}m {seconds}s"),
    };
    Ok(Value::from(text))
}

pub(super) fn humanize_percentage(values: &[Value]) -> Answer {
    let value = number(values)?;
    Ok(Value::from(format!("{}%", four_digits(value * 100.0))))
}

/// Nanoseconds of `seconds`, where 64 bits hold them.
fn nanos(seconds: f64, what: &str) -> Result<i64, Problem> {
    if !seconds.is_finite() {
        return Err("value is NaN or Inf".into());
    }
    let nanos = seconds * 1e9;
    if nanos.abs() > i64::MAX as f64 {
        let shown = float::general(seconds, None);
        return Err(format!(
            "{shown} cannot be represented as a nanoseconds {what} since it overflows int64"
        )
        .into());
    }
    #[expect(clippy::cast_possible_truncation, reason = "checked above")]
    let nanos = nanos as i64;
    Ok(nanos)
}

fn time_of(seconds: f64) -> Result<TimestampMs, Problem> {
    Ok(TimestampMs(nanos(seconds, "timestamp")? / 1_000_000))
}

pub(super) fn humanize_timestamp(values: &[Value]) -> Answer {
    let value = number(values)?;
    if !value.is_finite() {
        return Ok(Value::from(four_digits(value)));
    }
    Ok(Value::from(time::shown(time_of(value)?)))
}

pub(super) fn to_time(values: &[Value]) -> Answer {
    Ok(Value::Time(time_of(number(values)?)?))
}

pub(super) fn to_duration(values: &[Value]) -> Answer {
    Ok(Value::Duration(nanos(number(values)?, "duration")?))
}

pub(super) fn parse_duration(values: &[Value]) -> Answer {
    let text = text_at(values, 0);
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text),
    };
    let parsed: Result<DurationMs, _> = unsigned.parse();
    let parsed = parsed.map_err(|error| {
        let shown = model::quote_label_value(text);
        Problem(match error {
            model::ParseDurationError::Malformed => format!("{error}: {shown}"),
            error => error.to_string(),
        })
    })?;
    Ok(Value::Float(sign * parsed.as_seconds()))
}

pub(super) fn now(context: &Context<'_>, _values: &[Value]) -> Answer {
    Ok(Value::Float(context.environment.now().as_seconds()))
}

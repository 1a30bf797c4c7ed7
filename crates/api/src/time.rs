//! Times and durations as parameters, and times as answers.

use chrono::{DateTime, SecondsFormat, Utc};
use model::{DurationMs, TimestampMs};

/// A parameter that is no time or no duration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cannot parse \"{text}\" to a valid {wanted}")]
pub(crate) struct ParseError {
    text: String,
    wanted: &'static str,
}

/// What clients send for "the earliest" and "the latest" time; years that RFC 3339 parsers refuse.
const MIN_TIME: &str = "-292273086-05-16T16:47:06Z";
const MAX_TIME: &str = "292277025-08-18T07:12:54.999999999Z";

/// Reads seconds since the epoch with a fraction, or RFC 3339.
pub(crate) fn parse_time(text: &str) -> Result<TimestampMs, ParseError> {
    if let Ok(seconds) = text.parse::<f64>()
        && seconds.is_finite()
    {
        return Ok(TimestampMs::from_seconds(seconds));
    }
    match text {
        // Far beyond all samples, and far enough from the ends that arithmetic on them stays right.
        MIN_TIME => return Ok(TimestampMs(i64::MIN / 1_000_000)),
        MAX_TIME => return Ok(TimestampMs(i64::MAX / 1_000_000)),
        _ => {}
    }
    match DateTime::parse_from_rfc3339(text) {
        Ok(time) => Ok(TimestampMs(time.timestamp_millis())),
        Err(_) => Err(ParseError {
            text: text.to_owned(),
            wanted: "timestamp",
        }),
    }
}

/// Reads seconds with a fraction, or a duration such as `1h30m`.
pub(crate) fn parse_duration(text: &str) -> Result<DurationMs, ParseError> {
    let error = || ParseError {
        text: text.to_owned(),
        wanted: "duration",
    };
    if let Ok(seconds) = text.parse::<f64>() {
        // Nanoseconds must fit in 63 bits, as in Prometheus.
        if seconds.is_nan() || seconds.abs() > 9.2e9 {
            return Err(ParseError {
                text: text.to_owned(),
                wanted: "duration. It overflows int64",
            });
        }
        return Ok(DurationMs(TimestampMs::from_seconds(seconds).0));
    }
    text.parse().map_err(|_| error())
}

/// RFC 3339 in UTC with milliseconds; what has no such form becomes the zero time.
pub(crate) fn format_time(time: TimestampMs) -> String {
    match DateTime::<Utc>::from_timestamp_millis(time.0) {
        Some(time) => time.to_rfc3339_opts(SecondsFormat::Millis, true),
        None => ZERO_TIME.to_owned(),
    }
}

/// What Go prints for a time that was never set, and clients know.
pub(crate) const ZERO_TIME: &str = "0001-01-01T00:00:00Z";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_seconds_or_rfc_3339() {
        for (text, millis) in [
            ("0", 0),
            ("1435781451.781", 1_435_781_451_781),
            ("-1.5", -1500),
            ("2015-07-01T20:10:51.781Z", 1_435_781_451_781),
            ("2015-07-01T20:10:51.781+00:00", 1_435_781_451_781),
        ] {
            assert_eq!(parse_time(text), Ok(TimestampMs(millis)), "{text}");
        }
        assert!(parse_time(MIN_TIME).unwrap() < parse_time(MAX_TIME).unwrap());
        for bad in ["", "abc", "NaN", "inf", "2015-07-01"] {
            let error = parse_time(bad).unwrap_err().to_string();
            assert_eq!(
                error,
                format!("cannot parse \"{bad}\" to a valid timestamp")
            );
        }
    }

    #[test]
    fn durations_are_seconds_or_prometheus_durations() {
        assert_eq!(parse_duration("0.25"), Ok(DurationMs(250)));
        assert_eq!(parse_duration("5m"), Ok(DurationMs(300_000)));
        for bad in ["", "5x", "NaN", "1e300"] {
            assert!(parse_duration(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn answers_carry_milliseconds_in_utc() {
        assert_eq!(
            format_time(TimestampMs(1_435_781_451_781)),
            "2015-07-01T20:10:51.781Z"
        );
    }
}

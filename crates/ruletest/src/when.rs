//! Durations and points in time of test files.

use crate::{Error, Result};
use model::{DurationMs, TimestampMs};

/// A duration; the default where there is none.
pub(crate) fn duration(text: Option<&str>, default: DurationMs) -> Result<DurationMs> {
    let Some(text) = text else {
        return Ok(default);
    };
    text.parse().map_err(|source| Error::Duration {
        text: text.to_owned(),
        source,
    })
}

/// A Unix timestamp in seconds, or RFC 3339.
pub(crate) fn timestamp(text: &str) -> Result<TimestampMs> {
    let bad = || Error::StartTime(text.to_owned());
    if let Ok(seconds) = text.parse::<f64>() {
        return Some(seconds)
            .filter(|seconds| seconds.is_finite())
            .map(TimestampMs::from_seconds)
            .ok_or_else(bad);
    }
    rfc3339(text).ok_or_else(bad)
}

/// `2024-01-01T00:00:00.5+02:00`.
fn rfc3339(text: &str) -> Option<TimestampMs> {
    let (date, rest) = text.split_once(['T', 't', ' '])?;
    let (year, month_day) = date.split_once('-')?;
    let (month, day) = month_day.split_once('-')?;
    let zone_at = rest.find(['Z', 'z', '+', '-'])?;
    let (clock, zone) = rest.split_at_checked(zone_at)?;
    let mut parts = clock.split(':');
    let hour = number(parts.next()?, 2, 23)?;
    let minute = number(parts.next()?, 2, 59)?;
    let (second, fraction) = {
        let text = parts.next()?;
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        (
            number(whole, 2, 59)?,
            format!("0.{fraction}").parse::<f64>().ok()?,
        )
    };
    let days = days(
        number(year, 4, 9999)?,
        number(month, 2, 12)?,
        number(day, 2, 31)?,
    )?;
    let offset = zone_offset(zone)?;
    let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset;
    #[expect(clippy::cast_possible_truncation, reason = "a fraction of a second")]
    let millis = (fraction * 1000.0) as i64;
    (parts.next().is_none()).then_some(TimestampMs(seconds * 1000 + millis))
}

/// Seconds that a zone is ahead of UTC.
fn zone_offset(zone: &str) -> Option<i64> {
    if matches!(zone, "Z" | "z") {
        return Some(0);
    }
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    let (hours, minutes) = zone.get(1..)?.split_once(':')?;
    Some(sign * (number(hours, 2, 23)? * 3600 + number(minutes, 2, 59)? * 60))
}

fn number(text: &str, digits: usize, most: i64) -> Option<i64> {
    let valid = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|number| valid && *number <= most)
}

/// Days from the epoch to a date, if there is such a date.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let lengths = [
        31,
        if leap { 29 } else { 28 },
        31,
        30,
        31,
        30,
        31,
        31,
        30,
        31,
        30,
        31,
    ];
    let index = usize::try_from(month - 1).ok()?;
    let length = lengths.get(index)?;
    let before: i64 = lengths.iter().take(index).sum();
    let past = year - 1;
    let years = past * 365 + past.div_euclid(4) - past.div_euclid(100) + past.div_euclid(400);
    (1..=*length)
        .contains(&day)
        .then_some(years - 719_162 + before + day - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_seconds_or_dates() {
        for (text, seconds) in [
            ("1609459200", 1_609_459_200.0),
            ("0", 0.0),
            ("1.5", 1.5),
            ("2024-01-01T00:00:00Z", 1_704_067_200.0),
            ("2024-02-29T12:00:00.25+02:00", 1_709_200_800.25),
            ("1969-12-31T23:59:59Z", -1.0),
        ] {
            assert_eq!(
                timestamp(text).unwrap(),
                TimestampMs::from_seconds(seconds),
                "{text}"
            );
        }
        for bad in [
            "",
            "soon",
            "2023-02-29T00:00:00Z",
            "2024-01-01",
            "2024-01-01T24:00:00Z",
            "NaN",
        ] {
            assert!(timestamp(bad).is_err(), "{bad}");
        }
    }
}

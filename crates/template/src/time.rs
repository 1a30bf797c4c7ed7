//! Points in time and lengths of it, as Go shows them.

use model::{CivilTime, TimestampMs};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] = [
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
];

fn name_of(names: &[&'static str], index: i64) -> &'static str {
    let index = usize::try_from(index).unwrap_or(0);
    names.get(index).copied().unwrap_or("")
}

pub(crate) fn month_name(civil: &CivilTime) -> &'static str {
    name_of(&MONTHS, civil.month - 1)
}

pub(crate) fn weekday_name(civil: &CivilTime) -> &'static str {
    name_of(&DAYS, civil.weekday)
}

/// As Go's `Time.String` in UTC.
pub(crate) fn shown(time: TimestampMs) -> String {
    format(time, "2006-01-02 15:04:05.999 -0700 MST")
}

/// A word of a layout, and what stands in its place.
type Part = (&'static str, fn(&CivilTime) -> String);

/// The words of a layout that stand for parts of a time, longer ones before their beginnings.
const PARTS: [Part; 25] = [
    ("January", |c| month_name(c).to_owned()),
    ("Jan", |c| month_name(c).chars().take(3).collect()),
    ("Monday", |c| weekday_name(c).to_owned()),
    ("Mon", |c| weekday_name(c).chars().take(3).collect()),
    ("MST", |_| "UTC".to_owned()),
    ("2006", |c| format!("{:04}", c.year)),
    ("-07:00", |_| "+00:00".to_owned()),
    ("-0700", |_| "+0000".to_owned()),
    ("Z07:00", |_| "Z".to_owned()),
    ("Z0700", |_| "Z".to_owned()),
    ("002", |c| format!("{:03}", c.year_day)),
    ("01", |c| format!("{:02}", c.month)),
    ("02", |c| format!("{:02}", c.day)),
    ("03", |c| format!("{:02}", (c.hour + 11) % 12 + 1)),
    ("04", |c| format!("{:02}", c.minute)),
    ("05", |c| format!("{:02}", c.second)),
    ("06", |c| format!("{:02}", c.year.rem_euclid(100))),
    ("15", |c| format!("{:02}", c.hour)),
    ("PM", |c| if c.hour < 12 { "AM" } else { "PM" }.to_owned()),
    ("_2", |c| format!("{:>2}", c.day)),
    ("1", |c| c.month.to_string()),
    ("2", |c| c.day.to_string()),
    ("3", |c| ((c.hour + 11) % 12 + 1).to_string()),
    ("4", |c| c.minute.to_string()),
    ("5", |c| c.second.to_string()),
];

/// As Go's `Time.Format` in UTC.
pub(crate) fn format(time: TimestampMs, layout: &str) -> String {
    let civil = CivilTime::of(time);
    let mut out = String::new();
    let mut rest = layout;
    while let Some(c) = rest.chars().next() {
        if let Some(digits) = fraction(rest) {
            let zeros = "0".repeat(digits.saturating_sub(3));
            let all = format!("{:03}{zeros}", civil.milli);
            let shown = all.get(..digits).unwrap_or(&all);
            if rest.get(1..2) == Some("0") {
                out.push('.');
                out.push_str(shown);
            } else if !shown.trim_end_matches('0').is_empty() {
                out.push('.');
                out.push_str(shown.trim_end_matches('0'));
            }
            rest = rest.get(1 + digits..).unwrap_or("");
            continue;
        }
        let known = PARTS.iter().find(|(word, _)| rest.starts_with(word));
        let length = if let Some((word, part)) = known {
            out.push_str(&part(&civil));
            word.len()
        } else {
            out.push(c);
            c.len_utf8()
        };
        rest = rest.get(length..).unwrap_or("");
    }
    out
}

/// Digits of a fraction of seconds (`.000`, `.999`) at the start of a layout.
fn fraction(layout: &str) -> Option<usize> {
    let digits = layout.strip_prefix('.')?;
    let first = digits.chars().next().filter(|c| matches!(c, '0' | '9'))?;
    let length = digits.find(|c| c != first).unwrap_or(digits.len());
    let after = digits.get(length..).unwrap_or("");
    (!after.starts_with(|c: char| c.is_ascii_digit())).then_some(length)
}

/// As Go's `Duration.String`: `1h2m3.5s`, `250ms`, `0s`.
pub(crate) fn duration(nanos: i64) -> String {
    let sign = if nanos < 0 { "-" } else { "" };
    let size = nanos.unsigned_abs();
    let fraction = |unit: u64| {
        let text = format!(
            "{}.{:0width$}",
            size / unit,
            size % unit,
            width = digits(unit)
        );
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    if size == 0 {
        return "0s".to_owned();
    }
    let small = match size {
        1_000_000_000.. => None,
        1_000_000.. => Some((1_000_000, "ms")),
        1_000.. => Some((1_000, "µs")),
        _ => return format!("{sign}{size}ns"),
    };
    if let Some((unit, name)) = small {
        return format!("{sign}{}{name}", fraction(unit));
    }
    let minutes = size / 60_000_000_000;
    let rest = size % 60_000_000_000;
    let seconds = format!("{}.{:09}", rest / 1_000_000_000, rest % 1_000_000_000);
    let seconds = seconds.trim_end_matches('0').trim_end_matches('.');
    match (minutes / 60, minutes % 60) {
        (0, 0) => format!("{sign}{seconds}s"),
        (0, minutes) => format!("{sign}{minutes}m{seconds}s"),
        (hours, minutes) => format!("{sign}{hours}h{minutes}m{seconds}s"),
    }
}

/// Digits behind the point for fractions of `unit`.
fn digits(unit: u64) -> usize {
    unit.ilog10() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_shown_as_go_shows_them() {
        assert_eq!(shown(TimestampMs(0)), "1970-01-01 00:00:00 +0000 UTC");
        assert_eq!(
            shown(TimestampMs(1_435_065_584_128)),
            "2015-06-23 13:19:44.128 +0000 UTC"
        );
        let leap = TimestampMs(1_709_210_096_000);
        assert_eq!(
            format(
                leap,
                "Mon, 02 Jan 2006 15:04:05 MST|3:04PM|002|2006-01-02T15:04:05Z07:00"
            ),
            "Thu, 29 Feb 2024 12:34:56 UTC|12:34PM|060|2024-02-29T12:34:56Z"
        );
        assert_eq!(shown(TimestampMs(-1)), "1969-12-31 23:59:59.999 +0000 UTC");
    }

    #[test]
    fn durations_are_shown_as_go_shows_them() {
        for (nanos, text) in [
            (0, "0s"),
            (1, "1ns"),
            (1_500, "1.5µs"),
            (250_000_000, "250ms"),
            (1_500_000_000, "1.5s"),
            (60_000_000_000, "1m0s"),
            (3_723_500_000_000, "1h2m3.5s"),
            (-90_000_000_000, "-1m30s"),
        ] {
            assert_eq!(duration(nanos), text);
        }
    }
}

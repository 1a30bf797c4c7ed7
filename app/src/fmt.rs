//! Values, times and names as people read them.

use crate::state::Zone;
use crate::words::{Locale, td_string};
use api_types::LabelMap;
use chart::CivilTime;
use model::DurationMs;
use std::fmt::Write as _;

/// `n` with thin spaces between thousands.
pub fn count(n: usize) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 * 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

/// `n` of a thing, as `1 series` or `3 targets`; `one` and `many` are the words.
pub fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{} {}", count(n), if n == 1 { one } else { many })
}

/// A sample's value in full, in the shortest form that reads back to it.
pub fn value(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    let magnitude = value.abs();
    if magnitude >= 1e21 || (magnitude < 1e-6 && value != 0.0) {
        format!("{value:e}")
    } else {
        value.to_string()
    }
}

/// How long something took.
pub fn elapsed(milliseconds: f64) -> String {
    match milliseconds {
        ms if ms < 1.0 => format!("{ms:.2} ms"),
        ms if ms < 10.0 => format!("{ms:.1} ms"),
        ms if ms < 1000.0 => format!("{ms:.0} ms"),
        ms => format!("{:.2} s", ms / 1000.0),
    }
}

/// How long ago something was, coarser the longer: `3.2 s ago`, `5 min ago`, `2 d ago`.
pub fn ago(locale: Locale, seconds: f64) -> String {
    match seconds {
        s if s < 0.0 => td_string!(locale, shell.ago_now).to_owned(),
        s if s < 10.0 => td_string!(locale, shell.ago_seconds, n = format!("{s:.1}")),
        s if s < 120.0 => td_string!(locale, shell.ago_seconds, n = format!("{s:.0}")),
        s if s < 7200.0 => td_string!(locale, shell.ago_minutes, n = format!("{:.0}", s / 60.0)),
        s if s < 172_800.0 => td_string!(locale, shell.ago_hours, n = format!("{:.0}", s / 3600.0)),
        s => td_string!(locale, shell.ago_days, n = format!("{:.0}", s / 86_400.0)),
    }
}

/// A time with its zone, as `2026-08-21 14:03:07 UTC+9`.
pub fn time_in(zone: Zone, seconds: f64) -> String {
    format!("{} {}", zone.civil(seconds), zone.name(seconds))
}

/// A time of a sample, as `2026-08-21 14:03:07`, with milliseconds if it has any.
pub fn time(seconds: f64) -> String {
    let civil = CivilTime::from_seconds(seconds);
    match civil.millisecond {
        0 => civil.to_string(),
        ms => format!("{civil}.{ms:03}"),
    }
}

/// A length of time, as `1h30m`.
pub fn duration(milliseconds: i64) -> String {
    DurationMs(milliseconds).to_string()
}

/// A length of time, as `1h30m`; less than a millisecond is `0s`. Units: seconds.
pub fn seconds(seconds: f64) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the bounds are far inside of what fits"
    )]
    let milliseconds = (seconds * 1e3).round().clamp(-1e15, 1e15) as i64;
    duration(milliseconds)
}

/// An amount of memory, as `1.5 MiB`.
pub fn bytes(bytes: f64) -> String {
    const UNITS: [&str; 5] = ["B", "KiB", "MiB", "GiB", "TiB"];
    let mut amount = bytes;
    let mut unit = "B";
    for next in UNITS {
        unit = next;
        if amount.abs() < 1024.0 {
            break;
        }
        if next != "TiB" {
            amount /= 1024.0;
        }
    }
    let digits = usize::from(amount < 10.0 && unit != "B");
    format!("{amount:.digits$} {unit}")
}

/// A series as PromQL writes it: `up{job="api"}`, or `{}` for one without labels.
pub fn series(labels: &LabelMap) -> String {
    let mut text = labels.get("__name__").cloned().unwrap_or_default();
    let rest: Vec<(&str, &str)> = pairs(labels).collect();
    if !rest.is_empty() || text.is_empty() {
        text.push_str(&braces(&rest));
    }
    text
}

/// Labels without the metric's name.
pub fn pairs(labels: &LabelMap) -> impl Iterator<Item = (&str, &str)> {
    labels
        .iter()
        .filter(|(name, _)| *name != "__name__")
        .map(|(n, v)| (n.as_str(), v.as_str()))
}

/// `{a="b", c="d"}`.
pub fn braces(pairs: &[(&str, &str)]) -> String {
    let mut text = String::from("{");
    for (i, (name, value)) in pairs.iter().enumerate() {
        let comma = if i > 0 { ", " } else { "" };
        // Writing to a string cannot fail.
        let _ = write!(text, "{comma}{name}={}", quoted(value));
    }
    text.push('}');
    text
}

/// A label value in quotes.
pub fn quoted(value: &str) -> String {
    let mut text = String::with_capacity(value.len() + 2);
    text.push('"');
    for c in value.chars() {
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            c => text.push(c),
        }
    }
    text.push('"');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(pairs: &[(&str, &str)]) -> LabelMap {
        pairs
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect()
    }

    #[test]
    fn series_read_like_selectors() {
        assert_eq!(
            series(&labels(&[("__name__", "up"), ("job", "a\"b")])),
            r#"up{job="a\"b"}"#
        );
        assert_eq!(series(&labels(&[("__name__", "up")])), "up");
        assert_eq!(series(&labels(&[])), "{}");
        assert_eq!(
            series(&labels(&[("a", "b"), ("c", "d")])),
            r#"{a="b", c="d"}"#
        );
    }

    #[test]
    fn values_are_whole_and_never_hundreds_of_zeros() {
        assert_eq!(value(0.1), "0.1");
        assert_eq!(value(1e300), "1e300");
        assert_eq!(value(3e-9), "3e-9");
        assert_eq!(value(0.0), "0");
        assert_eq!(value(f64::NEG_INFINITY), "-Inf");
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(count(1_234_567), "1\u{202f}234\u{202f}567");
        assert_eq!(count(999), "999");
        assert_eq!(counted(1, "target", "targets"), "1 target");
    }

    #[test]
    fn amounts_of_memory_have_their_unit() {
        assert_eq!(bytes(12.0), "12 B");
        assert_eq!(bytes(1536.0), "1.5 KiB");
        assert_eq!(bytes(50.0 * 1024.0 * 1024.0), "50 MiB");
        assert_eq!(seconds(90.0), "1m30s");
    }

    #[test]
    fn past_times_get_coarser() {
        assert_eq!(ago(Locale::en, 3.24), "3.2 s ago");
        assert_eq!(ago(Locale::en, 300.0), "5 min ago");
        assert_eq!(ago(Locale::en, 400_000.0), "5 d ago");
        assert_eq!(ago(Locale::en, -4.0), "just now");
    }
}

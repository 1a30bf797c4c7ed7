//! Moments as text, by the patterns that dashboards use (`YYYY-MM-DD HH:mm:ss`).
//!
//! Source: the pattern letters of Moment.js, which Grafana's formats are written in.

use crate::civil::{Civil, DAY, Zone};

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
/// Longest first, so that `MMMM` is not read as `MM` twice.
const TOKENS: [&str; 36] = [
    "YYYY", "MMMM", "dddd", "DDDD", "SSS", "MMM", "ddd", "DDD", "YY", "MM", "DD", "Do", "HH", "hh",
    "kk", "mm", "ss", "SS", "ZZ", "dd", "ww", "Q", "M", "D", "d", "H", "h", "k", "m", "s", "S",
    "A", "a", "Z", "X", "x",
];

/// A moment in a zone, as `YYYY-MM-DD HH:mm:ss`.
pub fn format_iso(ms: i64, zone: &dyn Zone) -> String {
    format_moment(ms, zone, "YYYY-MM-DD HH:mm:ss")
}

/// A moment in a zone by a pattern; text in square brackets stands for itself.
pub fn format_moment(ms: i64, zone: &dyn Zone, pattern: &str) -> String {
    let civil = Civil::of(zone.to_local(ms));
    let mut out = String::new();
    let mut rest = pattern;
    while let Some(c) = rest.chars().next() {
        if let Some((literal, after)) = rest.strip_prefix('[').and_then(|text| text.split_once(']'))
        {
            out.push_str(literal);
            rest = after;
            continue;
        }
        if let Some(escaped) = rest.strip_prefix('\\') {
            let literal = escaped.chars().next().unwrap_or('\\');
            out.push(literal);
            rest = escaped.strip_prefix(literal).unwrap_or_default();
            continue;
        }
        let token = TOKENS
            .iter()
            .find_map(|token| Some((*token, rest.strip_prefix(token)?)));
        if let Some((token, after)) = token {
            out.push_str(&piece(token, ms, civil, zone));
            rest = after;
        } else {
            out.push(c);
            rest = rest.strip_prefix(c).unwrap_or_default();
        }
    }
    out
}

fn piece(token: &str, ms: i64, civil: Civil, zone: &dyn Zone) -> String {
    let hour12 = (civil.hour() + 11) % 12 + 1;
    let month = MONTHS
        .get(crate::number::to_usize((civil.month - 1) as f64))
        .copied()
        .unwrap_or_default();
    let day = DAYS
        .get(crate::number::to_usize(civil.weekday() as f64))
        .copied()
        .unwrap_or_default();
    let short = |name: &str, length: usize| name.chars().take(length).collect::<String>();
    match token {
        "YYYY" => format!("{:04}", civil.year),
        "YY" => format!("{:02}", civil.year.rem_euclid(100)),
        "Q" => ((civil.month - 1) / 3 + 1).to_string(),
        "MMMM" => month.to_owned(),
        "MMM" => short(month, 3),
        "MM" => format!("{:02}", civil.month),
        "M" => civil.month.to_string(),
        "DDDD" => format!("{:03}", civil.day_of_year()),
        "DDD" => civil.day_of_year().to_string(),
        "DD" => format!("{:02}", civil.day),
        "Do" => format!("{}{}", civil.day, ordinal(civil.day)),
        "D" => civil.day.to_string(),
        "dddd" => day.to_owned(),
        "ddd" => short(day, 3),
        "dd" => short(day, 2),
        "d" => civil.weekday().to_string(),
        "ww" => format!("{:02}", (civil.day_of_year() + 6) / 7),
        "HH" => format!("{:02}", civil.hour()),
        "H" => civil.hour().to_string(),
        "kk" => format!("{:02}", if civil.hour() == 0 { 24 } else { civil.hour() }),
        "k" => (if civil.hour() == 0 { 24 } else { civil.hour() }).to_string(),
        "hh" => format!("{hour12:02}"),
        "h" => hour12.to_string(),
        "mm" => format!("{:02}", civil.minute()),
        "m" => civil.minute().to_string(),
        "ss" => format!("{:02}", civil.second()),
        "s" => civil.second().to_string(),
        "SSS" => format!("{:03}", civil.millisecond()),
        "SS" => format!("{:02}", civil.millisecond() / 10),
        "S" => (civil.millisecond() / 100).to_string(),
        "A" => (if civil.hour() < 12 { "AM" } else { "PM" }).to_owned(),
        "a" => (if civil.hour() < 12 { "am" } else { "pm" }).to_owned(),
        "Z" => offset(zone.offset_at(ms), ":"),
        "ZZ" => offset(zone.offset_at(ms), ""),
        "X" => ms.div_euclid(1000).to_string(),
        "x" => ms.to_string(),
        _ => String::new(),
    }
}

fn offset(ms: i64, between: &str) -> String {
    let minutes = ms.abs() / 60_000;
    let sign = if ms < 0 { '-' } else { '+' };
    format!("{sign}{:02}{between}{:02}", minutes / 60, minutes % 60)
}

fn ordinal(day: i64) -> &'static str {
    match (day % 10, day % 100) {
        (1, 11) | (2, 12) | (3, 13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    }
}

/// How long ago a moment is, or how far off, in rough words: `3 hours ago`, `in a day`.
pub(crate) fn from_now(ms: i64, now: i64) -> String {
    let gap = now.saturating_sub(ms);
    let text = rough(gap.saturating_abs());
    if gap >= 0 {
        format!("{text} ago")
    } else {
        format!("in {text}")
    }
}

fn rough(ms: i64) -> String {
    let in_units = |unit: i64| (ms + unit / 2) / unit;
    let (seconds, minutes, hours, days) = (
        in_units(1000),
        in_units(60_000),
        in_units(3_600_000),
        in_units(DAY),
    );
    let months = crate::number::to_i64((ms as f64 / (DAY as f64 * 30.436_875)).round());
    let years = crate::number::to_i64((ms as f64 / (DAY as f64 * 365.2425)).round());
    if seconds < 45 {
        "a few seconds".into()
    } else if minutes <= 1 {
        "a minute".into()
    } else if minutes < 45 {
        format!("{minutes} minutes")
    } else if hours <= 1 {
        "an hour".into()
    } else if hours < 22 {
        format!("{hours} hours")
    } else if days <= 1 {
        "a day".into()
    } else if days < 26 {
        format!("{days} days")
    } else if months <= 1 {
        "a month".into()
    } else if months < 11 {
        format!("{months} months")
    } else if years <= 1 {
        "a year".into()
    } else {
        format!("{years} years")
    }
}

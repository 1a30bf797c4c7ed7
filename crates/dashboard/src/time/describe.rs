//! Ranges of time in words.

use super::{TimeExpr, format_iso};
use crate::civil::Zone;

/// A range that people choose by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimePreset {
    /// Start.
    pub from: &'static str,
    /// End.
    pub to: &'static str,
    /// Name.
    pub name: &'static str,
}

const fn preset(from: &'static str, to: &'static str, name: &'static str) -> TimePreset {
    TimePreset { from, to, name }
}

/// The ranges that the time picker offers, in its order.
pub const TIME_PRESETS: [TimePreset; 50] = [
    preset("now-5m", "now", "Last 5 minutes"),
    preset("now-15m", "now", "Last 15 minutes"),
    preset("now-30m", "now", "Last 30 minutes"),
    preset("now-1h", "now", "Last 1 hour"),
    preset("now-3h", "now", "Last 3 hours"),
    preset("now-6h", "now", "Last 6 hours"),
    preset("now-12h", "now", "Last 12 hours"),
    preset("now-24h", "now", "Last 24 hours"),
    preset("now-2d", "now", "Last 2 days"),
    preset("now-7d", "now", "Last 7 days"),
    preset("now-30d", "now", "Last 30 days"),
    preset("now-90d", "now", "Last 90 days"),
    preset("now-6M", "now", "Last 6 months"),
    preset("now-1y", "now", "Last 1 year"),
    preset("now-2y", "now", "Last 2 years"),
    preset("now-5y", "now", "Last 5 years"),
    preset("now-1d/d", "now-1d/d", "Yesterday"),
    preset("now-2d/d", "now-2d/d", "Day before yesterday"),
    preset("now-7d/d", "now-7d/d", "This day last week"),
    preset("now-1w/w", "now-1w/w", "Previous week"),
    preset("now-1M/M", "now-1M/M", "Previous month"),
    preset("now-1Q/Q", "now-1Q/Q", "Previous quarter"),
    preset("now-1Q/fQ", "now-1Q/fQ", "Previous fiscal quarter"),
    preset("now-1y/y", "now-1y/y", "Previous year"),
    preset("now-1y/fy", "now-1y/fy", "Previous fiscal year"),
    preset("now/d", "now/d", "Today"),
    preset("now/d", "now", "Today so far"),
    preset("now/w", "now/w", "This week"),
    preset("now/w", "now", "This week so far"),
    preset("now/M", "now/M", "This month"),
    preset("now/M", "now", "This month so far"),
    preset("now/y", "now/y", "This year"),
    preset("now/y", "now", "This year so far"),
    preset("now/Q", "now/Q", "This quarter"),
    preset("now/Q", "now", "This quarter so far"),
    preset("now/fQ", "now", "This fiscal quarter so far"),
    preset("now/fQ", "now/fQ", "This fiscal quarter"),
    preset("now/fy", "now", "This fiscal year so far"),
    preset("now/fy", "now/fy", "This fiscal year"),
    preset("now/h", "now/h", "This hour"),
    preset("now/h", "now", "This hour so far"),
    preset("now-1h/h", "now-1h/h", "Previous hour"),
    preset("now-1m", "now", "Last 1 minute"),
    preset("now-45m", "now", "Last 45 minutes"),
    preset("now-2h", "now", "Last 2 hours"),
    preset("now-4h", "now", "Last 4 hours"),
    preset("now-1d", "now", "Last 1 day"),
    preset("now-3d", "now", "Last 3 days"),
    preset("now-14d", "now", "Last 14 days"),
    preset("now-60d", "now", "Last 60 days"),
];

/// A range in words: `Last 6 hours`, `Yesterday`, `2025-01-31 00:00:00 to 2025-01-31 12:00:00`.
pub fn describe_range(from: &str, to: &str, zone: &dyn Zone) -> String {
    let (from, to) = (from.trim(), to.trim());
    if let Some(preset) = TIME_PRESETS
        .iter()
        .find(|preset| preset.from == from && preset.to == to)
    {
        return preset.name.to_owned();
    }
    if to == "now"
        && let Some(length) = from.strip_prefix("now-").and_then(length_in_words)
    {
        return format!("Last {length}");
    }
    if from == "now"
        && let Some(length) = to.strip_prefix("now+").and_then(length_in_words)
    {
        return format!("Next {length}");
    }
    format!("{} to {}", one(from, zone), one(to, zone))
}

fn one(text: &str, zone: &dyn Zone) -> String {
    match TimeExpr::parse(text) {
        Ok(expr) if !expr.is_relative() => {
            let calendar = super::Calendar::new(0, zone);
            format_iso(expr.resolve(&calendar, super::RangeEnd::From), zone)
        }
        _ => text.to_owned(),
    }
}

fn length_in_words(text: &str) -> Option<String> {
    let unit_at = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(unit_at);
    let count: i64 = number.parse().ok()?;
    let word = match unit {
        "ms" => "millisecond",
        "s" => "second",
        "m" => "minute",
        "h" => "hour",
        "d" => "day",
        "w" => "week",
        "M" => "month",
        "Q" => "quarter",
        "y" => "year",
        _ => return None,
    };
    Some(format!(
        "{count} {word}{}",
        if count == 1 { "" } else { "s" }
    ))
}

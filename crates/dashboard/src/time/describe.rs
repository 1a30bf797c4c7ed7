//! What a range of time is called, for those who put it into words.

use super::{TimeExpr, TimeUnit, format_iso};
use crate::civil::Zone;

/// A range that people choose by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimePreset {
    /// Start.
    pub from: &'static str,
    /// End.
    pub to: &'static str,
}

const fn preset(from: &'static str, to: &'static str) -> TimePreset {
    TimePreset { from, to }
}

/// The ranges that the time picker offers, in its order.
pub const TIME_PRESETS: [TimePreset; 50] = [
    preset("now-5m", "now"),
    preset("now-15m", "now"),
    preset("now-30m", "now"),
    preset("now-1h", "now"),
    preset("now-3h", "now"),
    preset("now-6h", "now"),
    preset("now-12h", "now"),
    preset("now-24h", "now"),
    preset("now-2d", "now"),
    preset("now-7d", "now"),
    preset("now-30d", "now"),
    preset("now-90d", "now"),
    preset("now-6M", "now"),
    preset("now-1y", "now"),
    preset("now-2y", "now"),
    preset("now-5y", "now"),
    preset("now-1d/d", "now-1d/d"),
    preset("now-2d/d", "now-2d/d"),
    preset("now-7d/d", "now-7d/d"),
    preset("now-1w/w", "now-1w/w"),
    preset("now-1M/M", "now-1M/M"),
    preset("now-1Q/Q", "now-1Q/Q"),
    preset("now-1Q/fQ", "now-1Q/fQ"),
    preset("now-1y/y", "now-1y/y"),
    preset("now-1y/fy", "now-1y/fy"),
    preset("now/d", "now/d"),
    preset("now/d", "now"),
    preset("now/w", "now/w"),
    preset("now/w", "now"),
    preset("now/M", "now/M"),
    preset("now/M", "now"),
    preset("now/y", "now/y"),
    preset("now/y", "now"),
    preset("now/Q", "now/Q"),
    preset("now/Q", "now"),
    preset("now/fQ", "now"),
    preset("now/fQ", "now/fQ"),
    preset("now/fy", "now"),
    preset("now/fy", "now/fy"),
    preset("now/h", "now/h"),
    preset("now/h", "now"),
    preset("now-1h/h", "now-1h/h"),
    preset("now-1m", "now"),
    preset("now-45m", "now"),
    preset("now-2h", "now"),
    preset("now-4h", "now"),
    preset("now-1d", "now"),
    preset("now-3d", "now"),
    preset("now-14d", "now"),
    preset("now-60d", "now"),
];

/// What a range is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RangeName {
    /// So many units up to now.
    Last(i64, TimeUnit),
    /// So many units from now on.
    Next(i64, TimeUnit),
    /// One of [`TIME_PRESETS`].
    Named(TimePreset),
    /// From one time to another; relative ones as they are written.
    Between(String, String),
}

/// What the range of two time expressions is called.
pub fn describe_range(from: &str, to: &str, zone: &dyn Zone) -> RangeName {
    let (from, to) = (from.trim(), to.trim());
    if to == "now"
        && let Some((count, unit)) = from.strip_prefix("now-").and_then(length)
    {
        return RangeName::Last(count, unit);
    }
    if from == "now"
        && let Some((count, unit)) = to.strip_prefix("now+").and_then(length)
    {
        return RangeName::Next(count, unit);
    }
    let is_it = |preset: &&TimePreset| preset.from == from && preset.to == to;
    match TIME_PRESETS.iter().find(is_it) {
        Some(preset) => RangeName::Named(*preset),
        None => RangeName::Between(one(from, zone), one(to, zone)),
    }
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

fn length(text: &str) -> Option<(i64, TimeUnit)> {
    let unit_at = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(unit_at);
    let unit = match unit {
        "ms" => TimeUnit::Millisecond,
        "s" => TimeUnit::Second,
        "m" => TimeUnit::Minute,
        "h" => TimeUnit::Hour,
        "d" => TimeUnit::Day,
        "w" => TimeUnit::Week,
        "M" => TimeUnit::Month,
        "Q" => TimeUnit::Quarter,
        "y" => TimeUnit::Year,
        _ => return None,
    };
    Some((number.parse().ok()?, unit))
}

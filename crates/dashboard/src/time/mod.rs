//! Times as dashboards write them: `now-6h`, `now-1d/d`, milliseconds, dates.
//!
//! Source: Grafana's documentation of dashboard time ranges.

mod describe;
mod moment;
#[cfg(test)]
mod tests;

use crate::civil::{Civil, DAY, Zone, parse_date};
use crate::error::{Error, Result};

pub use describe::{RangeName, TIME_PRESETS, TimePreset, describe_range};
pub(crate) use moment::from_now;
pub use moment::{format_iso, format_moment};

/// Units of time expressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeUnit {
    /// `ms`
    Millisecond,
    /// `s`
    Second,
    /// `m`
    Minute,
    /// `h`
    Hour,
    /// `d`
    Day,
    /// `w`
    Week,
    /// `M`
    Month,
    /// `Q`
    Quarter,
    /// `y`
    Year,
    /// `fQ`
    FiscalQuarter,
    /// `fy`
    FiscalYear,
}

/// One step of a time expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operation {
    Shift(i64, TimeUnit),
    Round(TimeUnit),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Base {
    Now,
    /// Milliseconds since the epoch.
    Moment(i64),
    /// What the local clock shows.
    Wall(i64),
}

/// A time that may depend on the moment at which it is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeExpr {
    base: Base,
    operations: Vec<Operation>,
}

/// Which end of a range a time is: rounding goes to the start of a unit, or to its last millisecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RangeEnd {
    /// The earlier end.
    From,
    /// The later end.
    To,
}

/// What resolving needs to know about the calendar.
#[derive(Clone, Copy)]
pub struct Calendar<'a> {
    /// Units: milliseconds since the epoch.
    pub now: i64,
    /// Where the clocks are read.
    pub zone: &'a dyn Zone,
    /// First day of a week. Bounds: 0 is Sunday, 6 Saturday.
    pub week_start: u8,
    /// First month of a fiscal year. Bounds: 0 is January.
    pub fiscal_start: u8,
}

impl<'a> Calendar<'a> {
    /// Weeks from Sunday on, fiscal years from January on.
    pub fn new(now: i64, zone: &'a dyn Zone) -> Self {
        Self {
            now,
            zone,
            week_start: 0,
            fiscal_start: 0,
        }
    }
}

impl TimeExpr {
    /// Reads a time.
    ///
    /// # Errors
    /// [`Error::Time`] if it is none.
    pub fn parse(text: &str) -> Result<Self> {
        let wrong = || Error::Time {
            text: text.to_owned(),
        };
        let trimmed = text.trim();
        if let Some(rest) = trimmed.strip_prefix("now") {
            return Ok(Self {
                base: Base::Now,
                operations: operations(rest).ok_or_else(wrong)?,
            });
        }
        let (date, rest) = trimmed.split_once("||").unwrap_or((trimmed, ""));
        let base = if let Ok(number) = date.parse::<i64>() {
            // Eight digits are a date (20250131), as are fourteen; nobody means the seventies.
            match parse_date(date).filter(|_| date.len() == 8) {
                Some((wall, _)) => Base::Wall(wall),
                None => Base::Moment(number),
            }
        } else {
            match parse_date(date).ok_or_else(wrong)? {
                (wall, Some(offset)) => Base::Moment(wall.saturating_sub(offset)),
                (wall, None) => Base::Wall(wall),
            }
        };
        Ok(Self {
            base,
            operations: operations(rest).ok_or_else(wrong)?,
        })
    }

    /// Reads what people type into the field of a range's start: a time, or a bare length such as `13h`.
    ///
    /// # Errors
    /// [`Error::Time`] if it is neither.
    pub fn parse_typed(text: &str) -> Result<Self> {
        let trimmed = text.trim();
        let bare = trimmed.trim_start_matches(|c: char| c.is_ascii_digit());
        if bare.len() < trimmed.len() && unit(bare).is_some_and(|(_, rest)| rest.is_empty()) {
            return Self::parse(&format!("now-{trimmed}"));
        }
        Self::parse(text)
    }

    /// Whether the time moves with the clock.
    pub fn is_relative(&self) -> bool {
        self.base == Base::Now
    }

    /// The moment. Units: milliseconds since the epoch.
    pub fn resolve(&self, calendar: &Calendar<'_>, end: RangeEnd) -> i64 {
        let start = match self.base {
            Base::Now => calendar.now,
            Base::Moment(ms) => ms,
            Base::Wall(ms) => calendar.zone.to_utc(ms),
        };
        self.operations
            .iter()
            .fold(start, |at, operation| match *operation {
                Operation::Shift(count, unit) => shift(at, count, unit, calendar),
                Operation::Round(unit) => {
                    let begin = round_down(at, unit, calendar);
                    match end {
                        RangeEnd::From => begin,
                        RangeEnd::To => {
                            let next = shift(begin, 1, unit, calendar);
                            // A day of 25 hours still ends at midnight.
                            round_down(next, unit, calendar) - 1
                        }
                    }
                }
            })
    }
}

/// Both ends of a range as text and resolved. Units: milliseconds since the epoch.
///
/// # Errors
/// [`Error::Time`] if an end is no time.
pub fn resolve_range(from: &str, to: &str, calendar: &Calendar<'_>) -> Result<(i64, i64)> {
    let from = TimeExpr::parse(from)?.resolve(calendar, RangeEnd::From);
    let to = TimeExpr::parse(to)?.resolve(calendar, RangeEnd::To);
    Ok((from.min(to), to.max(from)))
}

/// Twice the range around its middle, not beyond `now` unless it was there before.
pub fn zoom_out((from, to): (i64, i64), now: i64) -> (i64, i64) {
    let half = ((to - from) / 2).max(500);
    let end = (to + half).min(now.max(to));
    (end - (to - from).max(1000) * 2, end)
}

/// The range moved by half its length; -1 is back, 1 forth.
pub fn shift_range((from, to): (i64, i64), direction: i64) -> (i64, i64) {
    let half = (to - from) / 2 * direction.signum();
    (from + half, to + half)
}

fn operations(text: &str) -> Option<Vec<Operation>> {
    let mut rest = text;
    let mut found = Vec::new();
    while !rest.is_empty() {
        let sign = rest.chars().next()?;
        rest = rest.strip_prefix(['+', '-', '/'])?;
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, after) = rest.split_at(digits);
        let count = if number.is_empty() {
            1
        } else {
            number.parse::<i64>().ok().filter(|n| *n < 1_000_000_000)?
        };
        let (unit, after) = unit(after)?;
        rest = after;
        found.push(match sign {
            '/' if count == 1 => Operation::Round(unit),
            '/' => return None,
            '-' => Operation::Shift(-count, unit),
            _ => Operation::Shift(count, unit),
        });
    }
    Some(found)
}

fn unit(text: &str) -> Option<(TimeUnit, &str)> {
    const UNITS: [(&str, TimeUnit); 11] = [
        ("ms", TimeUnit::Millisecond),
        ("fQ", TimeUnit::FiscalQuarter),
        ("fy", TimeUnit::FiscalYear),
        ("s", TimeUnit::Second),
        ("m", TimeUnit::Minute),
        ("h", TimeUnit::Hour),
        ("d", TimeUnit::Day),
        ("w", TimeUnit::Week),
        ("M", TimeUnit::Month),
        ("Q", TimeUnit::Quarter),
        ("y", TimeUnit::Year),
    ];
    UNITS
        .iter()
        .find_map(|(name, unit)| Some((*unit, text.strip_prefix(name)?)))
}

fn shift(at: i64, count: i64, unit: TimeUnit, calendar: &Calendar<'_>) -> i64 {
    let exact = |ms: i64| at.saturating_add(count.saturating_mul(ms));
    let months = |months: i64| {
        let local = Civil::of(calendar.zone.to_local(at));
        calendar
            .zone
            .to_utc(local.plus_months(count.saturating_mul(months)).to_ms())
    };
    // Days keep the hour on the wall, whatever summer time does.
    let days = |days: i64| {
        let local = calendar.zone.to_local(at);
        calendar
            .zone
            .to_utc(local.saturating_add(count.saturating_mul(days * DAY)))
    };
    match unit {
        TimeUnit::Millisecond => exact(1),
        TimeUnit::Second => exact(1000),
        TimeUnit::Minute => exact(60_000),
        TimeUnit::Hour => exact(3_600_000),
        TimeUnit::Day => days(1),
        TimeUnit::Week => days(7),
        TimeUnit::Month => months(1),
        TimeUnit::Quarter | TimeUnit::FiscalQuarter => months(3),
        TimeUnit::Year | TimeUnit::FiscalYear => months(12),
    }
}

fn round_down(at: i64, unit: TimeUnit, calendar: &Calendar<'_>) -> i64 {
    let local = calendar.zone.to_local(at);
    let civil = Civil::of(local);
    let fiscal_month = (civil.month - 1 - i64::from(calendar.fiscal_start)).rem_euclid(12);
    let month_of = |back: i64| civil.month_start().plus_months(-back).to_ms();
    let rounded = match unit {
        TimeUnit::Millisecond => local,
        TimeUnit::Second => local - local.rem_euclid(1000),
        TimeUnit::Minute => local - local.rem_euclid(60_000),
        // Hours of zones that are half an hour off begin at their own full hour.
        TimeUnit::Hour => local - local.rem_euclid(3_600_000),
        TimeUnit::Day => local - local.rem_euclid(DAY),
        TimeUnit::Week => {
            let into = (civil.weekday() - i64::from(calendar.week_start)).rem_euclid(7);
            local - local.rem_euclid(DAY) - into * DAY
        }
        TimeUnit::Month => month_of(0),
        TimeUnit::Quarter => month_of((civil.month - 1) % 3),
        TimeUnit::Year => month_of(civil.month - 1),
        TimeUnit::FiscalQuarter => month_of(fiscal_month % 3),
        TimeUnit::FiscalYear => month_of(fiscal_month),
    };
    if matches!(
        unit,
        TimeUnit::Millisecond | TimeUnit::Second | TimeUnit::Minute | TimeUnit::Hour
    ) {
        // Inside an hour that clocks show twice, the same of the two.
        return at - (local - rounded);
    }
    calendar.zone.to_utc(rounded)
}

//! Milliseconds since the epoch to a calendar date on the wall and back.

use model::{CivilTime, TimestampMs};

/// Where clocks show something else than UTC.
pub trait Zone {
    /// How far local clocks are ahead of UTC at a moment. Units: milliseconds, both.
    fn offset_at(&self, utc: i64) -> i64;

    /// What local clocks show at a moment, as if it were UTC.
    fn to_local(&self, utc: i64) -> i64 {
        utc.saturating_add(self.offset_at(utc))
    }

    /// The moment at which local clocks show `local`; of two moments the first, and where clocks jump over
    /// it, as far after the jump.
    fn to_utc(&self, local: i64) -> i64 {
        let guess = local.saturating_sub(self.offset_at(local));
        let before = self.offset_at(guess.saturating_sub(DAY / 2));
        let early = local.saturating_sub(before);
        if self.offset_at(early) == before {
            return early;
        }
        local.saturating_sub(self.offset_at(guess))
    }
}

/// Coordinated Universal Time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Utc;

impl Zone for Utc {
    fn offset_at(&self, _utc: i64) -> i64 {
        0
    }
}

/// A zone without summer time. Units: milliseconds ahead of UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FixedZone(pub i64);

impl Zone for FixedZone {
    fn offset_at(&self, _utc: i64) -> i64 {
        self.0
    }
}

/// Milliseconds of a day.
pub(crate) const DAY: i64 = 86_400_000;

/// A date and time of day as a clock on the wall shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Civil {
    pub(crate) year: i64,
    /// Bounds: 1 to 12.
    pub(crate) month: i64,
    /// Bounds: 1 to 31.
    pub(crate) day: i64,
    /// Units: milliseconds since midnight.
    pub(crate) of_day: i64,
}

impl Civil {
    /// The date of a moment in UTC.
    pub(crate) fn of(ms: i64) -> Self {
        let date = CivilTime::of(TimestampMs(ms));
        Self {
            year: date.year,
            month: date.month,
            day: date.day,
            of_day: ms.rem_euclid(DAY),
        }
    }

    /// The moment in UTC.
    pub(crate) fn to_ms(self) -> i64 {
        days_of(self.year, self.month, self.day)
            .saturating_mul(DAY)
            .saturating_add(self.of_day)
    }

    /// Months later or earlier; the day stays inside the month.
    pub(crate) fn plus_months(self, months: i64) -> Self {
        let index = self.year * 12 + self.month - 1 + months;
        let (year, month) = (index.div_euclid(12), index.rem_euclid(12) + 1);
        Self {
            year,
            month,
            day: self.day.min(days_in(year, month)),
            of_day: self.of_day,
        }
    }

    /// Midnight of the first of the month.
    pub(crate) fn month_start(self) -> Self {
        Self {
            day: 1,
            of_day: 0,
            ..self
        }
    }

    /// 0 is Sunday.
    pub(crate) fn weekday(self) -> i64 {
        (days_of(self.year, self.month, self.day) + 4).rem_euclid(7)
    }

    /// Days since the first of January, counted from 1.
    pub(crate) fn day_of_year(self) -> i64 {
        days_of(self.year, self.month, self.day) - days_of(self.year, 1, 1) + 1
    }

    pub(crate) fn hour(self) -> i64 {
        self.of_day / 3_600_000
    }

    pub(crate) fn minute(self) -> i64 {
        self.of_day / 60_000 % 60
    }

    pub(crate) fn second(self) -> i64 {
        self.of_day / 1000 % 60
    }

    pub(crate) fn millisecond(self) -> i64 {
        self.of_day % 1000
    }
}

/// Days of a month.
pub(crate) fn days_in(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days since the epoch; years begin in March, so that the leap day is the last.
fn days_of(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Reads `YYYY-MM-DD[(T| )HH:MM[:SS[.fff]]][Z|±HH:MM]` (also `YYYYMMDDTHHmmss`); the second value is the
/// zone's offset in milliseconds, if the text names one.
pub(crate) fn parse_date(text: &str) -> Option<(i64, Option<i64>)> {
    let text = text.trim();
    let (date, clock) = match text.split_once(['T', ' ']) {
        Some((date, clock)) => (date, clock.trim()),
        None => (text, ""),
    };
    let digits: String = date.chars().filter(char::is_ascii_digit).collect();
    if digits.len() != 8
        || !date
            .chars()
            .all(|c| c.is_ascii_digit() || c == '-' || c == '/')
    {
        return None;
    }
    let number = |from: usize, to: usize| digits.get(from..to)?.parse::<i64>().ok();
    let (year, month, day) = (number(0, 4)?, number(4, 6)?, number(6, 8)?);
    if !(1..=12).contains(&month) || day < 1 || day > days_in(year, month) {
        return None;
    }
    let (clock, zone) = split_zone(clock)?;
    Some((days_of(year, month, day) * DAY + parse_clock(clock)?, zone))
}

fn split_zone(clock: &str) -> Option<(&str, Option<i64>)> {
    if let Some(clock) = clock.strip_suffix(['Z', 'z']) {
        return Some((clock, Some(0)));
    }
    let Some(at) = clock.rfind(['+', '-']) else {
        return Some((clock, None));
    };
    let (clock, zone) = clock.split_at(at);
    let ms = parse_clock(zone.get(1..)?)?;
    Some((clock, Some(if zone.starts_with('-') { -ms } else { ms })))
}

fn parse_clock(clock: &str) -> Option<i64> {
    if clock.is_empty() {
        return Some(0);
    }
    let (whole, fraction) = clock.split_once('.').unwrap_or((clock, ""));
    let digits: String = whole.chars().filter(char::is_ascii_digit).collect();
    if !whole.chars().all(|c| c.is_ascii_digit() || c == ':') || !matches!(digits.len(), 2 | 4 | 6)
    {
        return None;
    }
    let number = |from: usize| {
        digits
            .get(from..from + 2)
            .map_or(Some(0), |text| text.parse::<i64>().ok())
    };
    let (hour, minute, second) = (number(0)?, number(2)?, number(4)?);
    if hour > 24 || minute > 59 || second > 60 {
        return None;
    }
    let padded: String = fraction.chars().chain("000".chars()).take(3).collect();
    let ms: i64 = padded.parse().ok()?;
    Some(((hour * 60 + minute) * 60 + second) * 1000 + ms)
}

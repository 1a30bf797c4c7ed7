//! Seconds since the epoch to a calendar date and back, in UTC.

use std::fmt;

const DAY: i64 = 86_400;

/// A calendar date and time of day in UTC (proleptic Gregorian calendar).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CivilTime {
    /// Year, as in 2026.
    pub year: i64,
    /// Bounds: 1 to 12.
    pub month: u8,
    /// Bounds: 1 to 31.
    pub day: u8,
    /// Bounds: 0 to 23.
    pub hour: u8,
    /// Bounds: 0 to 59.
    pub minute: u8,
    /// Bounds: 0 to 59.
    pub second: u8,
    /// Bounds: 0 to 999.
    pub millisecond: u16,
}

impl CivilTime {
    /// The calendar time of `seconds` since the epoch, rounded to milliseconds.
    ///
    /// Bounds: times beyond about ±9 million years are pulled in.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "every field is reduced to its range"
    )]
    pub fn from_seconds(seconds: f64) -> Self {
        let ms = (seconds * 1e3).round().clamp(-2.8e17, 2.8e17) as i64;
        let whole = ms.div_euclid(1000);
        let (days, of_day) = (whole.div_euclid(DAY), whole.rem_euclid(DAY));
        let (year, month, day) = date_of(days);
        Self {
            year,
            month,
            day,
            hour: (of_day / 3600) as u8,
            minute: (of_day / 60 % 60) as u8,
            second: (of_day % 60) as u8,
            millisecond: ms.rem_euclid(1000) as u16,
        }
    }

    /// Units: seconds since the epoch.
    pub fn to_seconds(self) -> f64 {
        let days = days_of(self.year, self.month, self.day);
        let of_day =
            i64::from(self.hour) * 3600 + i64::from(self.minute) * 60 + i64::from(self.second);
        (days * DAY + of_day) as f64 + f64::from(self.millisecond) / 1e3
    }

    /// Reads `YYYY-MM-DD[( |T)HH:MM[:SS[.fraction]]][Z|±HH:MM]`; without a zone, UTC.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (date, rest) = match text.split_once(['T', 't', ' ']) {
            Some((date, rest)) => (date, rest.trim()),
            None => (text, ""),
        };
        let mut parts = date.splitn(3, '-');
        let year = number(parts.next()?, 4, 9999)?;
        let month = number(parts.next()?, 2, 12)?;
        let day = number(parts.next()?, 2, 31)?;
        if month == 0 || day == 0 || i64::from(day_limit(year, month)) < day {
            return None;
        }
        let (clock, offset) = split_zone(rest)?;
        let seconds = if clock.is_empty() {
            0.0
        } else {
            clock_seconds(clock)?
        };
        let days = days_of(year, u8::try_from(month).ok()?, u8::try_from(day).ok()?);
        Some(Self::from_seconds((days * DAY - offset) as f64 + seconds))
    }

    /// The date alone, as `2026-08-21`.
    pub fn date(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }

    /// The time of day alone, as `14:03:07`.
    pub fn clock(self) -> String {
        format!("{:02}:{:02}:{:02}", self.hour, self.minute, self.second)
    }
}

/// As `2026-08-21 14:03:07`, the form that addresses and inputs use.
impl fmt::Display for CivilTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.date(), self.clock())
    }
}

fn number(text: &str, digits: usize, most: i64) -> Option<i64> {
    if text.len() != digits || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse().ok().filter(|&n| n <= most)
}

fn clock_seconds(text: &str) -> Option<f64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let mut parts = whole.splitn(3, ':');
    let hour = number(parts.next()?, 2, 23)?;
    let minute = number(parts.next()?, 2, 59)?;
    let second = parts.next().map_or(Some(0), |s| number(s, 2, 59))?;
    if !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let fraction: f64 = format!("0.{fraction}").parse().ok()?;
    Some((hour * 3600 + minute * 60 + second) as f64 + fraction)
}

/// Splits a zone off the end; gives the seconds by which it is ahead of UTC.
fn split_zone(text: &str) -> Option<(&str, i64)> {
    if let Some(clock) = text.strip_suffix(['Z', 'z']) {
        return Some((clock, 0));
    }
    let Some(at) = text.rfind(['+', '-']) else {
        return Some((text, 0));
    };
    let (clock, zone) = text.split_at_checked(at)?;
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    let (hours, minutes) = zone.get(1..)?.split_once(':')?;
    Some((
        clock,
        sign * (number(hours, 2, 23)? * 3600 + number(minutes, 2, 59)? * 60),
    ))
}

fn day_limit(year: i64, month: i64) -> u8 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

// Both ways count in 400-year eras whose years begin in March, so that the leap day comes last.
// Source: the proleptic Gregorian calendar; an era has 146,097 days.
const ERA_DAYS: i64 = 146_097;
const EPOCH_SHIFT: i64 = 719_468;

pub(crate) fn days_of(year: i64, month: u8, day: u8) -> i64 {
    let month = i64::from(month);
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let from_march = (month + 9) % 12;
    let day_of_year = (153 * from_march + 2) / 5 + i64::from(day) - 1;
    era * ERA_DAYS + of_era * 365 + of_era / 4 - of_era / 100 + day_of_year - EPOCH_SHIFT
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "month and day are reduced to their ranges"
)]
fn date_of(days: i64) -> (i64, u8, u8) {
    let shifted = days + EPOCH_SHIFT;
    let (era, day) = (shifted.div_euclid(ERA_DAYS), shifted.rem_euclid(ERA_DAYS));
    let of_era = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * of_era + of_era / 4 - of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 {
        from_march + 3
    } else {
        from_march - 9
    };
    (
        era * 400 + of_era + i64::from(month <= 2),
        month as u8,
        day as u8,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn epoch_and_leap_day_are_told_right() {
        assert_eq!(
            CivilTime::from_seconds(0.0).to_string(),
            "1970-01-01 00:00:00"
        );
        assert_eq!(
            CivilTime::from_seconds(951_782_399.0).to_string(),
            "2000-02-28 23:59:59"
        );
        assert_eq!(
            CivilTime::from_seconds(951_782_400.0).to_string(),
            "2000-02-29 00:00:00"
        );
        assert_eq!(
            CivilTime::from_seconds(-1.0).to_string(),
            "1969-12-31 23:59:59"
        );
    }

    #[test]
    fn rfc_3339_with_zone_and_fraction_is_read() {
        let time = CivilTime::parse("2026-08-21T14:03:07.25+09:00").unwrap();
        assert_eq!(time.to_string(), "2026-08-21 05:03:07");
        assert_eq!(time.millisecond, 250);
        assert_eq!(CivilTime::parse("0001-01-01T00:00:00Z").unwrap().year, 1);
    }

    #[test]
    fn short_forms_mean_midnight_and_whole_minutes() {
        assert_eq!(
            CivilTime::parse("2026-08-21").unwrap().to_string(),
            "2026-08-21 00:00:00"
        );
        assert_eq!(
            CivilTime::parse("2026-08-21 07:30").unwrap().to_string(),
            "2026-08-21 07:30:00"
        );
    }

    #[test]
    fn impossible_dates_are_refused() {
        for text in [
            "",
            "2026-02-29",
            "2026-13-01",
            "2026-1-1",
            "2026-01-01 24:00",
            "now",
            "2026-01-01T10:00+1",
        ] {
            assert_eq!(CivilTime::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn seconds_survive_the_calendar(seconds in -60_000_000_000i64..60_000_000_000) {
            let seconds = seconds as f64;
            prop_assert_eq!(CivilTime::from_seconds(seconds).to_seconds(), seconds);
        }

        #[test]
        fn printed_times_are_read_back(seconds in 0i64..250_000_000_000) {
            let time = CivilTime::from_seconds(seconds as f64);
            prop_assert_eq!(CivilTime::parse(&time.to_string()), Some(time));
        }
    }
}

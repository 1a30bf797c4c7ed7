//! Parts of dates, in UTC.

use super::arg;
use crate::Result;
use crate::eval::Evaluator;
use crate::grid::Grid;
use crate::series::{Series, Sink};
use model::Labels;
use promql_syntax::Call;

/// A moment as a calendar shows it, in UTC and the Gregorian calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Date {
    pub(crate) year: i64,
    pub(crate) month: i64,
    pub(crate) day: i64,
    pub(crate) hour: i64,
    pub(crate) minute: i64,
    pub(crate) second: i64,
    /// Days since 1970-01-01.
    days: i64,
}

impl Date {
    /// The date of a time in seconds since the epoch.
    ///
    /// Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
    pub(crate) fn of(seconds: i64) -> Self {
        let days = seconds.div_euclid(86_400);
        let in_day = seconds.rem_euclid(86_400);
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        // Months counted from March, so that the leap day comes last.
        let from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * from_march + 2) / 5 + 1;
        let month = if from_march < 10 {
            from_march + 3
        } else {
            from_march - 9
        };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        let (hour, minute, second) = (in_day / 3600, in_day / 60 % 60, in_day % 60);
        Self {
            year,
            month,
            day,
            hour,
            minute,
            second,
            days,
        }
    }

    fn is_leap_year(self) -> bool {
        (self.year % 4 == 0 && self.year % 100 != 0) || self.year % 400 == 0
    }

    fn days_in_month(self) -> i64 {
        match self.month {
            2 => 28 + i64::from(self.is_leap_year()),
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        }
    }

    fn day_of_year(self) -> i64 {
        let before = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
        let month = usize::try_from(self.month - 1).unwrap_or(0);
        let leap = i64::from(self.month > 2 && self.is_leap_year());
        before.get(month).copied().unwrap_or(0) + leap + self.day
    }
}

/// The part of a date that the function `name` gives.
pub(super) fn part(name: &str) -> Option<fn(Date) -> i64> {
    Some(match name {
        "minute" => |date| date.minute,
        "hour" => |date| date.hour,
        // 1970-01-01 was a Thursday.
        "day_of_week" => |date| (date.days + 4).rem_euclid(7),
        "day_of_month" => |date| date.day,
        "day_of_year" => Date::day_of_year,
        "days_in_month" => Date::days_in_month,
        "month" => |date| date.month,
        "year" => |date| date.year,
        _ => return None,
    })
}

pub(super) fn stream(
    ev: &Evaluator<'_>,
    call: &Call,
    part: fn(Date) -> i64,
    grid: Grid,
    sink: Sink<'_>,
) -> Result<()> {
    if call.args.is_empty() {
        let values = grid
            .times()
            .map(|time| part(Date::of(time.div_euclid(1000))) as f64)
            .collect();
        return sink(&mut Series::of_floats(Labels::empty(), false, values));
    }
    ev.map_values(arg(call, 0)?, grid, sink, &mut |_, value| {
        // Years of more than nine digits are out of every calendar; the bound keeps sums in range.
        let limit = 1e15;
        #[expect(clippy::cast_possible_truncation, reason = "clamped")]
        let seconds = value.clamp(-limit, limit) as i64;
        part(Date::of(seconds)) as f64
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(seconds: i64, expected: &[(&str, i64)]) {
        for (name, value) in expected {
            let got = part(name).map(|part| part(Date::of(seconds)));
            assert_eq!(got, Some(*value), "{name} of {seconds}");
        }
    }

    #[test]
    fn dates_follow_the_gregorian_calendar() {
        check(
            0,
            &[
                ("year", 1970),
                ("month", 1),
                ("day_of_month", 1),
                ("day_of_week", 4),
            ],
        );
        // 2024-02-29T23:59:59Z
        check(
            1_709_251_199,
            &[
                ("year", 2024),
                ("month", 2),
                ("day_of_month", 29),
                ("days_in_month", 29),
                ("day_of_year", 60),
                ("hour", 23),
                ("minute", 59),
            ],
        );
        check(
            -1,
            &[
                ("year", 1969),
                ("month", 12),
                ("day_of_year", 365),
                ("hour", 23),
            ],
        );
        check(
            4_107_542_400,
            &[("year", 2100), ("month", 3), ("day_of_month", 1)],
        );
    }
}

//! Parts of dates, in UTC.

use super::arg;
use crate::Result;
use crate::eval::Evaluator;
use crate::grid::Grid;
use crate::series::{Series, Sink};
use model::{CivilTime, Labels, TimestampMs};
use promql_syntax::Call;

/// The date of a time in seconds since the epoch. Bounds: within 1e15 of it.
fn date(seconds: i64) -> CivilTime {
    CivilTime::of(TimestampMs(seconds * 1000))
}

fn days_in_month(date: CivilTime) -> i64 {
    let is_leap_year = (date.year % 4 == 0 && date.year % 100 != 0) || date.year % 400 == 0;
    match date.month {
        2 => 28 + i64::from(is_leap_year),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The part of a date that the function `name` gives.
pub(super) fn part(name: &str) -> Option<fn(CivilTime) -> i64> {
    Some(match name {
        "minute" => |date| date.minute,
        "hour" => |date| date.hour,
        "day_of_week" => |date| date.weekday,
        "day_of_month" => |date| date.day,
        "day_of_year" => |date| date.year_day,
        "days_in_month" => days_in_month,
        "month" => |date| date.month,
        "year" => |date| date.year,
        _ => return None,
    })
}

pub(super) fn stream(
    ev: &Evaluator<'_>,
    call: &Call,
    part: fn(CivilTime) -> i64,
    grid: Grid,
    sink: Sink<'_>,
) -> Result<()> {
    if call.args.is_empty() {
        let values = grid
            .times()
            .map(|time| part(CivilTime::of(TimestampMs(time))) as f64)
            .collect();
        return sink(&mut Series::of_floats(Labels::empty(), false, values));
    }
    ev.map_values(arg(call, 0)?, grid, sink, &mut |_, value| {
        // Years of more than nine digits are out of every calendar; the bound keeps sums in range.
        let limit = 1e15;
        #[expect(clippy::cast_possible_truncation, reason = "clamped")]
        let seconds = value.clamp(-limit, limit) as i64;
        part(date(seconds)) as f64
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(seconds: i64, expected: &[(&str, i64)]) {
        for (name, value) in expected {
            let got = part(name).map(|part| part(date(seconds)));
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

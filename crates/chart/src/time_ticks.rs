//! Ticks at natural borders of time.

use crate::civil::{CivilTime, days_of};

const MINUTE: f64 = 60.0;
const HOUR: f64 = 3600.0;
const DAY: f64 = 86_400.0;

/// A place on the time axis.
#[derive(Debug, Clone, PartialEq)]
pub struct TimeTick {
    /// Units: seconds since the epoch.
    pub time: f64,
    /// Time of day, or the date where ticks are a day or more apart.
    pub label: String,
    /// The date, on the first tick and where the day changes; `None` where `label` is the date.
    pub date: Option<String>,
}

/// Steps that divide a day, in seconds, then days.
const STEPS: [f64; 25] = [
    0.001,
    0.01,
    0.1,
    0.5,
    1.0,
    2.0,
    5.0,
    10.0,
    15.0,
    30.0,
    MINUTE,
    2.0 * MINUTE,
    5.0 * MINUTE,
    10.0 * MINUTE,
    15.0 * MINUTE,
    30.0 * MINUTE,
    HOUR,
    2.0 * HOUR,
    3.0 * HOUR,
    6.0 * HOUR,
    12.0 * HOUR,
    DAY,
    2.0 * DAY,
    4.0 * DAY,
    7.0 * DAY,
];

/// Steps in months, where days no longer do.
const MONTHS: [i64; 9] = [1, 2, 3, 6, 12, 24, 60, 120, 600];

/// Ticks within `start..=end` (seconds since the epoch, UTC), at most `most` of them.
///
/// Ordering: rising. Empty unless `start < end`.
pub fn time_ticks(start: f64, end: f64, most: usize) -> Vec<TimeTick> {
    let width = end - start;
    if !width.is_finite() || width <= 0.0 || most == 0 {
        return Vec::new();
    }
    let room = most as f64;
    let (times, step) = match STEPS.iter().copied().find(|step| width / step <= room) {
        Some(step) => (regular(start, end, step), step),
        None => (calendar(start, end, room), f64::INFINITY),
    };
    let mut day = String::new();
    let label = |time: f64| {
        let civil = CivilTime::from_seconds(time);
        let date = civil.date();
        if step >= DAY {
            return TimeTick {
                time,
                label: date,
                date: None,
            };
        }
        let clock = civil.clock();
        let label = match step {
            s if s >= MINUTE => clock.get(..5).unwrap_or_default().to_owned(),
            s if s >= 1.0 => clock,
            _ => format!("{clock}.{:03}", civil.millisecond),
        };
        let date = (date != day).then(|| {
            day.clone_from(&date);
            date
        });
        TimeTick { time, label, date }
    };
    times.into_iter().take(most + 1).map(label).collect()
}

fn regular(start: f64, end: f64, step: f64) -> Vec<f64> {
    // Weeks begin on Mondays; the epoch was a Thursday.
    let shift = if step == 7.0 * DAY { 4.0 * DAY } else { 0.0 };
    let mut n = ((start - shift) / step).ceil();
    let mut times = Vec::new();
    while n * step + shift <= end {
        times.push(n * step + shift);
        n += 1.0;
    }
    times
}

fn calendar(start: f64, end: f64, room: f64) -> Vec<f64> {
    let months = (end - start) / DAY / 30.44;
    let step = MONTHS
        .iter()
        .copied()
        .find(|step| months / *step as f64 <= room)
        .unwrap_or(1200);
    let first = CivilTime::from_seconds(start);
    let mut month = (first.year * 12 + i64::from(first.month) - 1).div_euclid(step) * step;
    let mut times = Vec::new();
    loop {
        let of_year = u8::try_from(month.rem_euclid(12) + 1).unwrap_or(1);
        let time = days_of(month.div_euclid(12), of_year, 1) as f64 * DAY;
        if time > end {
            return times;
        }
        if time >= start {
            times.push(time);
        }
        month += step;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> f64 {
        CivilTime::parse(text).unwrap().to_seconds()
    }

    fn labels(start: &str, end: &str, most: usize) -> Vec<String> {
        time_ticks(at(start), at(end), most)
            .into_iter()
            .map(|t| t.label)
            .collect()
    }

    #[test]
    fn an_hour_ticks_every_ten_minutes() {
        assert_eq!(
            labels("2026-08-21 14:03:20", "2026-08-21 15:03:20", 8),
            ["14:10", "14:20", "14:30", "14:40", "14:50", "15:00"]
        );
    }

    #[test]
    fn the_date_shows_once_per_day() {
        let ticks = time_ticks(at("2026-08-20 20:00"), at("2026-08-21 04:00"), 10);
        let dates: Vec<_> = ticks.iter().filter_map(|t| t.date.as_deref()).collect();
        assert_eq!(dates, ["2026-08-20", "2026-08-21"]);
        assert_eq!(
            ticks
                .iter()
                .find(|t| t.date.as_deref() == Some("2026-08-21"))
                .unwrap()
                .label,
            "00:00"
        );
    }

    #[test]
    fn weeks_begin_on_mondays_and_months_on_the_first() {
        assert_eq!(
            labels("2026-08-01", "2026-08-31", 5),
            [
                "2026-08-03",
                "2026-08-10",
                "2026-08-17",
                "2026-08-24",
                "2026-08-31"
            ]
        );
        assert_eq!(
            labels("2026-01-15", "2026-06-15", 6),
            [
                "2026-02-01",
                "2026-03-01",
                "2026-04-01",
                "2026-05-01",
                "2026-06-01"
            ]
        );
    }

    #[test]
    fn short_windows_tell_milliseconds() {
        let start = at("2026-08-21 14:00:00");
        let ticks = time_ticks(start, start + 0.5, 6);
        assert_eq!(ticks.get(1).unwrap().label, "14:00:00.100");
    }

    proptest! {
        #[test]
        fn ticks_rise_in_the_window_and_are_not_too_many(
            start in 0i64..4_000_000_000, width in 1i64..2_000_000_000, most in 2usize..14
        ) {
            let (start, end) = (start as f64, (start + width) as f64);
            let ticks = time_ticks(start, end, most);
            prop_assert!(ticks.len() <= most + 1);
            prop_assert!(ticks.windows(2).all(|w| w[0].time < w[1].time));
            prop_assert!(ticks.iter().all(|t| t.time >= start && t.time <= end));
        }
    }
}

//! How far apart the points of a query lie, and the lengths that follow from it (`$__rate_interval`).
//!
//! Source: Grafana's data source for Prometheus: its interval ladder and macros.

use crate::error::{Error, Result};
use model::DurationMs;

/// Most points of one series that a query may ask for.
pub const MAX_POINTS: i64 = 11_000;
/// What is taken for the scrape interval where nobody says. Units: milliseconds.
pub const DEFAULT_SCRAPE_INTERVAL: i64 = 15_000;

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Below the first number the second is taken. Units: milliseconds.
const LADDER: [(i64, i64); 27] = [
    (10, 1),
    (15, 10),
    (35, 20),
    (75, 50),
    (150, 100),
    (350, 200),
    (750, 500),
    (1500, SECOND),
    (3500, 2 * SECOND),
    (7500, 5 * SECOND),
    (12_500, 10 * SECOND),
    (17_500, 15 * SECOND),
    (25_000, 20 * SECOND),
    (45_000, 30 * SECOND),
    (90_000, MINUTE),
    (210_000, 2 * MINUTE),
    (450_000, 5 * MINUTE),
    (750_000, 10 * MINUTE),
    (1_050_000, 15 * MINUTE),
    (1_500_000, 20 * MINUTE),
    (2_700_000, 30 * MINUTE),
    (5_400_000, HOUR),
    (9_000_000, 2 * HOUR),
    (16_200_000, 3 * HOUR),
    (32_400_000, 6 * HOUR),
    (DAY, 12 * HOUR),
    (7 * DAY, DAY),
];

/// The interval of the ladder that is taken for a raw one. Units: milliseconds, both.
pub fn round_interval(raw: f64) -> i64 {
    if let Some((_, taken)) = LADDER.iter().find(|(limit, _)| raw < *limit as f64) {
        return *taken;
    }
    if raw < 21.0 * DAY as f64 {
        7 * DAY
    } else if raw < 42.0 * DAY as f64 {
        30 * DAY
    } else {
        365 * DAY
    }
}

/// The ladder's interval for a range drawn in so many points, at least `floor`. Units: milliseconds.
pub fn fit_interval(range: i64, points: i64, floor: i64) -> i64 {
    round_interval(range as f64 / points.max(1) as f64).max(floor)
}

/// Reads an interval: `10s`, `1.5h`, `>30s`, `15` (seconds), also `1M` and `1y`. Units: milliseconds.
///
/// # Errors
/// [`Error::Interval`] if it is none.
pub fn parse_interval(text: &str) -> Result<i64> {
    let wrong = || Error::Interval {
        text: text.to_owned(),
    };
    let trimmed = text.trim().trim_start_matches(['<', '>', '=']);
    let digits = trimmed
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(trimmed.len());
    let (number, unit) = trimmed.split_at(digits);
    let number: f64 = number.parse().map_err(|_| wrong())?;
    let scale = match unit {
        "ms" => 1,
        "" | "s" => SECOND,
        "m" => MINUTE,
        "h" => HOUR,
        "d" => DAY,
        "w" => 7 * DAY,
        "M" => 30 * DAY,
        "y" => 365 * DAY,
        // Sums such as 1h30m are what PromQL writes.
        _ => {
            return trimmed
                .parse::<DurationMs>()
                .map(|d| d.0)
                .map_err(|_| wrong());
        }
    };
    Ok(crate::number::to_i64(number * scale as f64))
}

/// An interval as PromQL writes it. Units: milliseconds.
pub fn format_interval(ms: i64) -> String {
    DurationMs(ms.max(1)).to_string()
}

/// What the length of a query's step follows from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepInput<'a> {
    /// Length of the time range. Units: milliseconds.
    pub range: i64,
    /// Most points to draw: the panel's setting, or its width in pixels.
    pub max_data_points: i64,
    /// The query's own least step, with variables replaced but for `$__interval` and `$__rate_interval`.
    pub target_interval: Option<&'a str>,
    /// The panel's least step.
    pub panel_interval: Option<&'a str>,
    /// How often targets are scraped. Units: milliseconds.
    pub scrape_interval: i64,
    /// The query's divisor of resolution.
    pub factor: i64,
}

/// The lengths of time that a query is written with. Units: milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Intervals {
    /// Distance of points; `$__interval`.
    pub step: i64,
    /// `$__rate_interval`.
    pub rate: i64,
    /// `$__range`.
    pub range: i64,
}

impl StepInput<'_> {
    /// The step and what follows from it; a least step that cannot be read counts as absent.
    pub fn intervals(&self) -> Intervals {
        let named = |names: [&str; 2]| {
            self.target_interval
                .is_some_and(|text| names.contains(&text.trim()))
        };
        let is_rate = named(["$__rate_interval", "${__rate_interval}"]);
        let target = self.target_interval.and_then(readable);
        let scrape = self.scrape_interval.max(1);
        let floor = target
            .or_else(|| self.panel_interval.and_then(readable))
            .unwrap_or(scrape);
        let fitted = fit_interval(self.range, self.max_data_points, floor);
        // A step below this would be refused for its number of points.
        let safe = (self.range + MAX_POINTS - 1) / MAX_POINTS;
        let adjusted = fitted.max(safe).max(1);
        if is_rate {
            let rate = rate_interval(adjusted, scrape);
            return Intervals {
                step: rate,
                rate,
                range: self.range,
            };
        }
        let step = adjusted.saturating_mul(self.factor.max(1));
        let least = if named(["$__interval", "${__interval}"]) {
            step
        } else {
            target.unwrap_or(scrape)
        };
        Intervals {
            step,
            rate: rate_interval(step, least),
            range: self.range,
        }
    }
}

fn readable(text: &str) -> Option<i64> {
    parse_interval(text).ok().filter(|ms| *ms > 0)
}

fn rate_interval(step: i64, scrape: i64) -> i64 {
    (step + scrape).max(4 * scrape)
}

impl Intervals {
    /// The value of a macro without its dollar sign, such as `__rate_interval`.
    pub fn macro_value(&self, name: &str) -> Option<String> {
        let seconds = (self.range + 500) / 1000;
        Some(match name {
            "__interval" => format_interval(self.step),
            "__interval_ms" => self.step.to_string(),
            "__rate_interval" => format_interval(self.rate),
            "__rate_interval_ms" => self.rate.to_string(),
            "__range" => format!("{seconds}s"),
            "__range_s" => seconds.to_string(),
            "__range_ms" => self.range.to_string(),
            _ => return None,
        })
    }
}

/// A moment floored to a multiple of the step; steps of whole days begin at local midnight. Units:
/// milliseconds.
pub fn align_to_step(ms: i64, step: i64, zone_offset: i64) -> i64 {
    let offset = if step >= DAY { zone_offset } else { 0 };
    let step = step.max(1);
    (ms + offset).div_euclid(step) * step - offset
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(range: i64, points: i64) -> StepInput<'static> {
        StepInput {
            range,
            max_data_points: points,
            target_interval: None,
            panel_interval: None,
            scrape_interval: DEFAULT_SCRAPE_INTERVAL,
            factor: 1,
        }
    }

    #[test]
    fn raw_intervals_climb_the_ladder() {
        for (raw, taken) in [
            (0.0, 1),
            (9.9, 1),
            (10.0, 10),
            (349.0, 200),
            (3000.0, 2000),
            (7499.0, 5000),
            (12_499.0, 10_000),
            (24_999.0, 20_000),
            (44_999.0, 30_000),
            (45_000.0, 60_000),
            (449_999.0, 300_000),
            (2_699_999.0, 1_800_000),
            (5_399_999.0, 3_600_000),
            (16_199_999.0, 10_800_000),
            (32_399_999.0, 21_600_000),
            (86_399_999.0, 43_200_000),
            (604_799_999.0, 86_400_000),
            (1_814_399_999.0, 604_800_000),
            (3_628_799_999.0, 2_592_000_000),
            (3_628_800_000.0, 31_536_000_000),
        ] {
            assert_eq!(round_interval(raw), taken, "{raw}");
        }
    }

    #[test]
    fn rate_interval_is_four_scrapes_or_a_step_and_a_scrape() {
        let cases = [
            // range, points, target, panel, factor -> step, rate
            (HOUR, 1200, None, None, 1, 15_000, 60_000),
            (HOUR, 1200, None, Some("1m"), 1, 60_000, 75_000),
            (HOUR, 1200, Some("30s"), Some("1m"), 1, 30_000, 120_000),
            (HOUR, 1200, Some("30s"), None, 2, 60_000, 120_000),
            (24 * HOUR, 1000, None, None, 1, 60_000, 75_000),
            (7 * DAY, 800, None, None, 1, 900_000, 915_000),
            (
                HOUR,
                1200,
                Some("$__rate_interval"),
                None,
                1,
                60_000,
                60_000,
            ),
            (HOUR, 1200, Some("${__interval}"), None, 1, 15_000, 60_000),
            (HOUR, 1200, Some("rubbish"), None, 1, 15_000, 60_000),
            (365 * DAY, 100_000, None, None, 1, 2_866_910, 2_881_910),
        ];
        for (range, points, target, panel, factor, step, rate) in cases {
            let found = StepInput {
                target_interval: target,
                panel_interval: panel,
                factor,
                ..input(range, points)
            }
            .intervals();
            assert_eq!(
                (found.step, found.rate),
                (step, rate),
                "{target:?} {panel:?}"
            );
        }
    }

    #[test]
    fn macros_have_their_units() {
        let intervals = input(HOUR + 400, 1200).intervals();
        let value = |name| intervals.macro_value(name).unwrap();
        assert_eq!(value("__interval"), "15s");
        assert_eq!(value("__interval_ms"), "15000");
        assert_eq!(value("__rate_interval"), "1m");
        assert_eq!(value("__rate_interval_ms"), "60000");
        assert_eq!(value("__range"), "3600s");
        assert_eq!(value("__range_s"), "3600");
        assert_eq!(value("__range_ms"), "3600400");
        assert_eq!(intervals.macro_value("__unknown"), None);
    }

    #[test]
    fn intervals_are_read_as_people_write_them() {
        for (text, ms) in [
            ("10s", 10_000),
            (">30s", 30_000),
            ("15", 15_000),
            ("1.5h", 5_400_000),
            ("100ms", 100),
            ("1h30m", 5_400_000),
            ("1M", 2_592_000_000),
        ] {
            assert_eq!(parse_interval(text).unwrap(), ms, "{text}");
        }
        assert!(parse_interval("$__interval").is_err());
        assert!(parse_interval("").is_err());
    }

    #[test]
    fn ends_of_queries_lie_on_multiples_of_the_step() {
        assert_eq!(align_to_step(1_000_123, 15_000, 3_600_000), 990_000);
        assert_eq!(align_to_step(90_000_000, DAY, 3_600_000), DAY - 3_600_000);
    }
}

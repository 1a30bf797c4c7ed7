//! How fast counters and gauges change.

use super::range::{MANY_SAMPLES, RangeFunction, RangeNotes};
use super::rate_columns::Steps;
use super::start_times;
use crate::Result;
use crate::eval::{PerTimeline, Window, WindowSeries};
use crate::grid::Grid;
use crate::series::ABSENT;

/// `rate`, `increase`, `delta`: the change over a window, extended to its ends.
///
/// Source: Prometheus 3.14, `promql/functions.go`, `extrapolatedRate`.
pub(super) struct Rate {
    counter: bool,
    per_second: bool,
    /// For every sample, how many falls there were up to it; empty if there was none in the series.
    falls: Vec<u32>,
    /// What times alone say.
    known: PerTimeline<Steps>,
}

impl Rate {
    pub(super) fn of(name: &str, grid: Grid) -> Self {
        Self {
            counter: name != "delta",
            per_second: name == "rate",
            falls: Vec::new(),
            known: PerTimeline::new(grid.n),
        }
    }

    /// Whether the counter fell back between the samples with these numbers.
    fn fell(&self, first: usize, last: usize) -> bool {
        match (self.falls.get(first), self.falls.get(last)) {
            (Some(before), Some(after)) => before != after,
            _ => false,
        }
    }
}

/// Whether any value is below the one before. Without a branch per value: it looks at all.
fn falls_anywhere(values: &[f64]) -> bool {
    let mut any = false;
    for (before, after) in values.iter().zip(values.get(1..).unwrap_or_default()) {
        any |= after < before;
    }
    any
}

impl RangeFunction for Rate {
    fn fill(&mut self, series: &WindowSeries<'_>, out: &mut [f64]) -> Option<usize> {
        let column = series.column();
        self.column(&column.values);
        if !self.falls.is_empty() && series.edges().samples > MANY_SAMPLES {
            return None;
        }
        let per_second = self.per_second;
        let mut known = std::mem::take(&mut self.known);
        let steps = known.get(column.timeline, || Steps::of(series, per_second));
        if !self.counter {
            steps.deltas(&column.values, out);
        } else if self.falls.is_empty() {
            steps.increases(column, per_second, |_, _| 0.0, out);
        } else {
            let lost = |first: u32, last: u32| {
                let (first, last) = (first as usize, last as usize);
                if self.fell(first, last) {
                    lost_to_resets(column.values.get(first..=last).unwrap_or_default())
                } else {
                    0.0
                }
            };
            steps.increases(column, per_second, lost, out);
        }
        let present = steps.present;
        self.known = known;
        Some(present)
    }

    fn column(&mut self, values: &[f64]) {
        self.falls.clear();
        if !self.counter || !falls_anywhere(values) {
            return;
        }
        let mut count = 0;
        let mut before = f64::NEG_INFINITY;
        self.falls.extend(values.iter().map(|value| {
            count += u32::from(*value < before);
            before = *value;
            count
        }));
    }

    fn at(&mut self, window: &Window<'_>, notes: &RangeNotes<'_>) -> Result<f64> {
        let (&[first, ..], &[.., last]) = (window.values, window.values) else {
            return Ok(ABSENT);
        };
        let mut result = last - first;
        let mut started = None;
        if self.counter && !window.starts.is_empty() {
            start_times::note_overlap(window, notes);
            result += lost_to_known_resets(window);
            started = start_times::started_inside(window);
            if started.is_some() {
                result += first;
            }
        } else if self.counter && self.fell(window.first, window.first + window.values.len() - 1) {
            result += lost_to_resets(window.values);
        }
        let extrapolation = Extrapolation {
            levels: (self.counter && result > 0.0 && first >= 0.0).then_some((first, result)),
            started,
        };
        let Some(mut factor) = extrapolation.factor(window) else {
            return Ok(ABSENT);
        };
        if self.per_second {
            factor /= window.range_seconds();
        }
        Ok(result * factor)
    }
}

/// How a change between samples is extended to the ends of its window.
pub(super) struct Extrapolation {
    /// Of a rising counter: its first level, and the change.
    pub(super) levels: Option<(f64, f64)>,
    /// When the counter started at zero, if that was inside the window.
    pub(super) started: Option<i64>,
}

impl Extrapolation {
    /// What the change must be multiplied by; `None` where there is too little to go by.
    pub(super) fn factor(&self, window: &Window<'_>) -> Option<f64> {
        let (first_time, last_time) = (*window.times.first()?, *window.times.last()?);
        let seconds = |from: i64, to: i64| (to - from) as f64 / 1000.0;
        let steps = window.times.len() - 1;
        let mut sampled = seconds(first_time, last_time);
        let average = if steps > 0 {
            sampled / steps as f64
        } else {
            0.0
        };
        let threshold = average * 1.1;
        let mut to_start = 0.0;
        let mut to_end = seconds(last_time, window.end);
        if let Some(started) = self.started {
            sampled = seconds(started, last_time);
        } else if steps == 0 {
            return None;
        } else {
            to_start = seconds(window.start, first_time);
            if to_start >= threshold {
                to_start = average / 2.0;
            }
            // A counter that would be below zero at the window's start began inside it.
            if let Some((first, change)) = self.levels {
                to_start = to_start.min(sampled * (first / change));
            }
        }
        if to_end >= threshold {
            to_end = average / 2.0;
        }
        Some((sampled + to_start + to_end) / sampled)
    }
}

/// As [`lost_to_resets`], with the resets that start times tell.
fn lost_to_known_resets(window: &Window<'_>) -> f64 {
    let pairs = window.values.windows(2).enumerate();
    let lost = pairs.filter_map(|(at, pair)| match pair {
        [before, after] if after < before || start_times::is_reset(window, at + 1) => Some(*before),
        _ => None,
    });
    lost.sum()
}

/// What a counter had reached before each of its falls, summed up.
fn lost_to_resets(values: &[f64]) -> f64 {
    let mut lost = 0.0;
    for pair in values.windows(2) {
        if let [before, after] = pair
            && after < before
        {
            lost += before;
        }
    }
    lost
}

fn last_two(window: &Window<'_>) -> Option<(f64, f64, f64)> {
    match (window.values, window.times) {
        (&[.., before, last], &[.., before_time, last_time]) => {
            Some((before, last, (last_time - before_time) as f64 / 1000.0))
        }
        _ => None,
    }
}

/// `irate`: per second, from the last two samples.
pub(super) fn irate(window: &Window<'_>) -> f64 {
    let newest = window.times.len().saturating_sub(1);
    match last_two(window) {
        Some((before, last, seconds)) if last < before || start_times::is_reset(window, newest) => {
            last / seconds
        }
        Some((before, last, seconds)) => (last - before) / seconds,
        None => ABSENT,
    }
}

/// `idelta`: from the last two samples.
pub(super) fn idelta(window: &Window<'_>) -> f64 {
    last_two(window).map_or(ABSENT, |(before, last, _)| last - before)
}

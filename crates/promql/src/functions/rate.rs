//! How fast counters and gauges change.

use super::RangeFunction;
use crate::Result;
use crate::eval::Window;
use crate::series::ABSENT;

/// `rate`, `increase`, `delta`: the change over a window, extended to its ends.
///
/// Source: Prometheus 3.14, `promql/functions.go`, `extrapolatedRate`.
pub(super) struct Rate {
    counter: bool,
    per_second: bool,
    /// For every sample, how many falls there were up to it; empty if there was none in the series.
    falls: Vec<u32>,
}

impl Rate {
    pub(super) fn of(name: &str) -> Self {
        Self {
            counter: name != "delta",
            per_second: name == "rate",
            falls: Vec::new(),
        }
    }

    /// Whether the counter fell back between the samples of the window.
    fn fell(&self, window: &Window<'_>) -> bool {
        let last = window.first + window.values.len() - 1;
        match (self.falls.get(window.first), self.falls.get(last)) {
            (Some(before), Some(after)) => before != after,
            _ => false,
        }
    }
}

impl RangeFunction for Rate {
    fn column(&mut self, values: &[f64]) {
        self.falls.clear();
        if !self.counter || values.is_sorted() {
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

    fn at(&mut self, window: &Window<'_>) -> Result<f64> {
        let (&[first, .., last], &[first_time, .., last_time]) = (window.values, window.times)
        else {
            return Ok(ABSENT);
        };
        let mut result = last - first;
        if self.counter && self.fell(window) {
            result += lost_to_resets(window.values);
        }
        let seconds = |from: i64, to: i64| (to - from) as f64 / 1000.0;
        let mut to_start = seconds(window.start, first_time);
        let mut to_end = seconds(last_time, window.end);
        let sampled = seconds(first_time, last_time);
        let average = sampled / (window.values.len() - 1) as f64;
        let threshold = average * 1.1;
        if to_start >= threshold {
            to_start = average / 2.0;
        }
        // A counter that would be below zero at the window's start began inside it.
        if self.counter && result > 0.0 && first >= 0.0 {
            to_start = to_start.min(sampled * (first / result));
        }
        if to_end >= threshold {
            to_end = average / 2.0;
        }
        let mut factor = (sampled + to_start + to_end) / sampled;
        if self.per_second {
            factor /= window.range_seconds();
        }
        Ok(result * factor)
    }
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
    match last_two(window) {
        Some((before, last, seconds)) if last < before => last / seconds,
        Some((before, last, seconds)) => (last - before) / seconds,
        None => ABSENT,
    }
}

/// `idelta`: from the last two samples.
pub(super) fn idelta(window: &Window<'_>) -> f64 {
    last_two(window).map_or(ABSENT, |(before, last, _)| last - before)
}

fn count_pairs(values: &[f64], differs: impl Fn(f64, f64) -> bool) -> f64 {
    let hits = values.windows(2).filter(|pair| match pair {
        [before, after] => differs(*before, *after),
        _ => false,
    });
    hits.count() as f64
}

/// `changes`: samples that differ from the one before.
pub(super) fn changes(values: &[f64]) -> f64 {
    count_pairs(values, |before, after| {
        before != after && !(before.is_nan() && after.is_nan())
    })
}

/// `resets`: samples below the one before.
pub(super) fn resets(values: &[f64]) -> f64 {
    count_pairs(values, |before, after| after < before)
}

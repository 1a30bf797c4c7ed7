//! `rate`, `increase` and `delta` of whole columns.
//!
//! All that depends on times alone is computed once per timeline; then a window takes two values and one
//! multiplication. Results are those of [`Extrapolation`](super::rate::Extrapolation), to the last bit.

use crate::eval::WindowSeries;
use storage::Column;

/// Allowance for rounding where a comparison only says that it need not be computed.
const ALLOWANCE: f64 = 1.0 + 1e-9;

/// Windows of one timeline.
#[derive(Debug, Default)]
pub(super) struct Steps {
    steps: Vec<Step>,
    /// Windows that have a result.
    pub(super) present: usize,
}

/// What the times in one window say.
#[derive(Debug, Clone, Copy)]
struct Step {
    /// Number of the first sample, beyond all if there are less than two.
    first: u32,
    /// Number of the last sample.
    last: u32,
    /// What a change must be multiplied by.
    factor: f64,
    /// A counter that has changed by less than its first level divided by this did not begin in the window.
    guard: f64,
    /// Units: seconds, between first and last sample.
    sampled: f64,
    /// Units: seconds, how far to extend to the window's start, and to its end.
    to_start: f64,
    to_end: f64,
    /// Units: seconds; 1 where the result is not per second.
    range: f64,
}

impl Step {
    fn of(series: &WindowSeries<'_>, times: &[i64], k: usize, (first, end): (u32, u32)) -> Self {
        let nothing = Self {
            first: u32::MAX,
            last: u32::MAX,
            factor: 0.0,
            guard: 0.0,
            sampled: 0.0,
            to_start: 0.0,
            to_end: 0.0,
            range: 1.0,
        };
        let last = end.saturating_sub(1);
        let (Some(first_time), Some(last_time)) =
            (times.get(first as usize), times.get(last as usize))
        else {
            return nothing;
        };
        if last <= first {
            return nothing;
        }
        let seconds = |from: i64, to: i64| (to - from) as f64 / 1000.0;
        let window_end = series.end(k);
        let window_start = window_end.saturating_sub(series.range());
        let sampled = seconds(*first_time, *last_time);
        let average = sampled / f64::from(last - first);
        let threshold = average * 1.1;
        let extend = |distance: f64| {
            if distance >= threshold {
                average / 2.0
            } else {
                distance
            }
        };
        let to_start = extend(seconds(window_start, *first_time));
        let to_end = extend(seconds(*last_time, window_end));
        Self {
            first,
            last,
            factor: 0.0,
            guard: to_start / sampled * ALLOWANCE,
            sampled,
            to_start,
            to_end,
            range: (window_end - window_start) as f64 / 1000.0,
        }
    }

    /// What a change must be multiplied by, if the counter is to be extended by `to_start` to the start.
    fn factor(&self, to_start: f64, per_second: bool) -> f64 {
        let factor = (self.sampled + to_start + self.to_end) / self.sampled;
        if per_second {
            factor / self.range
        } else {
            factor
        }
    }
}

impl Steps {
    pub(super) fn of(series: &WindowSeries<'_>, per_second: bool) -> Self {
        let times = &series.column().times;
        let mut present = 0;
        let edges = series.edges().list.iter().enumerate();
        let steps = edges
            .map(|(k, edges)| {
                let mut step = Step::of(series, times, k, *edges);
                if step.first != u32::MAX {
                    present += 1;
                    step.factor = step.factor(step.to_start, per_second);
                }
                step
            })
            .collect();
        Self { steps, present }
    }

    /// The results for a gauge.
    pub(super) fn deltas(&self, values: &[f64], out: &mut [f64]) {
        for (slot, step) in out.iter_mut().zip(&self.steps) {
            let ends = (
                values.get(step.first as usize),
                values.get(step.last as usize),
            );
            if let (Some(first), Some(last)) = ends {
                *slot = (last - first) * step.factor;
            }
        }
    }

    /// The results for a counter. `lost` gives what it lost in falls between two samples.
    pub(super) fn increases(
        &self,
        column: &Column,
        per_second: bool,
        lost: impl Fn(u32, u32) -> f64,
        out: &mut [f64],
    ) {
        let values = &column.values;
        for (slot, step) in out.iter_mut().zip(&self.steps) {
            let ends = (
                values.get(step.first as usize),
                values.get(step.last as usize),
            );
            let (Some(first), Some(last)) = ends else {
                continue;
            };
            let change = last - first + lost(step.first, step.last);
            let mut factor = step.factor;
            // A counter that would be below zero at the window's start began inside it.
            let may_begin = *first <= step.guard * change;
            if may_begin && change > 0.0 && *first >= 0.0 {
                let to_zero = step.sampled * (first / change);
                factor = step.factor(step.to_start.min(to_zero), per_second);
            }
            *slot = change * factor;
        }
    }
}

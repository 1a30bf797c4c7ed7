//! How often values change or fall.

use super::range::{RangeFunction, RangeNotes};
use super::start_times;
use crate::Result;
use crate::eval::{Window, WindowSeries};
use crate::histogram;

/// `changes` or `resets`, counted once for all windows of a column.
pub(super) struct Counted {
    differs: fn(f64, f64) -> bool,
    at: fn(&Window<'_>) -> f64,
    /// For every sample, how many differ from the one before, up to it.
    counts: Vec<u32>,
}

impl Counted {
    pub(super) fn changes() -> Self {
        Self {
            differs: changed,
            at: changes,
            counts: Vec::new(),
        }
    }

    pub(super) fn resets() -> Self {
        Self {
            differs: |before, after| after < before,
            at: resets,
            counts: Vec::new(),
        }
    }
}

impl RangeFunction for Counted {
    fn fill(&mut self, series: &WindowSeries<'_>, out: &mut [f64]) -> Option<usize> {
        let mut count = 0;
        let mut before = None;
        self.counts.clear();
        self.counts
            .extend(series.column().values.iter().map(|value| {
                count += u32::from(before.is_some_and(|before| (self.differs)(before, *value)));
                before = Some(*value);
                count
            }));
        let mut present = 0;
        for (slot, (first, end)) in out.iter_mut().zip(&series.edges().list) {
            let last = self.counts.get((*end as usize).wrapping_sub(1));
            if let (true, Some(first), Some(last)) =
                (first < end, self.counts.get(*first as usize), last)
            {
                *slot = f64::from(last - first);
                present += 1;
            }
        }
        Some(present)
    }

    fn at(&mut self, window: &Window<'_>, _notes: &RangeNotes<'_>) -> Result<f64> {
        Ok((self.at)(window))
    }
}

fn changed(before: f64, after: f64) -> bool {
    before != after && !(before.is_nan() && after.is_nan())
}

/// `changes`: samples that differ from the one before.
pub(super) fn changes(window: &Window<'_>) -> f64 {
    count(window, |at, before, after| {
        match (window.histogram(at), window.histogram(at + 1)) {
            (None, None) => changed(before, after),
            (Some(before), Some(after)) => !histogram::is_same(before, after),
            _ => true,
        }
    })
}

/// `resets`: samples below the one before, or that began anew.
pub(super) fn resets(window: &Window<'_>) -> f64 {
    count(window, |at, before, after| {
        match (window.histogram(at), window.histogram(at + 1)) {
            (None, None) => after < before || start_times::is_reset(window, at + 1),
            (Some(before), Some(after)) => {
                start_times::is_reset(window, at + 1) || histogram::is_reset(after, before)
            }
            _ => true,
        }
    })
}

/// Counts pairs of neighbours, which come with the number of the first and both values.
fn count(window: &Window<'_>, differs: impl Fn(usize, f64, f64) -> bool) -> f64 {
    let pairs = window.values.windows(2).enumerate();
    let hits = pairs.filter(|(at, pair)| match pair {
        [before, after] => differs(*at, *before, *after),
        _ => false,
    });
    hits.count() as f64
}

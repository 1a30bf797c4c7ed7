//! How much of histograms is needed: sums and counts alone do without buckets.
//!
//! Source: Prometheus 3.14, `promql/histogram_stats_iterator.go`.

use super::Evaluator;
use crate::histogram;
use model::{Histogram, ResetHint};
use std::sync::Arc;
use storage::Column;

/// What stored histograms are read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    /// Nothing is known.
    Unknown,
    /// Count and sum. Whether there was a reset is found where all buckets are still at hand.
    Stats,
    /// Everything, whatever stands further inside.
    Whole,
}

impl Evaluator<'_> {
    /// Evaluates what stands inside an expression that reads histograms in this way.
    pub(crate) fn reading<T>(&self, how: Reading, inside: impl FnOnce() -> T) -> T {
        let outer = self.reading.get();
        if outer != Reading::Whole {
            self.reading.set(how);
        }
        let outcome = inside();
        self.reading.set(outer);
        outcome
    }

    /// Whether counts and sums are all that is needed.
    pub(super) fn reads_stats(&self) -> bool {
        self.reading.get() == Reading::Stats
    }

    /// Takes buckets out of histograms where they are not needed.
    pub(super) fn strip(&self, column: &mut Column) {
        if !self.reads_stats() {
            return;
        }
        let mut before: Option<Arc<Histogram>> = None;
        for slot in column.histograms.iter_mut().flatten() {
            let reset_hint = match (slot.reset_hint, &before) {
                (ResetHint::Unknown, Some(before)) if histogram::is_reset(slot, before) => {
                    ResetHint::Reset
                }
                (ResetHint::Unknown, Some(_)) => ResetHint::NotReset,
                (hint, _) => hint,
            };
            let stats = Histogram {
                reset_hint,
                schema: slot.schema,
                count: slot.count,
                sum: slot.sum,
                ..Histogram::default()
            };
            before = Some(std::mem::replace(slot, Arc::new(stats)));
        }
    }
}

//! Reset hints as they come out of Prometheus' storage, which keeps runs of histograms in chunks: what is
//! known is that there is no reset within one.
//!
//! Source: Prometheus 3.14, `tsdb/chunkenc/float_histogram.go`.

use model::{Histogram, ResetHint};
use std::sync::Arc;

/// The chunk of one series that is open.
#[derive(Debug, Default)]
pub(crate) struct Chunk {
    /// The last histogram; `None` if the next one opens a chunk in any case.
    last: Option<Arc<Histogram>>,
}

impl Chunk {
    /// Something else than a histogram was stored.
    pub(crate) fn end(&mut self) {
        self.last = None;
    }

    /// Stores a histogram; gives it back with the hint that it is read with.
    pub(crate) fn store(&mut self, histogram: &Arc<Histogram>) -> Arc<Histogram> {
        let with = |reset_hint| {
            Arc::new(Histogram {
                reset_hint,
                ..(**histogram).clone()
            })
        };
        if histogram.reset_hint == ResetHint::Gauge {
            self.last = None;
            return Arc::clone(histogram);
        }
        let unhinted = with(ResetHint::Unknown);
        let continues = self.last.as_ref().is_some_and(|last| {
            histogram.reset_hint != ResetHint::Reset
                && last.schema == histogram.schema
                && last.zero_threshold == histogram.zero_threshold
                && last.custom_values == histogram.custom_values
                && !promql::is_histogram_reset(&unhinted, last)
        });
        self.last = Some(Arc::clone(&unhinted));
        if continues {
            with(ResetHint::NotReset)
        } else {
            unhinted
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ResetHint::{Gauge, NotReset, Reset, Unknown};

    #[test]
    fn only_within_a_chunk_resets_are_known_not_to_be() {
        let mut chunk = Chunk::default();
        let mut hint = |count: f64, reset_hint| {
            let histogram = Histogram {
                count,
                reset_hint,
                ..Histogram::default()
            };
            chunk.store(&Arc::new(histogram)).reset_hint
        };
        assert_eq!(hint(1.0, NotReset), Unknown);
        assert_eq!(hint(2.0, Unknown), NotReset);
        assert_eq!(hint(1.0, Unknown), Unknown);
        assert_eq!(hint(5.0, Reset), Unknown);
        assert_eq!(hint(6.0, Gauge), Gauge);
        assert_eq!(hint(7.0, Unknown), Unknown);
    }
}

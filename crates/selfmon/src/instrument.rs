//! The three instruments. Each handle is cheap to clone; clones count together.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A number behind an atomic.
#[derive(Debug, Default)]
struct AtomicF64(AtomicU64);

impl AtomicF64 {
    fn get(&self) -> f64 {
        f64::from_bits(self.0.load(Ordering::Relaxed))
    }

    fn set(&self, value: f64) {
        self.0.store(value.to_bits(), Ordering::Relaxed);
    }

    fn add(&self, by: f64) {
        // The closure never gives up, so the update always happens.
        let _ = self
            .0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |bits| {
                Some((f64::from_bits(bits) + by).to_bits())
            });
    }
}

/// A number that only grows.
#[derive(Debug, Clone, Default)]
pub struct Counter(Arc<AtomicF64>);

impl Counter {
    /// Adds one.
    pub fn inc(&self) {
        self.0.add(1.0);
    }

    /// Adds `by`; a negative or undefined amount adds nothing.
    pub fn add(&self, by: f64) {
        if by > 0.0 {
            self.0.add(by);
        }
    }

    /// The sum so far.
    pub fn get(&self) -> f64 {
        self.0.get()
    }
}

/// A number that goes up and down.
#[derive(Debug, Clone, Default)]
pub struct Gauge(Arc<AtomicF64>);

impl Gauge {
    /// Shows `value` from now on.
    pub fn set(&self, value: f64) {
        self.0.set(value);
    }

    /// Adds `by`, which may be negative.
    pub fn add(&self, by: f64) {
        self.0.add(by);
    }

    /// Adds one.
    pub fn inc(&self) {
        self.0.add(1.0);
    }

    /// Takes one away.
    pub fn dec(&self) {
        self.0.add(-1.0);
    }

    /// The number shown.
    pub fn get(&self) -> f64 {
        self.0.get()
    }
}

/// Observations counted by size.
#[derive(Debug, Clone)]
pub struct Histogram(Arc<Buckets>);

#[derive(Debug)]
struct Buckets {
    /// Upper bounds without infinity, rising.
    bounds: Box<[f64]>,
    /// Shape: `counts[bounds.len() + 1]`; each observation is in one of them.
    counts: Box<[AtomicU64]>,
    sum: AtomicF64,
}

/// A histogram at one moment.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Snapshot {
    /// Upper bound and number of observations up to it; the last bound is infinity.
    pub(crate) cumulative: Vec<(f64, u64)>,
    /// Sum of all observations.
    pub(crate) sum: f64,
}

impl Histogram {
    /// A histogram with these upper bounds; infinity is added, order and repetitions do not matter.
    pub(crate) fn with_bounds(bounds: &[f64]) -> Self {
        let mut bounds: Vec<f64> = bounds.iter().copied().filter(|b| b.is_finite()).collect();
        bounds.sort_by(f64::total_cmp);
        bounds.dedup();
        let counts = (0..=bounds.len()).map(|_| AtomicU64::new(0)).collect();
        Self(Arc::new(Buckets {
            bounds: bounds.into(),
            counts,
            sum: AtomicF64::default(),
        }))
    }

    /// Counts one observation. Bounds: a value equal to an upper bound is inside it; a NaN is only
    /// below infinity.
    pub fn observe(&self, value: f64) {
        let place = self
            .0
            .bounds
            .partition_point(|bound| value.is_nan() || *bound < value);
        if let Some(count) = self.0.counts.get(place) {
            count.fetch_add(1, Ordering::Relaxed);
        }
        self.0.sum.add(value);
    }

    /// Number of observations so far.
    pub fn count(&self) -> u64 {
        self.0
            .counts
            .iter()
            .map(|count| count.load(Ordering::Relaxed))
            .sum()
    }

    pub(crate) fn snapshot(&self) -> Snapshot {
        let bounds = self.0.bounds.iter().copied().chain([f64::INFINITY]);
        let mut total = 0;
        let cumulative = bounds
            .zip(&self.0.counts)
            .map(|(bound, count)| {
                total += count.load(Ordering::Relaxed);
                (bound, total)
            })
            .collect();
        Snapshot {
            cumulative,
            sum: self.0.sum.get(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_never_fall() {
        let counter = Counter::default();
        counter.add(2.5);
        counter.add(-1.0);
        counter.add(f64::NAN);
        counter.clone().inc();
        assert_eq!(counter.get(), 3.5);
    }

    #[test]
    fn observations_on_a_bound_are_inside_it() {
        let histogram = Histogram::with_bounds(&[1.0, 0.1, 1.0, f64::INFINITY]);
        for value in [0.1, 0.5, 1.0, 7.0, f64::NAN] {
            histogram.observe(value);
        }
        let snapshot = histogram.snapshot();
        let counts: Vec<u64> = snapshot
            .cumulative
            .iter()
            .map(|(_, count)| *count)
            .collect();
        assert_eq!(counts, [1, 3, 5]);
        assert_eq!(histogram.count(), 5);
        assert!(snapshot.sum.is_nan());
    }

    #[test]
    fn additions_from_many_threads_all_count() {
        let counter = Counter::default();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..1000).for_each(|_| counter.inc()));
            }
        });
        assert_eq!(counter.get(), 4000.0);
    }
}

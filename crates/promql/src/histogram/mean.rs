//! Means of histograms.

use super::divided;
use super::total::{Added, Incompatible, Total};
use model::Histogram;

/// A running mean: the sum divided, until the sum would overflow; from there on the mean itself is kept.
#[derive(Debug, Clone)]
pub(crate) struct Mean {
    total: Total,
    count: f64,
    incremental: bool,
}

impl Mean {
    /// The mean of one.
    pub(crate) fn of(histogram: &Histogram) -> Self {
        Self {
            total: Total::of(histogram),
            count: 1.0,
            incremental: false,
        }
    }

    pub(crate) fn add(&mut self, histogram: &Histogram) -> Result<Added, Incompatible> {
        self.count += 1.0;
        if !self.incremental {
            let size = self.total.magnitude() + Total::of(histogram).magnitude();
            // Infinite observations are no overflow, but there is nothing to lose with them either.
            if size.is_finite() {
                return self.total.add(histogram);
            }
            self.incremental = true;
            self.total.divide(self.count - 1.0);
        }
        self.total.multiply((self.count - 1.0) / self.count);
        self.total.add(&divided(histogram, self.count))
    }

    pub(crate) fn finish(mut self) -> Histogram {
        if !self.incremental {
            self.total.divide(self.count);
        }
        self.total.finish()
    }
}

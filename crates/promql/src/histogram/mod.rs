//! Native histograms as PromQL computes with them.
//!
//! Source: Prometheus 3.14, `model/histogram/float_histogram.go`, `promql/quantile.go`.

mod bucket;
mod mean;
mod quantile;
mod reset;
mod text;
mod total;
mod trim;

pub use bucket::{HistogramBucket, histogram_buckets};
pub use reset::is_reset;
pub use total::{Added, Incompatible, Total};

pub(crate) use bucket::indexed;
pub(crate) use mean::Mean;
pub(crate) use quantile::{Nans, fraction, quantile};
pub(crate) use text::text;
pub(crate) use trim::{Keep, trimmed};

use crate::kahan::Sum;
use model::{Histogram, ResetHint};

/// How many samples of 16 bytes a histogram counts for in the budget.
pub(crate) fn samples(histogram: &Histogram) -> usize {
    // Source: Prometheus counts the struct itself with 168 bytes, and 8 for the time.
    (168 + histogram.heap_bytes() + 8) / 16
}

/// All counts and the sum times `factor`.
pub(crate) fn multiplied(histogram: &Histogram, factor: f64) -> Histogram {
    let mut total = Total::of(histogram);
    total.multiply(factor);
    if factor < 0.0 {
        total.reset_hint = ResetHint::Gauge;
    }
    total.finish()
}

/// All counts and the sum divided by `divisor`; by zero, no bucket stays.
pub(crate) fn divided(histogram: &Histogram, divisor: f64) -> Histogram {
    let mut total = Total::of(histogram);
    total.divide(divisor);
    if divisor < 0.0 {
        total.reset_hint = ResetHint::Gauge;
    }
    total.finish()
}

/// Whether both say the same of the same buckets; hints aside.
pub(crate) fn is_same(a: &Histogram, b: &Histogram) -> bool {
    let same = |a: f64, b: f64| a.to_bits() == b.to_bits();
    let side = |spans, buckets| indexed(spans, buckets).map(|(i, count)| (i, count.to_bits()));
    a.schema == b.schema
        && same(a.count, b.count)
        && same(a.sum, b.sum)
        && a.zero_threshold == b.zero_threshold
        && same(a.zero_count, b.zero_count)
        && a.custom_values == b.custom_values
        && side(&a.positive_spans, &a.positive_buckets)
            .eq(side(&b.positive_spans, &b.positive_buckets))
        && side(&a.negative_spans, &a.negative_buckets)
            .eq(side(&b.negative_spans, &b.negative_buckets))
}

/// Variance of the observations, each taken for the middle of its bucket.
pub(crate) fn variance(histogram: &Histogram) -> f64 {
    let mean = histogram.sum / histogram.count;
    let mut squares = Sum::default();
    for bucket in histogram_buckets(histogram) {
        if bucket.count == 0.0 {
            continue;
        }
        let middle = if histogram.has_custom_buckets() {
            f64::midpoint(bucket.upper, bucket.lower)
        } else if bucket.lower <= 0.0 && bucket.upper >= 0.0 {
            0.0
        } else {
            (bucket.upper * bucket.lower).sqrt().copysign(bucket.upper)
        };
        let distance = middle - mean;
        squares.add(bucket.count * distance * distance);
    }
    squares.value() / histogram.count
}

/// The histogram with every zero bucket gone.
pub(crate) fn compact(histogram: &Histogram) -> Histogram {
    Total::of(histogram).finish()
}

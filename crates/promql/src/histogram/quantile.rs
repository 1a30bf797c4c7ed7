//! Quantiles and fractions of native histograms.
//!
//! Source: Prometheus 3.14, `promql/quantile.go`, `HistogramQuantile` and `HistogramFraction`.

use super::bucket::{HistogramBucket, histogram_buckets};
use model::Histogram;

/// What observations that were no numbers did to a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nans {
    /// The result is one of them.
    Result,
    /// The result is higher than without them.
    Skew,
    /// They lie between no bounds.
    Excluded,
}

/// The zero bucket where one side of zero has no buckets: nothing was observed there.
fn one_sided(histogram: &Histogram, bucket: &mut HistogramBucket) {
    match (
        histogram.negative_buckets.is_empty(),
        histogram.positive_buckets.is_empty(),
    ) {
        (true, false) => bucket.lower = 0.0,
        (false, true) => bucket.upper = 0.0,
        _ => {}
    }
}

/// The `q`-quantile.
pub(crate) fn quantile(q: f64, histogram: &Histogram) -> (f64, Option<Nans>) {
    if q < 0.0 {
        return (f64::NEG_INFINITY, None);
    }
    if q > 1.0 {
        return (f64::INFINITY, None);
    }
    if histogram.count == 0.0 || q.is_nan() {
        return (f64::NAN, None);
    }
    let has_nans = histogram.sum.is_nan();
    // From the nearer end; observations that are no numbers count as the highest.
    let from_below = has_nans || q < 0.5;
    let mut buckets = histogram_buckets(histogram);
    let rank = if from_below {
        q * histogram.count
    } else {
        buckets.reverse();
        (1.0 - q) * histogram.count
    };
    let mut left = buckets.into_iter();
    let mut found = None;
    let mut count = 0.0;
    for bucket in left.by_ref().filter(|bucket| bucket.count != 0.0) {
        count += bucket.count;
        found = Some(bucket);
        if count >= rank {
            break;
        }
    }
    let mut bucket = found.unwrap_or(HistogramBucket {
        lower: 0.0,
        upper: 0.0,
        includes_lower: true,
        includes_upper: true,
        count: 0.0,
    });
    let is_custom = histogram.has_custom_buckets();
    if !is_custom && bucket.lower < 0.0 && bucket.upper > 0.0 {
        one_sided(histogram, &mut bucket);
    } else if is_custom && bucket.lower == f64::NEG_INFINITY {
        if bucket.upper <= 0.0 {
            return (bucket.upper, None);
        }
        bucket.lower = 0.0;
    } else if is_custom && bucket.upper == f64::INFINITY {
        return (bucket.lower, None);
    }
    let count = count.min(histogram.count);
    if count < rank {
        return if has_nans {
            (f64::NAN, Some(Nans::Result))
        } else {
            (bucket.upper, None)
        };
    }
    let inside = if from_below {
        rank - (count - bucket.count)
    } else {
        count - rank
    };
    let rest: f64 = left.map(|bucket| bucket.count).sum();
    let skew = has_nans && count + rest < histogram.count;
    let value = interpolate(&bucket, inside / bucket.count, is_custom);
    (value, skew.then_some(Nans::Skew))
}

/// The value at a share of a bucket.
fn interpolate(bucket: &HistogramBucket, share: f64, linear: bool) -> f64 {
    let HistogramBucket { lower, upper, .. } = *bucket;
    if linear || (lower <= 0.0 && upper >= 0.0) {
        return lower + (upper - lower) * share;
    }
    let (low, high) = (lower.abs().log2(), upper.abs().log2());
    if lower > 0.0 {
        (low + (high - low) * share).exp2()
    } else {
        -(high + (low - high) * (1.0 - share)).exp2()
    }
}

/// The share of observations between two bounds.
pub(crate) fn fraction(lower: f64, upper: f64, histogram: &Histogram) -> (f64, Option<Nans>) {
    if histogram.count == 0.0 || lower.is_nan() || upper.is_nan() {
        return (f64::NAN, None);
    }
    if lower >= upper {
        return (0.0, None);
    }
    let buckets = histogram_buckets(histogram);
    let in_buckets: f64 = buckets.iter().map(|bucket| bucket.count).sum();
    let has_nans = histogram.sum.is_nan();
    let count = if has_nans {
        in_buckets
    } else {
        histogram.count
    };
    let below = |value| rank_of(value, &buckets, histogram, count);
    let note = (has_nans && in_buckets < histogram.count).then_some(Nans::Excluded);
    ((below(upper) - below(lower)) / histogram.count, note)
}

/// How many observations were at most `value`.
fn rank_of(value: f64, buckets: &[HistogramBucket], histogram: &Histogram, count: f64) -> f64 {
    let mut rank = 0.0;
    for bucket in buckets {
        let mut bucket = *bucket;
        let around_zero = bucket.lower <= 0.0 && bucket.upper >= 0.0;
        if around_zero {
            one_sided(histogram, &mut bucket);
        }
        if bucket.lower >= value {
            return if rank > count { count } else { rank };
        }
        if bucket.upper > value {
            let linear = histogram.has_custom_buckets() || around_zero;
            // In a bucket without end nothing is known of where observations lie.
            let inside = if linear && bucket.lower == f64::NEG_INFINITY {
                bucket.count
            } else {
                rank + bucket.count * bucket.share_below(value, linear)
            };
            return if inside > count { count } else { inside };
        }
        rank += bucket.count;
    }
    count
}

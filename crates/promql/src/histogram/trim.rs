//! Histograms cut at a value.
//!
//! Source: Prometheus 3.14, `FloatHistogram.TrimBuckets`.

use super::bucket::{HistogramBucket, negative, positive};
use super::compact;
use model::Histogram;

/// What stays of a histogram.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keep {
    /// Observations below the value.
    Below,
    /// Observations above the value.
    Above,
}

/// A histogram without what lies beyond `limit`. Counts of a bucket across the limit are taken in
/// proportion; if anything went, the sum is made up from the middles of buckets.
pub(crate) fn trimmed(histogram: &Histogram, limit: f64, keep: Keep) -> Histogram {
    let mut out = histogram.clone();
    let linear = histogram.has_custom_buckets();
    let (mut count, mut sum, mut changed) = (0.0, 0.0, false);
    let mut side = |buckets: &mut [f64], parts: Vec<HistogramBucket>, sign: f64| {
        let mut any = false;
        for (slot, bucket) in buckets.iter_mut().zip(parts) {
            if bucket.count == 0.0 {
                continue;
            }
            any = true;
            let (kept, middle) = cut(&bucket, limit, keep, linear, sign);
            count += kept;
            sum += middle * kept;
            changed |= kept != *slot;
            *slot = kept;
        }
        any
    };
    let above = side(
        &mut out.positive_buckets,
        positive(histogram).collect(),
        1.0,
    );
    let below = side(
        &mut out.negative_buckets,
        negative(histogram).collect(),
        -1.0,
    );
    if histogram.zero_count > 0.0 {
        let edge = histogram.zero_threshold;
        let lower = if above && !below { 0.0 } else { -edge };
        let upper = if below && !above { 0.0 } else { edge };
        let (share, middle) = cut_zero(lower, upper, limit, keep);
        out.zero_count = histogram.zero_count * share;
        count += out.zero_count;
        sum += middle * out.zero_count;
        changed |= out.zero_count != histogram.zero_count;
    }
    if !changed {
        return out;
    }
    out.count = count;
    out.sum = sum;
    compact(&out)
}

/// How many observations of a bucket stay, and the middle of where they lie.
fn cut(bucket: &HistogramBucket, limit: f64, keep: Keep, linear: bool, sign: f64) -> (f64, f64) {
    let HistogramBucket {
        lower,
        upper,
        count,
        ..
    } = *bucket;
    let (whole, nothing) = match keep {
        Keep::Below => (upper <= limit, lower >= limit),
        Keep::Above => (lower >= limit, upper <= limit),
    };
    if whole {
        return (count, middle(lower, upper, linear, sign));
    }
    if nothing || limit.is_nan() {
        return (0.0, 0.0);
    }
    if lower == f64::NEG_INFINITY || upper == f64::INFINITY {
        return cut_endless(bucket, limit, keep);
    }
    let below = count * bucket.share_below(limit, linear);
    match keep {
        Keep::Below => (below, middle(lower, limit, linear, sign)),
        Keep::Above => (count - below, middle(limit, upper, linear, sign)),
    }
}

/// As [`cut`], for a bucket without end with the limit inside: nothing is known of where observations lie.
fn cut_endless(bucket: &HistogramBucket, limit: f64, keep: Keep) -> (f64, f64) {
    let HistogramBucket {
        lower,
        upper,
        count,
        ..
    } = *bucket;
    if lower != f64::NEG_INFINITY {
        return match keep {
            Keep::Below => (0.0, lower),
            Keep::Above => (count, limit),
        };
    }
    // A lowest bucket that ends above zero is taken to begin at zero.
    let from_zero = upper > 0.0 && upper < f64::INFINITY;
    match keep {
        Keep::Below if from_zero && limit > 0.0 => (count * limit / upper, limit / 2.0),
        Keep::Below if upper <= 0.0 => (count, limit),
        Keep::Above if from_zero && limit >= 0.0 => {
            (count * (1.0 - limit / upper), f64::midpoint(limit, upper))
        }
        _ => (0.0, 0.0),
    }
}

/// The share of the zero bucket that stays, and its middle.
fn cut_zero(lower: f64, upper: f64, limit: f64, keep: Keep) -> (f64, f64) {
    // Where the bucket is but one point, nothing of it is below that and everything above.
    let (from, to) = match keep {
        Keep::Below if limit <= lower => return (0.0, 0.0),
        Keep::Below if limit >= upper => (lower, upper),
        Keep::Below => (lower, limit),
        Keep::Above if limit <= lower => (lower, upper),
        Keep::Above if limit >= upper => return (0.0, 0.0),
        Keep::Above => (limit, upper),
    };
    let share = if from == lower && to == upper {
        1.0
    } else {
        (to - from) / (upper - lower)
    };
    (share, f64::midpoint(from, to))
}

/// The middle of an interval of a bucket on the side of `sign`.
fn middle(lower: f64, upper: f64, linear: bool, sign: f64) -> f64 {
    match (lower.is_infinite(), upper.is_infinite()) {
        (true, true) => 0.0,
        (true, false) if upper > 0.0 => upper / 2.0,
        (true, false) => upper,
        (false, true) => lower,
        (false, false) if linear => f64::midpoint(lower, upper),
        (false, false) => sign * (lower * upper).abs().sqrt(),
    }
}

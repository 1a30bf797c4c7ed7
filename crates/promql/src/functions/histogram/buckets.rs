//! Buckets with running counts.
//!
//! Source: Prometheus 3.14, `promql/quantile.go`.

use std::cmp::Ordering;

/// How many observations were at most `upper`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Bucket {
    pub(super) upper: f64,
    pub(super) count: f64,
}

/// What was changed so that counts rise.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Correction {
    /// Lowest bound of a changed bucket.
    pub(super) first: f64,
    /// Highest bound of a changed bucket.
    pub(super) last: f64,
    /// Largest change.
    pub(super) most: f64,
}

/// Differences this small, relative to the sum, come from rounding.
const TOLERANCE: f64 = 1e-12;

/// The `q`-quantile of buckets sorted by bound.
pub(super) fn quantile(q: f64, buckets: &mut Vec<Bucket>) -> (f64, Option<Correction>) {
    if q.is_nan() {
        return (f64::NAN, None);
    }
    if q < 0.0 {
        return (f64::NEG_INFINITY, None);
    }
    if q > 1.0 {
        return (f64::INFINITY, None);
    }
    if buckets
        .last()
        .is_none_or(|last| last.upper != f64::INFINITY)
    {
        return (f64::NAN, None);
    }
    join_same_bounds(buckets);
    let correction = make_counts_rise(buckets);
    let (&[ref finite @ .., total], [first, ..]) = (&buckets[..], &buckets[..]) else {
        return (f64::NAN, correction);
    };
    let Some(highest) = finite.last() else {
        return (f64::NAN, correction);
    };
    if total.count == 0.0 {
        return (f64::NAN, correction);
    }
    let rank = q * total.count;
    let at = finite
        .partition_point(|bucket| bucket.count.partial_cmp(&rank).is_none_or(Ordering::is_lt));
    let value = match (
        at.checked_sub(1).and_then(|below| finite.get(below)),
        finite.get(at),
    ) {
        (_, None) => highest.upper,
        (None, Some(_)) if first.upper <= 0.0 => first.upper,
        (None, Some(bucket)) => bucket.upper * (rank / bucket.count),
        (Some(below), Some(bucket)) => {
            let share = (rank - below.count) / (bucket.count - below.count);
            below.upper + (bucket.upper - below.upper) * share
        }
    };
    (value, correction)
}

/// The share of observations between two bounds.
pub(super) fn fraction(lower: f64, upper: f64, buckets: &mut Vec<Bucket>) -> f64 {
    if buckets
        .last()
        .is_none_or(|last| last.upper != f64::INFINITY)
    {
        return f64::NAN;
    }
    join_same_bounds(buckets);
    let count = buckets.last().map_or(0.0, |last| last.count);
    if count == 0.0 || lower.is_nan() || upper.is_nan() {
        return f64::NAN;
    }
    if lower >= upper {
        return 0.0;
    }
    (rank_of(upper, buckets, count) - rank_of(lower, buckets, count)) / count
}

/// How many observations were at most `value`, on straight lines between bounds.
fn rank_of(value: f64, buckets: &[Bucket], count: f64) -> f64 {
    let positive = buckets.first().is_some_and(|first| first.upper > 0.0);
    let mut low = if positive { 0.0 } else { f64::NEG_INFINITY };
    let mut rank = 0.0_f64;
    for bucket in buckets {
        if low >= value {
            return rank.min(count);
        }
        if bucket.upper > value {
            // In a bucket without end nothing is known of where observations lie.
            let inside = if low == f64::NEG_INFINITY {
                bucket.count
            } else {
                rank + (bucket.count - rank) * (value - low) / (bucket.upper - low)
            };
            return if inside > count { count } else { inside };
        }
        rank = bucket.count;
        low = bucket.upper;
    }
    count
}

fn join_same_bounds(buckets: &mut Vec<Bucket>) {
    buckets.dedup_by(|next, kept| {
        let same = next.upper == kept.upper;
        if same {
            kept.count += next.count;
        }
        same
    });
}

fn make_counts_rise(buckets: &mut [Bucket]) -> Option<Correction> {
    let mut correction: Option<Correction> = None;
    let mut before = buckets.first()?.count;
    for bucket in buckets.iter_mut().skip(1) {
        if bucket.count == before {
            continue;
        }
        if almost_equal(before, bucket.count) {
            bucket.count = before;
        } else if bucket.count < before {
            let change = before - bucket.count;
            let so_far = correction.unwrap_or(Correction {
                first: bucket.upper,
                last: bucket.upper,
                most: 0.0,
            });
            correction = Some(Correction {
                first: so_far.first.min(bucket.upper),
                last: so_far.last.max(bucket.upper),
                most: so_far.most.max(change),
            });
            bucket.count = before;
        } else {
            before = bucket.count;
        }
    }
    correction
}

fn almost_equal(a: f64, b: f64) -> bool {
    let sum = a.abs() + b.abs();
    let difference = (a - b).abs();
    if a == 0.0 || b == 0.0 || sum < f64::MIN_POSITIVE {
        return difference < TOLERANCE * f64::MIN_POSITIVE;
    }
    difference / sum.min(f64::MAX) < TOLERANCE
}

#[cfg(test)]
mod tests {
    use super::*;

    fn buckets(counts: &[(f64, f64)]) -> Vec<Bucket> {
        counts
            .iter()
            .map(|&(upper, count)| Bucket { upper, count })
            .collect()
    }

    #[test]
    fn quantiles_lie_on_lines_between_bounds() {
        let given = [(1.0, 10.0), (2.0, 30.0), (f64::INFINITY, 40.0)];
        assert_eq!(quantile(0.5, &mut buckets(&given)), (1.5, None));
        assert_eq!(quantile(0.125, &mut buckets(&given)), (0.5, None));
        assert_eq!(quantile(0.9, &mut buckets(&given)), (2.0, None));
        assert!(quantile(0.5, &mut buckets(&given[..2])).0.is_nan());
    }

    #[test]
    fn falling_counts_are_raised_and_told() {
        let given = [(1.0, 10.0), (2.0, 5.0), (f64::INFINITY, 20.0)];
        let (_, correction) = quantile(0.5, &mut buckets(&given));
        assert_eq!(
            correction,
            Some(Correction {
                first: 2.0,
                last: 2.0,
                most: 5.0
            })
        );
    }

    #[test]
    fn fractions_count_what_lies_between() {
        let given = [(1.0, 10.0), (2.0, 30.0), (f64::INFINITY, 40.0)];
        assert_eq!(fraction(1.0, 2.0, &mut buckets(&given)), 0.5);
        assert_eq!(fraction(0.0, f64::INFINITY, &mut buckets(&given)), 1.0);
        assert_eq!(fraction(2.0, 1.0, &mut buckets(&given)), 0.0);
    }
}

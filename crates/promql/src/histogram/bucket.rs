//! Buckets with their bounds.

use model::{CUSTOM_BUCKETS_SCHEMA, Histogram, Span};

/// One bucket of a native histogram.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HistogramBucket {
    /// Lower bound.
    pub lower: f64,
    /// Upper bound.
    pub upper: f64,
    /// Whether the lower bound itself is inside.
    pub includes_lower: bool,
    /// Whether the upper bound itself is inside.
    pub includes_upper: bool,
    /// Observations.
    pub count: f64,
}

impl HistogramBucket {
    /// The share of the bucket's width below `value`, which lies inside; the width is measured on a
    /// logarithmic scale unless `linear`.
    pub(super) fn share_below(&self, value: f64, linear: bool) -> f64 {
        if linear {
            return (value - self.lower) / (self.upper - self.lower);
        }
        let log = |bound: f64| bound.abs().log2();
        let (lower, upper, at) = (log(self.lower), log(self.upper), log(value));
        if value > 0.0 {
            (at - lower) / (upper - lower)
        } else {
            1.0 - (at - upper) / (lower - upper)
        }
    }
}

/// Index and count of the buckets that are stored.
pub(crate) fn indexed<'h>(
    spans: &'h [Span],
    buckets: &'h [f64],
) -> impl Iterator<Item = (i32, f64)> + 'h {
    let mut next = 0_i32;
    spans
        .iter()
        .flat_map(move |span| {
            let start = next.saturating_add(span.offset);
            let length = i32::try_from(span.length).unwrap_or(i32::MAX);
            next = start.saturating_add(length);
            start..next
        })
        .zip(buckets.iter().copied())
}

/// Upper bound of the positive bucket number `index`.
pub(super) fn upper_bound(index: i32, schema: i32, custom_values: &[f64]) -> f64 {
    if schema != CUSTOM_BUCKETS_SCHEMA {
        return power_bound(index, schema);
    }
    match usize::try_from(index) {
        Err(_) => f64::NEG_INFINITY,
        Ok(index) => custom_values.get(index).copied().unwrap_or(f64::INFINITY),
    }
}

/// `2^(index * 2^-schema)`; the last bound that is a number is the largest number.
pub(super) fn power_bound(index: i32, schema: i32) -> f64 {
    let index = i64::from(index);
    let (exponent, part) = if schema <= 0 {
        (index << schema.unsigned_abs().min(31), 0.0)
    } else {
        let steps = 1_i64 << schema.min(31);
        (
            index.div_euclid(steps),
            index.rem_euclid(steps) as f64 / steps as f64,
        )
    };
    if exponent == 1024 && part == 0.0 {
        return f64::MAX;
    }
    part.exp2() * (exponent as f64).exp2()
}

/// Buckets of the positive side, rising; the count is left to the caller.
pub(super) fn positive(histogram: &Histogram) -> impl Iterator<Item = HistogramBucket> + '_ {
    let (schema, custom) = (histogram.schema, &histogram.custom_values);
    let is_custom = histogram.has_custom_buckets();
    indexed(&histogram.positive_spans, &histogram.positive_buckets).map(move |(index, count)| {
        HistogramBucket {
            lower: upper_bound(index.saturating_sub(1), schema, custom),
            upper: upper_bound(index, schema, custom),
            includes_lower: is_custom && index == 0,
            includes_upper: true,
            count,
        }
    })
}

/// Buckets of the negative side, falling.
pub(super) fn negative(histogram: &Histogram) -> impl Iterator<Item = HistogramBucket> + '_ {
    let schema = histogram.schema;
    indexed(&histogram.negative_spans, &histogram.negative_buckets).map(move |(index, count)| {
        HistogramBucket {
            lower: -power_bound(index, schema),
            upper: -power_bound(index.saturating_sub(1), schema),
            includes_lower: true,
            includes_upper: false,
            count,
        }
    })
}

/// All stored buckets of a histogram, the zero bucket among them if it holds anything.
///
/// Ordering: by bounds, rising. Buckets that reach into the zero bucket end where it begins.
/// Source: Prometheus' `FloatHistogram.AllBucketIterator`.
pub fn histogram_buckets(histogram: &Histogram) -> Vec<HistogramBucket> {
    let edge = histogram.zero_threshold;
    let mut all: Vec<HistogramBucket> = negative(histogram).collect();
    all.reverse();
    for bucket in &mut all {
        if bucket.upper < 0.0 && bucket.upper > -edge {
            bucket.upper = -edge;
        }
    }
    if histogram.zero_count > 0.0 {
        all.push(HistogramBucket {
            lower: -edge,
            upper: edge,
            includes_lower: true,
            includes_upper: true,
            count: histogram.zero_count,
        });
    }
    all.extend(positive(histogram).map(|mut bucket| {
        if bucket.lower > 0.0 && bucket.lower < edge {
            bucket.lower = edge;
        }
        bucket
    }));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_powers_and_end_at_the_largest_number() {
        for (index, schema, bound) in [
            (0, 0, 1.0),
            (3, 0, 8.0),
            (-1, 0, 0.5),
            (1, -2, 16.0),
            (2, 1, 2.0),
            (1, 1, std::f64::consts::SQRT_2),
            (-1, 1, std::f64::consts::FRAC_1_SQRT_2),
            (1024, 0, f64::MAX),
            (1025, 0, f64::INFINITY),
            (-1074, 0, 5e-324),
        ] {
            let got = power_bound(index, schema);
            assert!(
                (got / bound - 1.0).abs() < 1e-15 || got == bound,
                "{index} {schema}: {got}"
            );
        }
    }

    #[test]
    fn buckets_rise_from_the_lowest_negative_one() {
        let span = |offset, length| Span { offset, length };
        let histogram = Histogram {
            zero_threshold: 0.75,
            zero_count: 2.0,
            negative_spans: vec![span(0, 2)],
            negative_buckets: vec![3.0, 4.0],
            positive_spans: vec![span(0, 1), span(1, 1)],
            positive_buckets: vec![5.0, 6.0],
            ..Histogram::default()
        };
        let bounds: Vec<_> = histogram_buckets(&histogram)
            .iter()
            .map(|bucket| (bucket.lower, bucket.upper, bucket.count))
            .collect();
        assert_eq!(
            bounds,
            [
                (-2.0, -1.0, 4.0),
                (-1.0, -0.75, 3.0),
                (-0.75, 0.75, 2.0),
                (0.75, 1.0, 5.0),
                (2.0, 4.0, 6.0)
            ]
        );
    }
}

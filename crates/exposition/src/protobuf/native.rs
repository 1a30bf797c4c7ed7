//! Native histograms of a page.

use super::messages::{self, BucketSpan};
use crate::reduce::reduce;
use model::{Histogram, ResetHint, Span};

/// The finest schema that is kept. Source: Prometheus' `model/histogram`.
const FINEST: i32 = 8;
/// Schemas that a page may have. Source: the same.
const SCHEMAS: std::ops::RangeInclusive<i32> = -4..=52;
/// Buckets that one side may have: a page of a few bytes shall not make a histogram of gigabytes.
const MOST_BUCKETS: u64 = 1 << 20;

/// Whether the message has a native histogram, beside or in place of classic buckets. An empty one says so
/// by a zero threshold or by a span without buckets.
pub(super) fn is_native(histogram: &messages::Histogram) -> bool {
    histogram.zero_threshold > 0.0
        || histogram.zero_count > 0
        || histogram.zero_count_float > 0.0
        || !histogram.positive_span.is_empty()
        || !histogram.negative_span.is_empty()
}

/// The native histogram of the message.
///
/// # Errors
/// What makes it none.
pub(super) fn read(
    message: &messages::Histogram,
    is_gauge: bool,
) -> Result<Histogram, &'static str> {
    if !SCHEMAS.contains(&message.schema) {
        return Err("a native histogram's schema is not between -4 and 52");
    }
    let is_float = message.sample_count_float > 0.0 || message.zero_count_float > 0.0;
    let (positive_spans, positive_buckets) = side(
        &message.positive_span,
        &message.positive_delta,
        &message.positive_count,
    )?;
    let (negative_spans, negative_buckets) = side(
        &message.negative_span,
        &message.negative_delta,
        &message.negative_count,
    )?;
    let whole = |float: f64, count: u64| if is_float { float } else { count as f64 };
    let mut histogram = Histogram {
        reset_hint: if is_gauge {
            ResetHint::Gauge
        } else {
            ResetHint::Unknown
        },
        schema: message.schema,
        zero_threshold: message.zero_threshold,
        zero_count: whole(message.zero_count_float, message.zero_count),
        count: whole(message.sample_count_float, message.sample_count),
        sum: message.sample_sum,
        positive_spans,
        negative_spans,
        positive_buckets,
        negative_buckets,
        custom_values: Vec::new(),
    };
    check(&histogram, is_float)?;
    if histogram.schema > FINEST {
        reduce(&mut histogram, FINEST);
    }
    Ok(histogram)
}

/// The buckets of one side: integer counts as differences to the bucket before, or floats as they are.
fn side(
    spans: &[BucketSpan],
    deltas: &[i64],
    counts: &[f64],
) -> Result<(Vec<Span>, Vec<f64>), &'static str> {
    let length: u64 = spans.iter().map(|span| u64::from(span.length)).sum();
    let have = deltas.len().max(counts.len()) as u64;
    if length != have || length > MOST_BUCKETS {
        return Err("a native histogram's spans do not fit its buckets");
    }
    if spans.iter().skip(1).any(|span| span.offset < 0) {
        return Err("a native histogram's span begins inside the one before");
    }
    let mut count = 0i64;
    let buckets = if counts.is_empty() {
        let next = |delta: &i64| {
            count = count.saturating_add(*delta);
            count as f64
        };
        deltas.iter().map(next).collect()
    } else {
        counts.to_vec()
    };
    let spans = spans
        .iter()
        .filter(|span| span.length > 0 || span.offset != 0)
        .map(|span| Span {
            offset: span.offset,
            length: span.length,
        })
        .collect();
    Ok((spans, buckets))
}

/// Whole counts add up, if no observation was NaN; no count is negative.
fn check(histogram: &Histogram, is_float: bool) -> Result<(), &'static str> {
    let buckets = || {
        histogram
            .positive_buckets
            .iter()
            .chain(&histogram.negative_buckets)
    };
    let own = [histogram.zero_count, histogram.count];
    if buckets().chain(&own).any(|count| *count < 0.0) {
        return Err("a native histogram has a negative count");
    }
    let total = histogram.zero_count + buckets().sum::<f64>();
    let fits = if histogram.sum.is_nan() {
        total <= histogram.count
    } else {
        // Above 2^53 whole numbers are rounded.
        is_float || total == histogram.count || histogram.count >= 9e15
    };
    if fits {
        Ok(())
    } else {
        Err("a native histogram's buckets do not add up to its count")
    }
}

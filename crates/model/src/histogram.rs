//! Native histograms: counts of observations by bucket, all in one sample.

/// What is known about a counter histogram's reset at this sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ResetHint {
    /// Nothing is known: compare with the sample before.
    #[default]
    Unknown,
    /// The counter was reset between the sample before and this one.
    Reset,
    /// It was not.
    NotReset,
    /// A gauge histogram: resets mean nothing.
    Gauge,
}

/// A run of neighbouring buckets that are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Span {
    /// Buckets left out since the end of the span before; of the first span, the index of its first bucket.
    pub offset: i32,
    /// Buckets in the span.
    pub length: u32,
}

/// Schema number of histograms whose bucket bounds are listed in [`Histogram::custom_values`].
pub const CUSTOM_BUCKETS_SCHEMA: i32 = -53;

/// One native histogram, integer or float: counts are kept as floats, as PromQL computes with them, and
/// whole counts below 2^53 are exact.
///
/// Shape: the lengths of the spans add up to the number of buckets of their side. Bounds: `schema` is
/// from -4 to 8 (bucket `i` ends at `2^(i * 2^-schema)`), or [`CUSTOM_BUCKETS_SCHEMA`] with
/// `custom_values` as upper bounds (the last bucket ends at infinity) and no negative side.
/// Source: Prometheus' `model/histogram`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Histogram {
    /// About the sample before.
    pub reset_hint: ResetHint,
    /// Resolution.
    pub schema: i32,
    /// Width of the zero bucket on each side of zero.
    pub zero_threshold: f64,
    /// Observations in the zero bucket.
    pub zero_count: f64,
    /// All observations.
    pub count: f64,
    /// Their sum.
    pub sum: f64,
    /// Which positive buckets are stored.
    pub positive_spans: Vec<Span>,
    /// Which negative buckets are stored.
    pub negative_spans: Vec<Span>,
    /// Observations per stored positive bucket, each for itself.
    pub positive_buckets: Vec<f64>,
    /// Observations per stored negative bucket, each for itself.
    pub negative_buckets: Vec<f64>,
    /// Upper bounds of custom buckets; empty for other schemas.
    pub custom_values: Vec<f64>,
}

impl Histogram {
    /// Whether the bucket bounds are listed one by one.
    pub fn has_custom_buckets(&self) -> bool {
        self.schema == CUSTOM_BUCKETS_SCHEMA
    }

    /// A stale marker in the shape of a histogram.
    pub fn stale() -> Self {
        Self {
            sum: crate::stale_nan(),
            ..Self::default()
        }
    }

    /// Whether this is a stale marker.
    pub fn is_stale(&self) -> bool {
        crate::is_stale(self.sum)
    }

    /// Whether the two are the same bit by bit, NaN sums included.
    pub fn same_bits(&self, other: &Self) -> bool {
        let floats =
            |one: &Self| [one.zero_threshold, one.zero_count, one.count, one.sum].map(f64::to_bits);
        let same = |a: &[f64], b: &[f64]| {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.to_bits() == b.to_bits())
        };
        self.reset_hint == other.reset_hint
            && self.schema == other.schema
            && floats(self) == floats(other)
            && self.positive_spans == other.positive_spans
            && self.negative_spans == other.negative_spans
            && same(&self.positive_buckets, &other.positive_buckets)
            && same(&self.negative_buckets, &other.negative_buckets)
            && same(&self.custom_values, &other.custom_values)
    }

    /// Heap bytes, for accounting.
    pub fn heap_bytes(&self) -> usize {
        (self.positive_spans.len()
            + self.negative_spans.len()
            + self.positive_buckets.len()
            + self.negative_buckets.len()
            + self.custom_values.len())
            * 8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stale_histogram_is_the_same_as_itself_although_its_sum_is_nan() {
        let stale = Histogram::stale();
        assert!(stale.is_stale() && stale.same_bits(&stale.clone()));
        assert!(!stale.same_bits(&Histogram::default()));
    }
}

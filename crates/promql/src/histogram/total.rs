//! Sums of histograms.

use super::bucket::{indexed, power_bound};
use crate::kahan::Sum;
use model::{Histogram, ResetHint, Span};

/// One histogram has buckets on an exponential scale and the other one buckets of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("histograms have incompatible bucket schemas")]
pub struct Incompatible;

/// What had to be done to add two histograms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Added {
    /// One histogram was marked as a reset and the other one as none.
    pub hints_conflict: bool,
    /// Buckets had different bounds of their own and were joined to those that both have.
    pub bounds_reconciled: bool,
}

/// Counts by index of one side. Ordering: by index, rising.
type Side = Vec<(i32, Sum)>;

/// A running sum of histograms that carries what rounding lost, bucket by bucket.
#[derive(Debug, Clone)]
pub struct Total {
    pub(crate) reset_hint: ResetHint,
    schema: i32,
    zero_threshold: f64,
    zero: Sum,
    count: Sum,
    sum: Sum,
    positive: Side,
    negative: Side,
    custom_values: Vec<f64>,
}

fn exact(value: f64) -> Sum {
    Sum {
        sum: value,
        lost: 0.0,
    }
}

impl Total {
    /// The sum of one.
    pub fn of(histogram: &Histogram) -> Self {
        let side = |spans, buckets| indexed(spans, buckets).map(|(i, count)| (i, exact(count)));
        Self {
            reset_hint: histogram.reset_hint,
            schema: histogram.schema,
            zero_threshold: histogram.zero_threshold,
            zero: exact(histogram.zero_count),
            count: exact(histogram.count),
            sum: exact(histogram.sum),
            positive: side(&histogram.positive_spans, &histogram.positive_buckets).collect(),
            negative: side(&histogram.negative_spans, &histogram.negative_buckets).collect(),
            custom_values: histogram.custom_values.clone(),
        }
    }

    /// Adds a histogram.
    ///
    /// # Errors
    /// [`Incompatible`]; then nothing was added.
    pub fn add(&mut self, histogram: &Histogram) -> Result<Added, Incompatible> {
        self.combine(Self::of(histogram))
    }

    /// Subtracts a histogram.
    ///
    /// # Errors
    /// [`Incompatible`]; then nothing was subtracted.
    pub fn subtract(&mut self, histogram: &Histogram) -> Result<Added, Incompatible> {
        let mut other = Self::of(histogram);
        other.multiply(-1.0);
        self.combine(other)
    }

    fn combine(&mut self, mut other: Self) -> Result<Added, Incompatible> {
        if self.is_custom() != other.is_custom() {
            return Err(Incompatible);
        }
        let mut added = Added {
            hints_conflict: self.join_hints(other.reset_hint),
            bounds_reconciled: false,
        };
        if self.is_custom() {
            if self.custom_values != other.custom_values {
                let common = common_bounds(&self.custom_values, &other.custom_values);
                self.rebound(&common);
                other.rebound(&common);
                added.bounds_reconciled = true;
            }
        } else {
            // Widening may move the threshold to a bucket's end, so each may have to follow the other.
            while self.zero_threshold != other.zero_threshold {
                if self.zero_threshold > other.zero_threshold {
                    other.widen_zero(self.zero_threshold);
                } else {
                    self.widen_zero(other.zero_threshold);
                }
            }
            let schema = self.schema.min(other.schema);
            self.reduce(schema);
            other.reduce(schema);
        }
        for (mine, its) in [
            (&mut self.zero, other.zero),
            (&mut self.count, other.count),
            (&mut self.sum, other.sum),
        ] {
            join(mine, its);
        }
        merge(&mut self.positive, other.positive);
        merge(&mut self.negative, other.negative);
        Ok(added)
    }

    fn is_custom(&self) -> bool {
        self.schema == model::CUSTOM_BUCKETS_SCHEMA
    }

    /// Takes over what two hints say together; whether they contradict each other.
    fn join_hints(&mut self, other: ResetHint) -> bool {
        use ResetHint::{Gauge, Unknown};
        let conflict;
        (self.reset_hint, conflict) = match (self.reset_hint, other) {
            (a, b) if a == b => (a, false),
            (Gauge, _) | (_, Gauge) => (Gauge, false),
            (Unknown, _) | (_, Unknown) => (Unknown, false),
            _ => (Unknown, true),
        };
        conflict
    }

    /// Lowers the resolution to that of `schema`, if it is higher.
    pub(crate) fn reduce(&mut self, schema: i32) {
        if self.is_custom() || schema >= self.schema {
            return;
        }
        let shift = (i64::from(self.schema) - i64::from(schema)).min(31);
        for side in [&mut self.positive, &mut self.negative] {
            for (index, _) in side.iter_mut() {
                *index = (index.saturating_sub(1) >> shift) + 1;
            }
            join_equal(side);
        }
        self.schema = schema;
    }

    /// Moves what lies within `threshold` of zero into the zero bucket; a bucket that holds something and
    /// lies across the threshold moves whole, and the threshold to its end.
    pub(super) fn widen_zero(&mut self, threshold: f64) {
        let schema = self.schema;
        let lower = |index: i32| power_bound(index.saturating_sub(1), schema);
        let mut threshold = threshold;
        loop {
            let across = self
                .positive
                .iter()
                .chain(&self.negative)
                .find(|(index, count)| {
                    lower(*index) < threshold
                        && power_bound(*index, schema) > threshold
                        && count.sum != 0.0
                });
            match across {
                Some((index, _)) => threshold = power_bound(*index, schema),
                None => break,
            }
        }
        for side in [&mut self.positive, &mut self.negative] {
            side.retain(|(index, count)| {
                let inside = lower(*index) < threshold;
                if inside {
                    join(&mut self.zero, *count);
                }
                !inside
            });
        }
        self.zero_threshold = threshold;
    }

    /// Threshold and count of the zero bucket.
    pub(super) fn zero_bucket(&self) -> (f64, f64) {
        (self.zero_threshold, self.zero.value())
    }

    /// Joins custom buckets to those between `bounds`, all of which must be bounds already.
    pub(super) fn rebound(&mut self, bounds: &[f64]) {
        let own = std::mem::take(&mut self.custom_values);
        for (index, _) in &mut self.positive {
            let upper = usize::try_from(*index)
                .ok()
                .and_then(|index| own.get(index));
            let place = upper.map_or(bounds.len(), |upper| {
                bounds.partition_point(|bound| bound < upper)
            });
            *index = i32::try_from(place).unwrap_or(i32::MAX);
        }
        join_equal(&mut self.positive);
        self.custom_values = bounds.to_vec();
    }

    /// Multiplies all counts and the sum.
    pub(crate) fn multiply(&mut self, factor: f64) {
        self.each(|value| {
            value.sum *= factor;
            value.lost *= factor;
        });
    }

    /// Divides all counts and the sum; by zero, no bucket stays.
    pub(crate) fn divide(&mut self, divisor: f64) {
        if divisor == 0.0 {
            self.positive.clear();
            self.negative.clear();
        }
        self.each(|value| {
            value.sum /= divisor;
            value.lost /= divisor;
        });
    }

    fn each(&mut self, mut change: impl FnMut(&mut Sum)) {
        for value in [&mut self.zero, &mut self.count, &mut self.sum] {
            change(value);
        }
        for (_, value) in self.positive.iter_mut().chain(&mut self.negative) {
            change(value);
        }
    }

    /// A number that no sum of parts of this histogram exceeds.
    pub(super) fn magnitude(&self) -> f64 {
        let sides = self.positive.iter().chain(&self.negative);
        let all = sides.map(|(_, value)| value);
        let all = all.chain([&self.zero, &self.count, &self.sum]);
        // What is no number already cannot overflow.
        all.map(|value| value.sum.abs().max(0.0)).sum()
    }

    /// Counts of positive or negative buckets by index.
    pub(super) fn side(&self, positive: Direction) -> impl Iterator<Item = (i32, f64)> + '_ {
        let side = match positive {
            Direction::Positive => &self.positive,
            Direction::Negative => &self.negative,
        };
        side.iter().map(|(index, count)| (*index, count.value()))
    }

    /// The sum as a histogram without empty buckets.
    pub fn finish(&self) -> Histogram {
        let (positive_spans, positive_buckets) = pack(&self.positive);
        let (negative_spans, negative_buckets) = pack(&self.negative);
        Histogram {
            reset_hint: self.reset_hint,
            schema: self.schema,
            zero_threshold: self.zero_threshold,
            zero_count: self.zero.value(),
            count: self.count.value(),
            sum: self.sum.value(),
            positive_spans,
            negative_spans,
            positive_buckets,
            negative_buckets,
            custom_values: self.custom_values.clone(),
        }
    }
}

/// A side of zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    /// Above.
    Positive,
    /// Below.
    Negative,
}

/// Bounds that both lists have.
pub(super) fn common_bounds(a: &[f64], b: &[f64]) -> Vec<f64> {
    let has = |bound: &f64| b.binary_search_by(|have| have.total_cmp(bound)).is_ok();
    a.iter().copied().filter(has).collect()
}

fn join(to: &mut Sum, from: Sum) {
    to.add(from.sum);
    to.lost += from.lost;
}

/// Joins neighbours with equal index.
fn join_equal(side: &mut Side) {
    side.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            join(&mut kept.1, next.1);
        }
        same
    });
}

fn merge(to: &mut Side, from: Side) {
    if to.is_empty() {
        *to = from;
        return;
    }
    let same_layout = to.len() == from.len() && to.iter().zip(&from).all(|(a, b)| a.0 == b.0);
    if same_layout {
        for ((_, mine), (_, its)) in to.iter_mut().zip(from) {
            join(mine, its);
        }
        return;
    }
    to.extend(from);
    // Stable, and both runs are sorted already: one merge.
    to.sort_by_key(|(index, _)| *index);
    join_equal(to);
}

/// Spans and counts of the buckets that hold anything.
fn pack(side: &Side) -> (Vec<Span>, Vec<f64>) {
    let mut spans: Vec<Span> = Vec::new();
    let mut buckets = Vec::with_capacity(side.len());
    let mut next = 0_i32;
    for (index, count) in side {
        let count = count.value();
        if count == 0.0 {
            continue;
        }
        buckets.push(count);
        match spans.last_mut() {
            Some(span) if next == *index => span.length += 1,
            _ => spans.push(Span {
                offset: index.saturating_sub(next),
                length: 1,
            }),
        }
        next = index.saturating_add(1);
    }
    (spans, buckets)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn histogram(schema: i32, offset: i32, buckets: &[f64]) -> Histogram {
        Histogram {
            schema,
            count: buckets.iter().sum(),
            sum: 1.0,
            positive_spans: vec![Span {
                offset,
                length: u32::try_from(buckets.len()).unwrap(),
            }],
            positive_buckets: buckets.to_vec(),
            ..Histogram::default()
        }
    }

    fn added(a: &Histogram, b: &Histogram) -> Histogram {
        let mut total = Total::of(a);
        total.add(b).unwrap();
        total.finish()
    }

    #[test]
    fn resolutions_meet_at_the_lower_one() {
        let sum = added(
            &histogram(1, 1, &[1.0, 2.0, 3.0]),
            &histogram(0, 1, &[10.0]),
        );
        assert_eq!(sum.schema, 0);
        // Half steps 1 and 2 make the bucket 1, half step 3 the bucket 2.
        assert_eq!(sum.positive_buckets, [13.0, 3.0]);
        assert_eq!(
            sum.positive_spans,
            [Span {
                offset: 1,
                length: 2
            }]
        );
    }

    #[test]
    fn zero_buckets_widen_to_the_end_of_a_bucket_that_holds_something() {
        let wide = Histogram {
            zero_threshold: 1.5,
            zero_count: 1.0,
            ..Histogram::default()
        };
        let sum = added(&histogram(0, 0, &[4.0, 5.0, 6.0]), &wide);
        assert_eq!((sum.zero_threshold, sum.zero_count), (2.0, 10.0));
        assert_eq!(sum.positive_buckets, [6.0]);
    }

    #[test]
    fn own_bounds_are_joined_to_those_that_both_have() {
        let custom = |bounds: &[f64], counts: &[f64]| Histogram {
            schema: model::CUSTOM_BUCKETS_SCHEMA,
            custom_values: bounds.to_vec(),
            ..histogram(0, 0, counts)
        };
        let mut total = Total::of(&custom(&[1.0, 2.0, 5.0], &[1.0, 2.0, 3.0, 4.0]));
        let outcome = total
            .add(&custom(&[2.0, 3.0], &[10.0, 20.0, 30.0]))
            .unwrap();
        assert!(outcome.bounds_reconciled);
        let sum = total.finish();
        assert_eq!(sum.custom_values, [2.0]);
        assert_eq!(sum.positive_buckets, [13.0, 57.0]);
        assert_eq!(total.add(&histogram(0, 0, &[1.0])), Err(Incompatible));
    }

    #[test]
    fn what_cancels_out_leaves_no_bucket() {
        let mut total = Total::of(&histogram(0, 0, &[1.0, 2.0, 3.0]));
        total.subtract(&histogram(0, 0, &[1.0, 0.0, 3.0])).unwrap();
        let rest = total.finish();
        assert_eq!(
            rest.positive_spans,
            [Span {
                offset: 1,
                length: 1
            }]
        );
        assert_eq!(rest.positive_buckets, [2.0]);
    }

    #[test]
    fn contradicting_hints_are_told() {
        let hinted = |reset_hint| Histogram {
            reset_hint,
            ..Histogram::default()
        };
        for (a, b, hint, conflict) in [
            (
                ResetHint::Reset,
                ResetHint::NotReset,
                ResetHint::Unknown,
                true,
            ),
            (ResetHint::Reset, ResetHint::Gauge, ResetHint::Gauge, false),
            (
                ResetHint::Unknown,
                ResetHint::NotReset,
                ResetHint::Unknown,
                false,
            ),
            (
                ResetHint::NotReset,
                ResetHint::NotReset,
                ResetHint::NotReset,
                false,
            ),
        ] {
            let mut total = Total::of(&hinted(a));
            let outcome = total.add(&hinted(b)).unwrap();
            assert_eq!((total.reset_hint, outcome.hints_conflict), (hint, conflict));
        }
    }
}

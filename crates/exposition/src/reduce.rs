//! Native histograms with wider buckets.

use model::{Histogram, Span};

/// Makes buckets wider, until the histogram has `schema`; one that is coarser already stays as it is.
/// Bounds: exponential schemas only.
///
/// Each step down joins two neighbouring buckets. Source: Prometheus' native histogram specification.
pub fn reduce(histogram: &mut Histogram, schema: i32) {
    let steps = histogram.schema.saturating_sub(schema);
    if histogram.has_custom_buckets() || steps <= 0 {
        return;
    }
    histogram.schema = schema;
    for (spans, buckets) in [
        (
            &mut histogram.positive_spans,
            &mut histogram.positive_buckets,
        ),
        (
            &mut histogram.negative_spans,
            &mut histogram.negative_buckets,
        ),
    ] {
        let (wider_spans, wider) = reduce_side(spans, buckets, steps.min(63));
        *spans = wider_spans;
        *buckets = wider;
    }
}

fn reduce_side(spans: &[Span], buckets: &[f64], steps: i32) -> (Vec<Span>, Vec<f64>) {
    let mut counts = buckets.iter();
    let mut index = 0i64;
    let mut reduced_spans: Vec<Span> = Vec::new();
    let mut reduced: Vec<f64> = Vec::new();
    // Index behind the last bucket so far.
    let mut end = 0i64;
    for span in spans {
        index += i64::from(span.offset);
        for count in counts.by_ref().take(span.length as usize) {
            // A bucket is named by its upper end.
            let wider = ((index - 1) >> steps) + 1;
            index += 1;
            match (reduced.last_mut(), reduced_spans.last_mut()) {
                (Some(last), Some(_)) if wider < end => *last += count,
                (_, Some(span)) if wider == end => {
                    span.length += 1;
                    reduced.push(*count);
                }
                _ => {
                    let offset = i32::try_from(wider - end).unwrap_or(i32::MAX);
                    reduced_spans.push(Span { offset, length: 1 });
                    reduced.push(*count);
                }
            }
            end = wider + 1;
        }
    }
    (reduced_spans, reduced)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn histogram(schema: i32, buckets: &[(i64, f64)]) -> Histogram {
        let mut made = Histogram {
            schema,
            ..Histogram::default()
        };
        let mut end = 0;
        for (index, count) in buckets {
            made.positive_spans.push(Span {
                offset: i32::try_from(index - end).unwrap(),
                length: 1,
            });
            made.positive_buckets.push(*count);
            end = index + 1;
        }
        made
    }

    fn counts(histogram: &Histogram) -> Vec<(i64, f64)> {
        let mut index = 0;
        let mut counts = histogram.positive_buckets.iter();
        let mut found = Vec::new();
        for span in &histogram.positive_spans {
            index += i64::from(span.offset);
            for count in counts.by_ref().take(span.length as usize) {
                found.push((index, *count));
                index += 1;
            }
        }
        assert_eq!(counts.next(), None);
        found
    }

    #[test]
    fn two_neighbours_become_one_bucket_at_each_step() {
        let mut one = histogram(
            1,
            &[
                (-3, 1.0),
                (-2, 2.0),
                (0, 4.0),
                (1, 8.0),
                (2, 16.0),
                (5, 32.0),
            ],
        );
        reduce(&mut one, 0);
        assert_eq!(counts(&one), [(-1, 3.0), (0, 4.0), (1, 24.0), (3, 32.0)]);
        assert_eq!(one.schema, 0);
        let spans: Vec<_> = one.positive_spans.iter().map(|span| span.length).collect();
        assert_eq!(spans, [3, 1]);
    }

    #[test]
    fn a_coarser_histogram_stays() {
        let mut one = histogram(-2, &[(3, 1.0)]);
        let before = one.clone();
        reduce(&mut one, 0);
        assert_eq!(one, before);
    }

    proptest::proptest! {
        #[test]
        fn every_observation_stays_in_the_bucket_whose_bounds_have_it(
            buckets in proptest::collection::btree_map(-300i64..300, 1u32..9, 0..60),
            steps in 1i32..6,
        ) {
            let buckets: Vec<(i64, f64)> = buckets.into_iter().map(|(i, n)| (i, f64::from(n))).collect();
            let mut one = histogram(4, &buckets);
            reduce(&mut one, 4 - steps);
            let mut expected: BTreeMap<i64, f64> = BTreeMap::new();
            for (index, count) in buckets {
                // The smallest wider bucket that ends at or behind this one's end.
                let width = 1i64 << steps;
                let wider = index.div_euclid(width) + i64::from(index.rem_euclid(width) > 0);
                *expected.entry(wider).or_default() += count;
            }
            proptest::prop_assert_eq!(counts(&one), expected.into_iter().collect::<Vec<_>>());
        }
    }
}

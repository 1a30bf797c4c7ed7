//! Native histograms as rows of buckets.

use super::AnswerSeries;
use model::{BUCKET_LABEL, Labels};

/// Bounds of one panel at most; more are no rows that anybody could see.
const MOST_BOUNDS: usize = 500;

/// A bucket of a native histogram.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NativeBucket {
    /// Lower bound.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
    /// Observations.
    pub count: f64,
}

/// Histograms over time as series of cumulative buckets, one for each upper bound that any of them has, as classic
/// histograms are kept. Histograms of one time are added up. A bucket that bounds of others cut has its observations
/// spread over the parts: along the logarithm where both bounds are above zero, evenly else.
///
/// Units: times in milliseconds since the epoch. Ordering: times may come in any order; series rise by their bound.
pub fn bucket_series(histograms: &[(f64, Vec<NativeBucket>)]) -> Vec<AnswerSeries> {
    let buckets = || histograms.iter().flat_map(|(_, buckets)| buckets);
    let sorted = |mut bounds: Vec<f64>| {
        bounds.retain(|bound| !bound.is_nan());
        bounds.sort_by(f64::total_cmp);
        bounds.dedup();
        bounds
    };
    let highs = sorted(buckets().map(|bucket| bucket.high).collect());
    let lows = sorted(buckets().map(|bucket| bucket.low).collect());
    // The lower bound of the lowest bucket makes its row end where it does.
    let mut bounds = sorted(
        highs
            .iter()
            .chain(lows.iter().filter(|low| low.is_finite()))
            .copied()
            .collect(),
    );
    while bounds.len() > MOST_BOUNDS {
        // Every other bound keeps its place, and the last one holds everything.
        let last = bounds.len() - 1;
        let mut index = 0;
        bounds.retain(|_| {
            index += 1;
            (index - 1) % 2 == 0 || index - 1 == last
        });
    }
    let times = sorted(histograms.iter().map(|(time, _)| *time).collect());
    let mut series: Vec<AnswerSeries> = bounds
        .iter()
        .map(|bound| AnswerSeries {
            labels: Labels::from_pairs([(BUCKET_LABEL, bound_text(*bound).as_str())]),
            times: times.clone(),
            values: vec![0.0; times.len()],
        })
        .collect();
    for (time, buckets) in histograms {
        let Ok(at) = times.binary_search_by(|known| known.total_cmp(time)) else {
            continue;
        };
        for bucket in buckets.iter().filter(|bucket| bucket.count.is_finite()) {
            for (bound, one) in bounds.iter().zip(&mut series) {
                let part = part_below(bucket, *bound);
                if let Some(value) = one.values.get_mut(at).filter(|_| part > 0.0) {
                    *value += bucket.count * part;
                }
            }
        }
    }
    series
}

fn bound_text(bound: f64) -> String {
    if bound == f64::INFINITY {
        "+Inf".to_owned()
    } else {
        bound.to_string()
    }
}

/// Which part of a bucket is at or below a bound. Bounds: 0 to 1.
fn part_below(bucket: &NativeBucket, bound: f64) -> f64 {
    let NativeBucket { low, high, .. } = *bucket;
    if bound >= high {
        return 1.0;
    }
    if bound <= low || !low.is_finite() || !high.is_finite() {
        return 0.0;
    }
    if low > 0.0 {
        return (bound / low).ln() / (high / low).ln();
    }
    if high < 0.0 {
        return 1.0 - (bound / high).ln() / (low / high).ln();
    }
    (bound - low) / (high - low)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket(low: f64, high: f64, count: f64) -> NativeBucket {
        NativeBucket { low, high, count }
    }

    #[track_caller]
    fn check(histograms: &[(f64, Vec<NativeBucket>)], expected: &[(&str, &[f64])]) {
        let made = bucket_series(histograms);
        let found: Vec<(String, Vec<f64>)> = made
            .iter()
            .map(|one| {
                let rounded = one.values.iter().map(|v| (v * 1e6).round() / 1e6).collect();
                (one.labels.get(BUCKET_LABEL).unwrap().to_owned(), rounded)
            })
            .collect();
        let expected: Vec<(String, Vec<f64>)> = expected
            .iter()
            .map(|(le, values)| ((*le).to_owned(), values.to_vec()))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn buckets_become_cumulative_by_all_their_bounds() {
        check(
            &[
                (0.0, vec![bucket(1.0, 2.0, 3.0), bucket(2.0, 4.0, 5.0)]),
                (10.0, vec![bucket(4.0, 8.0, 1.0)]),
            ],
            &[
                ("1", &[0.0, 0.0]),
                ("2", &[3.0, 0.0]),
                ("4", &[8.0, 0.0]),
                ("8", &[8.0, 1.0]),
            ],
        );
    }

    #[test]
    fn a_coarser_bucket_is_spread_over_finer_bounds() {
        check(
            &[
                (0.0, vec![bucket(1.0, 4.0, 8.0)]),
                (10.0, vec![bucket(2.0, 4.0, 2.0)]),
            ],
            &[("1", &[0.0, 0.0]), ("2", &[4.0, 0.0]), ("4", &[8.0, 2.0])],
        );
        // About zero there is no logarithm; below it, it runs the other way.
        check(
            &[
                (0.0, vec![bucket(-1.0, 1.0, 4.0)]),
                (1.0, vec![bucket(0.0, 1.0, 1.0)]),
            ],
            &[("-1", &[0.0, 0.0]), ("0", &[2.0, 0.0]), ("1", &[4.0, 1.0])],
        );
        check(
            &[
                (0.0, vec![bucket(-4.0, -1.0, 8.0)]),
                (1.0, vec![bucket(-2.0, -1.0, 1.0)]),
            ],
            &[
                ("-4", &[0.0, 0.0]),
                ("-2", &[4.0, 0.0]),
                ("-1", &[8.0, 1.0]),
            ],
        );
    }

    #[test]
    fn histograms_of_one_time_are_added_up() {
        check(
            &[
                (0.0, vec![bucket(1.0, 2.0, 1.0)]),
                (0.0, vec![bucket(1.0, 2.0, 2.0)]),
            ],
            &[("1", &[0.0]), ("2", &[3.0])],
        );
        assert!(bucket_series(&[]).is_empty());
    }

    #[test]
    fn more_bounds_than_rows_are_thinned_out() {
        let many: Vec<NativeBucket> = (0_u32..3000)
            .map(|i| bucket(f64::from(i), f64::from(i + 1), 1.0))
            .collect();
        let made = bucket_series(&[(0.0, many)]);
        assert!(made.len() <= MOST_BOUNDS + 1);
        assert_eq!(made.last().unwrap().values, [3000.0]);
    }
}

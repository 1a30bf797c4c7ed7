//! Merging the samples of one series from several places.

use storage::Column;

/// Merges two columns of one series into `out`, whose old content goes. At equal times the sample of
/// `first` counts.
pub fn merge_columns(first: &Column, second: &Column, out: &mut Column) {
    out.clear();
    let (mut i, mut j) = (0, 0);
    loop {
        let (a, b) = (first.times.get(i).copied(), second.times.get(j).copied());
        match (a, b) {
            (Some(a), Some(b)) if a == b => j += 1,
            (Some(a), b) if b.is_none_or(|b| a < b) => {
                let rest = first.times.get(i..).unwrap_or_default();
                let to = i + b.map_or(rest.len(), |b| run(rest, b));
                append(first, i..to, out);
                i = to;
            }
            (a, Some(_)) => {
                let rest = second.times.get(j..).unwrap_or_default();
                let to = j + a.map_or(rest.len(), |a| run(rest, a));
                append(second, j..to, out);
                j = to;
            }
            _ => return,
        }
    }
}

/// How many times are below `limit`; near the front in the usual case of interleaved samples.
fn run(times: &[i64], limit: i64) -> usize {
    match times.last() {
        Some(last) if *last < limit => times.len(),
        _ => times.iter().take_while(|time| **time < limit).count(),
    }
}

/// Appends a part of `from` to `to`, histograms and starts where either has them.
pub(crate) fn append(from: &Column, part: std::ops::Range<usize>, to: &mut Column) {
    let before = to.times.len();
    to.timeline = None;
    to.times
        .extend_from_slice(from.times.get(part.clone()).unwrap_or_default());
    to.values
        .extend_from_slice(from.values.get(part.clone()).unwrap_or_default());
    if let Some(histograms) = from
        .histograms
        .get(part.clone())
        .filter(|part| !part.is_empty())
    {
        to.histograms.resize(before, None);
        to.histograms.extend_from_slice(histograms);
    } else if !to.histograms.is_empty() {
        to.histograms.resize(to.times.len(), None);
    }
    if let Some(starts) = from.starts.get(part).filter(|part| !part.is_empty()) {
        to.starts.resize(before, 0);
        to.starts.extend_from_slice(starts);
    } else if !to.starts.is_empty() {
        to.starts.resize(to.times.len(), 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn a_merge_is_a_map_in_which_the_first_word_counts(
            first in prop::collection::btree_map(0i64..60, (any::<u64>(), 0i64..3), 0..40),
            second in prop::collection::btree_map(0i64..60, (any::<u64>(), 0i64..3), 0..40),
        ) {
            let column = |map: &BTreeMap<i64, (u64, i64)>| {
                let starts: Vec<i64> = map.values().map(|(_, start)| *start).collect();
                Column {
                    times: map.keys().copied().collect(),
                    values: map.values().map(|(bits, _)| f64::from_bits(*bits)).collect(),
                    starts: if starts.iter().all(|start| *start == 0) { Vec::new() } else { starts },
                    ..Column::default()
                }
            };
            let mut out = Column::default();
            merge_columns(&column(&first), &column(&second), &mut out);
            let mut expected = second;
            expected.extend(first);
            let expected = column(&expected);
            prop_assert_eq!(&out.times, &expected.times);
            let bits = |column: &Column| column.values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
            prop_assert_eq!(bits(&out), bits(&expected));
            let mut starts = out.starts.clone();
            starts.resize(out.times.len(), 0);
            let mut wanted = expected.starts.clone();
            wanted.resize(out.times.len(), 0);
            prop_assert_eq!(starts, wanted);
        }
    }
}

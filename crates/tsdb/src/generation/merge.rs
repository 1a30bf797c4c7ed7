//! Columns of one series that lie across each other, made into one.

use std::sync::Arc;
use storage::Column;

/// Puts the samples of `second` in between those of `first`; at equal times that of `first` stays.
pub(crate) fn merge(first: &mut Column, second: &Column) {
    if second.is_empty() {
        return;
    }
    first.timeline = None;
    if is_behind(first, second) {
        append(first, second);
        return;
    }
    let mut merged = Column::default();
    merged.times.reserve(first.len() + second.len());
    merged.values.reserve(first.len() + second.len());
    let (mut left, mut right) = (0, 0);
    loop {
        match (first.times.get(left), second.times.get(right)) {
            (None, None) => break,
            (Some(a), Some(b)) if a > b => {
                push_from(&mut merged, second, right);
                right += 1;
            }
            (None, Some(_)) => {
                push_from(&mut merged, second, right);
                right += 1;
            }
            (Some(a), other) => {
                right += usize::from(other == Some(a));
                push_from(&mut merged, first, left);
                left += 1;
            }
        }
    }
    *first = merged;
}

/// Whether all samples of `second` are newer than those of `first`.
pub(crate) fn is_behind(first: &Column, second: &Column) -> bool {
    match (first.times.last(), second.times.first()) {
        (Some(end), Some(start)) => end < start,
        _ => true,
    }
}

/// Puts the samples of `second`, which are newer, behind those of `first`.
pub(crate) fn append(first: &mut Column, second: &Column) {
    let before = first.len();
    first.times.extend_from_slice(&second.times);
    first.values.extend_from_slice(&second.values);
    if !first.histograms.is_empty() || !second.histograms.is_empty() {
        first.histograms.resize(before, None);
        first.histograms.extend_from_slice(&second.histograms);
        first.histograms.resize(first.times.len(), None);
    }
    if !first.starts.is_empty() || !second.starts.is_empty() {
        first.starts.resize(before, 0);
        first.starts.extend_from_slice(&second.starts);
        first.starts.resize(first.times.len(), 0);
    }
}

/// Appends sample number `index` of `from`.
pub(crate) fn push_from(to: &mut Column, from: &Column, index: usize) {
    let (Some(time), Some(value)) = (from.times.get(index), from.values.get(index)) else {
        return;
    };
    match from.histograms.get(index) {
        Some(Some(histogram)) => to.push_histogram(*time, Arc::clone(histogram)),
        _ => to.push(*time, *value),
    }
    let start = from.starts.get(index).copied().unwrap_or(0);
    if start != 0 {
        to.starts.resize(to.times.len() - 1, 0);
        to.starts.push(start);
    }
}

/// Takes the samples out whose times are in any of the ranges. Bounds: start included, end excluded.
pub(crate) fn cut_out(column: &mut Column, ranges: &[(i64, i64)]) {
    let is_in = |time: i64| {
        ranges
            .iter()
            .any(|(start, end)| *start <= time && time < *end)
    };
    if !column.times.iter().any(|time| is_in(*time)) {
        return;
    }
    let mut kept = Column::default();
    for index in 0..column.len() {
        if column.times.get(index).is_some_and(|time| !is_in(*time)) {
            push_from(&mut kept, column, index);
        }
    }
    *column = kept;
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Histogram;

    fn column(samples: &[(i64, f64)]) -> Column {
        let mut column = Column::default();
        for (time, value) in samples {
            column.push(*time, *value);
        }
        column
    }

    #[test]
    fn the_first_written_wins_and_histograms_come_along() {
        let mut first = column(&[(1, 1.0), (3, 3.0), (5, 5.0)]);
        let mut second = column(&[(0, 0.0), (3, 9.0), (4, 4.0)]);
        second.push_histogram(7, Arc::default());
        merge(&mut first, &second);
        assert_eq!(first.times, [0, 1, 3, 4, 5, 7]);
        assert_eq!(first.values[..5], [0.0, 1.0, 3.0, 4.0, 5.0]);
        let histograms: Vec<bool> = first.histograms.iter().map(Option::is_some).collect();
        assert_eq!(histograms, [false, false, false, false, false, true]);
        assert_eq!(first.histograms[5].as_deref(), Some(&Histogram::default()));
    }

    #[test]
    fn ranges_are_cut_out_half_open() {
        let mut whole = column(&[(1, 1.0), (2, 2.0), (3, 3.0), (4, 4.0)]);
        cut_out(&mut whole, &[(2, 3), (4, 9)]);
        assert_eq!(whole.times, [1, 3]);
    }
}

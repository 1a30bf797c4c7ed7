//! No more points than pixels can show.

/// Reduces a path to the first, lowest, highest and last point of each pixel column.
///
/// Ordering: x rises, and points keep their order. The line looks the same: within a column only its
/// extent and its ends are visible. `column` is the width of a pixel in the path's units.
pub(crate) fn per_column(path: &[(f64, f64)], column: f64) -> Vec<(f64, f64)> {
    let mut kept = Vec::with_capacity(path.len().min(8192));
    // Little to leave out: at most two points for each column.
    if let (Some(first), Some(last)) = (path.first(), path.last())
        && path.len() as f64 * column <= (last.0 - first.0) * 2.0
    {
        return path.to_vec();
    }
    for run in path.chunk_by(|a, b| (a.0 / column).floor() == (b.0 / column).floor()) {
        if run.len() <= 4 {
            kept.extend_from_slice(run);
            continue;
        }
        let by_height =
            |a: &(usize, &(f64, f64)), b: &(usize, &(f64, f64))| a.1.1.total_cmp(&b.1.1);
        let low = run
            .iter()
            .enumerate()
            .min_by(by_height)
            .map_or(0, |(i, _)| i);
        let high = run
            .iter()
            .enumerate()
            .max_by(by_height)
            .map_or(0, |(i, _)| i);
        let mut order = [0, low.min(high), low.max(high), run.len() - 1].to_vec();
        order.dedup();
        kept.extend(order.into_iter().filter_map(|i| run.get(i)));
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn few_points_stay_as_they_are() {
        let path = [(0.0, 1.0), (0.4, 2.0), (1.2, 3.0)];
        assert_eq!(per_column(&path, 1.0), path);
    }

    #[test]
    fn a_crowded_column_keeps_ends_and_extremes_in_order() {
        let path = [
            (0.0, 5.0),
            (0.1, 9.0),
            (0.2, 6.0),
            (0.3, 1.0),
            (0.4, 4.0),
            (0.5, 5.5),
        ];
        assert_eq!(
            per_column(&path, 1.0),
            [(0.0, 5.0), (0.1, 9.0), (0.3, 1.0), (0.5, 5.5)]
        );
    }

    proptest! {
        #[test]
        fn extremes_survive(values in proptest::collection::vec(-1e3..1e3f64, 1..500)) {
            let path: Vec<_> = values.iter().enumerate().map(|(i, v)| (i as f64 / 20.0, *v)).collect();
            let kept = per_column(&path, 1.0);
            let extent = |p: &[(f64, f64)]| {
                p.iter().fold((f64::MAX, f64::MIN), |e, q| (e.0.min(q.1), e.1.max(q.1)))
            };
            prop_assert_eq!(extent(&kept), extent(&path));
            prop_assert!(kept.len() <= path.len() && kept.windows(2).all(|w| w[0].0 < w[1].0));
            prop_assert!(kept.len() as f64 <= 4.0 * (path.len() as f64 / 20.0).ceil());
        }
    }
}

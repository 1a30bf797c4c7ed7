//! How late requests come, measured where they arrive.

/// How late each request of a target came, in milliseconds.
///
/// A scraper asks once per interval, at a place within it that is the target's own. That place is taken to
/// be the earliest one at which the target was ever asked, so that no request counts as early.
pub(super) fn lateness(arrivals: &[f64], interval_ms: f64) -> Vec<f64> {
    let Some(first) = arrivals.first() else {
        return Vec::new();
    };
    let places: Vec<f64> = arrivals
        .iter()
        .map(|arrival| {
            let since = arrival - first;
            since - (since / interval_ms).round() * interval_ms
        })
        .collect();
    let earliest = places.iter().copied().fold(f64::INFINITY, f64::min);
    places.into_iter().map(|place| place - earliest).collect()
}

/// The value below which `share` of the sorted `values` lie.
pub(super) fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "an index into values in memory"
    )]
    let place = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(place.saturating_sub(1)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_late_by_their_distance_from_the_targets_place() {
        let late = lateness(&[107.0, 1_100.0, 2_150.0, 4_100.0], 1_000.0);
        assert_eq!(late, [7.0, 0.0, 50.0, 0.0]);
        assert!(lateness(&[], 1_000.0).is_empty());
    }

    #[test]
    fn a_quantile_is_one_of_the_values() {
        let values = [1.0, 2.0, 3.0, 4.0];
        assert_eq!(quantile(&values, 0.5), Some(2.0));
        assert_eq!(quantile(&values, 1.0), Some(4.0));
        assert_eq!(quantile(&values, 0.0), Some(1.0));
        assert_eq!(quantile(&[], 0.5), None);
    }
}

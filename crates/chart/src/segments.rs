//! Points, and where a line through them is broken.

use std::ops::Range;

/// One value at one time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Units: seconds since the epoch.
    pub time: f64,
    /// The value; what is not finite breaks the line.
    pub value: f64,
}

/// Runs of points that a line connects.
///
/// A value that is not finite, or more than two steps without a point, breaks the line.
pub(crate) fn segments(points: &[Point], step: f64) -> Vec<Range<usize>> {
    // Half a step more, because times are floats.
    let widest = step * 2.5;
    let mut runs: Vec<Range<usize>> = Vec::new();
    let mut last: Option<(usize, f64)> = None;
    for (i, point) in points.iter().enumerate() {
        if !point.value.is_finite() {
            continue;
        }
        let joins = matches!(last, Some((at, time)) if at + 1 == i && point.time - time <= widest);
        match runs.last_mut() {
            Some(run) if joins => run.end = i + 1,
            _ => runs.push(i..i + 1),
        }
        last = Some((i, point.time));
    }
    runs
}

/// The index of the point nearest to `time`, if it is at most `reach` seconds away.
///
/// Ordering: times rise.
pub fn nearest(points: &[Point], time: f64, reach: f64) -> Option<usize> {
    let after = first_from(points, time);
    [after.checked_sub(1), Some(after)]
        .into_iter()
        .flatten()
        .filter_map(|i| points.get(i).map(|p| (i, (p.time - time).abs())))
        .filter(|(_, distance)| *distance <= reach)
        .min_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(i, _)| i)
}

/// The index of the first point that is not before `time`.
fn first_from(points: &[Point], time: f64) -> usize {
    let is_first = |i: usize| {
        points.get(i).is_none_or(|p| p.time >= time)
            && i.checked_sub(1)
                .and_then(|before| points.get(before))
                .is_none_or(|p| p.time < time)
    };
    // Most series have a point at every step: one look where it should be, instead of many.
    if let (Some(first), Some(last)) = (points.first(), points.last()) {
        let part = (time - first.time) / (last.time - first.time);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "saturates; a wrong guess is no harm"
        )]
        let guess = (part * (points.len() - 1) as f64).ceil() as usize;
        let near = [guess, guess.saturating_add(1), guess.saturating_sub(1)];
        if let Some(found) = near
            .into_iter()
            .find(|i| *i <= points.len() && is_first(*i))
        {
            return found;
        }
    }
    points.partition_point(|p| p.time < time)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(pairs: &[(f64, f64)]) -> Vec<Point> {
        pairs
            .iter()
            .map(|&(time, value)| Point { time, value })
            .collect()
    }

    #[test]
    fn one_missing_step_is_bridged_and_two_are_not() {
        let line = points(&[(0.0, 1.0), (20.0, 1.0), (50.0, 1.0), (60.0, 1.0)]);
        assert_eq!(segments(&line, 10.0), [0..2, 2..4]);
    }

    #[test]
    fn values_that_are_not_finite_break_the_line() {
        let line = points(&[
            (0.0, 1.0),
            (1.0, f64::NAN),
            (2.0, 1.0),
            (3.0, f64::INFINITY),
        ]);
        assert_eq!(segments(&line, 1.0), [0..1, 2..3]);
    }

    proptest::proptest! {
        #[test]
        fn guesses_find_what_a_search_finds(
            mut times in proptest::collection::vec(0_i32..50, 0..40),
            time in -5_i32..60,
        ) {
            times.sort_unstable();
            times.dedup();
            let line: Vec<(f64, f64)> = times.iter().map(|t| (f64::from(*t), 0.0)).collect();
            let line = points(&line);
            let wanted = line.partition_point(|p| p.time < f64::from(time));
            proptest::prop_assert_eq!(first_from(&line, f64::from(time)), wanted);
        }
    }

    #[test]
    fn nearest_looks_both_ways_but_not_too_far() {
        let line = points(&[(0.0, 1.0), (10.0, 1.0), (20.0, 1.0)]);
        assert_eq!(nearest(&line, 14.0, 5.0), Some(1));
        assert_eq!(nearest(&line, 16.0, 5.0), Some(2));
        assert_eq!(nearest(&line, 40.0, 5.0), None);
        assert_eq!(nearest(&[], 40.0, 5.0), None);
    }
}

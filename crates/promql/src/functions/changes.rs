//! How often values change or fall.

use super::start_times;
use crate::eval::Window;
use crate::histogram;

/// `changes`: samples that differ from the one before.
pub(super) fn changes(window: &Window<'_>) -> f64 {
    count(window, |at, before, after| {
        match (window.histogram(at), window.histogram(at + 1)) {
            (None, None) => before != after && !(before.is_nan() && after.is_nan()),
            (Some(before), Some(after)) => !histogram::is_same(before, after),
            _ => true,
        }
    })
}

/// `resets`: samples below the one before, or that began anew.
pub(super) fn resets(window: &Window<'_>) -> f64 {
    count(window, |at, before, after| {
        match (window.histogram(at), window.histogram(at + 1)) {
            (None, None) => after < before || start_times::is_reset(window, at + 1),
            (Some(before), Some(after)) => {
                start_times::is_reset(window, at + 1) || histogram::is_reset(after, before)
            }
            _ => true,
        }
    })
}

/// Counts pairs of neighbours, which come with the number of the first and both values.
fn count(window: &Window<'_>, differs: impl Fn(usize, f64, f64) -> bool) -> f64 {
    let pairs = window.values.windows(2).enumerate();
    let hits = pairs.filter(|(at, pair)| match pair {
        [before, after] => differs(*at, *before, *after),
        _ => false,
    });
    hits.count() as f64
}

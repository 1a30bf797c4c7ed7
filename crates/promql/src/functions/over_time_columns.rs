//! The `*_over_time` functions that see whole columns at once.

use super::over_time::extreme;
use super::range::{MANY_SAMPLES, RangeFunction, RangeNotes};
use crate::Result;
use crate::eval::{Window, WindowSeries};
use crate::kahan::{self, Sum};
use crate::series::ABSENT;

/// Sums of whole numbers up to here are exact. Source: IEEE 754, 53 bits of precision.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// The function named `name`, if it is one of these.
pub(super) fn function(name: &str) -> Option<Box<dyn RangeFunction>> {
    Some(match name {
        "sum_over_time" => Box::new(Summed::new(false)),
        "avg_over_time" => Box::new(Summed::new(true)),
        "min_over_time" => Box::new(Extreme::<false>::new()),
        "max_over_time" => Box::new(Extreme::<true>::new()),
        "count_over_time" => Box::new(Simple(|values| values.len() as f64)),
        "present_over_time" => Box::new(Simple(|_| 1.0)),
        "first_over_time" => Box::new(Simple(|values| values.first().copied().unwrap_or(ABSENT))),
        "last_over_time" => Box::new(Simple(|values| values.last().copied().unwrap_or(ABSENT))),
        _ => return None,
    })
}

/// Computes the values of all windows that hold samples; how many these are.
fn each(
    series: &WindowSeries<'_>,
    out: &mut [f64],
    mut at: impl FnMut(usize, usize) -> f64,
) -> usize {
    let mut present = 0;
    for (slot, (first, end)) in out.iter_mut().zip(&series.edges().list) {
        if first < end {
            *slot = at(*first as usize, *end as usize);
            present += 1;
        }
    }
    present
}

/// A function of the values of a window, and of nothing else.
struct Simple(fn(&[f64]) -> f64);

impl RangeFunction for Simple {
    fn fill(&mut self, series: &WindowSeries<'_>, out: &mut [f64]) -> Option<usize> {
        let values = &series.column().values;
        Some(each(series, out, |first, end| {
            (self.0)(values.get(first..end).unwrap_or_default())
        }))
    }

    fn at(&mut self, window: &Window<'_>, _notes: &RangeNotes<'_>) -> Result<f64> {
        Ok((self.0)(window.values))
    }
}

/// `sum_over_time`, `avg_over_time`.
struct Summed {
    is_mean: bool,
    /// Sums of all values before each, where they are exact.
    before: Vec<f64>,
}

impl Summed {
    fn new(is_mean: bool) -> Self {
        Self {
            is_mean,
            before: Vec::new(),
        }
    }

    fn of(&self, values: &[f64]) -> f64 {
        if self.is_mean {
            kahan::mean(values)
        } else {
            Sum::of(values).value()
        }
    }

    /// Sums up from the start, if no sum can lose anything: then the difference of two is exact, too.
    fn sum_up(&mut self, values: &[f64]) -> bool {
        let mut is_whole = true;
        let mut size = 0.0;
        for value in values {
            is_whole &= value.trunc() == *value;
            size += value.abs();
        }
        if !is_whole || size.is_nan() || size >= EXACT {
            return false;
        }
        let mut sum = 0.0;
        self.before.clear();
        self.before.push(sum);
        self.before.extend(values.iter().map(|value| {
            sum += value;
            sum
        }));
        true
    }
}

impl RangeFunction for Summed {
    fn fill(&mut self, series: &WindowSeries<'_>, out: &mut [f64]) -> Option<usize> {
        let values = &series.column().values;
        let windows = series.edges();
        // Sums from the start pay where windows share samples.
        let is_shared = windows.samples > 2 * values.len() as u64;
        if !is_shared || !self.sum_up(values) {
            if windows.samples > MANY_SAMPLES {
                return None;
            }
            return Some(each(series, out, |first, end| {
                self.of(values.get(first..end).unwrap_or_default())
            }));
        }
        Some(each(series, out, |first, end| {
            match (self.before.get(first), self.before.get(end)) {
                (Some(before), Some(sum)) if self.is_mean => (sum - before) / (end - first) as f64,
                (Some(before), Some(sum)) => sum - before,
                _ => ABSENT,
            }
        }))
    }

    fn at(&mut self, window: &Window<'_>, _notes: &RangeNotes<'_>) -> Result<f64> {
        Ok(self.of(window.values))
    }
}

/// `min_over_time`, `max_over_time`.
///
/// The samples of a window are those before a place in it, whose best from each on to that place is known, and
/// those behind, of which the best is known. When the window has left the place behind, its end is the next
/// such place: each sample is looked at twice, however wide windows are.
struct Extreme<const MOST: bool> {
    /// The best of the samples from each one on to the place.
    to_place: Vec<f64>,
}

impl<const MOST: bool> Extreme<MOST> {
    fn new() -> Self {
        Self {
            to_place: Vec::new(),
        }
    }

    fn beats(new: f64, old: f64) -> bool {
        if MOST { new > old } else { new < old }
    }

    /// The better of two. A NaN beats nothing and gives way to anything.
    #[inline]
    fn best(earlier: f64, later: f64) -> f64 {
        if Self::beats(later, earlier) | earlier.is_nan() {
            later
        } else {
            earlier
        }
    }
}

impl<const MOST: bool> RangeFunction for Extreme<MOST> {
    fn fill(&mut self, series: &WindowSeries<'_>, out: &mut [f64]) -> Option<usize> {
        let values = &series.column().values;
        // `to_place` is of the samples `start..place`, `behind` of `place..next`.
        let (mut start, mut place, mut next) = (0, 0, 0);
        let mut behind = f64::NAN;
        Some(each(series, out, |first, end| {
            if first >= place {
                let part = values.get(first..end).unwrap_or_default();
                self.to_place.clear();
                self.to_place.resize(part.len(), f64::NAN);
                let mut best = f64::NAN;
                for (slot, value) in self.to_place.iter_mut().zip(part).rev() {
                    best = Self::best(*value, best);
                    *slot = best;
                }
                (start, place, next) = (first, end, end);
                behind = f64::NAN;
            } else if end > next {
                let part = values.get(next..end).unwrap_or_default();
                behind = part
                    .iter()
                    .fold(behind, |best, value| Self::best(best, *value));
                next = end;
            }
            let known = self.to_place.get(first.wrapping_sub(start));
            Self::best(known.copied().unwrap_or(f64::NAN), behind)
        }))
    }

    fn at(&mut self, window: &Window<'_>, _notes: &RangeNotes<'_>) -> Result<f64> {
        Ok(extreme(window, Self::beats).1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_summed_up_once() {
        let mut sum = Summed::new(false);
        assert!(sum.sum_up(&[1.0, -3.0, 4e15]));
        assert_eq!(sum.before, [0.0, 1.0, -2.0, 3_999_999_999_999_998.0]);
        for values in [
            [0.5, 1.0],
            [f64::NAN, 1.0],
            [f64::INFINITY, 1.0],
            [8e15, -8e15],
        ] {
            assert!(!sum.sum_up(&values), "{values:?}");
        }
    }
}

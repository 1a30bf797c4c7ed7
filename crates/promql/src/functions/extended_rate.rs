//! `anchored` and `smoothed` ranges: windows whose ends have values of their own.
//!
//! Source: Prometheus 3.14, `promql/functions.go`, `extendedRate`.

use super::range::{RangeFunction, RangeNotes};
use crate::eval::Window;
use crate::series::ABSENT;
use crate::{Error, Result};
use promql_syntax::{Expr, ExprKind, Extension};

/// The modifier of a range, if the function can use it.
pub(super) fn extension_of(matrix: &Expr, function: &'static str) -> Result<Option<Extension>> {
    let ExprKind::Matrix(selector) = &matrix.unparenthesised().kind else {
        return Ok(None);
    };
    let Some(extension) = selector.selector.extension else {
        return Ok(None);
    };
    let allowed = match extension {
        Extension::Anchored => "changes, delta, increase, rate, resets",
        Extension::Smoothed => "delta, increase, rate",
    };
    if allowed.split(", ").any(|name| name == function) {
        return Ok(Some(extension));
    }
    Err(Error::ExtensionUse {
        modifier: extension.as_str(),
        allowed,
        function,
    })
}

/// `rate`, `increase`, `delta` without guessing beyond samples.
pub(super) struct ExtendedRate {
    counter: bool,
    per_second: bool,
    smoothed: bool,
}

impl ExtendedRate {
    pub(super) fn of(name: &str, extension: Extension) -> Self {
        Self {
            counter: name != "delta",
            per_second: name == "rate",
            smoothed: extension == Extension::Smoothed,
        }
    }

    /// The value at `time` on the line between two samples; a counter that fell started from zero.
    fn between(&self, a: (i64, f64), b: (i64, f64), time: i64) -> f64 {
        let low = if self.counter && b.1 < a.1 { 0.0 } else { a.1 };
        low + (b.1 - low) * (time - a.0) as f64 / (b.0 - a.0) as f64
    }

    /// The ends of a window; `None` where there is nothing between them.
    fn ends(&self, window: &Window<'_>) -> Option<Ends> {
        let (times, values) = (window.times, window.values);
        let sample = |at: usize| times.get(at).copied().zip(values.get(at).copied());
        let newest = times.len() - 1;
        let before_newest = times.get(..newest).unwrap_or_default();
        let first = before_newest
            .partition_point(|t| *t <= window.start)
            .saturating_sub(1);
        let mut last = newest;
        if self.smoothed {
            last = before_newest.partition_point(|t| *t < window.end);
        }
        let (Some(left), Some(right)) = (sample(first), sample(last)) else {
            return None;
        };
        if right.0 <= window.start || (self.smoothed && left.0 > window.end) {
            return None;
        }
        let left_value = match sample(first + 1) {
            Some(next) if self.smoothed && left.0 < window.start => {
                self.between(left, next, window.start)
            }
            _ => left.1,
        };
        let right_value = match last.checked_sub(1).and_then(sample) {
            Some(previous) if self.smoothed && right.0 > window.end => {
                self.between(previous, right, window.end)
            }
            _ => right.1,
        };
        Some(Ends {
            first,
            last,
            left: left_value,
            right: right_value,
        })
    }
}

/// Where the samples of a window begin and end, and the values at its ends.
struct Ends {
    first: usize,
    last: usize,
    left: f64,
    right: f64,
}

impl RangeFunction for ExtendedRate {
    fn at(&mut self, window: &Window<'_>, _notes: &RangeNotes<'_>) -> Result<f64> {
        let Some(Ends {
            mut first,
            mut last,
            left,
            right,
        }) = self.ends(window)
        else {
            return Ok(ABSENT);
        };
        let (times, values) = (window.times, window.values);
        let time = |at: usize| times.get(at).copied().unwrap_or(i64::MAX);
        let mut result = right - left;
        if self.counter {
            // Falls at the ends are in the values of the ends already.
            first += usize::from(time(first) <= window.start);
            let after = last + usize::from(time(last) < window.end);
            last = after.max(first);
            let mut before = left;
            for value in values.get(first..last).unwrap_or_default() {
                if *value < before {
                    result += before;
                }
                before = *value;
            }
            if right < before {
                result += before;
            }
        }
        Ok(if self.per_second {
            result / window.range_seconds()
        } else {
            result
        })
    }
}

/// A function of the samples of a window; under `anchored` with the sample before the window, and only
/// where there is one inside it.
pub(super) fn anchored(
    extension: Option<Extension>,
    function: fn(&Window<'_>) -> f64,
) -> impl FnMut(&Window<'_>) -> f64 {
    move |window| {
        if extension != Some(Extension::Anchored) {
            return function(window);
        }
        let inside = window.times.partition_point(|t| *t <= window.start);
        if inside >= window.times.len() {
            return ABSENT;
        }
        function(&window.skip(inside.saturating_sub(1)))
    }
}

/// The samples of an extended range itself: those inside, and one at each end.
pub(crate) fn extended_samples(window: &Window<'_>, extension: Extension) -> (Vec<i64>, Vec<f64>) {
    let rate = ExtendedRate {
        counter: false,
        per_second: false,
        smoothed: extension == Extension::Smoothed,
    };
    let Some(ends) = rate.ends(window) else {
        return (Vec::new(), Vec::new());
    };
    let (mut times, mut values) = (vec![window.start], vec![ends.left]);
    for (time, value) in window.times.iter().zip(window.values) {
        if *time > window.start && *time < window.end {
            times.push(*time);
            values.push(*value);
        }
    }
    times.push(window.end);
    values.push(ends.right);
    (times, values)
}

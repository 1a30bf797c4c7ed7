//! `*_over_time`: one value from all samples of a window.

use super::over_time_columns;
use super::range::RangeFunction;
use crate::eval::Window;
use crate::kahan::Sum;
use crate::quantile;
use crate::series::{ABSENT, Scalars};

/// The function named `name`, if it takes nothing but the range.
pub(super) fn function(name: &str) -> Option<Box<dyn RangeFunction>> {
    if let Some(columns) = over_time_columns::function(name) {
        return Some(columns);
    }
    let simple: fn(&Window<'_>) -> f64 = match name {
        // The last of equal ones.
        "ts_of_min_over_time" => |window| extreme(window, |value, least| value <= least).0,
        "ts_of_max_over_time" => |window| extreme(window, |value, most| value >= most).0,
        "ts_of_first_over_time" => |window| seconds(window.times.first()),
        "ts_of_last_over_time" => |window| seconds(window.times.last()),
        "stdvar_over_time" => |window| variance(window.values),
        "stddev_over_time" => |window| variance(window.values).sqrt(),
        "mad_over_time" => |window| median_deviation(window.values),
        _ => return None,
    };
    Some(Box::new(simple))
}

/// `quantile_over_time`.
pub(super) fn quantile(q: Scalars) -> Box<dyn RangeFunction> {
    let mut sorted = Vec::new();
    Box::new(move |window: &Window<'_>| {
        sorted.clear();
        sorted.extend_from_slice(window.values);
        quantile::quantile(q.at(window.k), &mut sorted)
    })
}

fn seconds(millis: Option<&i64>) -> f64 {
    millis.map_or(ABSENT, |time| *time as f64 / 1000.0)
}

/// Time (in seconds) and value of the sample that beats all others; NaN only if there is nothing else.
pub(super) fn extreme(window: &Window<'_>, beats: fn(f64, f64) -> bool) -> (f64, f64) {
    let mut samples = window.times.iter().zip(window.values);
    let Some((mut time, mut best)) = samples.next() else {
        return (ABSENT, ABSENT);
    };
    for (other, value) in samples {
        if beats(*value, *best) || best.is_nan() {
            (time, best) = (other, value);
        }
    }
    (*time as f64 / 1000.0, *best)
}

/// Population variance.
fn variance(values: &[f64]) -> f64 {
    let (mut mean, mut squares) = (Sum::default(), Sum::default());
    let mut count = 0.0;
    for value in values {
        count += 1.0;
        let delta = value - mean.value();
        mean.add(delta / count);
        squares.add(delta * (value - mean.value()));
    }
    squares.value() / count
}

/// Median of the distances from the median.
fn median_deviation(values: &[f64]) -> f64 {
    if values.iter().any(|value| value.is_nan()) {
        return f64::NAN;
    }
    let mut sorted = values.to_vec();
    let median = quantile::quantile(0.5, &mut sorted);
    for value in &mut sorted {
        *value = (*value - median).abs();
    }
    quantile::quantile(0.5, &mut sorted)
}

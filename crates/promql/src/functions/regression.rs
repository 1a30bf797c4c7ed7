//! Lines through samples.

use super::range::{RangeFunction, RangeNotes};
use crate::eval::Window;
use crate::kahan::Sum;
use crate::series::{ABSENT, Scalars};
use crate::{Error, Result};

/// Slope per second and value at `origin` of the least-squares line. Units of `origin`: milliseconds.
fn line(window: &Window<'_>, origin: i64) -> Option<(f64, f64)> {
    let (&[first, ref others @ ..], [_, _, ..]) = (window.values, window.values) else {
        return None;
    };
    if others.iter().all(|value| *value == first) {
        let level = if first.is_infinite() { f64::NAN } else { first };
        let slope = if first.is_infinite() { f64::NAN } else { 0.0 };
        return Some((slope, level));
    }
    let (mut x_sum, mut y_sum) = (Sum::default(), Sum::default());
    let (mut xy_sum, mut xx_sum) = (Sum::default(), Sum::default());
    for (time, y) in window.times.iter().zip(window.values) {
        let x = (time - origin) as f64 / 1e3;
        x_sum.add(x);
        y_sum.add(*y);
        xy_sum.add(x * y);
        xx_sum.add(x * x);
    }
    let n = window.values.len() as f64;
    let (x, y) = (x_sum.value(), y_sum.value());
    let covariance = xy_sum.value() - x * y / n;
    let variance = xx_sum.value() - x * x / n;
    let slope = covariance / variance;
    Some((slope, y / n - slope * x / n))
}

/// `deriv`.
pub(super) fn deriv(window: &Window<'_>) -> f64 {
    // Times near zero keep the squares small.
    let origin = window.times.first().copied().unwrap_or(0);
    line(window, origin).map_or(ABSENT, |(slope, _)| slope)
}

/// `predict_linear`.
pub(super) fn predict_linear(ahead: Scalars) -> Box<dyn RangeFunction> {
    Box::new(move |window: &Window<'_>| {
        line(window, window.time)
            .map_or(ABSENT, |(slope, level)| slope * ahead.at(window.k) + level)
    })
}

/// `double_exponential_smoothing`.
pub(super) struct Smoothing {
    /// Weight of a new sample against the level.
    pub(super) value: Scalars,
    /// Weight of a new difference against the trend.
    pub(super) trend: Scalars,
}

fn checked(value: f64, what: &'static str, symbol: &'static str) -> Result<f64> {
    if value <= 0.0 || value >= 1.0 {
        return Err(Error::BadFactor {
            what,
            symbol,
            got: value,
        });
    }
    Ok(value)
}

impl RangeFunction for Smoothing {
    fn at(&mut self, window: &Window<'_>, _notes: &RangeNotes<'_>) -> Result<f64> {
        let smoothing = checked(self.value.at(window.k), "smoothing", "sf")?;
        let trending = checked(self.trend.at(window.k), "trend", "tf")?;
        let &[first, second, ..] = window.values else {
            return Ok(ABSENT);
        };
        let (mut before, mut level, mut trend) = (0.0, first, second - first);
        for (index, value) in window.values.iter().enumerate().skip(1) {
            if index > 1 {
                trend = trending * (level - before) + (1.0 - trending) * trend;
            }
            let next = smoothing * value + (1.0 - smoothing) * (level + trend);
            (before, level) = (level, next);
        }
        Ok(level)
    }
}

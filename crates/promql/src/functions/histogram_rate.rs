//! How fast histograms change.
//!
//! Source: Prometheus 3.14, `promql/functions.go`, `histogramRate` and `instantValue`.

use super::range::{OnHistograms, RangeNotes};
use super::rate::Extrapolation;
use super::start_times;
use crate::annotations::{Note, Operation};
use crate::eval::Window;
use crate::histogram::{self, Added, Incompatible, Total};
use crate::series::Sample;
use model::{Histogram, ResetHint};
use std::sync::Arc;

/// Adds or subtracts with notes on what had to be done; `None` where that is not possible.
pub(super) fn noted(
    outcome: Result<Added, Incompatible>,
    operation: Operation,
    notes: &RangeNotes<'_>,
) -> Option<()> {
    let Ok(added) = outcome else {
        notes.add(Note::MixedBuckets(notes.metric()));
        return None;
    };
    if added.bounds_reconciled {
        notes.add(Note::ReconciledBounds(operation));
    }
    Some(())
}

/// `rate`, `increase`, `delta`.
pub(super) fn rate(name: &str) -> OnHistograms<'static> {
    let (counter, per_second) = (name != "delta", name == "rate");
    Box::new(move |window, notes| {
        if window.histogram_count() < window.times.len() {
            notes.add(Note::MixedFloats(notes.metric()));
            return None;
        }
        let points: Vec<&Histogram> = window.histograms.iter().flatten().map(|h| &**h).collect();
        let started = if counter {
            start_times::started_inside(window)
        } else {
            None
        };
        let mut total = match &points[..] {
            [] => return None,
            [_] if started.is_none() => return None,
            [only] => Total::of(only),
            _ => {
                let mut change = change(window, &points, counter, notes)?;
                if let (Some(_), Some(first)) = (started, points.first()) {
                    noted(change.add(first), Operation::Addition, notes)?;
                }
                change
            }
        };
        let levels = (points.first()?.count, total.finish().count);
        let extrapolation = Extrapolation {
            levels: (counter && levels.1 > 0.0 && levels.0 >= 0.0).then_some(levels),
            started,
        };
        let mut factor = extrapolation.factor(window)?;
        if per_second {
            factor /= window.range_seconds();
        }
        total.multiply(factor);
        Some(Sample::Histogram(Arc::new(total.finish())))
    })
}

/// The change from the first of at least two histograms to the last.
fn change(
    window: &Window<'_>,
    points: &[&Histogram],
    counter: bool,
    notes: &RangeNotes<'_>,
) -> Option<Total> {
    let (&[first, second, ..], &[.., last]) = (points, points) else {
        return None;
    };
    let is_gauge = |histogram: &Histogram| histogram.reset_hint == ResetHint::Gauge;
    if counter && points.iter().any(|point| is_gauge(point)) {
        notes.add(Note::NotCounter(notes.metric()));
    }
    let are_gauges = is_gauge(first) && is_gauge(last);
    if !counter && !are_gauges {
        notes.add(Note::NotGauge(notes.metric()));
    }
    // After a reset nothing of the first histogram counts, not even its buckets' bounds.
    let nothing;
    let from =
        if counter && (start_times::is_reset(window, 1) || histogram::is_reset(second, first)) {
            nothing = Histogram {
                schema: second.schema,
                custom_values: second.custom_values.clone(),
                ..Histogram::default()
            };
            &nothing
        } else {
            first
        };
    let between = points.get(1..).unwrap_or_default();
    let checked = if counter {
        between
    } else {
        std::slice::from_ref(&last)
    };
    let is_custom = from.has_custom_buckets();
    if checked
        .iter()
        .any(|point| point.has_custom_buckets() != is_custom)
    {
        notes.add(Note::MixedBuckets(notes.metric()));
        return None;
    }
    let schemas = checked.iter().map(|point| point.schema);
    let mut total = Total::of(last);
    total.reduce(schemas.fold(from.schema, i32::min));
    noted(total.subtract(from), Operation::Subtraction, notes)?;
    if counter {
        start_times::note_overlap(window, notes);
        let mut before = from;
        for (at, now) in points.iter().enumerate().skip(1) {
            if start_times::is_reset(window, at) || histogram::is_reset(now, before) {
                noted(total.add(before), Operation::Addition, notes)?;
            }
            before = now;
        }
    }
    total.reset_hint = ResetHint::Gauge;
    Some(total)
}

/// `irate`, `idelta`: from the last two samples.
pub(super) fn last_two(name: &str) -> OnHistograms<'static> {
    let per_second = name == "irate";
    Box::new(move |window, notes| {
        let last = window.times.len().checked_sub(1)?;
        let before = last.checked_sub(1)?;
        let (old, new) = match (window.histogram(before), window.histogram(last)) {
            (Some(old), Some(new)) => (old, new),
            (None, None) => {
                let value = if per_second {
                    super::rate::irate(window)
                } else {
                    super::rate::idelta(window)
                };
                return Some(Sample::Float(value));
            }
            _ => {
                notes.add(Note::MixedFloats(notes.metric()));
                return None;
            }
        };
        let gauges = [old, new].map(|one| one.reset_hint == ResetHint::Gauge);
        if per_second && gauges.contains(&true) {
            notes.add(Note::NotCounter(notes.metric()));
        }
        if !per_second && gauges.contains(&false) {
            notes.add(Note::NotGauge(notes.metric()));
        }
        let mut total = Total::of(new);
        let began_anew = start_times::is_reset(window, last) || histogram::is_reset(new, old);
        if !(per_second && began_anew) {
            noted(total.subtract(old), Operation::Subtraction, notes)?;
        }
        total.reset_hint = ResetHint::Gauge;
        if per_second {
            let millis = window.times.get(last)? - window.times.get(before)?;
            total.divide(millis as f64 / 1000.0);
        }
        Some(Sample::Histogram(Arc::new(total.finish())))
    })
}

//! `anchored` and `smoothed` ranges of histograms.
//!
//! Source: Prometheus 3.14, `promql/functions.go`, `extendedHistogramRate`.

use super::histogram_rate::noted;
use super::range::{OnHistograms, RangeNotes};
use crate::annotations::{Note, Operation};
use crate::eval::Window;
use crate::histogram::{self, Incompatible, Total};
use crate::series::Sample;
use model::{Histogram, ResetHint};
use promql_syntax::Extension;
use std::sync::Arc;

/// The line between two histograms.
pub(crate) struct HistogramLine<'h> {
    /// Time and histogram.
    pub(crate) left: (i64, &'h Histogram),
    /// Time and histogram.
    pub(crate) right: (i64, &'h Histogram),
    /// Whether a reset between them makes the line begin at zero.
    pub(crate) counter: bool,
}

impl HistogramLine<'_> {
    /// The histogram at `time`, which lies between the ends.
    pub(crate) fn at(&self, time: i64, note: &dyn Fn(Note)) -> Result<Histogram, Incompatible> {
        let ((from, old), (to, new)) = (self.left, self.right);
        if time == from {
            return Ok(old.clone());
        }
        if time == to {
            return Ok(new.clone());
        }
        if old.has_custom_buckets() != new.has_custom_buckets() {
            return Err(Incompatible);
        }
        let share = (time - from) as f64 / (to - from) as f64;
        let mut total = Total::of(new);
        if self.counter && histogram::is_reset(new, old) {
            total.multiply(share);
            return Ok(total.finish());
        }
        if total.subtract(old)?.bounds_reconciled {
            note(Note::ReconciledBounds(Operation::Subtraction));
        }
        total.multiply(share);
        if total.add(old)?.bounds_reconciled {
            note(Note::ReconciledBounds(Operation::Addition));
        }
        Ok(total.finish())
    }
}

/// `rate`, `increase`, `delta` without guessing beyond samples.
pub(super) fn rate(name: &str, extension: Extension) -> OnHistograms<'static> {
    let (counter, per_second) = (name != "delta", name == "rate");
    let smoothed = extension == Extension::Smoothed;
    Box::new(move |window, notes| {
        if window.histogram_count() < window.times.len() {
            notes.add(Note::MixedFloats(notes.metric()));
            return None;
        }
        let part = Part::of(window, smoothed, counter, notes)?;
        let mut total = part.change(counter, notes)?;
        if per_second {
            total.divide(window.range_seconds());
        }
        total.reset_hint = ResetHint::Gauge;
        Some(Sample::Histogram(Arc::new(total.finish())))
    })
}

/// The samples that a window reaches over, with its ends.
struct Part<'c> {
    points: Vec<&'c Histogram>,
    /// At the left end of the window.
    left: Histogram,
    /// At the right end of the window.
    right: Histogram,
    /// Whether the left end lies between the first two samples.
    left_between: bool,
}

impl<'c> Part<'c> {
    fn of(
        window: &Window<'c>,
        smoothed: bool,
        counter: bool,
        notes: &RangeNotes<'_>,
    ) -> Option<Self> {
        let times = window.times;
        let newest = times.len().checked_sub(1)?;
        let before_newest = times.get(..newest)?;
        let first = before_newest
            .partition_point(|t| *t <= window.start)
            .saturating_sub(1);
        let last = if smoothed {
            before_newest.partition_point(|t| *t < window.end)
        } else {
            newest
        };
        let (first_time, last_time) = (*times.get(first)?, *times.get(last)?);
        if last_time <= window.start || (smoothed && first_time > window.end) {
            return None;
        }
        let all = window.histograms.get(first..=last)?;
        let points: Vec<&Histogram> = all.iter().flatten().map(|one| &**one).collect();
        let (head, tail) = (points.first()?, points.last()?);
        if points
            .iter()
            .any(|point| point.has_custom_buckets() != head.has_custom_buckets())
        {
            notes.add(Note::MixedBuckets(notes.metric()));
            return None;
        }
        let is_gauge = |point: &&Histogram| point.reset_hint == ResetHint::Gauge;
        if counter && points.iter().any(is_gauge) {
            notes.add(Note::NotCounter(notes.metric()));
        }
        let between = |at: usize, time: i64| {
            let line = HistogramLine {
                left: (*times.get(at)?, window.histogram(at)?),
                right: (*times.get(at + 1)?, window.histogram(at + 1)?),
                counter,
            };
            line.at(time, &|note| notes.add(note)).ok()
        };
        let left_between = smoothed && first_time < window.start;
        let left = if left_between {
            between(first, window.start)?
        } else {
            (*head).clone()
        };
        let right = if smoothed && last_time > window.end && last > 0 {
            between(last - 1, window.end)?
        } else {
            (*tail).clone()
        };
        Some(Self {
            points,
            left,
            right,
            left_between,
        })
    }

    fn change(&self, counter: bool, notes: &RangeNotes<'_>) -> Option<Total> {
        let ends = [&self.left, &self.right];
        if !counter && ends.iter().any(|end| end.reset_hint != ResetHint::Gauge) {
            notes.add(Note::NotGauge(notes.metric()));
        }
        let mut total = Total::of(&self.right);
        noted(total.subtract(&self.left), Operation::Subtraction, notes)?;
        if counter {
            for lost in self.lost() {
                noted(total.add(lost), Operation::Addition, notes)?;
            }
        }
        Some(total)
    }

    /// What the counter had reached before each of its resets.
    fn lost(&self) -> Vec<&Histogram> {
        let mut lost = Vec::new();
        let mut before = &self.left;
        let mut next = 1;
        if let (true, [first, second, ..]) = (self.left_between, &self.points[..])
            && histogram::is_reset(second, first)
        {
            // The left end counts from that reset already.
            before = second;
            next = 2;
        }
        if next >= self.points.len() {
            // Both ends lie between the same two samples, or there is only one.
            return lost;
        }
        let last = self.points.len() - 1;
        for now in self.points.get(next..last).unwrap_or_default() {
            if histogram::is_reset(now, before) {
                lost.push(before);
            }
            before = now;
        }
        if histogram::is_reset(&self.right, before) {
            lost.push(before);
        }
        lost
    }
}

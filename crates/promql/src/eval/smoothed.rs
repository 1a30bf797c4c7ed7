//! Instant `smoothed` selectors: values on the line between samples.
//!
//! Source: Prometheus 3.14, `promql/engine.go`, `smoothSeries`.

use super::Evaluator;
use super::window::drop_stale;
use crate::Result;
use crate::annotations::Note;
use crate::functions::HistogramLine;
use crate::grid::Grid;
use crate::series::{Sample, Series, Sink};
use model::{Histogram, ResetHint};
use promql_syntax::{Span, VectorSelector};
use std::ops::Range;
use std::sync::Arc;
use storage::Column;

impl Evaluator<'_> {
    /// Values between samples, on the line between its neighbours; after the last sample, its value.
    pub(super) fn stream_smoothed(
        &self,
        selector: &VectorSelector,
        span: Span,
        grid: Grid,
        sink: Sink<'_>,
    ) -> Result<()> {
        let shift = self.shift(&selector.shift)?;
        let reach = (self.lookback, self.lookback);
        let selected = self.select(&selector.all_matchers(), grid, shift, reach)?;
        let mut column = Column::default();
        let mut reader = selected.selection.reader();
        for index in 0..selected.selection.len() {
            reader.read(index, selected.range, &mut column)?;
            self.budget.work(column.times.len() + grid.n)?;
            self.budget.count_samples(
                grid.n as u64,
                column.times.len() as u64,
                std::iter::repeat_n(1, grid.n),
            );
            drop_stale(&mut column);
            self.strip(&mut column);
            let labels = selected.selection.labels(index);
            let notes = Smoothing {
                ev: self,
                span,
                metric: labels.metric_name(),
            };
            let mut series = Series::blank_of(labels.clone(), false, grid.n);
            for (k, step) in grid.times().enumerate() {
                series.set(k, notes.at(&column, shift.apply(step)));
            }
            if !series.is_empty() {
                sink(&mut series)?;
            }
        }
        Ok(())
    }
}

struct Smoothing<'n> {
    ev: &'n Evaluator<'n>,
    span: Span,
    metric: &'n str,
}

impl Smoothing<'_> {
    fn at(&self, column: &Column, time: i64) -> Option<Sample> {
        let lookback = self.ev.lookback;
        let first = column
            .times
            .partition_point(|have| *have <= time.saturating_sub(lookback));
        let end = column
            .times
            .partition_point(|have| *have <= time.saturating_add(lookback));
        let after = column.times.partition_point(|have| *have < time);
        let near = column.histograms.get(first..end).unwrap_or_default();
        let histograms = near.iter().flatten().count();
        if histograms > 0 && histograms < end - first {
            self.ev
                .note(Note::MixedFloats(self.metric.to_owned()), self.span);
            return None;
        }
        let before = after.checked_sub(1).filter(|at| *at >= first);
        let after = Some(after).filter(|at| *at < end);
        if after.and_then(|at| column.times.get(at)) == Some(&time) {
            return sample(column, after?);
        }
        let (Some(left), Some(right)) = (before, after) else {
            // Without a next sample the last one holds; what it says of the one before it does not.
            return match sample(column, before?)? {
                Sample::Histogram(histogram) => Some(Sample::Histogram(Arc::new(Histogram {
                    reset_hint: ResetHint::Unknown,
                    ..(*histogram).clone()
                }))),
                float @ Sample::Float(_) => Some(float),
            };
        };
        self.between(column, left..right, time)
    }

    /// The sample between two neighbours.
    fn between(&self, column: &Column, at: Range<usize>, time: i64) -> Option<Sample> {
        let (left_time, right_time) = (*column.times.get(at.start)?, *column.times.get(at.end)?);
        match (sample(column, at.start)?, sample(column, at.end)?) {
            (Sample::Float(old), Sample::Float(new)) => {
                let share = (time - left_time) as f64 / (right_time - left_time) as f64;
                Some(Sample::Float(old + (new - old) * share))
            }
            (Sample::Histogram(old), Sample::Histogram(new)) => {
                let is_gauge = [&old, &new]
                    .iter()
                    .all(|one| one.reset_hint == ResetHint::Gauge);
                let line = HistogramLine {
                    left: (left_time, &old),
                    right: (right_time, &new),
                    counter: !is_gauge,
                };
                let note = |note| self.ev.note(note, self.span);
                let between = line.at(time, &note).ok();
                if between.is_none() {
                    note(Note::MixedBuckets(self.metric.to_owned()));
                }
                between.map(|histogram| Sample::Histogram(Arc::new(histogram)))
            }
            _ => None,
        }
    }
}

fn sample(column: &Column, at: usize) -> Option<Sample> {
    match column.histograms.get(at).and_then(Option::as_ref) {
        Some(histogram) => Some(Sample::Histogram(Arc::clone(histogram))),
        None => column.values.get(at).copied().map(Sample::Float),
    }
}

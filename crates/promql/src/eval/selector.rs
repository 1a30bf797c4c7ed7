//! Instant vector selectors.

use super::{Evaluator, Shift};
use crate::Result;
use crate::grid::Grid;
use crate::series::{ABSENT, Series, Sink, is_absent};
use model::{Matcher, TimeRange, TimestampMs};
use promql_syntax::{Extension, VectorSelector};
use storage::{Column, Matchers, Selection};

impl Evaluator<'_> {
    /// The newest sample of every series at every step, if it is not too old.
    pub(super) fn stream_selector(
        &self,
        selector: &VectorSelector,
        grid: Grid,
        sink: Sink<'_>,
    ) -> Result<()> {
        if selector.extension == Some(Extension::Smoothed) {
            return self.stream_smoothed(selector, grid, sink);
        }
        let shift = self.shift(&selector.shift)?;
        self.newest(
            &selector.all_matchers(),
            shift,
            grid,
            &mut |_, value| value,
            sink,
        )
    }

    /// As a selector, with the sample's time as value. Units: seconds.
    pub(crate) fn stream_sample_times(
        &self,
        selector: &VectorSelector,
        grid: Grid,
        sink: Sink<'_>,
    ) -> Result<()> {
        let shift = self.shift(&selector.shift)?;
        self.stream_times_of(&selector.all_matchers(), shift, grid, sink)
    }

    /// The times of the newest samples of series. Units: seconds.
    pub(crate) fn stream_times_of(
        &self,
        matchers: &[Matcher],
        shift: Shift,
        grid: Grid,
        sink: Sink<'_>,
    ) -> Result<()> {
        let seconds = &mut |time, _| time as f64 / 1000.0;
        self.newest(matchers, shift, grid, seconds, sink)
    }

    /// The series of a selector, and the range that was asked for. `before` and `after` widen it.
    pub(super) fn select(
        &self,
        matchers: &[Matcher],
        grid: Grid,
        shift: Shift,
        (before, after): (i64, i64),
    ) -> Result<(Box<dyn Selection>, TimeRange)> {
        let first = shift
            .apply(grid.start)
            .saturating_sub(before)
            .saturating_add(1);
        let last = shift.apply(grid.last()).saturating_add(after);
        let range = TimeRange::inclusive(TimestampMs(first), TimestampMs(last));
        let matchers = Matchers::compile(matchers)?;
        let selection = self.storage.select(&matchers, range)?;
        self.budget.count_series(selection.series().len());
        Ok((selection, range))
    }

    fn newest(
        &self,
        matchers: &[Matcher],
        shift: Shift,
        grid: Grid,
        pick: &mut dyn FnMut(i64, f64) -> f64,
        sink: Sink<'_>,
    ) -> Result<()> {
        if grid.n == 0 {
            return Ok(());
        }
        let (selection, range) = self.select(matchers, grid, shift, (self.lookback, 0))?;
        let mut series = Series::default();
        if grid.n == 1 {
            for (index, labels) in selection.series().iter().enumerate() {
                self.budget.work(1)?;
                let Some((time, value)) = selection.last(index, range)? else {
                    continue;
                };
                if is_absent(value) {
                    continue;
                }
                self.budget.count_samples(1, 1);
                series.labels = labels.clone();
                series.drop_name = false;
                series.values.clear();
                series.values.push(pick(time, value));
                sink(&mut series)?;
            }
            return Ok(());
        }
        let mut column = Column::default();
        let mut edges = Edges::default();
        for (index, labels) in selection.series().iter().enumerate() {
            selection.read(index, range, &mut column)?;
            if column.times.is_empty() {
                continue;
            }
            self.budget.work(column.times.len() + grid.n)?;
            self.budget.hold(column.times.len() + grid.n)?;
            edges.find(&column, grid, shift, self.lookback);
            series.labels = labels.clone();
            series.drop_name = false;
            series.values.clear();
            series.values.extend(edges.ends.iter().map(|end| {
                let at = (*end as usize).wrapping_sub(1);
                match (column.times.get(at), column.values.get(at)) {
                    (Some(time), Some(value)) if !is_absent(*value) => pick(*time, *value),
                    _ => ABSENT,
                }
            }));
            let present = series
                .values
                .iter()
                .filter(|value| !is_absent(**value))
                .count();
            self.budget
                .count_samples(present as u64, column.times.len() as u64);
            self.budget.release(column.times.len() + grid.n);
            if present > 0 {
                sink(&mut series)?;
            }
        }
        Ok(())
    }
}

/// For every step, the number of samples up to the one to take; 0 where there is none.
#[derive(Debug, Default)]
struct Edges {
    timeline: Option<u64>,
    ends: Vec<u32>,
}

impl Edges {
    /// Finds the edges of `column`, or keeps those of the last one if both have the same times.
    fn find(&mut self, column: &Column, grid: Grid, shift: Shift, lookback: i64) {
        if column.timeline.is_some() && column.timeline == self.timeline {
            return;
        }
        self.timeline = column.timeline;
        self.ends.clear();
        let mut times = column.times.iter().copied().peekable();
        let mut count = 0_u32;
        let mut newest = i64::MIN;
        for step in grid.times() {
            let time = shift.apply(step);
            while let Some(next) = times.next_if(|next| *next <= time) {
                newest = next;
                count += 1;
            }
            let fresh = count > 0 && newest > time.saturating_sub(lookback);
            self.ends.push(if fresh { count } else { 0 });
        }
    }
}

/// The sample before or at a time, and the one after, if either is near enough.
pub(super) type Neighbours = (Option<(i64, f64)>, Option<(i64, f64)>);

impl Evaluator<'_> {
    /// Values between samples, on the line between its neighbours; after the last sample, its value.
    fn stream_smoothed(&self, selector: &VectorSelector, grid: Grid, sink: Sink<'_>) -> Result<()> {
        let shift = self.shift(&selector.shift)?;
        let reach = (self.lookback, self.lookback);
        let (selection, range) = self.select(&selector.all_matchers(), grid, shift, reach)?;
        let mut column = Column::default();
        let mut series = Series::default();
        for (index, labels) in selection.series().iter().enumerate() {
            selection.read(index, range, &mut column)?;
            self.budget.work(column.times.len() + grid.n)?;
            series.labels = labels.clone();
            series.drop_name = false;
            series.values.clear();
            for step in grid.times() {
                let time = shift.apply(step);
                series
                    .values
                    .push(smooth(self.neighbours(&column, time), time));
            }
            self.budget
                .count_samples(grid.n as u64, column.times.len() as u64);
            if !series.is_empty() {
                sink(&mut series)?;
            }
        }
        Ok(())
    }

    fn neighbours(&self, column: &Column, time: i64) -> Neighbours {
        let after = column.times.partition_point(|have| *have <= time);
        let at = |index: usize| {
            column
                .times
                .get(index)
                .copied()
                .zip(column.values.get(index).copied())
        };
        let near = |sample: &(i64, f64)| {
            !is_absent(sample.1) && sample.0.abs_diff(time) < self.lookback.unsigned_abs()
        };
        (
            after.checked_sub(1).and_then(at).filter(near),
            at(after).filter(near),
        )
    }
}

fn smooth(neighbours: Neighbours, time: i64) -> f64 {
    match neighbours {
        (Some((before, value)), None) if before <= time => value,
        (Some((before, value)), Some(_)) if before == time => value,
        (Some((before, old)), Some((after, new))) => {
            old + (new - old) * (time - before) as f64 / (after - before) as f64
        }
        _ => ABSENT,
    }
}

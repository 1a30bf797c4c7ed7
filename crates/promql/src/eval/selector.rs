//! Instant vector selectors.

use super::edges::{PerTimeline, SameTimes};
use super::leaf::Source;
use super::shared::Wanted;
use super::{Evaluator, Shift};
use crate::grid::Grid;
use crate::series::{ABSENT, Series, Sink, is_absent};
use crate::{Error, Result, histogram};
use model::{Histogram, Labels, Matcher, TimeRange, TimestampMs};
use promql_syntax::{Expr, Extension, VectorSelector};
use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;
use storage::{Column, Matchers, Newest, Selection};

/// What to take of samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pick {
    /// Their values.
    Value,
    /// Their times. Units: seconds.
    Time,
    /// As [`Pick::Time`], of series that may not have histograms.
    FloatTime,
    /// When their counters started, 0 where that is unknown. Units: seconds.
    Start,
}

/// Takes series one by one, each with its number in the selection.
pub(crate) type Numbered<'s> = &'s mut dyn FnMut(usize, &mut Series) -> Result<()>;

/// The series of a selector, and the range that was asked for.
pub(crate) struct Selected {
    pub(crate) selection: Arc<dyn Selection>,
    pub(crate) range: TimeRange,
    pub(crate) shift: Shift,
}

/// One stored sample.
#[derive(Debug, Clone, Copy)]
struct Stored<'c> {
    time: i64,
    value: f64,
    histogram: Option<&'c Arc<Histogram>>,
    start: i64,
}

impl Pick {
    /// Puts what is to be taken of `sample` at step number `k`; whether the series may have it.
    fn put(self, k: usize, sample: Stored<'_>, series: &mut Series) -> bool {
        let seconds = |millis: i64| millis as f64 / 1000.0;
        let value = match self {
            Self::Value => sample.value,
            Self::Time | Self::FloatTime => seconds(sample.time),
            Self::Start => seconds(sample.start),
        };
        if let Some(slot) = series.values.get_mut(k) {
            *slot = value;
        }
        let Some(histogram) = sample.histogram else {
            return true;
        };
        if self == Self::Value {
            if series.histograms.is_empty() {
                series.histograms.resize(series.values.len(), None);
            }
            if let Some(slot) = series.histograms.get_mut(k) {
                *slot = Some(Arc::clone(histogram));
            }
        }
        self != Self::FloatTime
    }
}

impl Evaluator<'_> {
    /// The newest sample of every series at every step, if it is not too old.
    pub(super) fn stream_selector(
        &self,
        selector: &VectorSelector,
        expr: &Expr,
        grid: Grid,
        sink: Sink<'_>,
    ) -> Result<()> {
        let span = expr.span;
        if let Some(leaf) = self.leaf_at(expr)
            && let Source::Newest(selected) = leaf.source
        {
            let part = leaf.part.clone();
            return self.newest(selected, part, grid, Pick::Value, &mut |index, series| {
                series.number = index;
                // What goes wrong with histograms is told with the metric's name.
                if !series.histograms.is_empty() {
                    series.labels = selected.selection.labels(index);
                }
                sink(series)
            });
        }
        if selector.extension == Some(Extension::Smoothed) {
            return self.stream_smoothed(selector, span, grid, sink);
        }
        self.stream_picked(selector, grid, Pick::Value, sink)
    }

    /// As a selector, with something of samples instead of their value.
    pub(crate) fn stream_picked(
        &self,
        selector: &VectorSelector,
        grid: Grid,
        pick: Pick,
        sink: Sink<'_>,
    ) -> Result<()> {
        let shift = self.shift(&selector.shift)?;
        self.stream_matching(&selector.all_matchers(), shift, grid, pick, sink)
    }

    /// As [`Evaluator::stream_picked`], for these matchers.
    pub(crate) fn stream_matching(
        &self,
        matchers: &[Matcher],
        shift: Shift,
        grid: Grid,
        pick: Pick,
        sink: Sink<'_>,
    ) -> Result<()> {
        if grid.n == 0 {
            return Ok(());
        }
        let reach = (self.lookback, 0);
        let selected = self.select_for(self.wanted(grid), matchers, grid, shift, reach)?;
        let all = 0..selected.selection.len();
        self.newest(&selected, all, grid, pick, &mut |index, series| {
            series.labels = selected.selection.labels(index);
            sink(series)
        })
    }

    /// The series of a selector. `before` and `after` widen the range of the grid.
    pub(super) fn select(
        &self,
        matchers: &[Matcher],
        grid: Grid,
        shift: Shift,
        reach: (i64, i64),
    ) -> Result<Selected> {
        self.select_for(Wanted::All, matchers, grid, shift, reach)
    }

    fn select_for(
        &self,
        wanted: Wanted,
        matchers: &[Matcher],
        grid: Grid,
        shift: Shift,
        (before, after): (i64, i64),
    ) -> Result<Selected> {
        let first = shift
            .apply(grid.start)
            .saturating_sub(before)
            .saturating_add(1);
        let last = shift.apply(grid.last()).saturating_add(after);
        let range = TimeRange::inclusive(TimestampMs(first), TimestampMs(last));
        let started = Instant::now();
        let selection = if let Some(selection) = self.selections.find(matchers, range, wanted) {
            selection
        } else {
            let compiled = Matchers::compile(matchers)?;
            let found = match wanted {
                Wanted::All => self.storage.select(&compiled, range)?,
                Wanted::Newest => self.storage.select_newest(&compiled, range)?,
            };
            let found: Arc<dyn Selection> = found.into();
            // What the storage keeps of each is not known; it is no less than this.
            self.budget
                .hold_bytes(found.len().saturating_mul(size_of::<u64>() * 4))?;
            self.selections.keep(matchers, range, wanted, &found);
            found
        };
        self.budget.look()?;
        self.budget.count_series(selection.len(), started.elapsed());
        Ok(Selected {
            selection,
            range,
            shift,
        })
    }

    /// The series of a plain selector with the lookback before the grid.
    pub(super) fn select_newest(&self, selector: &VectorSelector, grid: Grid) -> Result<Selected> {
        let shift = self.shift(&selector.shift)?;
        let reach = (self.lookback, 0);
        self.select_for(
            self.wanted(grid),
            &selector.all_matchers(),
            grid,
            shift,
            reach,
        )
    }

    /// What of an instant selector is read.
    fn wanted(&self, grid: Grid) -> Wanted {
        if grid.n == 1 && !self.reads_stats() {
            Wanted::Newest
        } else {
            Wanted::All
        }
    }

    /// Hands the newest samples of every selected series to `visit`; the series come without labels.
    pub(super) fn newest(
        &self,
        selected: &Selected,
        part: Range<usize>,
        grid: Grid,
        pick: Pick,
        visit: Numbered<'_>,
    ) -> Result<()> {
        if grid.n == 1 && !self.reads_stats() {
            return self.newest_once(selected, part, pick, visit);
        }
        let Selected {
            selection,
            range,
            shift,
        } = selected;
        let mut series = Series::default();
        let mut column = Column::default();
        let mut edges = PerTimeline::new(grid.n);
        let mut same = SameTimes::default();
        let mut reader = selection.reader();
        // One column is held at a time: as much as the largest until now.
        let mut held = grid.n;
        self.budget.hold(held)?;
        for index in part {
            reader.read(index, *range, &mut column)?;
            self.budget.work(1 + column.times.len() + grid.n)?;
            if column.times.is_empty() {
                continue;
            }
            self.strip(&mut column);
            same.name(&mut column);
            let size = column_size(&column) + grid.n;
            if size > held {
                self.budget.hold(size - held)?;
                held = size;
            }
            let ends = edges.get(column.timeline, || {
                newest_ends(&column, grid, *shift, self.lookback)
            });
            let present = if pick == Pick::Value && column.histograms.is_empty() {
                fill_floats(&column, ends, &mut series)
            } else {
                fill_any(&column, ends, pick, &mut series)
                    .ok_or_else(|| Error::InfoHistogram(selection.labels(index)))?
            };
            let is_there = |value: &f64| u64::from(!is_absent(*value));
            self.budget.count_samples(
                present as u64,
                column.times.len() as u64,
                series.values.iter().map(is_there),
            );
            if present > 0 {
                series.drop_name = false;
                visit(index, &mut series)?;
            }
        }
        self.budget.release(held);
        Ok(())
    }

    /// The newest samples of all selected series at once.
    pub(super) fn newest_of(&self, selected: &Selected) -> Result<Newest> {
        let mut newest = Newest::default();
        selected.selection.newest(selected.range, &mut newest)?;
        self.budget.look()?;
        Ok(newest)
    }

    fn newest_once(
        &self,
        selected: &Selected,
        part: Range<usize>,
        pick: Pick,
        visit: Numbered<'_>,
    ) -> Result<()> {
        let selection = &selected.selection;
        let newest = self.newest_of(selected)?;
        let held = newest.times.len();
        self.budget.hold(held)?;
        let mut series = Series::default();
        for index in part {
            self.budget.work(1)?;
            let (Some(time), Some(value)) = (newest.times.get(index), newest.values.get(index))
            else {
                break;
            };
            if *time == Newest::NONE || is_absent(*value) {
                continue;
            }
            self.budget.count_samples(1, 1, [1]);
            series.drop_name = false;
            series.clear();
            series.values.push(ABSENT);
            let sample = Stored {
                time: *time,
                value: *value,
                histogram: newest.histograms.get(index).and_then(Option::as_ref),
                start: newest.starts.get(index).copied().unwrap_or(0),
            };
            if !pick.put(0, sample, &mut series) {
                return Err(Error::InfoHistogram(selection.labels(index)));
            }
            visit(index, &mut series)?;
        }
        self.budget.release(held);
        Ok(())
    }
}

/// What a column counts for in the budget.
pub(super) fn column_size(column: &Column) -> usize {
    let histograms = column.histograms.iter().flatten();
    column.times.len() + histograms.map(|one| histogram::samples(one)).sum::<usize>()
}

/// The newest values at every step; how many there are.
fn fill_floats(column: &Column, ends: &[u32], series: &mut Series) -> usize {
    series.clear();
    let newest = |end: &u32| {
        let at = (*end as usize).wrapping_sub(1);
        column.values.get(at).copied().unwrap_or(ABSENT)
    };
    series.values.extend(ends.iter().map(newest));
    series
        .values
        .iter()
        .filter(|value| !is_absent(**value))
        .count()
}

/// As [`fill_floats`], for anything to take; `None` where there is a histogram that may not be.
fn fill_any(column: &Column, ends: &[u32], pick: Pick, series: &mut Series) -> Option<usize> {
    series.clear();
    series.values.resize(ends.len(), ABSENT);
    let mut present = 0;
    for (k, end) in ends.iter().enumerate() {
        let at = (*end as usize).wrapping_sub(1);
        let (Some(time), Some(value)) = (column.times.get(at), column.values.get(at)) else {
            continue;
        };
        if is_absent(*value) {
            continue;
        }
        present += 1;
        let sample = Stored {
            time: *time,
            value: *value,
            histogram: column.histograms.get(at).and_then(Option::as_ref),
            start: column.starts.get(at).copied().unwrap_or(0),
        };
        if !pick.put(k, sample, series) {
            return None;
        }
    }
    Some(present)
}

/// For every step, the number of samples up to the one to take; 0 where there is none.
fn newest_ends(column: &Column, grid: Grid, shift: Shift, lookback: i64) -> Vec<u32> {
    let mut times = column.times.iter().copied().peekable();
    let mut count = 0_u32;
    let mut newest = i64::MIN;
    let mut ends = Vec::with_capacity(grid.n);
    for step in grid.times() {
        let time = shift.apply(step);
        while let Some(next) = times.next_if(|next| *next <= time) {
            newest = next;
            count += 1;
        }
        let fresh = count > 0 && newest > time.saturating_sub(lookback);
        ends.push(if fresh { count } else { 0 });
    }
    ends
}

/// Where a series comes from: its labels are made only where they are needed.
#[derive(Clone, Copy)]
pub(crate) enum Origin<'c> {
    /// Series number of a selection.
    Stored(&'c dyn Selection, usize),
    /// Labels, and whether the metric name in them counts as dropped.
    Made(&'c Labels, bool),
}

impl Origin<'_> {
    pub(crate) fn labels(self) -> Labels {
        match self {
            Self::Stored(selection, index) => selection.labels(index),
            Self::Made(labels, _) => labels.clone(),
        }
    }

    pub(crate) fn drop_name(self) -> bool {
        matches!(self, Self::Made(_, true))
    }

    /// Number in the selection; 0 for what was made.
    pub(crate) fn index(self) -> usize {
        match self {
            Self::Stored(_, index) => index,
            Self::Made(..) => 0,
        }
    }
}

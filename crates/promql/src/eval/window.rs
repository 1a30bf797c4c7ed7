//! Range vectors: one series at a time, with the edges of its windows.

use super::edges::{Edges, SameTimes, WindowEdges};
use super::leaf::Source;
use super::selector::{Origin, Selected, column_size};
use super::{Evaluator, Shift};
use crate::grid::Grid;
use crate::series::{has_absent, is_absent};
use crate::{Error, Result};
use model::Histogram;
use promql_syntax::{Expr, ExprKind, Extension, MatrixSelector};
use std::ops::Range;
use std::sync::Arc;
use storage::Column;

/// One series with its windows.
#[derive(Clone, Copy)]
pub(crate) struct WindowSeries<'c> {
    /// Where it comes from.
    pub(crate) origin: Origin<'c>,
    /// Its samples.
    column: &'c Column,
    edges: &'c Edges,
    spec: Spec,
    /// Whether start times count.
    starts: bool,
}

/// Where windows lie.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spec {
    pub(super) grid: Grid,
    pub(super) range: i64,
    pub(super) shift: Shift,
}

/// The samples of one series in one window.
///
/// Shape: `histograms` and `starts` are empty where the series has none, else as long as `times`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window<'c> {
    /// Number of the step.
    pub(crate) k: usize,
    /// Times.
    pub(crate) times: &'c [i64],
    /// Values.
    pub(crate) values: &'c [f64],
    /// Native histograms.
    pub(crate) histograms: &'c [Option<Arc<Histogram>>],
    /// When counters started, 0 where that is unknown.
    pub(crate) starts: &'c [i64],
    /// Number of the first of these samples among all of the series.
    pub(crate) first: usize,
    /// Bounds: excluded. Units: milliseconds.
    pub(crate) start: i64,
    /// Bounds: included. Units: milliseconds.
    pub(crate) end: i64,
    /// Evaluation time of the step. Units: milliseconds.
    pub(crate) time: i64,
}

impl<'c> Window<'c> {
    /// Length of the window. Units: seconds.
    pub(crate) fn range_seconds(&self) -> f64 {
        (self.end - self.start) as f64 / 1000.0
    }

    /// Number of histograms.
    pub(crate) fn histogram_count(&self) -> usize {
        self.histograms.iter().flatten().count()
    }

    /// The histogram of sample number `at`.
    pub(crate) fn histogram(&self, at: usize) -> Option<&'c Arc<Histogram>> {
        self.histograms.get(at).and_then(Option::as_ref)
    }

    /// These samples from number `from` on.
    pub(crate) fn skip(self, from: usize) -> Self {
        Self {
            times: self.times.get(from..).unwrap_or_default(),
            values: self.values.get(from..).unwrap_or_default(),
            histograms: self.histograms.get(from..).unwrap_or_default(),
            starts: self.starts.get(from..).unwrap_or_default(),
            first: self.first + from,
            ..self
        }
    }
}

impl<'c> WindowSeries<'c> {
    /// Times and values of all samples.
    pub(crate) fn column(&self) -> &'c Column {
        self.column
    }

    /// For every step, first sample inside its window and first after.
    pub(crate) fn edges(&self) -> &'c Edges {
        self.edges
    }

    /// Length of the windows. Units: milliseconds.
    pub(crate) fn range(&self) -> i64 {
        self.spec.range
    }

    /// The end of the window of step number `k`. Units: milliseconds.
    pub(crate) fn end(&self, k: usize) -> i64 {
        self.spec.shift.apply(self.spec.grid.time(k))
    }

    /// Whether all samples are plain numbers of which no more is known.
    pub(crate) fn is_plain(&self) -> bool {
        self.column.histograms.is_empty() && (!self.starts || self.column.starts.is_empty())
    }

    /// Whether any sample is a histogram.
    pub(crate) fn has_histograms(&self) -> bool {
        !self.column.histograms.is_empty()
    }

    /// The windows that hold samples.
    pub(crate) fn windows(self) -> impl Iterator<Item = Window<'c>> {
        let column = self.column;
        let starts: &[i64] = if self.starts { &column.starts } else { &[] };
        self.edges
            .list
            .iter()
            .enumerate()
            .filter_map(move |(k, &(first, after))| {
                let inside: Range<usize> = first as usize..after as usize;
                let time = self.spec.grid.time(k);
                let end = self.spec.shift.apply(time);
                let window = Window {
                    k,
                    times: column.times.get(inside.clone())?,
                    values: column.values.get(inside.clone())?,
                    histograms: column.histograms.get(inside.clone()).unwrap_or_default(),
                    starts: starts.get(inside).unwrap_or_default(),
                    first: first as usize,
                    start: end.saturating_sub(self.spec.range),
                    end,
                    time,
                };
                (!window.times.is_empty()).then_some(window)
            })
    }
}

/// Takes series with their windows one by one.
pub(crate) type Visit<'v> = &'v mut dyn FnMut(WindowSeries<'_>) -> Result<()>;

/// The series of a matrix selector with where their windows lie.
pub(crate) struct SelectedWindows {
    pub(crate) selected: Selected,
    range: i64,
    reach: (i64, i64),
}

impl SelectedWindows {
    /// About how many samples and windows one series has, if its samples are `interval` apart.
    pub(super) fn points(&self, grid: Grid, interval: i64) -> usize {
        let range = self.selected.range;
        let length = range.end.0.saturating_sub(range.start.0).max(0);
        let samples = usize::try_from(length / interval.max(1)).unwrap_or(usize::MAX);
        samples.saturating_add(grid.n)
    }
}

impl Evaluator<'_> {
    /// Hands every series of a range vector to `visit`.
    pub(crate) fn windows(&self, expr: &Expr, grid: Grid, visit: Visit<'_>) -> Result<()> {
        let Some(profile) = &self.profile else {
            return self.all_windows(expr, grid, visit);
        };
        profile.watch(expr, self.budget, |watch| {
            self.all_windows(expr, grid, &mut |series| {
                watch.outside(true, || visit(series))
            })
        })
    }

    fn all_windows(&self, expr: &Expr, grid: Grid, visit: Visit<'_>) -> Result<()> {
        match &expr.kind {
            ExprKind::Paren(inner) => self.windows(inner, grid, visit),
            ExprKind::Matrix(matrix) if grid.n > 0 => {
                if let Some(leaf) = self.leaf_at(expr)
                    && let Source::Windows(windows) = leaf.source
                {
                    return self.selected_windows(windows, leaf.part.clone(), grid, visit);
                }
                let windows = self.select_windows(matrix, grid)?;
                let all = 0..windows.selected.selection.len();
                self.selected_windows(&windows, all, grid, visit)
            }
            ExprKind::Matrix(_) => Ok(()),
            ExprKind::Subquery(subquery) => self.subquery_windows(subquery, grid, visit),
            _ => Err(Error::Unsupported("this expression as a range vector")),
        }
    }

    /// The series of a matrix selector. The grid must have steps.
    pub(crate) fn select_windows(
        &self,
        matrix: &MatrixSelector,
        grid: Grid,
    ) -> Result<SelectedWindows> {
        let range = self.positive(&matrix.range)?;
        let selector = &matrix.selector;
        let shift = self.shift(&selector.shift)?;
        let (before, after) = match selector.extension {
            None => (0, 0),
            Some(Extension::Anchored) => (self.lookback, 0),
            Some(Extension::Smoothed) => (self.lookback, self.lookback),
        };
        let reach = (range.saturating_add(before), after);
        Ok(SelectedWindows {
            selected: self.select(&selector.all_matchers(), grid, shift, reach)?,
            range,
            reach,
        })
    }

    /// Hands the selected series with these numbers, with their windows, to `visit`.
    pub(crate) fn selected_windows(
        &self,
        windows: &SelectedWindows,
        part: Range<usize>,
        grid: Grid,
        visit: Visit<'_>,
    ) -> Result<()> {
        let Selected {
            selection,
            range: asked,
            shift,
        } = &windows.selected;
        let spec = Spec {
            grid,
            range: windows.range,
            shift: *shift,
        };
        let mut column = Column::default();
        let mut known = WindowEdges::new(grid, *shift, windows.reach);
        let mut same = SameTimes::default();
        let mut reader = selection.reader();
        // One column is held at a time: as much as the largest until now.
        let mut held = 0;
        for index in part {
            reader.read(index, *asked, &mut column)?;
            let read = column.times.len();
            self.budget.work(1 + read + grid.n)?;
            if read == 0 {
                continue;
            }
            let size = column_size(&column);
            if size > held {
                self.budget.hold(size - held)?;
                held = size;
            }
            drop_stale(&mut column);
            self.strip(&mut column);
            same.name(&mut column);
            let edges = known.find(&column);
            let per_step = edges.list.iter().map(|(first, end)| u64::from(end - first));
            self.budget
                .count_samples(edges.samples, read as u64, per_step);
            visit(WindowSeries {
                origin: Origin::Stored(&**selection, index),
                column: &column,
                edges,
                spec,
                starts: self.use_starts,
            })?;
        }
        self.budget.release(held);
        Ok(())
    }

    /// Hands one made-up series to `visit`: the outcome of a subquery.
    pub(super) fn visit_column(
        &self,
        origin: Origin<'_>,
        column: &Column,
        spec: Spec,
        known: &mut WindowEdges,
        visit: Visit<'_>,
    ) -> Result<()> {
        let edges = known.find(column);
        self.budget.work(column.times.len() + spec.grid.n)?;
        let per_step = edges.list.iter().map(|(first, end)| u64::from(end - first));
        self.budget.count_samples(edges.samples, 0, per_step);
        visit(WindowSeries {
            origin,
            column,
            edges,
            spec,
            starts: false,
        })
    }
}

/// Takes stale markers out; the times are then no longer those of the timeline.
pub(super) fn drop_stale(column: &mut Column) {
    if !has_absent(&column.values) {
        return;
    }
    column.timeline = None;
    let keep: Vec<bool> = column
        .values
        .iter()
        .map(|value| !is_absent(*value))
        .collect();
    retain(&mut column.times, &keep);
    retain(&mut column.values, &keep);
    retain(&mut column.histograms, &keep);
    retain(&mut column.starts, &keep);
}

fn retain<T>(list: &mut Vec<T>, keep: &[bool]) {
    let mut keep = keep.iter();
    list.retain(|_| keep.next().is_none_or(|keep| *keep));
}

//! Range vectors: one series at a time, with the edges of its windows.

use super::{Evaluator, Shift};
use crate::grid::Grid;
use crate::series::is_absent;
use crate::{Error, Result};
use model::Labels;
use promql_syntax::{Expr, ExprKind, Extension, MatrixSelector};
use storage::Column;

/// One series with its windows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WindowSeries<'c> {
    /// Labels.
    pub(crate) labels: &'c Labels,
    /// Whether the metric name counts as dropped already.
    pub(crate) drop_name: bool,
    /// Times of all samples.
    pub(crate) times: &'c [i64],
    /// Values of all samples.
    pub(crate) values: &'c [f64],
    /// For every step, first sample inside and first after.
    pub(crate) edges: &'c [(u32, u32)],
    spec: Spec,
}

/// Where windows lie.
#[derive(Debug, Clone, Copy)]
struct Spec {
    grid: Grid,
    range: i64,
    shift: Shift,
}

/// The samples of one series in one window.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window<'c> {
    /// Number of the step.
    pub(crate) k: usize,
    /// Times.
    pub(crate) times: &'c [i64],
    /// Values.
    pub(crate) values: &'c [f64],
    /// Number of the first of these samples among all of the series.
    pub(crate) first: usize,
    /// Bounds: excluded. Units: milliseconds.
    pub(crate) start: i64,
    /// Bounds: included. Units: milliseconds.
    pub(crate) end: i64,
    /// Evaluation time of the step. Units: milliseconds.
    pub(crate) time: i64,
}

impl Window<'_> {
    /// Length of the window. Units: seconds.
    pub(crate) fn range_seconds(&self) -> f64 {
        (self.end - self.start) as f64 / 1000.0
    }
}

impl<'c> WindowSeries<'c> {
    /// The windows that hold samples.
    pub(crate) fn windows(self) -> impl Iterator<Item = Window<'c>> {
        self.edges
            .iter()
            .enumerate()
            .filter_map(move |(k, &(first, after))| {
                let inside = first as usize..after as usize;
                let time = self.spec.grid.time(k);
                let end = self.spec.shift.apply(time);
                let window = Window {
                    k,
                    times: self.times.get(inside.clone())?,
                    values: self.values.get(inside)?,
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

impl Evaluator<'_> {
    /// Hands every series of a range vector to `visit`.
    pub(crate) fn windows(&self, expr: &Expr, grid: Grid, visit: Visit<'_>) -> Result<()> {
        match &expr.kind {
            ExprKind::Paren(inner) => self.windows(inner, grid, visit),
            ExprKind::Matrix(matrix) => self.matrix_windows(matrix, grid, visit),
            ExprKind::Subquery(subquery) => self.subquery_windows(subquery, grid, visit),
            _ => Err(Error::Unsupported("this expression as a range vector")),
        }
    }

    fn matrix_windows(&self, matrix: &MatrixSelector, grid: Grid, visit: Visit<'_>) -> Result<()> {
        if grid.n == 0 {
            return Ok(());
        }
        let range = self.positive(&matrix.range)?;
        let selector = &matrix.selector;
        let shift = self.shift(&selector.shift)?;
        let (before, after) = match selector.extension {
            None => (0, 0),
            Some(Extension::Anchored) => (self.lookback, 0),
            Some(Extension::Smoothed) => (self.lookback, self.lookback),
        };
        let reach = (range.saturating_add(before), after);
        let (selection, asked) = self.select(&selector.all_matchers(), grid, shift, reach)?;
        let mut column = Column::default();
        let mut edges = WindowEdges::new(grid, shift, reach);
        for (index, labels) in selection.series().iter().enumerate() {
            selection.read(index, asked, &mut column)?;
            if column.times.is_empty() {
                continue;
            }
            let read = column.times.len();
            self.budget.work(read + grid.n)?;
            self.budget.hold(read)?;
            drop_stale(&mut column);
            edges.find(&column);
            self.budget.count_samples(edges.samples, read as u64);
            visit(WindowSeries {
                labels,
                drop_name: false,
                times: &column.times,
                values: &column.values,
                edges: &edges.edges,
                spec: Spec { grid, range, shift },
            })?;
            self.budget.release(read);
        }
        Ok(())
    }

    /// Hands one made-up series to `visit`: the outcome of a subquery.
    pub(super) fn visit_column(
        &self,
        (labels, drop_name): (&Labels, bool),
        column: &Column,
        (grid, range, shift): (Grid, i64, Shift),
        edges: &mut WindowEdges,
        visit: Visit<'_>,
    ) -> Result<()> {
        edges.find(column);
        self.budget.work(column.times.len() + grid.n)?;
        self.budget.count_samples(edges.samples, 0);
        visit(WindowSeries {
            labels,
            drop_name,
            times: &column.times,
            values: &column.values,
            edges: &edges.edges,
            spec: Spec { grid, range, shift },
        })
    }
}

/// Takes stale markers out; the times are then no longer those of the timeline.
fn drop_stale(column: &mut Column) {
    if !column.values.iter().any(|value| is_absent(*value)) {
        return;
    }
    column.timeline = None;
    let mut keep = column.values.iter().map(|value| !is_absent(*value));
    column.times.retain(|_| keep.next().unwrap_or(true));
    column.values.retain(|value| !is_absent(*value));
}

/// Finds the windows of columns, once for all columns of one timeline.
#[derive(Debug)]
pub(super) struct WindowEdges {
    grid: Grid,
    shift: Shift,
    before: i64,
    after: i64,
    timeline: Option<u64>,
    edges: Vec<(u32, u32)>,
    samples: u64,
}

impl WindowEdges {
    /// Windows reach from `before` (excluded) to `after` (included) around the shifted time.
    pub(super) fn new(grid: Grid, shift: Shift, (before, after): (i64, i64)) -> Self {
        Self {
            grid,
            shift,
            before,
            after,
            timeline: None,
            edges: Vec::new(),
            samples: 0,
        }
    }

    fn find(&mut self, column: &Column) {
        if column.timeline.is_some() && column.timeline == self.timeline {
            return;
        }
        self.timeline = column.timeline;
        self.edges.clear();
        self.samples = 0;
        let (mut first, mut after) = (0_u32, 0_u32);
        let mut leaving = column.times.iter().copied().peekable();
        let mut entering = column.times.iter().copied().peekable();
        for step in self.grid.times() {
            let time = self.shift.apply(step);
            while leaving
                .next_if(|t| *t <= time.saturating_sub(self.before))
                .is_some()
            {
                first += 1;
            }
            while entering
                .next_if(|t| *t <= time.saturating_add(self.after))
                .is_some()
            {
                after += 1;
            }
            self.edges.push((first, after.max(first)));
            self.samples += u64::from(after.saturating_sub(first));
        }
    }
}

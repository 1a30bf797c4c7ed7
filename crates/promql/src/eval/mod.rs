//! Walking the tree.

mod edges;
mod grouped;
mod invariant;
mod leaf;
mod parts;
mod profile;
mod reading;
mod result;
mod selector;
mod shared;
mod shift;
mod smoothed;
mod subquery;
mod window;

pub(crate) use edges::PerTimeline;
pub(crate) use grouped::{Plan, has_one_chain};
pub(crate) use invariant::{has_one_name, is_ordered, is_step_invariant};
pub(crate) use profile::{Cost, Profile};
pub(crate) use reading::Reading;
pub(crate) use selector::{Origin, Pick};
pub(crate) use shift::Shift;
pub(crate) use window::{Window, WindowSeries};

use crate::annotations::{Note, Notes};
use crate::budget::Budget;
use crate::grid::Grid;
use crate::series::{Scalars, Series, Sink, Table, is_absent};
use crate::{
    EngineOptions, Error, QueryContext, Result, StepRange, aggregate, binary, functions, histogram,
};
use leaf::Leaf;
use model::DurationMs;
use promql_syntax::{Expr, ExprKind, Length, Sign, Span, ValueType};
use shared::Selections;
use std::cell::Cell;
use std::sync::Arc;
use storage::Queryable;

/// One query on its way.
pub(crate) struct Evaluator<'e> {
    storage: &'e dyn Queryable,
    /// Whether metric names go only at the very end.
    pub(crate) delayed: bool,
    /// Whether start times of counters count.
    pub(crate) use_starts: bool,
    /// Whether the label `__type__` says what is a counter.
    pub(crate) typed: bool,
    /// Units: milliseconds.
    lookback: i64,
    default_subquery_step: i64,
    /// Steps of the whole query.
    pub(crate) query: StepRange,
    pub(crate) budget: &'e Budget,
    notes: Notes,
    text: Option<Arc<str>>,
    reading: Cell<Reading>,
    /// Most threads that work on the query.
    workers: usize,
    /// The part of a selector that this thread reads.
    leaf: Option<Leaf<'e>>,
    selections: Selections,
    /// What nodes take, if that is wanted.
    pub(crate) profile: Option<Profile>,
}

/// What the threads of one query have in common.
#[derive(Clone)]
pub(crate) struct Seed<'e> {
    storage: &'e dyn Queryable,
    delayed: bool,
    use_starts: bool,
    typed: bool,
    lookback: i64,
    default_subquery_step: i64,
    query: StepRange,
    text: Option<Arc<str>>,
    reading: Reading,
}

impl<'e> Seed<'e> {
    /// An evaluator for another thread, which reads a part of a selector.
    pub(crate) fn evaluator(
        &self,
        budget: &'e Budget,
        leaf: Leaf<'e>,
        profile: Option<Profile>,
    ) -> Evaluator<'e> {
        let Self {
            storage,
            delayed,
            use_starts,
            typed,
            lookback,
            default_subquery_step,
            query,
            ..
        } = *self;
        Evaluator {
            storage,
            delayed,
            use_starts,
            typed,
            lookback,
            default_subquery_step,
            query,
            budget,
            notes: Notes::default(),
            text: self.text.clone(),
            reading: Cell::new(self.reading),
            workers: 1,
            leaf: Some(leaf),
            selections: Selections::default(),
            profile,
        }
    }
}

impl<'e> Evaluator<'e> {
    /// What another thread needs to know.
    pub(crate) fn seed(&self) -> Seed<'e> {
        Seed {
            storage: self.storage,
            delayed: self.delayed,
            use_starts: self.use_starts,
            typed: self.typed,
            lookback: self.lookback,
            default_subquery_step: self.default_subquery_step,
            query: self.query,
            text: self.text.clone(),
            reading: self.reading.get(),
        }
    }

    pub(crate) fn new(
        storage: &'e dyn Queryable,
        options: &EngineOptions,
        ctx: &QueryContext,
        query: StepRange,
        budget: &'e Budget,
    ) -> Self {
        Self {
            storage,
            delayed: options.delayed_name_removal,
            use_starts: options.use_start_timestamps,
            typed: options.type_and_unit_labels,
            lookback: ctx.lookback_delta.unwrap_or(options.lookback_delta).0,
            default_subquery_step: options.default_subquery_step.0.max(1),
            query,
            budget,
            notes: Notes::default(),
            text: ctx.text.clone(),
            reading: Cell::new(Reading::Unknown),
            workers: options.workers.max(1),
            leaf: None,
            selections: Selections::default(),
            profile: None,
        }
    }

    /// What was noted and measured.
    pub(crate) fn into_findings(self) -> (Notes, Option<Profile>) {
        (self.notes, self.profile)
    }

    /// What the query says at `span`, if its text is known.
    pub(crate) fn source(&self, span: Span) -> Option<String> {
        let text = span.text(self.text.as_deref()?);
        (!text.is_empty()).then(|| text.to_owned())
    }

    pub(crate) fn note(&self, note: Note, span: Span) {
        self.notes.add(note, span);
    }

    /// Whether the query asks for one step only.
    pub(crate) fn is_instant(&self) -> bool {
        self.query.start == self.query.end
    }

    /// A length of time that must be more than nothing. Units: milliseconds.
    fn positive(&self, length: &Length) -> Result<i64> {
        let resolved = self.length(length)?;
        match length {
            Length::Computed(expr) if resolved <= 0 => {
                Err(Error::Duration(promql_syntax::DurationError {
                    span: expr.span,
                    problem: promql_syntax::DurationProblem::NotPositive,
                }))
            }
            _ => Ok(resolved),
        }
    }

    /// A length of time. Units: milliseconds.
    fn length(&self, length: &Length) -> Result<i64> {
        let range = DurationMs(self.query.end.0.saturating_sub(self.query.start.0));
        let step = if self.is_instant() {
            DurationMs(0)
        } else {
            self.query.step
        };
        Ok(length.resolve(step, range)?.0)
    }

    /// Hands every series of an instant vector to `sink`, one by one.
    pub(crate) fn stream(&self, expr: &Expr, grid: Grid, sink: Sink<'_>) -> Result<()> {
        let Some(profile) = &self.profile else {
            return self.stream_node(expr, grid, sink);
        };
        profile.watch(expr, self.budget, |watch| {
            self.stream_node(expr, grid, &mut |series| {
                watch.outside(series.has_samples(), || sink(series))
            })
        })
    }

    fn stream_node(&self, expr: &Expr, grid: Grid, sink: Sink<'_>) -> Result<()> {
        self.budget.work(1)?;
        // Also where there is no step at all: what is wrong with it is said all the same.
        if grid.n != 1 && is_step_invariant(expr) {
            return self.stream_once(expr, grid, sink);
        }
        match &expr.kind {
            ExprKind::Paren(inner) => self.stream(inner, grid, sink),
            ExprKind::Selector(selector) => self.stream_selector(selector, expr, grid, sink),
            ExprKind::Call(call) => functions::stream(self, call, expr.span, grid, sink),
            ExprKind::Aggregate(inner) => aggregate::stream(self, inner, expr.span, grid, sink),
            ExprKind::Binary(inner) => binary::stream(self, inner, expr.span, grid, sink),
            ExprKind::Unary(unary) => match unary.sign {
                Sign::Plus => self.stream(&unary.operand, grid, sink),
                Sign::Minus => self.negate(&unary.operand, grid, sink),
            },
            ExprKind::Number(_)
            | ExprKind::String(_)
            | ExprKind::Matrix(_)
            | ExprKind::Subquery(_) => Err(Error::Unsupported("this expression as a vector")),
        }
    }

    /// Evaluates at the first step and repeats the outcome for all.
    fn stream_once(&self, expr: &Expr, grid: Grid, sink: Sink<'_>) -> Result<()> {
        let mut repeat = |series: &mut Series| {
            if let Some(value) = series.values.first().copied() {
                series.values.clear();
                series.values.resize(grid.n, value);
            }
            if let Some(histogram) = series.histograms.first().cloned() {
                series.histograms.clear();
                series.histograms.resize(grid.n, histogram);
            }
            sink(series)
        };
        self.budget
            .repeated(grid.n, || self.stream_node(expr, grid.first(), &mut repeat))
    }

    /// All series of an instant vector at once. Unless names are removed last, dropped ones are gone.
    pub(crate) fn table(&self, expr: &Expr, grid: Grid) -> Result<Table<'e>> {
        self.collect(&mut |sink| self.stream(expr, grid, sink))
    }

    /// All series that `produce` makes.
    pub(crate) fn collect(
        &self,
        produce: &mut dyn FnMut(Sink<'_>) -> Result<()>,
    ) -> Result<Table<'e>> {
        let mut table = self.gathered(produce)?;
        if !self.delayed {
            table.settle()?;
        }
        Ok(table)
    }

    /// All series with samples that `produce` makes, as they are.
    fn gathered(&self, produce: &mut dyn FnMut(Sink<'_>) -> Result<()>) -> Result<Table<'e>> {
        let mut table = Table::new(self.budget);
        produce(&mut |series| {
            if series.is_empty() {
                return Ok(());
            }
            table.push(std::mem::take(series))
        })?;
        Ok(table)
    }

    /// Streams what `produce` makes with metric names dropped; series that look the same without them are
    /// joined. `same_name` says that all series have one metric name, so that dropping it cannot make two look
    /// the same.
    pub(crate) fn drop_names(
        &self,
        same_name: bool,
        sink: Sink<'_>,
        produce: &mut dyn FnMut(Sink<'_>) -> Result<()>,
    ) -> Result<()> {
        self.drop_names_then(Table::settle, same_name, sink, produce)
    }

    /// As [`Evaluator::drop_names`], with `settle` to say what becomes of series that look the same.
    pub(crate) fn drop_names_then(
        &self,
        settle: fn(&mut Table<'e>) -> Result<()>,
        same_name: bool,
        sink: Sink<'_>,
        produce: &mut dyn FnMut(Sink<'_>) -> Result<()>,
    ) -> Result<()> {
        let mut dropping = |series: &mut Series| {
            series.drop_name = true;
            sink(series)
        };
        if same_name || self.delayed {
            return produce(&mut dropping);
        }
        let mut table = self.gathered(&mut |inner| {
            produce(&mut |series| {
                series.drop_name = true;
                inner(series)
            })
        })?;
        settle(&mut table)?;
        table.drain_into(sink)
    }

    /// Streams `expr` with every number changed, histograms and the metric name dropped.
    pub(crate) fn map_values(
        &self,
        expr: &Expr,
        grid: Grid,
        sink: Sink<'_>,
        change: &mut dyn FnMut(usize, f64) -> f64,
    ) -> Result<()> {
        self.drop_names(has_one_name(expr), sink, &mut |sink| {
            self.stream(expr, grid, &mut |series| {
                self.budget.work(series.values.len())?;
                series.keep_floats();
                for (k, value) in series.values.iter_mut().enumerate() {
                    if !is_absent(*value) {
                        *value = change(k, *value);
                    }
                }
                sink(series)
            })
        })
    }

    /// Streams `expr` with the sign of every sample changed.
    fn negate(&self, expr: &Expr, grid: Grid, sink: Sink<'_>) -> Result<()> {
        self.drop_names(has_one_name(expr), sink, &mut |sink| {
            self.stream(expr, grid, &mut |series| {
                self.budget.work(series.values.len())?;
                for value in series.values.iter_mut().filter(|value| !is_absent(**value)) {
                    *value = -*value;
                }
                for histogram in series.histograms.iter_mut().flatten() {
                    *histogram = Arc::new(histogram::multiplied(histogram, -1.0));
                }
                sink(series)
            })
        })
    }

    /// A scalar expression at every step.
    pub(crate) fn scalar(&self, expr: &Expr, grid: Grid) -> Result<Scalars> {
        match &expr.kind {
            ExprKind::Number(number) => Ok(Scalars::Same(number.value)),
            ExprKind::Paren(inner) => self.scalar(inner, grid),
            ExprKind::Unary(unary) => {
                let operand = self.scalar(&unary.operand, grid)?;
                Ok(if unary.sign == Sign::Minus {
                    operand.map(|v| -v)
                } else {
                    operand
                })
            }
            ExprKind::Binary(inner) => {
                let left = self.scalar(&inner.left, grid)?;
                let right = self.scalar(&inner.right, grid)?;
                let op = binary::scalar_operator(inner.op)?;
                Ok(left.zip(&right, grid.n, op))
            }
            ExprKind::Call(call) => functions::scalar(self, call, grid),
            _ => Err(Error::Unsupported("this expression as a scalar")),
        }
    }

    /// A string expression.
    pub(crate) fn string(expr: &Expr) -> Result<&str> {
        match &expr.unparenthesised().kind {
            ExprKind::String(text) => Ok(text),
            _ => Err(Error::Unsupported("this expression as a string")),
        }
    }

    /// Whether the expression is a scalar.
    pub(crate) fn is_scalar(expr: &Expr) -> bool {
        expr.value_type() == ValueType::Scalar
    }
}

//! The engine's front: options in, values out.

use crate::budget::{Budget, Limits, Pool};
use crate::eval::{Evaluator, Profile};
use crate::explain::{Explained, PlanNode};
use crate::grid::Grid;
use crate::{Error, QueryOutput, Result};
use model::{DurationMs, TimestampMs};
use promql_syntax::{Expr, ValueType};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;
use storage::Queryable;

/// How the engine behaves for every query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EngineOptions {
    /// How far back a selector looks for a sample.
    pub lookback_delta: DurationMs,
    /// Most samples that one query may hold at once.
    pub max_samples: usize,
    /// Most memory that one query may hold at once. Units: bytes, as the engine counts them.
    pub max_query_bytes: usize,
    /// Most memory that all running queries may hold at once. Units: bytes.
    pub max_total_bytes: usize,
    /// Most threads that work on one query; results do not depend on it.
    pub workers: usize,
    /// Step of subqueries that name none.
    pub default_subquery_step: DurationMs,
    /// `promql-delayed-name-removal`: metric names go at the very end of a query, not where functions
    /// drop them.
    pub delayed_name_removal: bool,
    /// `use-start-timestamps`: when counters started says where they were reset.
    pub use_start_timestamps: bool,
    /// `type-and-unit-labels`: the label `__type__` says what is a counter.
    pub type_and_unit_labels: bool,
}

impl Default for EngineOptions {
    /// Prometheus' defaults: 5 minutes, 50 million samples, 1 minute, names dropped at once. And 1 GiB for one
    /// query, 2 GiB for all, and as many threads as the machine has cores, up to 8.
    fn default() -> Self {
        Self {
            lookback_delta: DurationMs::from_secs(300),
            max_samples: 50_000_000,
            max_query_bytes: 1 << 30,
            max_total_bytes: 2 << 30,
            workers: std::thread::available_parallelism().map_or(1, |cores| cores.get().min(8)),
            default_subquery_step: DurationMs::from_secs(60),
            delayed_name_removal: false,
            use_start_timestamps: false,
            type_and_unit_labels: false,
        }
    }
}

/// What bounds one query.
#[derive(Debug, Clone, Default)]
pub struct QueryContext {
    /// When the query must have ended.
    pub deadline: Option<Instant>,
    /// Set by whoever wants the query to end early.
    pub cancel: Option<Arc<AtomicBool>>,
    /// Replaces the engine's lookback.
    pub lookback_delta: Option<DurationMs>,
    /// The text that the expression was parsed from, for the line and column in notes; without it the
    /// expression is taken to stand on one line.
    pub text: Option<Arc<str>>,
    /// Whether to count samples per step, too: [`QueryOutput::samples_per_step`].
    pub per_step_stats: bool,
}

/// The steps of a range query. Bounds: `end` included where a step falls on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StepRange {
    /// First step.
    pub start: TimestampMs,
    /// Last moment.
    pub end: TimestampMs,
    /// Distance of steps.
    pub step: DurationMs,
}

/// Evaluates expressions. Holds nothing between queries but the count of memory that running ones take, which
/// clones share: one engine serves all threads.
#[derive(Debug, Clone, Default)]
pub struct Engine {
    options: EngineOptions,
    pool: Arc<Pool>,
}

impl Engine {
    /// An engine with these options.
    pub fn new(options: EngineOptions) -> Self {
        Self {
            options,
            pool: Arc::default(),
        }
    }

    /// The options.
    pub fn options(&self) -> &EngineOptions {
        &self.options
    }

    /// Memory that running queries have taken. Units: bytes.
    pub fn used_bytes(&self) -> usize {
        self.pool.used()
    }

    /// Evaluates `expr` at one time. The result has the type of the expression.
    ///
    /// # Errors
    /// Any [`Error`] but [`Error::RangeType`] and [`Error::BadStep`].
    pub fn instant(
        &self,
        storage: &dyn Queryable,
        expr: &Expr,
        time: TimestampMs,
        ctx: &QueryContext,
    ) -> Result<QueryOutput> {
        let (output, _) = self.run(storage, expr, When::At(time), ctx, None)?;
        Ok(output)
    }

    /// Evaluates `expr` at every step of `range`. The result is a matrix, sorted by labels.
    ///
    /// # Errors
    /// Any [`Error`].
    pub fn range(
        &self,
        storage: &dyn Queryable,
        expr: &Expr,
        range: StepRange,
        ctx: &QueryContext,
    ) -> Result<QueryOutput> {
        let (output, _) = self.run(storage, expr, When::Over(range), ctx, None)?;
        Ok(output)
    }

    /// Evaluates `expr` at one time and tells how: see [`Explained`].
    ///
    /// # Errors
    /// As for [`Engine::instant`].
    pub fn explain_instant(
        &self,
        storage: &dyn Queryable,
        expr: &Expr,
        time: TimestampMs,
        ctx: &QueryContext,
    ) -> Result<Explained> {
        self.explain(storage, expr, When::At(time), ctx)
    }

    /// Evaluates `expr` at every step of `range` and tells how: see [`Explained`].
    ///
    /// # Errors
    /// As for [`Engine::range`].
    pub fn explain_range(
        &self,
        storage: &dyn Queryable,
        expr: &Expr,
        range: StepRange,
        ctx: &QueryContext,
    ) -> Result<Explained> {
        self.explain(storage, expr, When::Over(range), ctx)
    }

    fn explain(
        &self,
        storage: &dyn Queryable,
        expr: &Expr,
        when: When,
        ctx: &QueryContext,
    ) -> Result<Explained> {
        let profile = Profile::default();
        let (output, profile) = self.run(storage, expr, when, ctx, Some(profile))?;
        Ok(Explained {
            plan: PlanNode::of(expr, &profile.unwrap_or_default()),
            output,
        })
    }

    fn run(
        &self,
        storage: &dyn Queryable,
        expr: &Expr,
        when: When,
        ctx: &QueryContext,
        profile: Option<Profile>,
    ) -> Result<(QueryOutput, Option<Profile>)> {
        let started = Instant::now();
        let (range, grid) = when.checked(expr)?;
        let limits = Limits {
            samples: self.options.max_samples,
            query_bytes: self.options.max_query_bytes,
            total_bytes: self.options.max_total_bytes,
        };
        let budget = Budget::new(limits, &self.pool, ctx, grid.n);
        let mut evaluator = Evaluator::new(storage, &self.options, ctx, range, &budget);
        evaluator.profile = profile;
        let value = match when {
            When::At(time) => evaluator.instant_value(expr, time)?,
            When::Over(_) => evaluator.range_value(expr, grid)?,
        };
        let evaluated = Instant::now();
        let value = value.sorted(expr);
        let (mut output, profile) = evaluator.into_output(value);
        let stats = &mut output.stats;
        stats.sorting = evaluated.elapsed();
        stats.evaluating = evaluated
            .duration_since(started)
            .saturating_sub(stats.preparing);
        let per_step = budget.take_per_step().into_iter();
        output.samples_per_step = grid.times().zip(per_step).collect();
        Ok((output, profile))
    }
}

/// At which times to evaluate.
#[derive(Debug, Clone, Copy)]
enum When {
    At(TimestampMs),
    Over(StepRange),
}

impl When {
    /// The range as the query sees it, and its steps.
    fn checked(self, expr: &Expr) -> Result<(StepRange, Grid)> {
        let range = match self {
            Self::At(time) => StepRange {
                start: time,
                end: time,
                step: DurationMs(1),
            },
            Self::Over(range) => range,
        };
        if let Self::Over(_) = self {
            let got = expr.value_type();
            if !matches!(got, ValueType::Scalar | ValueType::Vector) {
                return Err(Error::RangeType {
                    got: got.documented(),
                });
            }
            if range.step.0 <= 0 {
                return Err(Error::BadStep);
            }
        }
        let grid = Grid::between(range.start.0, range.end.0, range.step.0);
        Ok((range, grid))
    }
}

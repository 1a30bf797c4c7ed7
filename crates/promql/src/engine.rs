//! The engine's front: options in, values out.

use crate::budget::Budget;
use crate::eval::Evaluator;
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
    /// Prometheus' defaults: 5 minutes, 50 million samples, 1 minute, names dropped at once.
    fn default() -> Self {
        Self {
            lookback_delta: DurationMs::from_secs(300),
            max_samples: 50_000_000,
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

/// Evaluates expressions. Holds no state between queries: one engine serves all threads.
#[derive(Debug, Clone, Default)]
pub struct Engine {
    options: EngineOptions,
}

impl Engine {
    /// An engine with these options.
    pub fn new(options: EngineOptions) -> Self {
        Self { options }
    }

    /// The options.
    pub fn options(&self) -> &EngineOptions {
        &self.options
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
        let range = StepRange {
            start: time,
            end: time,
            step: DurationMs(1),
        };
        let budget = Budget::new(self.options.max_samples, ctx);
        let evaluator = Evaluator::new(storage, &self.options, ctx, range, &budget);
        let value = evaluator.instant_value(expr, time)?;
        Ok(evaluator.into_output(value))
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
        let got = expr.value_type();
        if !matches!(got, ValueType::Scalar | ValueType::Vector) {
            return Err(Error::RangeType {
                got: got.documented(),
            });
        }
        if range.step.0 <= 0 {
            return Err(Error::BadStep);
        }
        let budget = Budget::new(self.options.max_samples, ctx);
        let evaluator = Evaluator::new(storage, &self.options, ctx, range, &budget);
        let grid = Grid::between(range.start.0, range.end.0, range.step.0);
        let value = evaluator.range_value(expr, grid)?;
        Ok(evaluator.into_output(value))
    }
}

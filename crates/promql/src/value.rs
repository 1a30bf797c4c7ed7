//! What a query gives.

use crate::eval::is_ordered;
use model::{Histogram, Labels, TimestampMs};
use promql_syntax::Expr;
use std::sync::Arc;
use std::time::Duration;

/// The result of a query with what was noted on the way.
#[derive(Debug, Clone, PartialEq)]
pub struct QueryOutput {
    /// The result.
    pub value: Value,
    /// Notes on what is probably wrong, `PromQL warning: ` in front. Ordering: of appearance.
    pub warnings: Vec<String>,
    /// Notes on what may be wrong, `PromQL info: ` in front. Ordering: of appearance.
    pub infos: Vec<String>,
    /// What the query took.
    pub stats: QueryStats,
    /// Of [`QueryStats::total_samples`], how many at each step: time and number; empty unless
    /// [`QueryContext::per_step_stats`](crate::QueryContext::per_step_stats) asks for them.
    pub samples_per_step: Vec<(i64, u64)>,
}

/// The four types of results.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// One number.
    Scalar {
        /// Time of the query.
        time: TimestampMs,
        /// Value.
        value: f64,
    },
    /// A text.
    String {
        /// Time of the query.
        time: TimestampMs,
        /// Text.
        value: String,
    },
    /// One sample per series. Ordering: as the expression says (`sort`, `topk`), else by labels.
    Vector(Vec<VectorElement>),
    /// Several samples per series. Ordering: by labels.
    Matrix(Vec<MatrixSeries>),
}

/// One series of a vector.
#[derive(Debug, Clone, PartialEq)]
pub struct VectorElement {
    /// Labels.
    pub labels: Labels,
    /// Time of the query.
    pub time: TimestampMs,
    /// Value; means nothing where there is a histogram.
    pub value: f64,
    /// Native histogram, if that is the value.
    pub histogram: Option<Arc<Histogram>>,
}

/// One series of a matrix.
///
/// Shape: `times.len() == values.len()`, at least one; `histograms` is empty if there is none, else of
/// that length too. Ordering: times rise. Units: milliseconds.
#[derive(Debug, Clone, PartialEq)]
pub struct MatrixSeries {
    /// Labels.
    pub labels: Labels,
    /// Times.
    pub times: Vec<i64>,
    /// Values; where there is a histogram, they mean nothing.
    pub values: Vec<f64>,
    /// Native histograms, `None` where the sample is a number.
    pub histograms: Vec<Option<Arc<Histogram>>>,
}

/// What a query took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct QueryStats {
    /// Samples that selectors looked at, counted once per step and window.
    pub total_samples: u64,
    /// Samples read from the storage.
    pub samples_read: u64,
    /// Most samples held at once.
    pub peak_samples: usize,
    /// Most memory held at once. Units: bytes, as the engine counts them.
    pub peak_bytes: usize,
    /// Series that selectors found, counted once per selector.
    pub series: usize,
    /// Time for finding series.
    pub preparing: Duration,
    /// Time for all else but sorting.
    pub evaluating: Duration,
    /// Time for sorting the result.
    pub sorting: Duration,
}

impl Value {
    /// With series in order of labels, unless the expression asks for another order.
    pub(crate) fn sorted(mut self, expr: &Expr) -> Self {
        match &mut self {
            Self::Vector(elements) if !is_ordered(expr) => {
                elements.sort_by(|a, b| a.labels.cmp(&b.labels));
            }
            Self::Matrix(series) => series.sort_by(|a, b| a.labels.cmp(&b.labels)),
            _ => {}
        }
        self
    }
}

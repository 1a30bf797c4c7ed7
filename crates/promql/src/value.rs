//! What a query gives.

use model::{Histogram, Labels, TimestampMs};
use std::sync::Arc;

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
    /// Series that selectors found, counted once per selector.
    pub series: usize,
}

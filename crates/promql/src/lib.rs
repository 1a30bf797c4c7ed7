//! PromQL evaluation over columns.
//!
//! Deliberately not here: parsing (`promql_syntax`), timers and HTTP. A query runs to its end, or until its
//! deadline, its cancel flag or its limits stop it; the calling thread waits for it.
//!
//! ```
//! use model::{Labels, TimestampMs};
//! use promql::{Engine, EngineOptions, QueryContext, Value};
//! use storage::MemStorage;
//!
//! let store = MemStorage::default();
//! store.add(&Labels::from_pairs([("__name__", "up"), ("job", "node")]), [(0, 1.0)])?;
//! let expr = promql::parse("sum(up)", promql_syntax::ParseOptions::default())?;
//! let engine = Engine::new(EngineOptions::default());
//! let output = engine.instant(&store, &expr, TimestampMs(60_000), &QueryContext::default())?;
//! let Value::Vector(elements) = output.value else { unreachable!() };
//! assert_eq!(elements[0].value, 1.0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Data in: an [`Expr`](promql_syntax::Expr) and a [`Queryable`](storage::Queryable). Data out: a
//! [`QueryOutput`]. Inside, every series of an intermediate result is one dense column of values, one per
//! step, in which the stale marker's bits mean "no sample here": arithmetic never makes them. Native
//! histograms stand in a second column beside it, which series of plain numbers do not have.
//!
//! Series flow one by one from selectors through functions into aggregations; only what must see all
//! series at once (joins, sorts) holds them all. Where an aggregation stands over one selector, the storage
//! groups the series before any sample is read, no label set is made for those that are aggregated away, and
//! parts of the series are worked on by several threads; how they are cut depends on the query alone, so
//! results do not depend on the machine. What is computed from times alone is computed once per
//! [timeline](storage::Column::timeline).
//!
//! [`Engine::explain_range`] tells what every node of an expression did and took.
//!
//! Source: Prometheus 3.14, `promql/engine.go`, `promql/functions.go`.

mod aggregate;
mod annotations;
mod binary;
mod budget;
mod engine;
mod error;
mod eval;
mod explain;
mod functions;
mod grid;
mod histogram;
mod kahan;
mod labels;
mod prepare;
mod quantile;
mod series;
mod value;

pub use engine::{Engine, EngineOptions, QueryContext, StepRange};
pub use error::{Error, Result};
pub use explain::{Explained, NodeKind, PlanNode};
pub use histogram::{
    Added, HistogramBucket, Incompatible, Total as HistogramTotal, histogram_buckets,
    is_reset as is_histogram_reset,
};
pub use prepare::parse;
pub use value::{MatrixSeries, QueryOutput, QueryStats, Value, VectorElement};

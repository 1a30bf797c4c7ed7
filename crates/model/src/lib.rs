//! The words of the domain: what a label, a sample, a duration and a matcher are.
//!
//! Deliberately not here: parsing of whole pages (`exposition`), of expressions (`promql-syntax`),
//! compiled matchers (`storage`), anything that does I/O, serde. This crate is the widest rebuild of
//! the workspace, so it stays small and quiet, and it compiles to WebAssembly.
//!
//! ```
//! use model::{Labels, METRIC_NAME};
//!
//! let labels = Labels::from_pairs([(METRIC_NAME, "up"), ("job", "node")]);
//! assert_eq!(labels.get("job"), Some("node"));
//! assert_eq!(labels.to_string(), r#"up{job="node"}"#);
//! ```
//!
//! Source: Prometheus' `model/labels`, `model/value`, `common/model` (3.14).

mod civil;
mod duration;
mod family;
mod histogram;
mod labels;
mod matcher;
mod name;
mod time;
mod value;

pub use civil::CivilTime;
pub use duration::{DurationMs, ParseDurationError};
pub use family::{MetricFamily, MetricKind, Point};
pub use histogram::{CUSTOM_BUCKETS_SCHEMA, Histogram, ResetHint, Span};
pub use labels::{Labels, LabelsBuilder};
pub use matcher::{MatchOp, Matcher};
pub use name::{is_legacy_label_name, is_legacy_metric_name, quote_label_value};
pub use time::{TimeRange, TimestampMs};
pub use value::{
    ParseValueError, STALE_NAN_BITS, format_plain, format_value, is_stale, parse_value, stale_nan,
};

/// The label that holds a series' metric name.
pub const METRIC_NAME: &str = "__name__";
/// The label of a classic histogram's bucket bound.
pub const BUCKET_LABEL: &str = "le";
/// The label of a summary's quantile.
pub const QUANTILE_LABEL: &str = "quantile";

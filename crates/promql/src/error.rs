//! Why a query has no result.

use crate::labels::Braced;
use model::Labels;
use promql_syntax::DurationError;

/// Result of an evaluation.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Errors of [`Engine`](crate::Engine).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The deadline passed.
    #[error("query timed out in expression evaluation")]
    Timeout,
    /// Whoever asked went away.
    #[error("query was canceled in expression evaluation")]
    Canceled,
    /// More samples at once than allowed.
    #[error("query processing would load too many samples into memory in query execution")]
    TooManySamples,
    /// More memory than one query may take.
    #[error(
        "query would take more than {limit} bytes of memory, the limit of one query (`--query.max-memory`)"
    )]
    QueryMemory {
        /// Units: bytes.
        limit: usize,
    },
    /// More memory than is left by other queries.
    #[error(
        "running queries would together take more than {limit} bytes of memory, the limit of all (`--query.max-total-memory`)"
    )]
    TotalMemory {
        /// Units: bytes.
        limit: usize,
    },
    /// The storage could not answer.
    #[error(transparent)]
    Storage(#[from] storage::Error),
    /// A duration expression has no usable length.
    #[error(transparent)]
    Duration(#[from] DurationError),
    /// Only scalars and instant vectors have a range of values.
    #[error("invalid expression type \"{got}\" for range query, must be Scalar or instant Vector")]
    RangeType {
        /// The type of the expression.
        got: &'static str,
    },
    /// A step of zero or less.
    #[error("zero or negative query resolution step widths are not accepted")]
    BadStep,
    /// Two elements at the same time with the same labels.
    #[error("vector cannot contain metrics with the same labelset")]
    SameLabelset,
    /// Several elements on the side of which there must be one.
    #[error(
        "found duplicate series for the match group {} on the {side} hand-side of the operation: [{}, {}];many-to-many matching not allowed: matching labels must be unique on one side",
        Braced(group),
        Braced(first),
        Braced(second)
    )]
    DuplicateMatch {
        /// Labels that were compared.
        group: Labels,
        /// `left` or `right`.
        side: &'static str,
        /// One of the elements.
        first: Labels,
        /// Another of the elements.
        second: Labels,
    },
    /// Several elements match one, and no `group_left` or `group_right` allows it.
    #[error(
        "multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)"
    )]
    ManyToOneImplicit,
    /// Elements of one group are told apart by nothing in the result.
    #[error("multiple matches for labels: grouping labels must ensure unique matches")]
    GroupingNotUnique,
    /// A parameter that may not be NaN.
    #[error("{what} value is NaN")]
    ParameterNan {
        /// `Parameter` or `Ratio`.
        what: &'static str,
    },
    /// A parameter that is no 64-bit integer.
    #[error("Scalar value {value} {direction} int64")]
    ParameterRange {
        /// The value.
        value: f64,
        /// `overflows` or `underflows`.
        direction: &'static str,
    },
    /// A smoothing factor outside of its bounds.
    #[error("invalid {what} factor. Expected: 0 < {symbol} < 1, got: {got:.6}")]
    BadFactor {
        /// `smoothing` or `trend`.
        what: &'static str,
        /// `sf` or `tf`.
        symbol: &'static str,
        /// The value.
        got: f64,
    },
    /// A label name that none can be, as it is written.
    #[error("invalid label name {0}")]
    BadLabelName(String),
    /// A label name in `label_replace` that none can be.
    #[error("invalid destination label name in {function}(): {name}")]
    BadDestination {
        /// `label_replace` or `label_join`.
        function: &'static str,
        /// The name.
        name: String,
    },
    /// A regular expression of `label_replace` that cannot be compiled.
    #[error("invalid regular expression in label_replace(): {0}")]
    BadReplaceRegex(String),
    /// An operator that has no meaning between scalars.
    #[error("operator {0:?} not allowed for Scalar operations")]
    ScalarOperator(&'static str),
    /// `anchored` or `smoothed` under a function that cannot use it.
    #[error("{modifier} modifier can only be used with: {allowed} - not with {function}")]
    ExtensionUse {
        /// The modifier.
        modifier: &'static str,
        /// Functions that can.
        allowed: &'static str,
        /// The function.
        function: &'static str,
    },
    /// Two info series describe the same at the same time.
    #[error(
        "found duplicate series for info metric: existing {}, new {}",
        Braced(existing),
        Braced(other)
    )]
    DuplicateInfo {
        /// One of the series.
        existing: Labels,
        /// The other.
        other: Labels,
    },
    /// Labels of several info series contradict each other.
    #[error("conflicting label: {0}")]
    ConflictingLabel(String),
    /// A series that should describe others has no numbers.
    #[error("this should be an info metric, with float samples: {}", Braced(.0))]
    InfoHistogram(Labels),
    /// The samples of an `anchored` or `smoothed` range itself, with histograms among them.
    #[error("{0} modifier is not supported with histograms")]
    ExtensionHistogram(&'static str),
    /// Something that this engine does not evaluate.
    #[error("not supported: {0}")]
    Unsupported(&'static str),
}

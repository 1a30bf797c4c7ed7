//! Why a rule has no result.

/// Result of an evaluation.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Errors of one evaluation of one rule. The words are Prometheus', which its API and its unit tests show.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The query failed.
    #[error(transparent)]
    Query(#[from] promql::Error),
    /// A query inside a template is none.
    #[error(transparent)]
    Parse(#[from] promql_syntax::ParseErrors),
    /// The expression gives a text or a range of samples.
    #[error("rule result is not a vector or scalar")]
    NotVector,
    /// Two series that are the same when the labels of the rule are on them.
    #[error("vector contains metrics with the same labelset after applying {what} labels")]
    SameLabelset {
        /// `rule` or `alert`.
        what: &'static str,
    },
    /// More results than the group allows.
    #[error("exceeded limit of {limit} with {got} {what}")]
    Limit {
        /// The group's limit.
        limit: usize,
        /// What came.
        got: usize,
        /// `series` or `alerts`.
        what: &'static str,
    },
    /// The results could not be stored.
    #[error(transparent)]
    Storage(#[from] storage::Error),
}

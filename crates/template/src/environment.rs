//! What a template can ask of the world.

use crate::Sample;
use model::TimestampMs;

/// Why a query has no answer.
pub type QueryError = Box<dyn std::error::Error + Send + Sync>;

/// The world around an expansion.
pub trait Environment {
    /// The samples of `expr`, a PromQL expression that gives a vector or a scalar.
    ///
    /// # Errors
    /// Whatever stopped the query; its words go into the expansion's error.
    fn query(&self, expr: &str) -> Result<Vec<Sample>, QueryError>;

    /// The time of the evaluation.
    fn now(&self) -> TimestampMs;

    /// The address under which people reach this server, without a slash at its end.
    fn external_url(&self) -> &str;
}

/// A world in which nothing can be queried and it is the epoch.
#[derive(Debug, Clone, Default)]
pub struct NoQueries {
    /// What [`Environment::external_url`] gives.
    pub external_url: String,
}

/// A query where there is nothing to query.
#[derive(Debug, thiserror::Error)]
#[error("queries are not possible here")]
struct NothingToQuery;

impl Environment for NoQueries {
    fn query(&self, _expr: &str) -> Result<Vec<Sample>, QueryError> {
        Err(Box::new(NothingToQuery))
    }

    fn now(&self) -> TimestampMs {
        TimestampMs(0)
    }

    fn external_url(&self) -> &str {
        &self.external_url
    }
}

//! Why a text is no dashboard that can be taken in.

/// Result of taking in a dashboard or reading an expression of it.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Errors of this crate. What is merely unsupported is no error but a [`Notice`](crate::Notice).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The text is no JSON.
    #[error("this is no JSON: {source}")]
    NotJson {
        /// What the parser found.
        #[from]
        source: serde_json::Error,
    },
    /// The JSON is no dashboard.
    #[error("this JSON is no dashboard: {found}")]
    NotADashboard {
        /// What it is instead.
        found: &'static str,
    },
    /// A dashboard of Grafana's second schema, which lays panels out as elements.
    #[error(
        "this is a dashboard of schema V2 (`{version}`): export it from Grafana as Classic JSON, or save it there with \
         the V1 API"
    )]
    SchemaV2 {
        /// The `apiVersion`, or what gave it away.
        version: String,
    },
    /// A dashboard of Perses.
    #[error("this is a dashboard of Perses; only Grafana's JSON is read")]
    Perses,
    /// A text is no time of the grammar of Grafana's time ranges.
    #[error("`{text}` is no time: expected `now`, `now-6h`, `now-1d/d`, milliseconds or a date")]
    Time {
        /// The text.
        text: String,
    },
    /// A text is no length of time.
    #[error("`{text}` is no interval: expected a number and one of ms, s, m, h, d, w, M, y")]
    Interval {
        /// The text.
        text: String,
    },
    /// A pattern is no regular expression.
    #[error("`{pattern}` is no regular expression: {problem} at {at}")]
    Pattern {
        /// The pattern.
        pattern: String,
        /// What is wrong.
        problem: &'static str,
        /// Where, in characters.
        at: usize,
    },
    /// An expression is no PromQL, so filters cannot be put into it.
    #[error("{source}")]
    Promql {
        /// What the parser found.
        #[from]
        source: promql_syntax::ParseErrors,
    },
    /// A panel that an edit names is not there.
    #[error("there is no panel with id {id}")]
    NoPanel {
        /// The id.
        id: i64,
    },
}

//! Why a test file cannot be run.

use model::ParseDurationError;
use promql_syntax::ParseErrors;
use promqltest::ScriptError;
use rules::FileErrors;

/// Result of reading a test file.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What is wrong with a test file, or with a rule file that it names.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No YAML, or a value of the wrong shape.
    #[error("yaml: line {line}: {message}")]
    Yaml {
        /// Line.
        line: u64,
        /// The YAML reader's words.
        message: String,
    },
    /// A field that does not exist.
    #[error("yaml: unmarshal errors:\n  line {line}: field {field} not found in type {kind}")]
    UnknownField {
        /// Line.
        line: u64,
        /// The field.
        field: String,
        /// What has no such field.
        kind: &'static str,
    },
    /// No duration.
    #[error("{}", duration(text, *source))]
    Duration {
        /// What stands there.
        text: String,
        /// What is wrong with it.
        source: ParseDurationError,
    },
    /// No point in time.
    #[error("start_timestamp must be a Unix timestamp or RFC 3339, got {0:?}")]
    StartTime(String),
    /// No regular expression to choose tests by.
    #[error("error parsing regexp: {0}")]
    Run(String),
    /// A group that the order of evaluation names twice.
    #[error("group name repeated in evaluation order: {0}")]
    RepeatedGroup(String),
    /// A rule file that cannot be used.
    #[error(transparent)]
    Rules(#[from] FileErrors),
    /// A series that is none.
    #[error(transparent)]
    Series(#[from] ParseErrors),
    /// Values that are none.
    #[error(transparent)]
    Values(#[from] ScriptError),
    /// The storage refused a sample.
    #[error(transparent)]
    Storage(#[from] storage::Error),
}

fn duration(text: &str, source: ParseDurationError) -> String {
    match source {
        ParseDurationError::Malformed => format!("{source}: {text:?}"),
        source => source.to_string(),
    }
}

//! Why a script cannot be read.

/// What is wrong with a command of a script.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ScriptError {
    /// No command.
    #[error("unknown command `{0}`")]
    UnknownCommand(String),
    /// A command in which something is missing or out of place.
    #[error("`{command}` must look like `{form}`")]
    BadForm {
        /// The first line of the command.
        command: String,
        /// What it must look like.
        form: &'static str,
    },
    /// No duration.
    #[error("bad duration `{0}`")]
    BadDuration(String),
    /// No series.
    #[error("bad series `{0}`")]
    BadSeries(String),
    /// No value.
    #[error("bad value `{0}`")]
    BadValue(String),
    /// A histogram literal that is none.
    #[error("bad histogram `{text}`: {problem}")]
    BadHistogram {
        /// The literal.
        text: String,
        /// What is wrong.
        problem: &'static str,
    },
    /// Start times that do not belong to the series on the next line.
    #[error("start times `{0}` do not fit the series after them")]
    StrayStarts(String),
    /// An expectation that is none.
    #[error("bad expectation `{0}`")]
    BadExpectation(String),
    /// Several values for an instant.
    #[error("`{0}` has several values, but an instant has one")]
    SeveralValues(String),
    /// Classic buckets that make no histogram.
    #[error("the buckets of `{series}` at {time} ms make no histogram: {problem}")]
    NoHistogram {
        /// The histogram.
        series: String,
        /// When.
        time: i64,
        /// Why.
        problem: &'static str,
    },
    /// The storage refused a sample.
    #[error(transparent)]
    Storage(#[from] storage::Error),
}

/// Result of reading a part of a script.
pub(crate) type Result<T> = std::result::Result<T, ScriptError>;

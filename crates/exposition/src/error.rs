//! What can be wrong with a metrics page.

/// Result of reading a page.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The first fault of a page and where it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct Error {
    /// Line, counted from 1.
    pub line: usize,
    /// What is wrong there.
    pub reason: Reason,
}

/// A fault of a metrics page.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// Something else was expected.
    #[error("expected {expected}, got `{got}`")]
    Expected {
        /// What the format wants here.
        expected: &'static str,
        /// The beginning of what is there; `end of line` or `end of page` where nothing is.
        got: String,
    },
    /// Bytes that are no UTF-8.
    #[error("invalid UTF-8 in {what}")]
    InvalidUtf8 {
        /// The part of the line.
        what: &'static str,
    },
    /// A label name that a series has twice.
    #[error("label name `{name}` is not unique")]
    DuplicateLabel {
        /// The name.
        name: String,
    },
    /// A series without a name.
    #[error("missing metric name (__name__ label)")]
    MissingMetricName,
    /// A unit that is not the end of its family's name (OpenMetrics).
    #[error("unit `{unit}` is not a suffix of metric `{family}`")]
    UnitNoSuffix {
        /// The family.
        family: String,
        /// The unit.
        unit: String,
    },
    /// An OpenMetrics page that just stops: what came may be half of it.
    #[error("data does not end with `# EOF`")]
    MissingEof,
    /// An OpenMetrics page that goes on.
    #[error("unexpected data after `# EOF`")]
    DataAfterEof,
}

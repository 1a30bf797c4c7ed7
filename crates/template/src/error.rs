//! Why a template gives no text.

/// Result of parsing or expanding.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Errors of [`Template`](crate::Template). Source of the words: Go's `text/template`, which users of
/// Prometheus see in its log and in unit tests.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The text is no template.
    #[error("template: {name}:{line}: {message}")]
    Parse {
        /// Name of the template.
        name: String,
        /// Line, counted from 1.
        line: usize,
        /// What is wrong there.
        message: String,
    },
    /// The template could not be carried out.
    #[error("template: {name}:{line}:{column}: executing {template:?} at <{context}>: {message}")]
    Execute {
        /// Name of the template that was parsed.
        name: String,
        /// Line, counted from 1.
        line: usize,
        /// Bytes before the place on its line.
        column: usize,
        /// Name of the template that was being carried out, which may be defined inside the other.
        template: String,
        /// The piece of the template.
        context: String,
        /// What went wrong there.
        message: String,
    },
}

/// What went wrong, before it has a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem(pub(crate) String);

impl<T: Into<String>> From<T> for Problem {
    fn from(text: T) -> Self {
        Self(text.into())
    }
}

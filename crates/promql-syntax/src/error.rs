//! What is wrong with a query text, and where.

use crate::span::{LineColumn, Span};
use std::fmt;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    /// The text that it is about.
    pub span: Span,
    /// Where the span starts, as people count.
    pub place: LineColumn,
    /// What is wrong. Source: Prometheus' wording, which tools compare.
    pub message: String,
    /// What would help, where that is known.
    pub hint: Option<&'static str>,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: parse error: {}", self.place, self.message)
    }
}

impl std::error::Error for ParseError {}

/// Everything that is wrong with one text. Ordering: in order of discovery; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseErrors(Vec<ParseError>);

impl ParseErrors {
    /// The list of `errors`, of which there is at least one.
    pub(crate) fn new(errors: Vec<ParseError>) -> Self {
        Self(errors)
    }

    /// A list of one.
    pub fn single(input: &str, span: Span, message: impl Into<String>) -> Self {
        Self(vec![ParseError {
            span,
            place: LineColumn::of(input, span.start),
            message: message.into(),
            hint: None,
        }])
    }

    /// The errors.
    pub fn iter(&self) -> std::slice::Iter<'_, ParseError> {
        self.0.iter()
    }
}

impl<'a> IntoIterator for &'a ParseErrors {
    type Item = &'a ParseError;
    type IntoIter = std::slice::Iter<'a, ParseError>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for ParseErrors {
    /// The first error only, as Prometheus answers.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.first() {
            Some(error) => fmt::Display::fmt(error, f),
            None => f.write_str("parse error"),
        }
    }
}

impl std::error::Error for ParseErrors {}

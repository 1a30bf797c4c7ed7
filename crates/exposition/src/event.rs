//! What a page says, line by line.

use crate::series;
use crate::{Error, Format, Reason, Result};
use model::{Labels, MetricKind, TimestampMs};
use std::borrow::Cow;

/// What one line of a page comes to.
#[derive(Debug, Clone, PartialEq)]
pub enum Line<'a> {
    /// A blank line or plain comment.
    Silent,
    /// Anything else.
    Event(Event<'a>),
    /// The page is over.
    End,
}

/// One line of a page (blank lines and plain comments give none).
#[derive(Debug, Clone, PartialEq)]
pub enum Event<'a> {
    /// The help text of a family, unescaped.
    Help {
        /// Family name.
        family: Cow<'a, str>,
        /// Text.
        text: Cow<'a, str>,
    },
    /// The type of a family.
    Type {
        /// Family name.
        family: Cow<'a, str>,
        /// Type.
        kind: MetricKind,
    },
    /// The unit of a family (OpenMetrics).
    Unit {
        /// Family name.
        family: Cow<'a, str>,
        /// Unit, such as `seconds`; may be empty.
        unit: &'a str,
    },
    /// One sample.
    Sample(Sample<'a>),
}

/// One sample of one series.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample<'a> {
    /// The series as the page writes it: everything before the value, without the blanks. Equal bytes
    /// under equal types are the same series; the labels inside are not checked yet.
    pub id: &'a [u8],
    /// Value; a NaN is always the ordinary one.
    pub value: f64,
    /// The time that the page gives, if it gives one.
    pub timestamp: Option<TimestampMs>,
    /// The exemplar beside the value (OpenMetrics).
    pub exemplar: Option<Exemplar<'a>>,
    pub(crate) place: Place<'a>,
}

/// Where a sample stands and what was known there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Place<'a> {
    pub(crate) page: &'a [u8],
    /// Byte offset of the line.
    pub(crate) offset: usize,
    pub(crate) format: Format,
    pub(crate) kind: MetricKind,
}

impl Place<'_> {
    pub(crate) fn error(&self, reason: Reason) -> Error {
        Error {
            line: line_of(self.page, self.offset),
            reason,
        }
    }
}

impl Sample<'_> {
    /// The labels, metric name included; empty label values count as absent, bucket bounds and
    /// quantiles are written as OpenMetrics writes them (`1` becomes `1.0`).
    ///
    /// # Errors
    /// The fault of the series' text, if it has one.
    pub fn labels(&self) -> Result<Labels> {
        self.parse().map(|parsed| parsed.labels)
    }

    /// Names of the labels that the page gives an empty value. They are absent from
    /// [`labels`](Self::labels), but a page that is honoured takes a target's label away with them.
    ///
    /// # Errors
    /// As for [`labels`](Self::labels).
    pub fn empty_labels(&self) -> Result<Vec<String>> {
        self.parse().map(|parsed| parsed.empty)
    }

    fn parse(&self) -> Result<series::ParsedLabels> {
        series::parse(self.id, self.place.format, self.place.kind)
            .map_err(|reason| self.place.error(reason))
    }

    /// The type that the last `# TYPE` line before the sample gave.
    pub fn kind(&self) -> MetricKind {
        self.place.kind
    }

    /// Line of the sample, counted from 1. Complexity: counts the lines before it.
    pub fn line(&self) -> usize {
        line_of(self.place.page, self.place.offset)
    }
}

/// An example of an observation, such as the id of one trace.
#[derive(Debug, Clone, PartialEq)]
pub struct Exemplar<'a> {
    /// Labels as the page writes them, braces included.
    pub id: &'a [u8],
    /// Value.
    pub value: f64,
    /// Time, if given.
    pub timestamp: Option<TimestampMs>,
    pub(crate) place: Place<'a>,
}

impl Exemplar<'_> {
    /// The labels.
    ///
    /// # Errors
    /// The fault of their text, if it has one.
    pub fn labels(&self) -> Result<Labels> {
        series::parse_exemplar(self.id).map_err(|reason| self.place.error(reason))
    }
}

/// Number of the line that the byte at `offset` is on, counted from 1.
pub(crate) fn line_of(page: &[u8], offset: usize) -> usize {
    memchr::memchr_iter(b'\n', page.get(..offset).unwrap_or(page)).count() + 1
}

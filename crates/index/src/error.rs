//! What can go wrong with an index.

use std::fmt;

/// Result of an index call.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A part of a block's index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// What stands before the sections and names them.
    Header,
    /// Label names.
    Names,
    /// Label values, by name.
    Values,
    /// Sets of label names.
    Shapes,
    /// One row of value numbers per series.
    Rows,
}

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Header => "header",
            Self::Names => "names",
            Self::Values => "values",
            Self::Shapes => "shapes",
            Self::Rows => "rows",
        })
    }
}

/// Errors of [`HeadIndex`](crate::HeadIndex), [`IndexWriter`](crate::IndexWriter) and
/// [`BlockIndex`](crate::BlockIndex).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The index cannot number more of something: series ids are used once, texts of one label's values
    /// take at most 4 GiB.
    #[error("index is full: {what} exhausted")]
    Full {
        /// What there is no more of.
        what: &'static str,
    },
    /// A series with more labels than a row can have.
    #[error("series has {got} labels, at most {max} are possible")]
    TooManyLabels {
        /// Labels of the series.
        got: usize,
        /// The limit.
        max: usize,
    },
    /// A series number that the index does not have.
    #[error("unknown series number {0}")]
    UnknownSeries(u32),
    /// The index was written by a version that this one does not read.
    #[error("index format version {version} is unknown, this program reads version {supported}")]
    UnknownVersion {
        /// Version of the bytes.
        version: u16,
        /// Version that can be read.
        supported: u16,
    },
    /// Bytes are not what was written.
    #[error("corrupted index: {section} at offset {offset}: {what}")]
    Corruption {
        /// Where.
        section: Section,
        /// For [`Section::Header`] and failed checksums from the start of the bytes, otherwise from the
        /// start of the section after decompression.
        offset: u64,
        /// The check that failed.
        what: &'static str,
    },
    /// The compressor failed; in practice only where memory ends.
    #[error("compression of the {section} section failed")]
    Compression {
        /// What was to be compressed.
        section: Section,
    },
}

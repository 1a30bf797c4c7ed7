//! What can go wrong in a storage.

use std::path::PathBuf;

/// Result of a storage call.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Errors of [`Appender`](crate::Appender) and [`Queryable`](crate::Queryable).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A regular expression of a matcher cannot be compiled.
    #[error("error parsing regexp: {reason}")]
    BadRegex {
        /// The expression as written.
        pattern: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A new series was refused; known series keep flowing.
    #[error("series limit of {limit} reached")]
    SeriesLimit {
        /// The limit.
        limit: usize,
    },
    /// A series id that this storage did not give.
    #[error("unknown series id {0}")]
    UnknownSeries(u32),
    /// A layout id that this storage did not give, or that was released.
    #[error("unknown layout id {0}")]
    UnknownLayout(u32),
    /// A frame whose number of values is not its layout's number of slots.
    #[error("frame has {got} values, its layout has {expected} slots")]
    FrameShape {
        /// Slots of the layout.
        expected: usize,
        /// Values of the frame.
        got: usize,
    },
    /// The storage takes no samples now (disk full, failed sync) but still answers queries.
    #[error("storage is read-only: {reason}")]
    ReadOnly {
        /// Why, and what brings it back.
        reason: String,
    },
    /// A file operation failed.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The operating system's answer.
        #[source]
        source: std::io::Error,
    },
    /// Bytes on disk are not what was written.
    #[error("{}: corrupted at offset {offset}: {what}", path.display())]
    Corruption {
        /// The file.
        path: PathBuf,
        /// Where in it, in bytes from its start.
        offset: u64,
        /// The check that failed.
        what: &'static str,
    },
}

//! What can go wrong with blocks.

use crate::Ulid;
use std::path::{Path, PathBuf};

/// Result of an operation on blocks.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Errors of this crate.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file operation failed.
    #[error(transparent)]
    File(#[from] vfs::Error),
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
    /// A file of a format that this version does not know.
    #[error("{}: format version {version} is not known", path.display())]
    Version {
        /// The file.
        path: PathBuf,
        /// What it says.
        version: u16,
    },
    /// Series were not given in canonical order, or one of them twice.
    #[error("series `{labels}` is out of canonical order")]
    SeriesOrder {
        /// The series that came too late.
        labels: String,
    },
    /// Times of a column do not strictly rise, or its parts differ in length.
    #[error("samples of series `{labels}` are out of order")]
    SampleOrder {
        /// The series.
        labels: String,
    },
    /// More series or timelines than a block can number.
    #[error("block is too large")]
    TooLarge,
    /// The index cannot take a series.
    #[error(transparent)]
    Index(#[from] index::Error),
    /// A block that is not, or no longer, in the store.
    #[error("unknown block {0}")]
    UnknownBlock(Ulid),
    /// The caller's control said stop; nothing was changed.
    #[error("stopped")]
    Stopped,
}

impl Error {
    pub(crate) fn corrupted(path: &Path, offset: u64, what: &'static str) -> Self {
        Self::Corruption {
            path: path.to_path_buf(),
            offset,
            what,
        }
    }

    /// The file that could not be read or written, where it is known.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::File(error) => Some(&error.path),
            Self::Corruption { path, .. } | Self::Version { path, .. } => Some(path),
            _ => None,
        }
    }

    /// Whether bytes on disk are the cause: trying again will not help.
    pub fn is_damage(&self) -> bool {
        matches!(self, Self::Corruption { .. } | Self::Version { .. })
    }
}

impl From<Error> for storage::Error {
    fn from(error: Error) -> Self {
        match error {
            Error::File(vfs::Error { path, source, .. }) => Self::Io { path, source },
            Error::Corruption { path, offset, what } => Self::Corruption { path, offset, what },
            Error::Version { path, .. } => Self::Corruption {
                path,
                offset: 0,
                what: "format version is not known",
            },
            other => Self::Io {
                path: PathBuf::new(),
                source: std::io::Error::other(other),
            },
        }
    }
}

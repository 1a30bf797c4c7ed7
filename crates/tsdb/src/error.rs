//! What stops a database from opening.

use std::path::PathBuf;

/// Result of opening and closing.
pub type Result<T> = std::result::Result<T, Error>;

/// Errors of [`Db::open`](crate::Db::open). Appending and querying use [`storage::Error`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Another process has the folder open.
    #[error("{} is in use by another process; stop it, or name another folder with --storage.tsdb.path", path.display())]
    Locked {
        /// The lock file.
        path: PathBuf,
    },
    /// A file operation failed.
    #[error(transparent)]
    File(#[from] vfs::Error),
    /// Blocks cannot be read or written.
    #[error(transparent)]
    Block(#[from] block::Error),
    /// The maintenance thread cannot be started.
    #[error("cannot start the maintenance thread: {0}")]
    Thread(#[source] std::io::Error),
}

/// A failed write as callers of [`storage::Appender`] see it: the database answers queries and tries
/// again at the next append.
pub(crate) fn read_only(error: &vfs::Error) -> storage::Error {
    storage::Error::ReadOnly {
        reason: format!("{error}; it is tried again with the next samples"),
    }
}

/// A failed file operation that has nothing to do with taking samples.
pub(crate) fn storage_error(error: vfs::Error) -> storage::Error {
    storage::Error::Io {
        path: error.path,
        source: error.source,
    }
}

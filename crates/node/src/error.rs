//! Why a collector has nothing to show.

use std::path::PathBuf;

pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;

/// Errors of one collector; they only ever become success 0.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum Error {
    /// A file or folder cannot be read.
    #[error("{}: {source}", path.display())]
    Read {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    /// A file does not look as the kernel writes it.
    #[error("{}: expected {}", path.display(), malformed.expected)]
    Malformed { path: PathBuf, malformed: Malformed },
    /// There is nothing of this kind on the machine.
    #[error("nothing to read")]
    NoData,
}

/// What a parser missed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed {
    pub(crate) expected: &'static str,
}

impl Malformed {
    pub(crate) fn new(expected: &'static str) -> Self {
        Self { expected }
    }
}

//! Why a request was not taken.

use std::time::Duration;

/// Why a request was not taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// It may be taken later.
    #[error("{reason}")]
    Recoverable {
        reason: String,
        /// The receiver asks to wait so long.
        after: Option<Duration>,
    },
    /// It never will.
    #[error("server returned HTTP status {status}: {text}")]
    Refused { status: u16, text: String },
    /// A server that does not know version 2 took the request and threw it away.
    #[error("the server took the request and wrote nothing: it may not know remote write 2")]
    NotWritten,
    /// It is too long.
    #[error(transparent)]
    Encode(#[from] snap::Error),
}

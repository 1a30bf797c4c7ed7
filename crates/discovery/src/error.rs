//! Why a discovery found nothing this time.

/// Result of one look.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a discovery found nothing this time.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file cannot be read.
    #[error("{path}: {source}")]
    Read {
        /// The file.
        path: String,
        /// The operating system's answer.
        #[source]
        source: std::io::Error,
    },
    /// A list of targets is malformed.
    #[error(transparent)]
    List(#[from] config::Error),
    /// The list's server does not answer.
    #[error(transparent)]
    Http(#[from] http_client::Error),
    /// The list's server answers something else.
    #[error("server returned HTTP status {status}")]
    Status {
        /// Code and reason.
        status: String,
    },
    /// The answer is no JSON by its type.
    #[error("unsupported content type {content_type:?}")]
    ContentType {
        /// The type.
        content_type: String,
    },
    /// A list that is not text.
    #[error("the list is not UTF-8")]
    NotText,
    /// The DNS has no answer.
    #[error("could not resolve {name:?}: {reason}")]
    Dns {
        /// The name.
        name: String,
        /// The resolver's words.
        reason: String,
    },
}

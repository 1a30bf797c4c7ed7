//! Why a request is refused as a whole.

/// Result of reading a request.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What makes a request unreadable. Nothing of it is stored then.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The body is no protobuf message by its own account.
    #[error("expected application/x-protobuf as the first (media) part, got {got} content-type")]
    MediaType {
        /// The content type as sent.
        got: String,
    },
    /// A parameter of the content type is no `key=value`.
    #[error("expected parameters to be key-values, got {parameter} in {got} content-type")]
    MediaParameter {
        /// The parameter.
        parameter: String,
        /// The content type as sent.
        got: String,
    },
    /// The content type names a message that nobody knows.
    #[error(
        "got {got} content type; unknown type for remote write protobuf message {message}, \
         supported: prometheus.WriteRequest, io.prometheus.write.v2.Request"
    )]
    UnknownMessage {
        /// The message named.
        message: String,
        /// The content type as sent.
        got: String,
    },
    /// This receiver is set up for other messages.
    #[error("{message} protobuf message is not accepted by this server; only accepts {accepted}")]
    NotAccepted {
        /// The message named.
        message: &'static str,
        /// Those that are accepted.
        accepted: String,
    },
    /// The body is compressed in another way.
    #[error(
        "{got} encoding (compression) is not accepted by this server; only snappy is acceptable"
    )]
    Encoding {
        /// The content encoding as sent.
        got: String,
    },
    /// The body says that it grows beyond the limit.
    #[error("decoded size of {declared} bytes is over the limit of {limit} bytes")]
    TooLarge {
        /// Size that the body declares.
        declared: usize,
        /// The limit.
        limit: usize,
    },
    /// The body declares a size that no body of its length can have.
    #[error("snappy: {got} bytes cannot decode to the declared {declared} bytes")]
    Implausible {
        /// Size that the body declares.
        declared: usize,
        /// Length of the body.
        got: usize,
    },
    /// The body is no snappy block.
    #[error("{0}")]
    Snappy(#[from] snap::Error),
    /// The decoded body is no such message.
    #[error("proto: {what}")]
    Protobuf {
        /// The rule that is broken.
        what: &'static str,
    },
}

impl Error {
    /// The HTTP status for it.
    pub fn status(&self) -> u16 {
        match self {
            Self::MediaType { .. }
            | Self::MediaParameter { .. }
            | Self::UnknownMessage { .. }
            | Self::NotAccepted { .. }
            | Self::Encoding { .. } => 415,
            _ => 400,
        }
    }
}

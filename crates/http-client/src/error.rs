//! Why a request failed.

/// Result of one step of a request.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a request failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Nobody answers at the address, or its certificate is not to be trusted.
    #[error("cannot connect to `{address}`: {reason}")]
    Connect {
        /// Host and port.
        address: String,
        /// The words of the operating system, the resolver, the proxy or the TLS library.
        reason: String,
    },
    /// The connection broke, or what came is no HTTP.
    #[error("request to `{address}` failed: {reason}")]
    Http {
        /// Host and port.
        address: String,
        /// What is wrong.
        reason: String,
    },
    /// The answer is larger than it may be.
    #[error("the answer of `{address}` is larger than {limit} bytes")]
    TooLarge {
        /// Host and port.
        address: String,
        /// The limit.
        limit: u64,
    },
    /// The answer was not complete in time.
    #[error("context deadline exceeded: no complete answer within {seconds} s")]
    Timeout {
        /// The time that there was.
        seconds: f64,
    },
    /// A redirect that cannot be followed.
    #[error("cannot follow redirect to `{location}`: {reason}")]
    Redirect {
        /// Where to.
        location: String,
        /// Why not.
        reason: &'static str,
    },
    /// An address that is no URL.
    #[error("`{url}` is no valid URL")]
    BadUrl {
        /// The address.
        url: String,
    },
    /// A file with a certificate, key, password or token cannot be read.
    #[error("unable to read {what} file {path}: {source}")]
    File {
        /// What the file holds.
        what: &'static str,
        /// The file.
        path: String,
        /// The operating system's answer.
        #[source]
        source: std::io::Error,
    },
    /// A certificate or key that is none.
    #[error("unable to use {what}: {reason}")]
    Tls {
        /// What cannot be used.
        what: &'static str,
        /// The TLS library's words.
        reason: String,
    },
    /// A secret that cannot stand in a header.
    #[error("the value of header `{header}` has a line end in it")]
    BadHeader {
        /// The header.
        header: String,
    },
    /// No token came.
    #[error("cannot fetch token: {reason}")]
    Token {
        /// What came instead.
        reason: String,
    },
}

impl From<http::uri::InvalidUri> for Error {
    fn from(error: http::uri::InvalidUri) -> Self {
        Self::BadUrl {
            url: error.to_string(),
        }
    }
}

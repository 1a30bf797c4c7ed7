//! What can be wrong with encoded bytes.

/// Result of a decoder.
pub type Result<T> = std::result::Result<T, Error>;

/// Errors of decoders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The bytes end before the last value, or a number in them is longer than 64 bits.
    #[error("column is cut short")]
    Truncated,
    /// The first byte names no encoding of this version.
    #[error("unknown column encoding {tag}")]
    UnknownEncoding {
        /// The byte.
        tag: u8,
    },
}

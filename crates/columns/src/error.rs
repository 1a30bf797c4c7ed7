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
    /// A part of the column contradicts the rest or the count of values.
    #[error("column has a wrong {part}")]
    Malformed {
        /// The part.
        part: &'static str,
    },
    /// Bytes are left after the last value.
    #[error("column has {count} bytes too many")]
    Trailing {
        /// How many.
        count: usize,
    },
    /// There is no memory for as many values as the caller asked for.
    #[error("no memory for {count} values")]
    OutOfMemory {
        /// The values asked for.
        count: usize,
    },
}

/// Makes room for `count` more in `out`, or refuses: a wrong count must not end the process.
pub(crate) fn reserve<T>(out: &mut Vec<T>, count: usize) -> Result<()> {
    out.try_reserve(count)
        .map_err(|_| Error::OutOfMemory { count })
}

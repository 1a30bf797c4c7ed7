//! Why there is no picture.

/// Why there is no picture.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// It has too many pixels.
    #[error("a picture of `{width:.0}` by `{height:.0}` pixels is too large")]
    TooLarge {
        /// Units: pixels.
        width: f64,
        /// Units: pixels.
        height: f64,
    },
    /// It could not be read or written.
    #[error("no picture: {reason}")]
    Picture {
        /// Why.
        reason: String,
    },
}

/// A picture, or why there is none.
pub type Result<T> = std::result::Result<T, Error>;

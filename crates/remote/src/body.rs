//! The body of a request, decompressed.

use crate::error::{Error, Result};

/// No snappy element makes more than 64 bytes of less than 3, and a literal makes less than it takes.
const MOST_GROWTH: usize = 22;

/// Decompresses one body into `buffer`, which only grows; gives the decoded bytes.
///
/// # Errors
/// Where the declared size is over `limit` or more than such a body can hold (before any memory is
/// taken), or the block is broken.
pub(crate) fn decompress<'b>(
    decoder: &mut snap::raw::Decoder,
    body: &[u8],
    limit: usize,
    buffer: &'b mut Vec<u8>,
) -> Result<&'b [u8]> {
    let declared = snap::raw::decompress_len(body)?;
    if declared > limit {
        return Err(Error::TooLarge { declared, limit });
    }
    if declared > body.len().saturating_mul(MOST_GROWTH) {
        return Err(Error::Implausible {
            declared,
            got: body.len(),
        });
    }
    if buffer.len() < declared {
        buffer.resize(declared, 0);
    }
    let written = decoder.decompress(body, buffer)?;
    Ok(buffer.get(..written).unwrap_or_default())
}

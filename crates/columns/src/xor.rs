//! Any values: the bytes in which each differs from the one before.

use crate::error::reserve;
use crate::varint::Reader;
use crate::{Error, Result};

/// Control byte of a value that repeats the one before.
const SAME: u8 = 0x80;

/// Bytes that [`encode`] appends.
pub(crate) fn length(values: &[f64]) -> usize {
    let mut previous = 0u64;
    let mut bytes = values.len();
    for value in values {
        let (_, _, length) = middle(value.to_bits() ^ previous);
        bytes += length;
        previous = value.to_bits();
    }
    bytes
}

/// Zero bytes before and after the differing ones, and the count of these.
fn middle(difference: u64) -> (u32, u32, usize) {
    if difference == 0 {
        return (8, 0, 0);
    }
    let (leading, trailing) = (
        difference.leading_zeros() / 8,
        difference.trailing_zeros() / 8,
    );
    (leading, trailing, 8 - (leading + trailing) as usize)
}

pub(crate) fn encode(values: &[f64], out: &mut Vec<u8>) {
    let mut previous = 0u64;
    for value in values {
        let bits = value.to_bits();
        let difference = bits ^ previous;
        previous = bits;
        if difference == 0 {
            out.push(SAME);
            continue;
        }
        let (leading, trailing, length) = middle(difference);
        // Each count is below 8, so both fit in one byte.
        out.push(u8::try_from(leading << 3 | trailing).unwrap_or(0));
        let bytes = (difference >> (trailing * 8)).to_le_bytes();
        out.extend(bytes.iter().take(length));
    }
}

pub(crate) fn decode(reader: &mut Reader<'_>, n: usize, out: &mut Vec<f64>) -> Result<()> {
    let mut previous = 0u64;
    reserve(out, n.min(reader.rest().len()))?;
    for _ in 0..n {
        let control = reader.byte()?;
        if control != SAME {
            let (leading, trailing) = (usize::from(control >> 3), usize::from(control & 7));
            let wrong = Error::Malformed {
                part: "control byte",
            };
            let length = 8usize.checked_sub(leading + trailing).ok_or(wrong)?;
            let mut bytes = [0u8; 8];
            for (to, from) in bytes.iter_mut().zip(reader.bytes(length)?) {
                *to = *from;
            }
            previous ^= u64::from_le_bytes(bytes) << (trailing * 8);
        }
        out.push(f64::from_bits(previous));
    }
    Ok(())
}

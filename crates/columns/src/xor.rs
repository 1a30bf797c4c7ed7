//! Any values: the bytes in which each differs from the one before.

use crate::varint::Reader;
use crate::{Error, Result};

pub(crate) fn encode(values: &[f64], out: &mut Vec<u8>) {
    let mut previous = 0u64;
    for value in values {
        let bits = value.to_bits();
        let difference = bits ^ previous;
        previous = bits;
        if difference == 0 {
            out.push(0x80);
            continue;
        }
        let leading = difference.leading_zeros() / 8;
        let trailing = difference.trailing_zeros() / 8;
        // Each count is below 8, so both fit in one byte.
        out.push(u8::try_from(leading << 3 | trailing).unwrap_or(0));
        let middle = (difference >> (trailing * 8)).to_le_bytes();
        let length = 8 - leading as usize - trailing as usize;
        out.extend(middle.iter().take(length));
    }
}

pub(crate) fn decode(reader: &mut Reader<'_>, n: usize, out: &mut Vec<f64>) -> Result<()> {
    let mut previous = 0u64;
    out.reserve(n.min(reader.rest().len()));
    for _ in 0..n {
        let counts = reader.byte()?;
        if counts != 0x80 {
            let (leading, trailing) = (usize::from(counts >> 3), usize::from(counts & 7));
            let length = 8usize
                .checked_sub(leading + trailing)
                .ok_or(Error::Truncated)?;
            let mut middle = [0u8; 8];
            for (to, from) in middle.iter_mut().zip(reader.bytes(length)?) {
                *to = *from;
            }
            previous ^= u64::from_le_bytes(middle) << (trailing * 8);
        }
        out.push(f64::from_bits(previous));
    }
    Ok(())
}

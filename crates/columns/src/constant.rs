//! Columns of one value: a byte for small integers, few for most others.

use crate::varint::{Reader, put_signed};
use crate::{Error, Result, decimal};

/// Integers below this are the first byte itself.
pub(crate) const SMALL: u8 = 128;
/// The stale marker: the NaN that ends a series.
const STALE: u64 = 0x7ff0_0000_0000_0002;
/// The largest integer that comes back from a signed varint of no more than 7 bytes.
const SHORT: i64 = 1 << 48;

/// Second byte after [`crate::form::CONSTANT`]: 0 to 22 the exponent of a decimal, then a signed varint;
/// 32 + k the first k bytes of the value; 63 the stale marker.
const BYTES: u8 = 32;
const STALE_KIND: u8 = 63;

/// The byte of a small integer.
pub(crate) fn small(value: f64) -> Option<u8> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "casts of floats saturate, and the way back is checked"
    )]
    let byte = value as u8;
    (byte < SMALL && f64::from(byte).to_bits() == value.to_bits()).then_some(byte)
}

/// Appends the value, without the first byte.
pub(crate) fn encode(value: f64, out: &mut Vec<u8>) {
    if value.to_bits() == STALE {
        out.push(STALE_KIND);
        return;
    }
    let mut best = Vec::with_capacity(10);
    let bytes = value.to_bits().to_be_bytes();
    let length = 8 - (value.to_bits().trailing_zeros() / 8).min(8) as usize;
    best.push(BYTES | u8::try_from(length).unwrap_or(8));
    best.extend(bytes.iter().take(length));
    if let Some(found) = decimal::analyse(&[value], None)
        && let ([integer], []) = (&found.integers[..], &found.exceptions[..])
        && integer.abs() < SHORT
    {
        let mut short = vec![found.exponent];
        put_signed(*integer, &mut short);
        if short.len() < best.len() {
            best = short;
        }
    }
    out.extend_from_slice(&best);
}

pub(crate) fn decode(reader: &mut Reader<'_>) -> Result<f64> {
    let kind = reader.byte()?;
    if let Some(power) = decimal::POWERS.get(usize::from(kind)) {
        return Ok(reader.signed()? as f64 / power);
    }
    if kind == STALE_KIND {
        return Ok(f64::from_bits(STALE));
    }
    let length = usize::from(kind ^ BYTES);
    if length > 8 {
        return Err(Error::Malformed { part: "constant" });
    }
    let mut bytes = [0u8; 8];
    for (to, from) in bytes.iter_mut().zip(reader.bytes(length)?) {
        *to = *from;
    }
    Ok(f64::from_bits(u64::from_be_bytes(bytes)))
}

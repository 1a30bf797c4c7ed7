//! Columns without arithmetic: one value, XOR, or the bytes as they are. Used whole, and inside others.

use crate::error::reserve;
use crate::varint::Reader;
use crate::{Error, Result, constant, form, xor};

/// Appends a column, its first byte included.
pub(crate) fn encode(values: &[f64], out: &mut Vec<u8>) {
    let Some(first) = values.first() else { return };
    if values
        .iter()
        .all(|value| value.to_bits() == first.to_bits())
    {
        return encode_constant(*first, out);
    }
    let start = out.len();
    out.push(form::XOR);
    xor::encode(values, out);
    if out.len() - start > values.len() * 8 + 1 {
        out.truncate(start);
        out.push(form::RAW);
        out.extend(
            values
                .iter()
                .flat_map(|value| value.to_bits().to_le_bytes()),
        );
    }
}

/// Appends a column of one value.
pub(crate) fn encode_constant(value: f64, out: &mut Vec<u8>) {
    if let Some(byte) = constant::small(value) {
        out.push(byte);
    } else {
        out.push(form::CONSTANT);
        constant::encode(value, out);
    }
}

/// Reads a column, its first byte included.
pub(crate) fn decode(reader: &mut Reader<'_>, n: usize, out: &mut Vec<f64>) -> Result<()> {
    if n == 0 {
        return Ok(());
    }
    let tag = reader.byte()?;
    decode_tagged(tag, reader, n, out)
}

/// Reads a column whose first byte is `tag`.
pub(crate) fn decode_tagged(
    tag: u8,
    reader: &mut Reader<'_>,
    n: usize,
    out: &mut Vec<f64>,
) -> Result<()> {
    reserve(out, n)?;
    match tag {
        0..constant::SMALL => out.extend(std::iter::repeat_n(f64::from(tag), n)),
        form::CONSTANT => out.extend(std::iter::repeat_n(constant::decode(reader)?, n)),
        form::XOR => xor::decode(reader, n, out)?,
        form::RAW => {
            let bytes = reader.bytes(n.checked_mul(8).ok_or(Error::Truncated)?)?;
            let (words, _) = bytes.as_chunks::<8>();
            out.extend(
                words
                    .iter()
                    .map(|word| f64::from_bits(u64::from_le_bytes(*word))),
            );
        }
        _ => return Err(Error::UnknownEncoding { tag }),
    }
    Ok(())
}

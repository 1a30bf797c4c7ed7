//! Numbers of variable length: seven bits a byte, lowest first, the high bit says "more".

use crate::{Error, Result};

/// Appends `value`.
pub fn put_unsigned(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push((value & 0x7f) as u8);
}

/// Appends `value` in zigzag form, so that small negative numbers are short too.
pub fn put_signed(value: i64, out: &mut Vec<u8>) {
    put_unsigned((value.wrapping_shl(1) ^ (value >> 63)) as u64, out);
}

/// Reads numbers off the front of bytes.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// A reader at the start of `bytes`.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// What was not read yet.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The next byte.
    ///
    /// # Errors
    /// [`Error::Truncated`] at the end.
    pub fn byte(&mut self) -> Result<u8> {
        let (first, rest) = self.rest.split_first().ok_or(Error::Truncated)?;
        self.rest = rest;
        Ok(*first)
    }

    /// The next `n` bytes.
    ///
    /// # Errors
    /// [`Error::Truncated`] where fewer are left.
    pub fn bytes(&mut self, n: usize) -> Result<&'a [u8]> {
        let (front, rest) = self.rest.split_at_checked(n).ok_or(Error::Truncated)?;
        self.rest = rest;
        Ok(front)
    }

    /// The next 8 bytes, little endian.
    ///
    /// # Errors
    /// [`Error::Truncated`] where fewer are left.
    pub fn u64(&mut self) -> Result<u64> {
        let bytes = self.bytes(8)?.try_into().map_err(|_| Error::Truncated)?;
        Ok(u64::from_le_bytes(bytes))
    }

    /// The next varint.
    ///
    /// # Errors
    /// [`Error::Truncated`] where it does not end, or not within 64 bits.
    pub fn unsigned(&mut self) -> Result<u64> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(Error::Truncated)
    }

    /// The next zigzag varint.
    ///
    /// # Errors
    /// As for [`unsigned`](Self::unsigned).
    pub fn signed(&mut self) -> Result<i64> {
        let zigzag = self.unsigned()?;
        Ok((zigzag >> 1) as i64 ^ -((zigzag & 1) as i64))
    }
}

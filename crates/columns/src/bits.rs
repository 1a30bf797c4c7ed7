//! Numbers of any width in bits, lowest bit first.

use crate::{Error, Result};

/// The 8 bytes from `at` on as a little-endian number; bytes past the end count as zero.
#[inline]
pub(crate) fn load(bytes: &[u8], at: usize) -> u64 {
    match bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        Some(chunk) => u64::from_le_bytes(*chunk),
        None => load_tail(bytes, at),
    }
}

#[cold]
fn load_tail(bytes: &[u8], at: usize) -> u64 {
    let rest = bytes.get(at..).unwrap_or_default();
    rest.iter()
        .rev()
        .fold(0, |word, byte| word << 8 | u64::from(*byte))
}

/// The lowest `width` bits set.
/// Bounds: `width` up to 64.
#[inline]
pub(crate) fn mask(width: u32) -> u64 {
    u64::MAX.checked_shr(64 - width).unwrap_or(0)
}

/// Bits that `value` takes: 0 for 0, 64 for the largest.
#[inline]
pub(crate) fn width_of(value: u64) -> u32 {
    64 - value.leading_zeros()
}

/// Appends bits to bytes; [`finish`](Self::finish) fills the last byte with zeros.
pub(crate) struct BitWriter<'a> {
    out: &'a mut Vec<u8>,
    word: u64,
    filled: u32,
}

impl<'a> BitWriter<'a> {
    pub(crate) fn new(out: &'a mut Vec<u8>) -> Self {
        Self {
            out,
            word: 0,
            filled: 0,
        }
    }

    /// Appends the `width` bits of `value`.
    /// Bounds: `value` is below `2^width`, `width` up to 64.
    #[inline]
    pub(crate) fn put(&mut self, value: u64, width: u32) {
        self.word |= value << self.filled;
        let filled = self.filled + width;
        if filled < 64 {
            self.filled = filled;
        } else {
            self.out.extend_from_slice(&self.word.to_le_bytes());
            self.word = value.checked_shr(64 - self.filled).unwrap_or(0);
            self.filled = filled - 64;
        }
    }

    pub(crate) fn finish(self) {
        let bytes = self.filled.div_ceil(8) as usize;
        self.out
            .extend(self.word.to_le_bytes().into_iter().take(bytes));
    }
}

/// Reads what [`BitWriter`] wrote. Reading past the end gives zeros; [`finish`](Self::finish) tells.
pub(crate) struct BitReader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> BitReader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// The next `width` bits.
    /// Bounds: `width` up to 64.
    #[inline]
    pub(crate) fn take(&mut self, width: u32) -> u64 {
        let value = self.peek() & mask(width.min(56));
        let first = width.min(56);
        self.at = self.at.saturating_add(first as usize);
        if width <= 56 {
            return value;
        }
        let high = self.peek() & mask(width - 56);
        self.at = self.at.saturating_add((width - 56) as usize);
        value | high << 56
    }

    /// At least the next 57 bits, without moving on.
    #[inline]
    pub(crate) fn peek(&self) -> u64 {
        load(self.bytes, self.at >> 3) >> (self.at & 7)
    }

    /// Moves on by `width` bits.
    #[inline]
    pub(crate) fn skip(&mut self, width: u32) {
        self.at = self.at.saturating_add(width as usize);
    }

    /// How many whole bytes were read.
    ///
    /// # Errors
    /// [`Error::Truncated`] where that is more than there are.
    pub(crate) fn finish(&self) -> Result<usize> {
        let used = self.at.div_ceil(8);
        if used > self.bytes.len() {
            return Err(Error::Truncated);
        }
        Ok(used)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn bits_come_back(fields in prop::collection::vec((any::<u64>(), 0u32..=64), 0..100)) {
            let mut bytes = Vec::new();
            let mut writer = BitWriter::new(&mut bytes);
            for (value, width) in &fields {
                writer.put(value & mask(*width), *width);
            }
            writer.finish();
            let mut reader = BitReader::new(&bytes);
            for (value, width) in &fields {
                prop_assert_eq!(reader.take(*width), value & mask(*width));
            }
            prop_assert_eq!(reader.finish(), Ok(bytes.len()));
            reader.skip(8);
            prop_assert_eq!(reader.finish(), Err(Error::Truncated));
        }
    }
}

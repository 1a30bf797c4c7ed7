//! Values at the end of a line.

use super::{LastValue, hash_bytes};
use exposition::{parse_number, short_number};

const ONES: u64 = 0x0101_0101_0101_0101;
/// Longer values are left to the parser of whole lines.
const LONGEST: usize = 40;

impl LastValue {
    /// Reads a value from the front of `rest`, where a line end follows at once: the number, and the bytes
    /// of the text. Nothing where anything else follows, or where the text is no number.
    #[inline]
    pub(crate) fn read(&mut self, rest: &[u8]) -> Option<(f64, usize)> {
        let word = first_word(rest);
        let length = self.length as usize;
        if length < 8 {
            if self.text == word & through(length) {
                return Some((self.number, length));
            }
        } else if rest.get(length) == Some(&b'\n')
            && rest
                .get(..length)
                .is_some_and(|text| hash_bytes(text) == self.text)
        {
            return Some((self.number, length));
        }
        self.read_new(word, rest)
    }

    fn read_new(&mut self, word: u64, rest: &[u8]) -> Option<(f64, usize)> {
        let ends = line_ends(word);
        if ends != 0 {
            let length = ends.trailing_zeros() as usize / 8;
            let number = match short_number(word, length) {
                Some(number) => number,
                None => parse_number(rest.get(..length)?)?,
            };
            return Some(self.keep(word & through(length), number, length));
        }
        let length = rest.iter().take(LONGEST).position(|byte| *byte == b'\n')?;
        let text = rest.get(..length)?;
        let number = parse_number(text)?;
        Some(self.keep(hash_bytes(text), number, length))
    }

    #[expect(clippy::cast_possible_truncation, reason = "at most LONGEST")]
    fn keep(&mut self, text: u64, number: f64, length: usize) -> (f64, usize) {
        *self = Self {
            text,
            number,
            length: length as u32,
        };
        (number, length)
    }
}

/// The first eight bytes, zeros where the page is over.
#[inline]
fn first_word(rest: &[u8]) -> u64 {
    match rest.first_chunk::<8>() {
        Some(bytes) => u64::from_le_bytes(*bytes),
        None => rest
            .iter()
            .rev()
            .fold(0, |word, byte| (word << 8) | u64::from(*byte)),
    }
}

/// Mask of the low `length` bytes and the one after them. Bounds: `length < 8`.
#[inline]
fn through(length: usize) -> u64 {
    u64::MAX >> (56 - 8 * length)
}

/// The lowest set bit is in the lowest byte that is a line end.
#[inline]
fn line_ends(word: u64) -> u64 {
    let differs = word ^ (ONES * u64::from(b'\n'));
    differs.wrapping_sub(ONES) & !differs & (ONES << 7)
}

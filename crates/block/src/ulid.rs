//! Names of blocks: they sort by time of creation.

use std::fmt;
use std::str::FromStr;

/// 128 bits: 48 of milliseconds since 1970, 80 of chance. Written as 26 characters of Crockford's
/// base 32, which sort as the numbers do.
///
/// Source: github.com/ulid/spec.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ulid(u128);

const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH: usize = 26;

/// A text that is no ULID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a ulid")]
pub struct ParseUlidError;

impl Ulid {
    /// The name of something made at `time_ms` (units: milliseconds since 1970; the low 48 bits count),
    /// different from others by the low 80 bits of `random`.
    pub fn new(time_ms: u64, random: u128) -> Self {
        Self(u128::from(time_ms) << 80 | random & ((1 << 80) - 1))
    }

    /// The number.
    pub fn to_u128(self) -> u128 {
        self.0
    }

    /// The name of a number.
    pub fn from_u128(number: u128) -> Self {
        Self(number)
    }

    /// When it was made. Units: milliseconds since 1970.
    pub fn time_ms(self) -> u64 {
        (self.0 >> 80) as u64
    }

    pub(crate) fn to_bytes(self) -> [u8; 16] {
        self.0.to_le_bytes()
    }
}

impl fmt::Display for Ulid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::with_capacity(LENGTH);
        for place in (0..LENGTH).rev() {
            let digit = (self.0 >> (place * 5)) as usize & 31;
            text.push(DIGITS.get(digit).map_or('0', |digit| char::from(*digit)));
        }
        f.pad(&text)
    }
}

impl FromStr for Ulid {
    type Err = ParseUlidError;

    /// Only the canonical form: upper case, 26 characters.
    fn from_str(text: &str) -> Result<Self, ParseUlidError> {
        if text.len() != LENGTH || text.as_bytes().first() > Some(&b'7') {
            return Err(ParseUlidError);
        }
        let mut number = 0u128;
        for byte in text.bytes() {
            let digit = DIGITS.iter().position(|have| *have == byte);
            number = number << 5 | digit.ok_or(ParseUlidError)? as u128;
        }
        Ok(Self(number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_comes_back_and_sorts_by_time() {
        let one = Ulid::new(1_700_000_000_000, 12345);
        let two = Ulid::new(1_700_000_000_001, 0);
        assert_eq!(one.to_string().parse(), Ok(one));
        assert!(one < two && one.to_string() < two.to_string());
        assert_eq!(one.time_ms(), 1_700_000_000_000);
        assert_eq!(
            Ulid::from_u128(u128::MAX).to_string(),
            "7ZZZZZZZZZZZZZZZZZZZZZZZZZ"
        );
        // From the specification's own example.
        let known: Ulid = "01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap();
        assert_eq!(known.time_ms(), 1_469_922_850_259);
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "01ARZ3NDEKTSV4RRFFQ69G5FA",
            "01arz3ndektsv4rrffq69g5fav",
            "81ARZ3NDEKTSV4RRFFQ69G5FAV",
            "01ARZ3NDEKTSV4RRFFQ69G5FAU",
        ] {
            assert_eq!(text.parse::<Ulid>(), Err(ParseUlidError), "{text}");
        }
    }
}

//! The key of a series in the cache: a seeded hash of its labels as sent.

use rapidhash::v3::{RapidSecrets, rapidhash_v3_inline};
use std::hash::{BuildHasher, RandomState};

/// The secret of this process. The two versions hash apart from each other.
///
/// Two label texts that hash alike would be taken for one series. With a hash of 64 bits and `n` keys in
/// the cache, a new key meets one of them with odds of `n / 2^64`: 5e-14 for a million keys, 5e-5 in all
/// when a billion different series come by. The seed is random, so that nobody can prepare such a pair.
#[derive(Debug)]
pub(crate) struct Hasher {
    bytes: RapidSecrets,
    start: u64,
    factor: u64,
}

impl Hasher {
    pub(crate) fn random() -> Self {
        let random = RandomState::new();
        Self {
            bytes: RapidSecrets::seed(random.hash_one(0_u8)),
            start: random.hash_one(1_u8),
            factor: random.hash_one(2_u8) | 1,
        }
    }

    /// Hash of bytes.
    #[inline]
    pub(crate) fn bytes(&self, bytes: &[u8]) -> u64 {
        rapidhash_v3_inline::<true, false, false>(bytes, &self.bytes)
    }

    /// The hash of no symbols, to [`chain`](Self::chain) on.
    pub(crate) fn start(&self) -> u64 {
        self.start
    }

    /// The hash of the symbols so far and one more, told by its own hash.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "both halves are used")]
    pub(crate) fn chain(&self, so_far: u64, symbol: u64) -> u64 {
        let product = u128::from(so_far ^ symbol) * u128::from(self.factor);
        (product as u64) ^ ((product >> 64) as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_symbols_counts() {
        let hasher = Hasher::random();
        let all = |symbols: &[&[u8]]| {
            symbols.iter().fold(hasher.start(), |so_far, symbol| {
                hasher.chain(so_far, hasher.bytes(symbol))
            })
        };
        assert_eq!(all(&[b"a", b"b"]), all(&[b"a", b"b"]));
        assert_ne!(all(&[b"a", b"b"]), all(&[b"b", b"a"]));
        assert_ne!(all(&[b"a", b"b"]), all(&[b"ab"]));
    }
}

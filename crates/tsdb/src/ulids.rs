//! Names of blocks, each greater than all before.

use block::Ulid;
use parking_lot::Mutex;
use std::hash::{BuildHasher, Hasher};

/// Gives names.
#[derive(Debug, Default)]
pub(crate) struct Ulids {
    last: Mutex<u128>,
}

impl Ulids {
    /// Names behind those of `known` blocks.
    pub(crate) fn behind(known: impl Iterator<Item = Ulid>) -> Self {
        let last = known.map(Ulid::to_u128).max().unwrap_or(0);
        Self {
            last: Mutex::new(last),
        }
    }

    /// A name for a block made at `now`. Units: milliseconds. Rises even where the clock does not: blocks
    /// that were written first have the smaller name.
    pub(crate) fn next(&self, now: i64) -> Ulid {
        let mut last = self.last.lock();
        let number = Ulid::new(u64::try_from(now).unwrap_or(0), random()).to_u128();
        *last = number.max(last.saturating_add(1));
        Ulid::from_u128(*last)
    }
}

/// Different every time; nothing secret.
fn random() -> u128 {
    let half = || std::hash::RandomState::new().build_hasher().finish();
    (u128::from(half()) << 64) | u128::from(half())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_rise_even_when_the_clock_goes_back() {
        let ulids = Ulids::behind([Ulid::new(500, 7)].into_iter());
        let names = [1_000, 1_000, 3, 2_000].map(|now| ulids.next(now));
        assert!(names.is_sorted_by(|a, b| a < b));
        assert!(names[0] > Ulid::new(500, 7));
        assert_eq!(names[3].time_ms(), 2_000);
    }
}

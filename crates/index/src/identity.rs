//! What makes a series the same series everywhere.

use model::Labels;
use xxhash_rust::xxh3::xxh3_128;

/// Stands in no UTF-8 text, so no two label sets share their canonical bytes.
const SEPARATOR: u8 = 0xff;

/// The identity of a series across heads, blocks and programs.
///
/// It is XXH3-128 (seed 0) of the canonical bytes of its labels: for each label, sorted by name in byte
/// order, the name, the byte 255, the value, the byte 255. Numbers of series mean something inside one
/// index only; where two indexes meet, series are matched by this.
///
/// Source: the xxHash specification (XXH3, 128 bits).
pub fn identity(labels: &Labels) -> u128 {
    let mut canonical = Canonical::default();
    for (name, value) in labels.iter() {
        canonical.push(name, value);
    }
    canonical.identity()
}

/// Canonical bytes in the making.
pub(crate) struct Canonical(Vec<u8>);

impl Default for Canonical {
    fn default() -> Self {
        // Most label sets fit, so that the bytes move but seldom.
        Self(Vec::with_capacity(512))
    }
}

impl Canonical {
    pub(crate) fn push(&mut self, name: &str, value: &str) {
        for text in [name, value] {
            self.0.extend_from_slice(text.as_bytes());
            self.0.push(SEPARATOR);
        }
    }

    pub(crate) fn identity(&self) -> u128 {
        xxh3_128(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identity_is_fixed_for_all_time() {
        // Computed with the `twox-hash` crate; what was written with them depends on them.
        let up = Labels::from_pairs([("__name__", "up"), ("job", "node")]);
        let cases = [
            (Labels::empty(), 0x99aa_06d3_0147_98d8_6001_c324_468d_497f),
            (up, 0x6183_efca_eaa9_ea7e_49fe_b79b_dfa3_ebd8),
        ];
        for (labels, expected) in cases {
            assert_eq!(identity(&labels), expected, "{labels}");
        }
    }

    #[test]
    fn labels_that_join_to_the_same_text_differ() {
        let one = Labels::from_pairs([("a", "bc")]);
        let other = Labels::from_pairs([("ab", "c")]);
        assert_ne!(identity(&one), identity(&other));
    }
}

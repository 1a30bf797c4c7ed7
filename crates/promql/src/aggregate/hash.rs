//! A fixed place between 0 and 1 for every label set.

use model::Labels;
use xxhash_rust::xxh64::xxh64;

/// Where `labels` fall in [0, 1], the same in every process and in Prometheus, so that both choose the
/// same series.
///
/// Source: Prometheus 3.14, `model/labels/labels_stringlabels.go`: names and values, each behind its length.
pub(super) fn fraction(labels: &Labels) -> f64 {
    let mut bytes = Vec::with_capacity(labels.heap_bytes());
    for part in labels.iter().flat_map(|(name, value)| [name, value]) {
        match u8::try_from(part.len()) {
            Ok(short) if short < u8::MAX => bytes.push(short),
            _ => {
                bytes.push(u8::MAX);
                let byte = |shift: u32| u8::try_from((part.len() >> shift) & 0xff).unwrap_or(0);
                bytes.extend([0, 8, 16].map(byte));
            }
        }
        bytes.extend_from_slice(part.as_bytes());
    }
    xxh64(&bytes, 0) as f64 / u64::MAX as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn label_sets_spread_evenly() {
        let below = (0..1000)
            .filter(|i| fraction(&Labels::from_pairs([("i", i.to_string())])) < 0.3)
            .count();
        assert!((250..350).contains(&below), "{below}");
    }

    #[test]
    fn long_values_have_long_lengths() {
        let place = |n: usize| fraction(&Labels::from_pairs([("a", "x".repeat(n))]));
        assert_ne!(place(254), place(255));
        assert!((0.0..=1.0).contains(&place(100_000)));
    }

    #[test]
    fn the_empty_set_hashes_as_xxhash_defines_it() {
        // XXH64 of no bytes with seed 0.
        assert_eq!(
            fraction(&Labels::empty()),
            0xef46_db37_51d8_e999_u64 as f64 / u64::MAX as f64
        );
    }
}

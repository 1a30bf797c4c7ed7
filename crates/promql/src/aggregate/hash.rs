//! A fixed place between 0 and 1 for every label set.

use model::Labels;

/// Where `labels` fall in [0, 1), the same in every process.
///
/// Source: FNV-1a with the finisher of SplitMix64, so that close label sets fall far apart.
pub(super) fn fraction(labels: &Labels) -> f64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut add = |byte: u8| {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    };
    for (name, value) in labels.iter() {
        name.bytes()
            .chain([0xff])
            .chain(value.bytes())
            .chain([0xff])
            .for_each(&mut add);
    }
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^= hash >> 31;
    (hash >> 11) as f64 / (1_u64 << 53) as f64
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
}

//! Numbers of one fixed width, eight of them in as many bytes as the width has bits.
//!
//! The width is a constant of each kernel, so that every shift and offset in its loop is one too.

use crate::bits::{BitWriter, load};

/// Appends the lowest `width` bits of each value.
/// Bounds: every value is below `2^width`.
pub(crate) fn pack(values: impl Iterator<Item = u64>, width: u32, out: &mut Vec<u8>) {
    let mut writer = BitWriter::new(out);
    for value in values {
        writer.put(value, width);
    }
    writer.finish();
}

/// Bytes that `n` values of `width` bits take.
pub(crate) fn packed_length(n: usize, width: u32) -> Option<usize> {
    Some(n.checked_mul(width as usize)?.div_ceil(8))
}

/// Fills `out` from the start of `bytes`; what the bytes do not hold comes out as zero.
pub(crate) fn unpack(bytes: &[u8], width: u32, out: &mut [u64]) {
    macro_rules! by_width {
        ($($w:literal)*) => {
            match width {
                $($w => kernel::<$w>(bytes, out),)*
                _ => out.fill(0),
            }
        };
    }
    by_width!(
        1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32
        33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60 61 62 63 64
    );
}

fn kernel<const W: usize>(bytes: &[u8], out: &mut [u64]) {
    let (groups, tail) = out.as_chunks_mut::<8>();
    let (chunks, rest) = bytes.as_chunks::<W>();
    for (group, chunk) in groups.iter_mut().zip(chunks) {
        *group = eight::<W>(chunk);
    }
    // What the whole chunks do not cover: at most one group is in the bytes left over.
    let whole = groups.len();
    let chunk_at = |index: usize| {
        let mut padded = [0u8; W];
        if index == chunks.len() {
            for (to, from) in padded.iter_mut().zip(rest) {
                *to = *from;
            }
        }
        padded
    };
    for (index, group) in groups.iter_mut().enumerate().skip(chunks.len()) {
        *group = eight::<W>(&chunk_at(index));
    }
    if !tail.is_empty() {
        let padded;
        let chunk = if let Some(chunk) = chunks.get(whole) {
            chunk
        } else {
            padded = chunk_at(whole);
            &padded
        };
        for (to, from) in tail.iter_mut().zip(eight::<W>(chunk)) {
            *to = from;
        }
    }
}

/// The eight values of one group.
#[inline(always)]
#[expect(
    clippy::inline_always,
    reason = "the loop around it must see that the offsets are constants"
)]
fn eight<const W: usize>(chunk: &[u8; W]) -> [u64; 8] {
    let mask = u64::MAX >> (64 - W);
    if W <= 8 {
        let word = load_short(chunk);
        return std::array::from_fn(|i| word >> (i * W) & mask);
    }
    std::array::from_fn(|i| {
        let bit = i * W;
        let at = (bit / 8).min(W - 8);
        let shift = bit - at * 8;
        let low = load(chunk, at) >> shift;
        let high = if shift + W > 64 {
            // `at` was not moved back here, so a ninth byte is there.
            u64::from(chunk.get(at + 8).copied().unwrap_or(0)) << (64 - shift)
        } else {
            0
        };
        (low | high) & mask
    })
}

#[inline(always)]
#[expect(clippy::inline_always, reason = "as for `eight`")]
fn load_short<const W: usize>(chunk: &[u8; W]) -> u64 {
    let mut word = [0u8; 8];
    for (to, from) in word.iter_mut().zip(chunk) {
        *to = *from;
    }
    u64::from_le_bytes(word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bits::mask;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn packed_numbers_come_back(values in prop::collection::vec(any::<u64>(), 0..300), width in 0u32..=64) {
            let values: Vec<u64> = values.into_iter().map(|value| value & mask(width)).collect();
            let mut bytes = Vec::new();
            pack(values.iter().copied(), width, &mut bytes);
            prop_assert_eq!(Some(bytes.len()), packed_length(values.len(), width));
            let mut back = vec![7; values.len()];
            unpack(&bytes, width, &mut back);
            prop_assert_eq!(back, values);
        }
    }

    #[test]
    fn missing_bytes_are_zeros() {
        let mut back = [7u64; 20];
        unpack(&[0xff; 3], 12, &mut back);
        assert_eq!(back[..3], [0xfff, 0xfff, 0]);
        assert!(back[3..].iter().all(|value| *value == 0));
    }
}

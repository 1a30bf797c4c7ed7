//! A few positions in a column: gaps in Rice code where they are rare, else one bit a value.
//!
//! First byte 0 to 31: the Rice parameter; then the count (varint) and the gaps as bits: how often
//! `2^parameter` fits in the gap as ones, a zero, the rest in `parameter` bits.
//! First byte 255: one bit for each value.

use crate::bits::{BitReader, BitWriter, load};
use crate::error::reserve;
use crate::varint::{Reader, put_unsigned};
use crate::{Error, Result};

const BITMAP: u8 = 255;

/// The Rice parameter for `count` positions of `n`.
fn parameter(count: usize, n: usize) -> u8 {
    // The best is near the logarithm of ln 2 times the mean gap.
    let mean = (n.max(1) as f64 / count.max(1) as f64 * 0.69).max(1.0);
    #[expect(
        clippy::cast_possible_truncation,
        reason = "log2 of a count is below 64"
    )]
    let log = mean.log2().round() as u8;
    log.min(31)
}

/// About how many bits `count` positions of `n` take.
pub(crate) fn estimate(count: usize, n: usize) -> usize {
    let log = usize::from(parameter(count, n));
    let gaps = count * (log + 1) + (n >> log) + 8;
    8 + gaps.min(n)
}

/// Appends `positions`.
/// Ordering: rising; all below `n`.
pub(crate) fn encode(positions: &[usize], n: usize, out: &mut Vec<u8>) {
    let log = parameter(positions.len(), n);
    let bits: usize = gaps(positions)
        .map(|gap| (gap >> log) + 1 + usize::from(log))
        .sum();
    if bits + 8 >= n {
        out.push(BITMAP);
        let start = out.len();
        out.resize(start + n.div_ceil(8), 0);
        for at in positions {
            if let Some(byte) = out.get_mut(start + at / 8) {
                *byte |= 1 << (at % 8);
            }
        }
        return;
    }
    out.push(log);
    put_unsigned(positions.len() as u64, out);
    let mut writer = BitWriter::new(out);
    for gap in gaps(positions) {
        for _ in 0..gap >> log {
            writer.put(1, 1);
        }
        let rest = gap as u64 & ((1 << log) - 1);
        writer.put(rest << 1, u32::from(log) + 1);
    }
    writer.finish();
}

/// How many values lie between each position and the one before it.
fn gaps(positions: &[usize]) -> impl Iterator<Item = usize> {
    let before = std::iter::once(0).chain(positions.iter().map(|at| at + 1));
    positions.iter().zip(before).map(|(at, from)| at - from)
}

/// Positions as they are stored.
/// Ordering: rising.
pub(crate) enum Positions<'a> {
    /// One by one.
    Listed(Vec<usize>),
    /// A bit for each value, as many of them set as `ones` says.
    Bitmap { bytes: &'a [u8], ones: usize },
}

impl Positions<'_> {
    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        match self {
            Self::Listed(positions) => positions.len(),
            Self::Bitmap { ones, .. } => *ones,
        }
    }

    /// One by one.
    pub(crate) fn listed(self) -> Result<Vec<usize>> {
        let (bytes, ones) = match self {
            Self::Listed(positions) => return Ok(positions),
            Self::Bitmap { bytes, ones } => (bytes, ones),
        };
        let mut positions = Vec::new();
        reserve(&mut positions, ones)?;
        for start in (0..bytes.len()).step_by(8) {
            let mut word = load(bytes, start);
            while word != 0 {
                positions.push(start * 8 + word.trailing_zeros() as usize);
                word &= word - 1;
            }
        }
        Ok(positions)
    }
}

/// Reads positions below `n`.
pub(crate) fn decode<'a>(reader: &mut Reader<'a>, n: usize) -> Result<Positions<'a>> {
    let wrong = Error::Malformed { part: "position" };
    let mut positions = Vec::new();
    let log = match reader.byte()? {
        BITMAP => {
            let bytes = reader.bytes(n.div_ceil(8))?;
            let surplus = bytes
                .last()
                .map_or(0, |last| u32::from(*last) >> ((n + 7) % 8 + 1));
            if surplus != 0 {
                return Err(wrong);
            }
            let ones = bytes.iter().map(|byte| byte.count_ones() as usize).sum();
            return Ok(Positions::Bitmap { bytes, ones });
        }
        log @ 0..=31 => u32::from(log),
        _ => return Err(wrong),
    };
    let count = reader.unsigned()?;
    let count = usize::try_from(count).map_err(|_| wrong)?;
    if count > n {
        return Err(wrong);
    }
    reserve(&mut positions, count)?;
    let mut bits = BitReader::new(reader.rest());
    let mut next = 0usize;
    for _ in 0..count {
        let mut high = 0u64;
        loop {
            let ones = bits.peek().trailing_ones();
            bits.skip(ones);
            high += u64::from(ones);
            // Bits past the end are zeros, so this ends; a run of 57 may go on in the next word.
            if ones < 57 {
                break;
            }
        }
        bits.skip(1);
        let gap = high.checked_shl(log).unwrap_or(u64::MAX) | bits.take(log);
        let at = usize::try_from(gap)
            .ok()
            .and_then(|gap| next.checked_add(gap));
        let at = at.filter(|at| *at < n).ok_or(wrong)?;
        positions.push(at);
        next = at + 1;
    }
    reader.bytes(bits.finish()?)?;
    Ok(Positions::Listed(positions))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn positions_come_back(positions in prop::collection::btree_set(0usize..3000, 0..400), more in 0usize..100) {
            let positions: Vec<usize> = positions.into_iter().collect();
            let n = positions.last().map_or(0, |last| last + 1) + more;
            let mut bytes = Vec::new();
            encode(&positions, n, &mut bytes);
            prop_assert!(bytes.len() * 8 <= estimate(positions.len(), n) + 16);
            let mut reader = Reader::new(&bytes);
            let back = decode(&mut reader, n).unwrap();
            prop_assert_eq!(back.count(), positions.len());
            prop_assert_eq!(back.listed(), Ok(positions));
            prop_assert!(reader.rest().is_empty());
        }

        #[test]
        fn any_bytes_give_positions_in_range_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..60), n in 0usize..500) {
            if let Ok(positions) = decode(&mut Reader::new(&bytes), n) {
                let positions = positions.listed().unwrap();
                prop_assert!(positions.is_sorted_by(|a, b| a < b));
                prop_assert!(positions.last().is_none_or(|last| *last < n));
            }
        }
    }
}

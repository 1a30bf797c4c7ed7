//! Numbers as bins and offsets: which bin a number falls in is entropy-coded, its place in the bin
//! is plain bits.
//!
//! Bits: count of bins less one (6), logarithm of the table size (4), bits of a lower bound (7), bits
//! of a width (3); for each bin its width, its share of the table less one, and, except for the first
//! bin, which starts at 0, its lower bound; the first state of each of the four coders; then for each
//! number its offset and what its coder shifted out.

mod choice;
mod table;

use crate::bits::{BitReader, BitWriter, mask, width_of};
use crate::error::reserve;
use crate::{Error, Result};
use table::Entry;

/// Coders that take turns, so that the processor need not wait for one state to get the next.
const LANES: usize = 4;
const MAX_BINS: usize = 64;
/// Logarithms of table sizes.
const MIN_LOG: u32 = 4;
const MAX_LOG: u32 = 10;
/// Bits that one load is sure to hold.
const LOAD: u32 = 56;

/// The numbers from `lower` on that `width` bits tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Bin {
    lower: u64,
    width: u32,
    /// How many entries of the table are this bin's.
    share: u32,
}

/// The bins of one column.
pub(crate) struct Bins {
    sorted: Vec<Bin>,
    log: u32,
    /// About how many bits [`encode`](Self::encode) will write.
    pub(crate) bits: usize,
}

impl Bins {
    /// The bins for these numbers, or `None` where more would be needed than there can be.
    pub(crate) fn choose(numbers: &[u64]) -> Option<Self> {
        choice::choose(numbers)
    }

    fn lower_width(&self) -> u32 {
        self.sorted.last().map_or(0, |bin| width_of(bin.lower))
    }

    fn width_width(&self) -> u32 {
        let widest = self.sorted.iter().map(|bin| bin.width).max().unwrap_or(0);
        width_of(u64::from(widest))
    }

    /// Appends the bins and the numbers they were chosen for.
    pub(crate) fn encode(&self, numbers: &[u64], out: &mut Vec<u8>) {
        let mut writer = BitWriter::new(out);
        let (lower_width, width_width) = (self.lower_width(), self.width_width());
        writer.put((self.sorted.len() as u64).saturating_sub(1), 6);
        writer.put(u64::from(self.log), 4);
        writer.put(u64::from(lower_width), 7);
        writer.put(u64::from(width_width), 3);
        for (index, bin) in self.sorted.iter().enumerate() {
            writer.put(u64::from(bin.width), width_width);
            writer.put(u64::from(bin.share) - 1, self.log);
            if index > 0 {
                writer.put(bin.lower, lower_width);
            }
        }
        let symbols: Vec<usize> = (numbers.iter())
            .map(|number| {
                self.sorted
                    .partition_point(|bin| bin.lower <= *number)
                    .saturating_sub(1)
            })
            .collect();
        let (states, shifted) = table::encode(&self.sorted, self.log, &symbols);
        for state in states {
            writer.put(u64::from(state), self.log);
        }
        for ((number, symbol), (bits, count)) in numbers.iter().zip(symbols).zip(shifted) {
            if let Some(bin) = self.sorted.get(symbol) {
                writer.put(number - bin.lower, bin.width);
            }
            writer.put(u64::from(bits), u32::from(count));
        }
        writer.finish();
    }
}

/// Reads numbers that [`Bins`] wrote.
pub(crate) struct Decoder<'a> {
    table: Vec<Entry>,
    states: [usize; LANES],
    bits: BitReader<'a>,
    /// Whether an offset and the bits after it always fit in one load.
    narrow: bool,
}

impl<'a> Decoder<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Result<Self> {
        let wrong = Error::Malformed { part: "bin" };
        let mut bits = BitReader::new(bytes);
        let count = bits.take(6) + 1;
        let log = u32::try_from(bits.take(4)).map_err(|_| wrong)?;
        let lower_width = u32::try_from(bits.take(7)).map_err(|_| wrong)?;
        let width_width = u32::try_from(bits.take(3)).map_err(|_| wrong)?;
        if !(MIN_LOG..=MAX_LOG).contains(&log) || lower_width > 64 {
            return Err(wrong);
        }
        let mut bins = Vec::new();
        reserve(&mut bins, MAX_BINS)?;
        for index in 0..count {
            let width = u32::try_from(bits.take(width_width)).map_err(|_| wrong)?;
            let share = u32::try_from(bits.take(log)).map_err(|_| wrong)? + 1;
            let lower = if index > 0 { bits.take(lower_width) } else { 0 };
            bins.push(Bin {
                lower,
                width,
                share,
            });
        }
        let widest = bins.iter().map(|bin| bin.width).max().unwrap_or(0);
        if widest > 64 || bins.iter().map(|bin| bin.share).sum::<u32>() != 1 << log {
            return Err(wrong);
        }
        let states = std::array::from_fn(|_| next(Entry::default(), bits.take(log)));
        bits.finish()?;
        Ok(Self {
            table: table::decoding(&bins, log),
            states,
            bits,
            narrow: widest + log <= LOAD,
        })
    }

    /// Reads as many numbers as `out` is long.
    /// Bounds: of several calls, all but the last take a multiple of four.
    #[expect(
        clippy::indexing_slicing,
        reason = "a state is below the table's length: read with that many bits at the start, and every entry leads to such a state"
    )]
    pub(crate) fn fill(&mut self, out: &mut [u64]) {
        let table = &self.table[..];
        let mut states = self.states;
        if self.narrow {
            let (groups, rest) = out.as_chunks_mut::<LANES>();
            for group in groups {
                for (number, state) in group.iter_mut().zip(&mut states) {
                    *number = one(table[*state], state, &mut self.bits);
                }
            }
            for (number, state) in rest.iter_mut().zip(&mut states) {
                *number = one(table[*state], state, &mut self.bits);
            }
        } else {
            for (at, number) in out.iter_mut().enumerate() {
                let state = &mut states[at % LANES];
                let entry = table[*state];
                *number = entry
                    .lower
                    .wrapping_add(self.bits.take(u32::from(entry.width)));
                *state = next(entry, self.bits.take(u32::from(entry.bits)));
            }
        }
        self.states = states;
    }

    /// How many bytes were read.
    pub(crate) fn finish(&self) -> Result<usize> {
        self.bits.finish()
    }
}

#[inline]
fn one(entry: Entry, state: &mut usize, bits: &mut BitReader<'_>) -> u64 {
    let word = bits.peek();
    let width = u32::from(entry.width);
    let shifted = u32::from(entry.bits);
    bits.skip(width + shifted);
    *state = next(entry, word >> width & ((1 << shifted) - 1));
    entry.lower.wrapping_add(word & mask(width))
}

/// The state that an entry and the bits read for it lead to.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "a state is below 2^10")]
fn next(entry: Entry, bits: u64) -> usize {
    usize::from(entry.base) + bits as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(numbers: &[u64]) -> usize {
        let Some(bins) = Bins::choose(numbers) else {
            return 0;
        };
        let mut bytes = Vec::new();
        bins.encode(numbers, &mut bytes);
        let mut decoder = Decoder::new(&bytes).unwrap();
        let mut back = vec![0; numbers.len()];
        decoder.fill(&mut back);
        assert_eq!(back, numbers);
        assert_eq!(decoder.finish(), Ok(bytes.len()));
        bytes.len()
    }

    #[test]
    fn skewed_numbers_take_about_their_entropy() {
        // 7/8 zeros, 1/8 of 0..1024: 0.54 + 10/8 bits each.
        let numbers: Vec<u64> = (0..2048u64)
            .map(|i| if i % 8 == 0 { i * 7919 % 1024 } else { 0 })
            .collect();
        let length = check(&numbers);
        assert!(length < 2048 * 18 / 80 + 30, "{length}");
    }

    proptest! {
        #[test]
        fn numbers_come_back(numbers in prop::collection::vec(prop_oneof![
            5 => Just(0u64), 5 => 1000u64..2000, 2 => any::<u64>(), 1 => Just(u64::MAX)], 1..400)) {
            check(&numbers);
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..100), n in 0usize..300) {
            if let Ok(mut decoder) = Decoder::new(&bytes) {
                decoder.fill(&mut vec![0; n]);
                let _ = decoder.finish();
            }
        }
    }
}

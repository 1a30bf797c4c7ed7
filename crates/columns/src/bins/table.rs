//! The entropy coder of bins: table-driven asymmetric numeral systems (tANS).
//!
//! A state is a place in a table of `2^log` entries, which belong to the bins by their shares.
//! Source: J. Duda, "Asymmetric numeral systems" (arXiv 1311.2540).

use super::{Bin, LANES};

/// What a state stands for, and where it leads.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Entry {
    /// Lower bound of the bin.
    pub(super) lower: u64,
    /// The next state less the bits read for it.
    pub(super) base: u16,
    /// How many bits those are.
    pub(super) bits: u8,
    /// Bits of an offset in the bin.
    pub(super) width: u8,
}

/// The order in which bins get their entries: places far from each other.
/// Bounds: `log` at least 4, so that the stride is odd and every place is met once.
fn places(log: u32) -> impl Iterator<Item = usize> {
    let size = 1usize << log;
    let stride = size / 2 + size / 8 + 3;
    (0..size).map(move |i| (i * stride) & (size - 1))
}

/// The table for reading.
/// Shape: `2^log` entries. Bounds: the shares add up to as many.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a width is at most 64, and bits read are at most the logarithm"
)]
pub(super) fn decoding(bins: &[Bin], log: u32) -> Vec<Entry> {
    let size = 1u32 << log;
    let mut table = vec![Entry::default(); size as usize];
    // The k-th place of a bin with this share continues the state `share + k`; places are numbered
    // in the order of the table, as the writer does.
    let mut owner = vec![0u8; size as usize];
    let mut places = places(log);
    for (symbol, bin) in (0u8..).zip(bins) {
        for place in places.by_ref().take(bin.share as usize) {
            if let Some(slot) = owner.get_mut(place) {
                *slot = symbol;
            }
        }
    }
    let mut next: Vec<u32> = bins.iter().map(|bin| bin.share).collect();
    for (entry, symbol) in table.iter_mut().zip(owner) {
        let symbol = usize::from(symbol);
        if let (Some(bin), Some(next)) = (bins.get(symbol), next.get_mut(symbol)) {
            let bits = log - next.ilog2();
            *entry = Entry {
                lower: bin.lower,
                base: u16::try_from((*next << bits) - size).unwrap_or(0),
                bits: bits as u8,
                width: bin.width as u8,
            };
            *next += 1;
        }
    }
    table
}

/// Encodes the symbols (indices of bins): the states a reader starts with, and for each symbol the
/// bits shifted out with their count.
#[expect(
    clippy::indexing_slicing,
    reason = "symbols are indices of bins; a state shifted down is between the share and twice the share of its symbol"
)]
#[expect(
    clippy::cast_possible_truncation,
    reason = "no more than 10 bits are shifted out"
)]
pub(super) fn encode(bins: &[Bin], log: u32, symbols: &[usize]) -> ([u32; LANES], Vec<(u16, u8)>) {
    let size = 1u32 << log;
    let mut owner = vec![0usize; size as usize];
    let mut places = places(log);
    let mut starts = Vec::with_capacity(bins.len());
    let mut start = 0usize;
    for (symbol, bin) in bins.iter().enumerate() {
        for place in places.by_ref().take(bin.share as usize) {
            owner[place] = symbol;
        }
        starts.push(start);
        start += bin.share as usize;
    }
    // The places of each symbol, one symbol after the other.
    let mut of_symbol = vec![0u32; size as usize];
    let mut next = starts.clone();
    for (place, symbol) in (0u32..).zip(&owner) {
        of_symbol[next[*symbol]] = place;
        next[*symbol] += 1;
    }
    let mut shifted = vec![(0u16, 0u8); symbols.len()];
    let mut states = [size; LANES];
    // Last in, first out: the reader goes the other way.
    for (at, symbol) in symbols.iter().enumerate().rev() {
        let share = bins[*symbol].share;
        let most = log - share.ilog2();
        let state = &mut states[at % LANES];
        let bits = if *state >= share << most {
            most
        } else {
            most - 1
        };
        shifted[at] = ((*state & ((1 << bits) - 1)) as u16, bits as u8);
        let rank = (*state >> bits) - share;
        *state = size + of_symbol[starts[*symbol] + rank as usize];
    }
    (states.map(|state| state - size), shifted)
}

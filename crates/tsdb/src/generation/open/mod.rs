//! The open chunk of one series: what it takes to append the next sample, and to read all of them.
//!
//! A sample at the predicted time with the value before it only counts up `run`. Any other one is
//! written as a token: a varint of `run << 3 | irregular << 2 | kind`, then, if irregular, the zigzag
//! difference of the time step to the predicted one, then the value by kind:
//!
//! | kind | value |
//! |---|---|
//! | 0 | the one before |
//! | 1 | zigzag difference of the scaled integer |
//! | 2 | 8 bytes |
//! | 3 | a byte with the new decimal exponent, then as 1 |
//!
//! The time step is predicted from the first two samples; of two irregular ones in a row the second sets
//! it anew.
//!
//! From what is known of the end, tokens can be gone back over to an earlier sample.

use super::arena::{Arena, Chain, MAX_PIECE, NONE};
use super::token::Start;
use crate::decimal::{find, rescaled, scaled, unscaled, zigzag};

pub(super) const KIND_SAME: u64 = 0;
pub(super) const KIND_DELTA: u64 = 1;
pub(super) const KIND_RAW: u64 = 2;
pub(super) const KIND_EXPONENT: u64 = 3;
pub(super) const IRREGULAR: u64 = 4;

const HAS_FLOATS: u8 = 1;
const HAS_STEP: u8 = 2;
const WAS_IRREGULAR: u8 = 4;
const IS_MIXED: u8 = 8;
/// The newest value is not that of `whole` and `exponent`.
const IS_RAW: u8 = 16;

/// "The last token is too far behind the first sample."
const FAR: u32 = u32::MAX;

/// After so many values that are no decimals, only one in [`RETRY`] is tried again.
const PATIENCE: u8 = 4;
const RETRY: u8 = 32;

/// The time that says "no sample".
pub(crate) const NO_TIME: i64 = i64::MIN;

/// The newest sample of a series, kept beyond generations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Last {
    pub(crate) time: i64,
    pub(crate) bits: u64,
}

impl Last {
    pub(crate) const NONE: Self = Self {
        time: NO_TIME,
        bits: 0,
    };
}

/// The open chunk of one series in one generation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Open {
    pub(crate) first_time: i64,
    pub(super) first_bits: u64,
    whole: i64,
    pub(super) first_step: u32,
    step: u32,
    pub(super) run: u32,
    /// Time from the first sample to that of the last token, or [`FAR`].
    offset: u32,
    tail: u32,
    tail_len: u8,
    exponent: u8,
    misses: u8,
    flags: u8,
}

const _: () = assert!(size_of::<Open>() == 48);

impl Open {
    pub(crate) const EMPTY: Self = Self {
        first_time: NO_TIME,
        first_bits: 0,
        whole: 0,
        first_step: 0,
        step: 0,
        run: 0,
        offset: 0,
        tail: NONE,
        tail_len: 0,
        exponent: 0,
        misses: 0,
        flags: 0,
    };

    /// Whether there is no sample.
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.first_time == NO_TIME
    }

    /// Whether there are samples in the chunk itself.
    pub(super) fn has_floats(&self) -> bool {
        self.flags & HAS_FLOATS != 0
    }

    /// Whether the samples from now on go to the list beside the chunks.
    #[inline]
    pub(crate) fn is_mixed(&self) -> bool {
        self.flags & IS_MIXED != 0
    }

    /// Sends the samples from now on, of which the next one is at `time`, to the list beside the chunks.
    pub(crate) fn make_mixed(&mut self, time: i64) {
        self.flags |= IS_MIXED;
        // Never again in the row; what is there is read without it.
        self.step = 0;
        if self.is_empty() {
            self.first_time = time;
        }
    }

    /// Starts the chunk.
    pub(crate) fn start(&mut self, time: i64, bits: u64) {
        let found = find(f64::from_bits(bits));
        let (exponent, whole) = found.unwrap_or((0, 0));
        let raw = if found.is_some() { 0 } else { IS_RAW };
        *self = Self {
            first_time: time,
            first_bits: bits,
            whole,
            exponent,
            flags: HAS_FLOATS | raw,
            ..Self::EMPTY
        };
    }

    /// Counts the sample if it is the foreseen one.
    #[inline]
    pub(crate) fn is_foreseen(&mut self, last: Last, time: i64, bits: u64) -> bool {
        // No step is 0: times rise.
        let is_foreseen =
            time.wrapping_sub(last.time) as u64 == u64::from(self.step) && bits == last.bits;
        self.run += u32::from(is_foreseen);
        is_foreseen
    }

    /// Appends a sample behind `last`, which is the newest one of this chunk.
    pub(crate) fn push(&mut self, nodes: &mut Arena, last: Last, time: i64, bits: u64) {
        let step = time.wrapping_sub(last.time) as u64;
        if self.is_foreseen(last, time, bits) {
            return;
        }
        if self.flags & HAS_STEP == 0 {
            self.flags |= HAS_STEP;
            if let Ok(step) = u32::try_from(step) {
                self.first_step = step;
                self.step = step;
                if bits == last.bits {
                    self.run = 1;
                    return;
                }
            }
        }
        let offset = time.wrapping_sub(self.first_time) as u64;
        self.offset = u32::try_from(offset).unwrap_or(FAR);
        self.push_token(nodes, last.bits, step, bits);
    }

    fn push_token(&mut self, nodes: &mut Arena, before: u64, step: u64, bits: u64) {
        let mut piece = Piece::default();
        let is_regular = step == u64::from(self.step);
        let value = f64::from_bits(bits);
        let found = if bits == before {
            None
        } else {
            scaled(value, self.exponent).map(|whole| (self.exponent, whole))
        };
        let found = if bits == before || found.is_some() {
            found
        } else {
            self.search(value)
        };
        let kind = match found {
            _ if bits == before => KIND_SAME,
            Some((exponent, _)) if exponent == self.exponent => KIND_DELTA,
            Some(_) => KIND_EXPONENT,
            None => KIND_RAW,
        };
        let irregular = if is_regular { 0 } else { IRREGULAR };
        piece.put((u64::from(self.run) << 3) | irregular | kind);
        if !is_regular {
            piece.put(zigzag((step as i64).wrapping_sub(i64::from(self.step))));
        }
        match found {
            Some((exponent, whole)) => {
                if kind == KIND_EXPONENT {
                    piece.put(u64::from(exponent));
                    self.whole = rescaled(self.whole, self.exponent, exponent);
                    self.exponent = exponent;
                }
                piece.put(zigzag(whole.wrapping_sub(self.whole)));
                self.whole = whole;
                self.flags &= !IS_RAW;
            }
            None if kind == KIND_RAW => {
                piece.put_raw(bits);
                self.flags |= IS_RAW;
            }
            None => {}
        }
        let had_run = self.run > 0;
        self.run = 0;
        self.note_step(step, is_regular, had_run);
        let mut chain = self.chain();
        nodes.push(&mut chain, &piece.bytes, piece.len);
        (self.tail, self.tail_len) = (chain.tail, chain.tail_len);
    }

    /// The sample of the last token, if it is known without reading, but for its value where it is raw.
    #[inline]
    pub(super) fn end(&self) -> Option<Start> {
        let is_known = self.offset != FAR && !self.is_mixed() && self.has_floats();
        is_known.then(|| Start {
            time: self.first_time.wrapping_add(i64::from(self.offset)),
            bits: unscaled(self.whole, self.exponent).to_bits(),
            whole: self.whole,
            exponent: self.exponent,
            step: i64::from(self.step),
            was_irregular: self.flags & WAS_IRREGULAR != 0,
        })
    }

    /// Whether the value of the last token is that of an integer.
    #[inline]
    pub(super) fn ends_whole(&self) -> bool {
        self.flags & IS_RAW == 0
    }

    fn search(&mut self, value: f64) -> Option<(u8, i64)> {
        if self.misses >= PATIENCE && !self.misses.is_multiple_of(RETRY) {
            self.misses = self.misses.checked_add(1).unwrap_or(RETRY);
            return None;
        }
        let found = find(value);
        self.misses = match found {
            Some(_) => 0,
            None => self.misses.checked_add(1).unwrap_or(RETRY),
        };
        found
    }

    #[inline]
    fn note_step(&mut self, step: u64, is_regular: bool, had_run: bool) {
        let was_irregular = self.flags & WAS_IRREGULAR != 0 && !had_run;
        self.flags &= !WAS_IRREGULAR;
        if !is_regular {
            self.flags |= WAS_IRREGULAR;
            if was_irregular && let Ok(step) = u32::try_from(step) {
                self.step = step;
            }
        }
    }

    /// Where the tokens are.
    pub(crate) fn chain(&self) -> Chain {
        Chain {
            tail: self.tail,
            tail_len: self.tail_len,
        }
    }
}

/// One token on its way into the nodes.
#[derive(Default)]
struct Piece {
    bytes: [u8; MAX_PIECE],
    len: usize,
}

#[expect(
    clippy::indexing_slicing,
    reason = "a token has at most a header, a step and an exponent with a value: 10 + 10 + 1 + 10 bytes"
)]
impl Piece {
    #[inline]
    fn put(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.bytes[self.len] = (value & 0x7f) as u8 | 0x80;
            self.len += 1;
            value >>= 7;
        }
        self.bytes[self.len] = (value & 0x7f) as u8;
        self.len += 1;
    }

    #[inline]
    fn put_raw(&mut self, bits: u64) {
        self.bytes[self.len..self.len + 8].copy_from_slice(&bits.to_le_bytes());
        self.len += 8;
    }
}

#[cfg(test)]
mod tests;

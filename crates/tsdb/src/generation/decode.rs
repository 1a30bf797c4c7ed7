//! Reading open chunks.

use super::open::{KIND_EXPONENT, KIND_RAW, KIND_SAME};
use super::token::{Start, Token, Usual};
use crate::decimal::{rescaled, unscaled};
use columns::Result;
use model::TimeRange;
use storage::Column;

/// Runs shorter than this are written sample by sample.
const SHORT: i64 = 16;

/// Mixes one more number into the key of a timeline.
#[inline]
pub(crate) fn mix(key: u64, number: u64) -> u64 {
    let mixed = (key ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9)
}

/// Appends the samples in `range` to `column`: that of `start`, those of the tokens behind it, and the
/// `run` foreseen ones at the end; gives a key that chunks with the same times there share.
pub(super) fn decode(
    start: &Start,
    mut tokens: &[u8],
    run: u32,
    range: TimeRange,
    column: &mut Column,
) -> Result<u64> {
    let before = column.times.len();
    let mut out = Decoder {
        range,
        time: start.time,
        bits: start.bits,
        step: start.step,
        steps: 0,
        last_step: start.step,
        before,
        column,
    };
    out.emit();
    let (mut whole, mut exponent) = (start.whole, start.exponent);
    let mut was_irregular = start.was_irregular;
    while !tokens.is_empty() && out.time < range.end.0 {
        if let Some(token) = Usual::take(&mut tokens) {
            if token.run > 0 {
                out.run(u64::from(token.run));
            }
            out.time = out.time.wrapping_add(out.step);
            was_irregular = false;
            whole = whole.wrapping_add(token.value);
            out.bits = unscaled(whole, exponent).to_bits();
            out.emit();
            continue;
        }
        let token = Token::read(&mut tokens)?;
        if token.run > 0 {
            out.run(token.run);
            was_irregular = false;
        }
        if token.is_irregular() {
            out.go_irregularly(token.step, was_irregular);
            was_irregular = true;
        } else {
            out.time = out.time.wrapping_add(out.step);
            was_irregular = false;
        }
        match token.kind() {
            KIND_SAME => {}
            KIND_RAW => out.bits = token.value as u64,
            kind => {
                if kind == KIND_EXPONENT {
                    whole = rescaled(whole, exponent, token.exponent);
                    exponent = token.exponent;
                }
                whole = whole.wrapping_add(token.value);
                out.bits = unscaled(whole, exponent).to_bits();
            }
        }
        out.emit();
    }
    if run > 0 && out.time < range.end.0 {
        out.run(u64::from(run));
    }
    Ok(out.key())
}

struct Decoder<'a> {
    range: TimeRange,
    time: i64,
    bits: u64,
    step: i64,
    /// Tells irregular samples in the range, and the steps predicted around them.
    steps: u64,
    /// The step predicted at the newest sample before the end of the range.
    last_step: i64,
    /// Samples of the column before these.
    before: usize,
    column: &'a mut Column,
}

impl Decoder<'_> {
    #[inline]
    fn emit(&mut self) {
        if self.time >= self.range.start.0 && self.time < self.range.end.0 {
            self.column.times.push(self.time);
            self.column.values.push(f64::from_bits(self.bits));
        }
    }

    /// The time of the next sample, which is not as far as predicted.
    fn go_irregularly(&mut self, difference: i64, was_irregular: bool) {
        let predicted = self.step;
        let step = predicted.wrapping_add(difference);
        self.time = self.time.wrapping_add(step);
        if was_irregular && u32::try_from(step).is_ok() {
            self.step = step;
        }
        if self.time < self.range.end.0 {
            self.last_step = self.step;
            if self.time >= self.range.start.0 {
                let number = self.column.times.len() - self.before;
                for number in [
                    number as u64,
                    predicted as u64,
                    step as u64,
                    self.step as u64,
                ] {
                    self.steps = mix(self.steps, number);
                }
            }
        }
    }

    /// The next `n` samples, all regular and with the value before them.
    fn run(&mut self, n: u64) {
        let n = i64::try_from(n).unwrap_or(i64::MAX);
        let step = self.step.max(1);
        let time = self.time;
        self.time = time.wrapping_add(n.wrapping_mul(step));
        if self.time < self.range.start.0 {
            return;
        }
        let value = f64::from_bits(self.bits);
        if n < SHORT && self.range.start.0 <= time && self.time < self.range.end.0 {
            let mut next = time;
            for _ in 0..n {
                next = next.wrapping_add(step);
                self.column.times.push(next);
                self.column.values.push(value);
            }
            return;
        }
        // Samples number `from..to` of the run are in the range.
        let count_before = |bound: i64| {
            let distance = bound.saturating_sub(time).saturating_sub(1);
            if distance < step {
                0
            } else if n == 1 {
                1
            } else {
                (distance / step).min(n)
            }
        };
        let from = count_before(self.range.start.0);
        let to = if self.time < self.range.end.0 {
            n
        } else {
            count_before(self.range.end.0)
        };
        let times = (from..to).map(|index| time.wrapping_add((index + 1) * step));
        self.column.times.extend(times);
        let length = self.column.times.len();
        self.column.values.resize(length, value);
    }

    /// Times are told by the first of them, how many they are, and the steps between them.
    fn key(&self) -> u64 {
        let first = self.column.times.get(self.before).copied().unwrap_or(0);
        let len = self.column.times.len() - self.before;
        let parts = [first as u64, len as u64, self.last_step as u64];
        parts.into_iter().fold(self.steps, mix)
    }
}

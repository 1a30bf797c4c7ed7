//! Reading open chunks.

use super::open::{IRREGULAR, KIND_EXPONENT, KIND_RAW, KIND_SAME, Open};
use crate::decimal::{find, rescaled, unscaled, unzigzag};
use columns::{Error, Reader, Result};
use model::TimeRange;
use storage::Column;

/// Mixes one more number into the key of a timeline.
#[inline]
pub(crate) fn mix(key: u64, number: u64) -> u64 {
    let mixed = (key ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9)
}

/// Appends the samples of `open` in `range` to `column`, given its tokens; gives a key that chunks with
/// the same times there share.
pub(crate) fn decode(
    open: &Open,
    tokens: &[u8],
    range: TimeRange,
    column: &mut Column,
) -> Result<u64> {
    if !open.has_floats() {
        return Ok(0);
    }
    let (exponent, whole) = find(f64::from_bits(open.first_bits)).unwrap_or((0, 0));
    let mut out = Decoder {
        range,
        time: open.first_time,
        bits: open.first_bits,
        step: i64::from(open.first_step),
        column,
        key: mix(open.first_time as u64, u64::from(open.first_step)),
        number: 0,
    };
    out.emit();
    let (mut exponent, mut whole, mut was_irregular) = (exponent, whole, false);
    let mut reader = Reader::new(tokens);
    while !reader.rest().is_empty() && out.time < range.end.0 {
        let header = reader.unsigned()?;
        let run = header >> 3;
        if run > 0 {
            out.run(run);
            was_irregular = false;
        }
        if header & IRREGULAR == 0 {
            out.time = out.time.wrapping_add(out.step);
            was_irregular = false;
        } else {
            let step = out.step.wrapping_add(unzigzag(reader.unsigned()?));
            out.time = out.time.wrapping_add(step);
            if out.time < range.end.0 {
                out.key = mix(mix(out.key, out.number), step as u64);
            }
            if was_irregular && u32::try_from(step).is_ok() {
                out.step = step;
            }
            was_irregular = true;
        }
        match header & 3 {
            KIND_SAME => {}
            KIND_RAW => out.bits = reader.u64()?,
            kind => {
                if kind == KIND_EXPONENT {
                    let next = u8::try_from(reader.unsigned()?).map_err(|_| Error::Truncated)?;
                    if next > crate::decimal::MAX_EXPONENT {
                        return Err(Error::Truncated);
                    }
                    whole = rescaled(whole, exponent, next);
                    exponent = next;
                }
                whole = whole.wrapping_add(unzigzag(reader.unsigned()?));
                out.bits = unscaled(whole, exponent).to_bits();
            }
        }
        out.emit();
    }
    if out.time < range.end.0 {
        out.run(u64::from(open.run));
    }
    Ok(out.key)
}

struct Decoder<'a> {
    range: TimeRange,
    time: i64,
    bits: u64,
    step: i64,
    column: &'a mut Column,
    key: u64,
    number: u64,
}

impl Decoder<'_> {
    #[inline]
    fn emit(&mut self) {
        self.number += 1;
        if self.time >= self.range.start.0 && self.time < self.range.end.0 {
            self.column.times.push(self.time);
            self.column.values.push(f64::from_bits(self.bits));
        }
    }

    /// The next `n` samples, all regular and with the value before them.
    fn run(&mut self, n: u64) {
        self.number += n;
        let n = i64::try_from(n).unwrap_or(i64::MAX);
        let step = self.step.max(1);
        // Samples number `from..to` of the run are in the range.
        let count_before = |bound: i64| {
            let distance = bound.saturating_sub(self.time).saturating_sub(1);
            if distance < 0 {
                0
            } else {
                (distance / step).min(n)
            }
        };
        let (from, to) = (
            count_before(self.range.start.0),
            count_before(self.range.end.0),
        );
        let time = self.time;
        self.column
            .times
            .extend((from..to).map(|index| time.wrapping_add((index + 1) * step)));
        let length = self.column.times.len();
        self.column.values.resize(length, f64::from_bits(self.bits));
        self.time = time.wrapping_add(n.wrapping_mul(step));
    }
}

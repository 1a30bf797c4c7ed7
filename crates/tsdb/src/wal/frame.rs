//! Frames as bytes: what changed since the layout's frame before, or since nothing (a keyframe).

use crate::decimal::{MAX_EXPONENT, find, scaled, unscaled, unzigzag, zigzag};
use columns::{Error, Reader, Result, put_signed, put_unsigned};

/// A value that stands for "no sample" inside a logged frame. A NaN that no parser makes; a frame in
/// which a client wrote these very bits is logged as loose samples.
pub(crate) const ABSENT_BITS: u64 = 0x7ff0_a85e_0000_0001;

const KEYFRAME: u8 = 0;
const DELTA: u8 = 1;

/// Slots per mask.
const GROUP: usize = 64;

/// In [`FrameBase::exponents`]: the slot's values were no decimals lately, so none is looked for.
const IS_RAW: u8 = 0x80;
/// A raw slot is tried again in one frame of so many.
const RETRY: u64 = 16;

/// One frame's header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FrameHeader {
    pub(crate) layout: u32,
    /// Frames of this layout in this segment before this one: a difference only fits right behind the
    /// frame that it was made from.
    pub(crate) number: u64,
    pub(crate) time: i64,
    pub(crate) is_keyframe: bool,
}

/// What a layout's next frame is a difference from.
#[derive(Debug, Clone)]
pub(crate) struct FrameBase {
    pub(crate) values: Vec<f64>,
    /// Decimal exponent per slot.
    exponents: Vec<u8>,
}

impl FrameBase {
    pub(crate) fn new(slots: usize) -> Self {
        Self {
            values: vec![0.0; slots],
            exponents: vec![0; slots],
        }
    }

    fn reset(&mut self) {
        self.values.fill(0.0);
        self.exponents.fill(0);
    }
}

/// Appends a frame to `out` and makes it the base of the next one.
pub(crate) fn encode(header: FrameHeader, values: &[f64], base: &mut FrameBase, out: &mut Vec<u8>) {
    out.push(if header.is_keyframe { KEYFRAME } else { DELTA });
    put_unsigned(u64::from(header.layout), out);
    put_unsigned(header.number, out);
    put_signed(header.time, out);
    if header.is_keyframe {
        base.reset();
    }
    let retry = header.number.is_multiple_of(RETRY);
    let groups = values.chunks(GROUP);
    let before = base.values.chunks_mut(GROUP);
    let exponents = base.exponents.chunks_mut(GROUP);
    for ((values, before), exponents) in groups.zip(before).zip(exponents) {
        let mut mask = 0u64;
        for (bit, (value, before)) in values.iter().zip(&*before).enumerate() {
            mask |= u64::from(value.to_bits() != before.to_bits()) << bit;
        }
        let bytes = mask.to_le_bytes();
        out.extend_from_slice(bytes.get(..values.len().div_ceil(8)).unwrap_or(&bytes));
        while mask != 0 {
            let slot = mask.trailing_zeros() as usize;
            mask &= mask - 1;
            if let (Some(value), Some(before), Some(exponent)) = (
                values.get(slot),
                before.get_mut(slot),
                exponents.get_mut(slot),
            ) {
                put_change(*value, *before, exponent, retry, out);
                *before = *value;
            }
        }
    }
}

/// A change begins with a varint. This one: the 8 bytes of the value follow.
const RAW: u64 = 0;
/// Its 7 lower bytes follow; the highest is that of the value before.
const RAW_LOW: u64 = 1;
/// This one more than a new decimal exponent; the difference follows.
const EXPONENT: u64 = 2;
/// This one more than the zigzag difference of the scaled integers.
const DIFFERENCE: u64 = EXPONENT + MAX_EXPONENT as u64 + 1;

fn put_change(value: f64, before: f64, exponent: &mut u8, retry: bool, out: &mut Vec<u8>) {
    let current = *exponent & !IS_RAW;
    if let Some(whole) = scaled(value, current) {
        put_unsigned(DIFFERENCE + zigzag(whole - whole_of(before, current)), out);
        return;
    }
    let found = if *exponent & IS_RAW != 0 && !retry {
        None
    } else {
        find(value)
    };
    if let Some((next, whole)) = found {
        *exponent = next;
        put_unsigned(EXPONENT + u64::from(next), out);
        put_unsigned(zigzag(whole - whole_of(before, next)), out);
    } else {
        *exponent = current | IS_RAW;
        let bytes = value.to_bits().to_le_bytes();
        let [low @ .., high] = &bytes;
        if (before.to_bits() >> 56) as u8 == *high {
            put_unsigned(RAW_LOW, out);
            out.extend_from_slice(low);
        } else {
            put_unsigned(RAW, out);
            out.extend_from_slice(&bytes);
        }
    }
}

/// The integer that differences are made from; any would do that both sides agree on.
#[inline]
fn whole_of(value: f64, exponent: u8) -> i64 {
    scaled(value, exponent).unwrap_or(0)
}

/// Reads a frame's header; the reader then stands at the values.
pub(crate) fn decode_header(reader: &mut Reader<'_>) -> Result<FrameHeader> {
    let is_keyframe = match reader.byte()? {
        KEYFRAME => true,
        DELTA => false,
        tag => return Err(Error::UnknownEncoding { tag }),
    };
    Ok(FrameHeader {
        layout: u32::try_from(reader.unsigned()?).map_err(|_| Error::Truncated)?,
        number: reader.unsigned()?,
        time: reader.signed()?,
        is_keyframe,
    })
}

/// Applies a frame's values to `base`, which holds the frame before.
pub(crate) fn decode(
    header: FrameHeader,
    reader: &mut Reader<'_>,
    base: &mut FrameBase,
) -> Result<()> {
    if header.is_keyframe {
        base.reset();
    }
    let groups = base.values.chunks_mut(GROUP);
    for (values, exponents) in groups.zip(base.exponents.chunks_mut(GROUP)) {
        let mut bytes = [0u8; 8];
        let given = reader.bytes(values.len().div_ceil(8))?;
        if let Some(place) = bytes.get_mut(..given.len()) {
            place.copy_from_slice(given);
        }
        let mut mask = u64::from_le_bytes(bytes);
        while mask != 0 {
            let slot = mask.trailing_zeros() as usize;
            mask &= mask - 1;
            let (Some(value), Some(exponent)) = (values.get_mut(slot), exponents.get_mut(slot))
            else {
                return Err(Error::Truncated);
            };
            let word = reader.unsigned()?;
            let zigzag = match word {
                RAW => {
                    *value = f64::from_bits(reader.u64()?);
                    continue;
                }
                RAW_LOW => {
                    let mut bytes = value.to_bits().to_le_bytes();
                    let [low @ .., _] = &mut bytes;
                    low.copy_from_slice(reader.bytes(7)?);
                    *value = f64::from_bits(u64::from_le_bytes(bytes));
                    continue;
                }
                EXPONENT..DIFFERENCE => {
                    *exponent = u8::try_from(word - EXPONENT).map_err(|_| Error::Truncated)?;
                    reader.unsigned()?
                }
                _ => word - DIFFERENCE,
            };
            let whole = whole_of(*value, *exponent).wrapping_add(unzigzag(zigzag));
            *value = unscaled(whole, *exponent);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bits(values: &[f64]) -> Vec<u64> {
        values.iter().map(|value| value.to_bits()).collect()
    }

    /// Writes all frames one after the other and reads them back; gives the bytes of the last one.
    #[track_caller]
    fn check(frames: &[&[f64]]) -> usize {
        let slots = frames[0].len();
        let (mut written, mut read) = (FrameBase::new(slots), FrameBase::new(slots));
        let mut bytes = Vec::new();
        for (number, values) in (0u64..).zip(frames) {
            let header = FrameHeader {
                layout: 3,
                number,
                time: -5,
                is_keyframe: number == 0,
            };
            bytes.clear();
            encode(header, values, &mut written, &mut bytes);
            let mut reader = Reader::new(&bytes);
            assert_eq!(decode_header(&mut reader), Ok(header));
            decode(header, &mut reader, &mut read).unwrap();
            assert_eq!(bits(&read.values), bits(values), "frame {number}");
            assert!(reader.rest().is_empty());
        }
        bytes.len()
    }

    #[test]
    fn unchanged_slots_cost_one_bit_and_small_steps_one_byte() {
        let before = [1.5; 64];
        let mut after = before;
        assert_eq!(check(&[&before, &after]), 4 + 8);
        after[5] = 2.1;
        assert_eq!(check(&[&before, &after]), 4 + 8 + 1);
        after[6] = 1500.0;
        assert_eq!(check(&[&before, &after]), 4 + 8 + 1 + 3);
    }

    #[test]
    fn absent_special_and_huge_values_come_back() {
        let absent = f64::from_bits(ABSENT_BITS);
        let noise = 0.1 + 0.2;
        check(&[
            &[1.0, absent, 0.0, f64::INFINITY, noise],
            &[absent, 1.0, -0.0, f64::NAN, noise * 2.0],
            &[1.25, 1e300, 0.0, 4.0, noise],
            &[1.0, -1e300, 0.001, 4.0, 3.0],
        ]);
    }

    proptest! {
        #[test]
        fn any_frames_come_back(frames in prop::collection::vec(
            prop::collection::vec(prop_oneof![any::<u64>(), (-9000i64..9000).prop_map(|n| (n as f64 / 100.0).to_bits())], 130),
            1..6,
        ), slots in 1usize..130) {
            let frames: Vec<Vec<f64>> = frames.into_iter()
                .map(|frame| frame.into_iter().take(slots).map(f64::from_bits).collect())
                .collect();
            check(&frames.iter().map(Vec::as_slice).collect::<Vec<_>>());
        }

        #[test]
        fn any_bytes_are_decoded_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            let mut reader = Reader::new(&bytes);
            if let Ok(header) = decode_header(&mut reader) {
                let _ = decode(header, &mut reader, &mut FrameBase::new(20));
            }
        }
    }
}

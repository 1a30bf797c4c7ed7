//! Frames as bytes: whole (keyframe), or as what changed since the layout's frame before.

use columns::{Error, Reader, Result, put_signed, put_unsigned};

/// A value that stands for "no sample" inside staging and log. A NaN that no parser makes; should a
/// client write these very bits, they are stored as the ordinary NaN.
pub(crate) const ABSENT_BITS: u64 = 0x7ff0_a85e_0000_0001;

const KEYFRAME: u8 = 0;
const DELTA: u8 = 1;

/// Integers of this size and their differences are exact.
const EXACT: f64 = 4_503_599_627_370_496.0;

/// One frame's header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FrameHeader {
    pub(crate) layout: u32,
    /// Frames of this layout in this segment before this one: a delta only fits right behind the frame
    /// that it was made from.
    pub(crate) number: u64,
    pub(crate) time: i64,
}

/// Appends a frame to `out`: in full where `previous` is `None`, else as difference from it.
pub(crate) fn encode(
    header: FrameHeader,
    values: &[f64],
    previous: Option<&[f64]>,
    out: &mut Vec<u8>,
) {
    out.push(if previous.is_some() { DELTA } else { KEYFRAME });
    put_unsigned(u64::from(header.layout), out);
    put_unsigned(header.number, out);
    put_signed(header.time, out);
    let Some(previous) = previous else {
        for value in values {
            out.extend_from_slice(&value.to_bits().to_le_bytes());
        }
        return;
    };
    let mask_start = out.len();
    out.resize(mask_start + values.len().div_ceil(8), 0);
    for (slot, (value, before)) in values.iter().zip(previous).enumerate() {
        if value.to_bits() == before.to_bits() {
            continue;
        }
        if let Some(byte) = out.get_mut(mask_start + slot / 8) {
            *byte |= 1 << (slot % 8);
        }
        // The lowest bit says which kind follows.
        if let Some(delta) = integer_delta(*before, *value) {
            put_unsigned((((delta << 1) ^ (delta >> 63)) as u64) << 1, out);
        } else {
            put_unsigned(1, out);
            out.extend_from_slice(&value.to_bits().to_le_bytes());
        }
    }
}

/// Reads a frame's header and whether it is a keyframe; the reader then stands at the values.
pub(crate) fn decode_header(reader: &mut Reader<'_>) -> Result<(FrameHeader, bool)> {
    let is_keyframe = match reader.byte()? {
        KEYFRAME => true,
        DELTA => false,
        tag => return Err(Error::UnknownEncoding { tag }),
    };
    let layout = u32::try_from(reader.unsigned()?).map_err(|_| Error::Truncated)?;
    let header = FrameHeader {
        layout,
        number: reader.unsigned()?,
        time: reader.signed()?,
    };
    Ok((header, is_keyframe))
}

/// Reads a keyframe's values over the old content of `values`.
pub(crate) fn decode_keyframe(reader: &mut Reader<'_>, values: &mut [f64]) -> Result<()> {
    for value in values {
        *value = f64::from_bits(reader.u64()?);
    }
    Ok(())
}

/// Applies a delta frame to `values`, which hold the frame before.
pub(crate) fn decode_delta(reader: &mut Reader<'_>, values: &mut [f64]) -> Result<()> {
    let mask = reader.bytes(values.len().div_ceil(8))?;
    for (slot, value) in values.iter_mut().enumerate() {
        let is_changed = mask
            .get(slot / 8)
            .is_some_and(|byte| byte & (1 << (slot % 8)) != 0);
        if !is_changed {
            continue;
        }
        let word = reader.unsigned()?;
        *value = if word & 1 == 1 {
            f64::from_bits(reader.u64()?)
        } else {
            let zigzag = word >> 1;
            let delta = (zigzag >> 1) as i64 ^ -((zigzag & 1) as i64);
            *value + delta as f64
        };
    }
    Ok(())
}

/// The difference, where adding it to `before` gives back the bits of `after`.
#[expect(
    clippy::cast_possible_truncation,
    reason = "bounded by EXACT just before"
)]
fn integer_delta(before: f64, after: f64) -> Option<i64> {
    let delta = after - before;
    if delta.abs() >= EXACT || delta.fract() != 0.0 || !delta.is_finite() {
        return None;
    }
    let delta = delta as i64;
    ((before + delta as f64).to_bits() == after.to_bits()).then_some(delta)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bits(values: &[f64]) -> Vec<u64> {
        values.iter().map(|value| value.to_bits()).collect()
    }

    #[track_caller]
    fn check(before: &[f64], after: &[f64]) -> usize {
        let header = FrameHeader {
            layout: 3,
            number: 9,
            time: -5,
        };
        let mut bytes = Vec::new();
        encode(header, after, Some(before), &mut bytes);
        let mut reader = Reader::new(&bytes);
        assert_eq!(decode_header(&mut reader), Ok((header, false)));
        let mut values = before.to_vec();
        decode_delta(&mut reader, &mut values).unwrap();
        assert_eq!(bits(&values), bits(after));
        assert!(reader.rest().is_empty());
        bytes.len()
    }

    #[test]
    fn unchanged_slots_cost_one_bit_and_small_steps_one_byte() {
        let before = [1.0; 64];
        let mut after = before;
        assert_eq!(check(&before, &after), 4 + 8);
        after[5] = 2.0;
        assert_eq!(check(&before, &after), 4 + 8 + 1);
    }

    #[test]
    fn absent_special_and_huge_values_come_back() {
        let absent = f64::from_bits(ABSENT_BITS);
        check(
            &[1.0, absent, 0.0, f64::INFINITY],
            &[absent, 1.0, -0.0, f64::NAN],
        );
        check(&[1e300, -0.0, 0.5], &[-1e300, 0.0, 1.5]);
    }

    proptest! {
        #[test]
        fn any_frame_comes_back(pairs in prop::collection::vec((any::<u64>(), any::<u64>()), 0..100)) {
            let (before, after): (Vec<f64>, Vec<f64>) =
                pairs.into_iter().map(|(a, b)| (f64::from_bits(a), f64::from_bits(b))).unzip();
            check(&before, &after);
        }

        #[test]
        fn any_bytes_are_decoded_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            let mut reader = Reader::new(&bytes);
            if decode_header(&mut reader).is_ok() {
                let _ = decode_delta(&mut reader.clone(), &mut [0.0; 20]);
                let _ = decode_keyframe(&mut reader, &mut [0.0; 20]);
            }
        }
    }
}

//! What records say.

use columns::{Reader, Result, put_signed, put_unsigned};
use model::Labels;

/// Types of records; never reused for another meaning.
pub(crate) mod kind {
    pub(crate) const SERIES: u8 = 1;
    pub(crate) const LAYOUT: u8 = 2;
    pub(crate) const FRAME: u8 = 3;
    pub(crate) const LOOSE: u8 = 4;
}

/// Series numbers with their labels, appended to `out`.
pub(crate) fn encode_series<'a>(
    series: impl ExactSizeIterator<Item = (u32, &'a Labels)>,
    out: &mut Vec<u8>,
) {
    put_unsigned(series.len() as u64, out);
    for (id, labels) in series {
        put_unsigned(u64::from(id), out);
        put_unsigned(labels.len() as u64, out);
        for (name, value) in labels.iter() {
            put_text(name, out);
            put_text(value, out);
        }
    }
}

/// Calls `each` with every series number and its labels.
pub(crate) fn decode_series(payload: &[u8], mut each: impl FnMut(u32, Labels)) -> Result<()> {
    let mut reader = Reader::new(payload);
    for _ in 0..reader.unsigned()? {
        let id = number(&mut reader)?;
        let mut pairs = Vec::new();
        for _ in 0..reader.unsigned()? {
            pairs.push((text(&mut reader)?, text(&mut reader)?));
        }
        each(id, Labels::from_pairs(pairs));
    }
    Ok(())
}

/// A layout's number and its series numbers, appended to `out`.
pub(crate) fn encode_layout(layout: u32, slots: &[u32], out: &mut Vec<u8>) {
    put_unsigned(u64::from(layout), out);
    put_unsigned(slots.len() as u64, out);
    let mut previous = 0i64;
    for slot in slots {
        put_signed(i64::from(*slot) - previous, out);
        previous = i64::from(*slot);
    }
}

pub(crate) fn decode_layout(payload: &[u8]) -> Result<(u32, Vec<u32>)> {
    let mut reader = Reader::new(payload);
    let layout = number(&mut reader)?;
    let count = reader.unsigned()?;
    let mut slots = Vec::new();
    let mut previous = 0i64;
    for _ in 0..count {
        previous = previous.wrapping_add(reader.signed()?);
        slots.push(u32::try_from(previous).map_err(|_| columns::Error::Truncated)?);
    }
    Ok((layout, slots))
}

/// Series number, time and value of each loose sample, appended to `out`.
pub(crate) fn encode_loose(samples: &[(u32, i64, f64)], out: &mut Vec<u8>) {
    put_unsigned(samples.len() as u64, out);
    let mut previous = 0i64;
    for (series, time, value) in samples {
        put_unsigned(u64::from(*series), out);
        put_signed(time.wrapping_sub(previous), out);
        previous = *time;
        out.extend_from_slice(&value.to_bits().to_le_bytes());
    }
}

/// Calls `each` with series number, time and value of each loose sample.
pub(crate) fn decode_loose(payload: &[u8], mut each: impl FnMut(u32, i64, f64)) -> Result<()> {
    let mut reader = Reader::new(payload);
    let mut time = 0i64;
    for _ in 0..reader.unsigned()? {
        let series = number(&mut reader)?;
        time = time.wrapping_add(reader.signed()?);
        each(series, time, f64::from_bits(reader.u64()?));
    }
    Ok(())
}

fn put_text(text: &str, out: &mut Vec<u8>) {
    put_unsigned(text.len() as u64, out);
    out.extend_from_slice(text.as_bytes());
}

fn text<'a>(reader: &mut Reader<'a>) -> Result<&'a str> {
    let length = usize::try_from(reader.unsigned()?).map_err(|_| columns::Error::Truncated)?;
    std::str::from_utf8(reader.bytes(length)?).map_err(|_| columns::Error::Truncated)
}

fn number(reader: &mut Reader<'_>) -> Result<u32> {
    u32::try_from(reader.unsigned()?).map_err(|_| columns::Error::Truncated)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn series_layouts_and_loose_samples_come_back() {
        let a = Labels::from_pairs([("__name__", "a"), ("job", "ü")]);
        let mut bytes = Vec::new();
        encode_series([(7, &a), (9, &Labels::empty())].into_iter(), &mut bytes);
        let mut seen = Vec::new();
        decode_series(&bytes, |id, labels| seen.push((id, labels))).unwrap();
        assert_eq!(seen, [(7, a), (9, Labels::empty())]);

        bytes.clear();
        encode_layout(3, &[5, 6, 7, 2], &mut bytes);
        assert_eq!(decode_layout(&bytes), Ok((3, vec![5, 6, 7, 2])));

        bytes.clear();
        encode_loose(&[(1, i64::MIN, -0.0), (2, 5, 1.5)], &mut bytes);
        let mut seen = Vec::new();
        decode_loose(&bytes, |id, time, value| {
            seen.push((id, time, value.to_bits()));
        })
        .unwrap();
        assert_eq!(
            seen,
            [(1, i64::MIN, (-0.0f64).to_bits()), (2, 5, 1.5f64.to_bits())]
        );
    }

    #[test]
    fn cut_payloads_are_errors() {
        let mut bytes = Vec::new();
        encode_series(
            [(7, &Labels::from_pairs([("a", "b")]))].into_iter(),
            &mut bytes,
        );
        for cut in 0..bytes.len() {
            assert!(decode_series(&bytes[..cut], |_, _| {}).is_err());
        }
    }
}

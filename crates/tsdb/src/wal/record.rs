//! What records of series, layouts, loose samples and deletions say.

use crate::decimal::{MAX_EXPONENT, find, unscaled, unzigzag, zigzag};
use columns::{Error, Reader, Result, put_signed, put_unsigned};
use model::Labels;

/// Types of records; never reused for another meaning.
pub(crate) mod kind {
    pub(crate) const SERIES: u8 = 1;
    pub(crate) const LAYOUT: u8 = 2;
    pub(crate) const FRAME: u8 = 3;
    pub(crate) const LOOSE: u8 = 4;
    pub(crate) const HISTOGRAMS: u8 = 5;
    pub(crate) const EXEMPLARS: u8 = 6;
    pub(crate) const METADATA: u8 = 7;
    pub(crate) const DELETED: u8 = 8;
}

/// Whether the samples of a record came in the order of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// Each behind the newest of its series.
    InOrder,
    /// Among those that were there.
    Late,
}

impl Order {
    pub(crate) fn put(self, out: &mut Vec<u8>) {
        out.push(u8::from(self == Self::Late));
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self> {
        match reader.byte()? {
            0 => Ok(Self::InOrder),
            1 => Ok(Self::Late),
            tag => Err(Error::UnknownEncoding { tag }),
        }
    }
}

/// A label as the one at its place in the series before has the same name.
const SAME_NAME: u64 = 0;
const NEW_NAME: u64 = 1;

/// Series numbers with their labels, appended to `out`, each as difference from the one before.
pub(crate) fn encode_series(series: &[(u32, Labels)], out: &mut Vec<u8>) {
    put_unsigned(series.len() as u64, out);
    let mut number = 0;
    let mut before = &Labels::empty();
    for (id, labels) in series {
        put_signed(i64::from(*id) - number, out);
        number = i64::from(*id);
        put_unsigned(labels.len() as u64, out);
        let mut others = before.iter();
        let mut same = 0u64;
        for (name, value) in labels.iter() {
            let other = others.next();
            if other == Some((name, value)) {
                same += 1;
                continue;
            }
            put_unsigned(same, out);
            same = 0;
            if let Some((_, other)) = other.filter(|(other, _)| *other == name) {
                let shared = shared_prefix(value, other);
                put_unsigned(((shared as u64) << 1) | SAME_NAME, out);
                put_text(value.get(shared..).unwrap_or(""), out);
            } else {
                put_unsigned(NEW_NAME, out);
                put_text(name, out);
                put_text(value, out);
            }
        }
        if same > 0 {
            put_unsigned(same, out);
        }
        before = labels;
    }
}

/// Bytes at the start of both, up to a character's boundary.
fn shared_prefix(a: &str, b: &str) -> usize {
    let same = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    (0..=same)
        .rev()
        .find(|at| a.is_char_boundary(*at))
        .unwrap_or(0)
}

/// Names and values of one series, in memory that the next one reuses.
#[derive(Default)]
struct Pairs {
    pairs: Vec<(String, String)>,
    len: usize,
}

impl Pairs {
    /// The pair at `index`, made if it is not there.
    fn at(&mut self, index: usize) -> Option<&mut (String, String)> {
        if index >= self.pairs.len() {
            self.pairs.resize_with(index + 1, Default::default);
        }
        self.pairs.get_mut(index)
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Result<()> {
        let count = usize::try_from(reader.unsigned()?).map_err(|_| Error::Truncated)?;
        let known = std::mem::replace(&mut self.len, 0);
        while self.len < count {
            let same = usize::try_from(reader.unsigned()?).map_err(|_| Error::Truncated)?;
            let next = self.len.checked_add(same).ok_or(Error::Truncated)?;
            if next > count || (same > 0 && next > known) {
                return Err(Error::Truncated);
            }
            self.len = next;
            if next == count {
                break;
            }
            let word = reader.unsigned()?;
            let is_known = next < known;
            let (name, value) = self.at(next).ok_or(Error::Truncated)?;
            if word & 1 == SAME_NAME {
                let shared = usize::try_from(word >> 1).map_err(|_| Error::Truncated)?;
                if !is_known || shared > value.len() || !value.is_char_boundary(shared) {
                    return Err(Error::Truncated);
                }
                value.truncate(shared);
                value.push_str(text(reader)?);
            } else {
                name.clear();
                name.push_str(text(reader)?);
                value.clear();
                value.push_str(text(reader)?);
            }
            self.len += 1;
        }
        Ok(())
    }

    fn labels(&self) -> Labels {
        Labels::from_pairs(self.pairs.iter().take(self.len).map(|(n, v)| (n, v)))
    }
}

/// Calls `each` with every series number and its labels.
pub(crate) fn decode_series(payload: &[u8], mut each: impl FnMut(u32, Labels)) -> Result<()> {
    let mut reader = Reader::new(payload);
    let mut numbers = Numbers::default();
    let mut pairs = Pairs::default();
    for _ in 0..reader.unsigned()? {
        let id = numbers.next(&mut reader)?;
        pairs.read(&mut reader)?;
        each(id, pairs.labels());
    }
    Ok(())
}

/// Series numbers, each as difference from the one before.
#[derive(Default)]
pub(crate) struct Numbers(i64);

impl Numbers {
    pub(crate) fn put(&mut self, number: u32, out: &mut Vec<u8>) {
        put_signed(i64::from(number) - self.0, out);
        self.0 = i64::from(number);
    }

    pub(crate) fn next(&mut self, reader: &mut Reader<'_>) -> Result<u32> {
        self.0 = self.0.wrapping_add(reader.signed()?);
        u32::try_from(self.0).map_err(|_| Error::Truncated)
    }
}

/// Times, each as difference from the one before.
#[derive(Default)]
pub(crate) struct Times(i64);

impl Times {
    pub(crate) fn put(&mut self, time: i64, out: &mut Vec<u8>) {
        put_signed(time.wrapping_sub(self.0), out);
        self.0 = time;
    }

    pub(crate) fn next(&mut self, reader: &mut Reader<'_>) -> Result<i64> {
        self.0 = self.0.wrapping_add(reader.signed()?);
        Ok(self.0)
    }
}

/// A layout's number and its series numbers, appended to `out`.
pub(crate) fn encode_layout(layout: u32, slots: &[u32], out: &mut Vec<u8>) {
    put_unsigned(u64::from(layout), out);
    put_unsigned(slots.len() as u64, out);
    let mut numbers = Numbers::default();
    for slot in slots {
        numbers.put(*slot, out);
    }
}

pub(crate) fn decode_layout(payload: &[u8]) -> Result<(u32, Vec<u32>)> {
    let mut reader = Reader::new(payload);
    let layout = u32::try_from(reader.unsigned()?).map_err(|_| Error::Truncated)?;
    let count = reader.unsigned()?;
    let mut numbers = Numbers::default();
    let mut slots = Vec::new();
    for _ in 0..count {
        slots.push(numbers.next(&mut reader)?);
    }
    Ok((layout, slots))
}

const INTEGER: u64 = 0;
const RAW: u64 = 1;
const SCALED: u64 = 2;

/// A value: a varint whose two lowest bits say whether it is an integer, raw (8 bytes follow), or an
/// integer over a power of ten, whose exponent is in the next four bits.
pub(crate) fn put_value(value: f64, out: &mut Vec<u8>) {
    match find(value) {
        Some((0, whole)) => put_unsigned((zigzag(whole) << 2) | INTEGER, out),
        Some((exponent, whole)) => {
            put_unsigned(
                (zigzag(whole) << 6) | (u64::from(exponent) << 2) | SCALED,
                out,
            );
        }
        None => {
            put_unsigned(RAW, out);
            out.extend_from_slice(&value.to_bits().to_le_bytes());
        }
    }
}

pub(crate) fn read_value(reader: &mut Reader<'_>) -> Result<f64> {
    let word = reader.unsigned()?;
    match word & 3 {
        INTEGER => Ok(unscaled(unzigzag(word >> 2), 0)),
        RAW => Ok(f64::from_bits(reader.u64()?)),
        SCALED => {
            let exponent = u8::try_from((word >> 2) & 15).unwrap_or(0);
            if exponent > MAX_EXPONENT {
                return Err(Error::Truncated);
            }
            Ok(unscaled(unzigzag(word >> 6), exponent))
        }
        _ => Err(Error::Truncated),
    }
}

/// Series number, time and value of each loose sample, appended to `out`.
pub(crate) fn encode_loose(samples: &[(u32, i64, f64)], order: Order, out: &mut Vec<u8>) {
    order.put(out);
    put_unsigned(samples.len() as u64, out);
    let (mut numbers, mut times) = (Numbers::default(), Times::default());
    for (series, time, value) in samples {
        numbers.put(*series, out);
        times.put(*time, out);
        put_value(*value, out);
    }
}

/// Calls `each` with series number, time and value of each loose sample.
pub(crate) fn decode_loose(
    payload: &[u8],
    mut each: impl FnMut(u32, i64, f64, Order),
) -> Result<()> {
    let mut reader = Reader::new(payload);
    let order = Order::read(&mut reader)?;
    let (mut numbers, mut times) = (Numbers::default(), Times::default());
    for _ in 0..reader.unsigned()? {
        let series = numbers.next(&mut reader)?;
        let time = times.next(&mut reader)?;
        each(series, time, read_value(&mut reader)?, order);
    }
    Ok(())
}

/// Series number, start and end of each deleted range, appended to `out`.
pub(crate) fn encode_deleted(ranges: &[(u32, i64, i64)], out: &mut Vec<u8>) {
    put_unsigned(ranges.len() as u64, out);
    let (mut numbers, mut times) = (Numbers::default(), Times::default());
    for (series, start, end) in ranges {
        numbers.put(*series, out);
        times.put(*start, out);
        times.put(*end, out);
    }
}

/// Calls `each` with series number, start and end of each deleted range.
pub(crate) fn decode_deleted(payload: &[u8], mut each: impl FnMut(u32, i64, i64)) -> Result<()> {
    let mut reader = Reader::new(payload);
    let (mut numbers, mut times) = (Numbers::default(), Times::default());
    for _ in 0..reader.unsigned()? {
        let series = numbers.next(&mut reader)?;
        let start = times.next(&mut reader)?;
        each(series, start, times.next(&mut reader)?);
    }
    Ok(())
}

pub(crate) fn put_text(text: &str, out: &mut Vec<u8>) {
    put_unsigned(text.len() as u64, out);
    out.extend_from_slice(text.as_bytes());
}

pub(crate) fn text<'a>(reader: &mut Reader<'a>) -> Result<&'a str> {
    let length = usize::try_from(reader.unsigned()?).map_err(|_| Error::Truncated)?;
    std::str::from_utf8(reader.bytes(length)?).map_err(|_| Error::Truncated)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn series_of(bytes: &[u8]) -> Result<Vec<(u32, Labels)>> {
        let mut seen = Vec::new();
        decode_series(bytes, |id, labels| seen.push((id, labels)))?;
        Ok(seen)
    }

    #[test]
    fn series_layouts_loose_samples_and_deletions_come_back() {
        let a = Labels::from_pairs([("__name__", "a"), ("job", "ü")]);
        let b = Labels::from_pairs([("__name__", "a"), ("job", "ö"), ("le", "1")]);
        let series = [(7, a), (9, b), (2, Labels::empty())];
        let mut bytes = Vec::new();
        encode_series(&series, &mut bytes);
        assert_eq!(series_of(&bytes).unwrap(), series);

        bytes.clear();
        encode_layout(3, &[5, 6, 7, 2], &mut bytes);
        assert_eq!(decode_layout(&bytes), Ok((3, vec![5, 6, 7, 2])));

        bytes.clear();
        let samples = [
            (1, i64::MIN, -0.0),
            (2, 5, 1.5),
            (3, 5, 1e300),
            (3, 6, 12.0),
        ];
        encode_loose(&samples, Order::Late, &mut bytes);
        let mut seen = Vec::new();
        decode_loose(&bytes, |id, time, value, order| {
            assert_eq!(order, Order::Late);
            seen.push((id, time, value.to_bits()));
        })
        .unwrap();
        assert_eq!(
            seen,
            samples.map(|(id, time, value)| (id, time, value.to_bits()))
        );

        bytes.clear();
        let ranges = [(4, 0, i64::MAX), (9, -7, 7)];
        encode_deleted(&ranges, &mut bytes);
        let mut seen = Vec::new();
        decode_deleted(&bytes, |id, start, end| seen.push((id, start, end))).unwrap();
        assert_eq!(seen, ranges);
    }

    #[test]
    fn series_of_one_page_take_few_bytes() {
        let series: Vec<(u32, Labels)> = (0..1000u32)
            .map(|id| {
                let name = format!("some_metric_name_{}", id / 20);
                let bucket = format!("{}", id % 20);
                let pairs = [
                    ("__name__", name.as_str()),
                    ("instance", "machine-17.example.com:9100"),
                    ("job", "node"),
                    ("le", bucket.as_str()),
                ];
                (id, Labels::from_pairs(pairs))
            })
            .collect();
        let mut bytes = Vec::new();
        encode_series(&series, &mut bytes);
        assert!(bytes.len() < 9_000, "{} bytes", bytes.len());
        assert_eq!(series_of(&bytes).unwrap(), series);
    }

    #[test]
    fn loose_samples_of_one_batch_take_about_five_bytes() {
        let samples: Vec<_> = (0..1000u32)
            .map(|id| (id, 1_700_000_000_000, f64::from(id * 37) / 10.0))
            .collect();
        let mut bytes = Vec::new();
        encode_loose(&samples, Order::InOrder, &mut bytes);
        assert!(bytes.len() < 6_000, "{} bytes", bytes.len());
    }

    #[test]
    fn cut_payloads_are_errors() {
        let mut bytes = Vec::new();
        encode_series(&[(7, Labels::from_pairs([("a", "b")]))], &mut bytes);
        for cut in 0..bytes.len() {
            assert!(series_of(&bytes[..cut]).is_err());
        }
    }

    proptest! {
        #[test]
        fn any_series_come_back(all in prop::collection::vec(prop::collection::vec(("[a-cü]{1,2}", "[x-zäö]{1,4}"), 0..6), 0..20)) {
            let series: Vec<(u32, Labels)> = (0u32..).zip(all.into_iter().map(Labels::from_pairs)).collect();
            let mut bytes = Vec::new();
            encode_series(&series, &mut bytes);
            prop_assert_eq!(series_of(&bytes).unwrap(), series);
        }

        #[test]
        fn any_bytes_are_decoded_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            let _ = series_of(&bytes);
            let _ = decode_loose(&bytes, |_, _, _, _| {});
            let _ = decode_deleted(&bytes, |_, _, _| {});
            let _ = decode_layout(&bytes);
        }
    }
}

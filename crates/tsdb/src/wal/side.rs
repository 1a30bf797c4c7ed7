//! What records of histograms, exemplars and metadata say.

use super::record::{Numbers, Order, Times, put_text, put_value, read_value, text};
use columns::{Error, Reader, Result, put_signed, put_unsigned};
use model::{Histogram, Labels, MetricKind, ResetHint, Span};
use std::sync::Arc;
use storage::{Exemplar, Metadata};

const HINTS: [ResetHint; 4] = [
    ResetHint::Unknown,
    ResetHint::Reset,
    ResetHint::NotReset,
    ResetHint::Gauge,
];

const KINDS: [MetricKind; 8] = [
    MetricKind::Unknown,
    MetricKind::Counter,
    MetricKind::Gauge,
    MetricKind::Histogram,
    MetricKind::GaugeHistogram,
    MetricKind::Summary,
    MetricKind::Info,
    MetricKind::StateSet,
];

/// The place of `one` in its table, as it stands in the log.
fn code<T: PartialEq>(table: &[T], one: &T) -> u8 {
    let place = table.iter().position(|other| other == one);
    place.and_then(|at| u8::try_from(at).ok()).unwrap_or(0)
}

fn read_code<T: Copy>(table: &[T], reader: &mut Reader<'_>) -> Result<T> {
    let tag = reader.byte()?;
    let found = table.get(usize::from(tag)).copied();
    found.ok_or(Error::UnknownEncoding { tag })
}

/// Series number, time and histogram of each sample, appended to `out`.
pub(crate) fn encode_histograms(
    samples: &[(u32, i64, Arc<Histogram>)],
    order: Order,
    out: &mut Vec<u8>,
) {
    order.put(out);
    put_unsigned(samples.len() as u64, out);
    let (mut numbers, mut times) = (Numbers::default(), Times::default());
    for (series, time, histogram) in samples {
        numbers.put(*series, out);
        times.put(*time, out);
        put_histogram(histogram, out);
    }
}

/// Calls `each` with series number, time and histogram of each sample.
pub(crate) fn decode_histograms(
    payload: &[u8],
    mut each: impl FnMut(u32, i64, Arc<Histogram>, Order),
) -> Result<()> {
    let mut reader = Reader::new(payload);
    let order = Order::read(&mut reader)?;
    let (mut numbers, mut times) = (Numbers::default(), Times::default());
    for _ in 0..reader.unsigned()? {
        let series = numbers.next(&mut reader)?;
        let time = times.next(&mut reader)?;
        each(series, time, Arc::new(histogram(&mut reader)?), order);
    }
    Ok(())
}

fn put_histogram(one: &Histogram, out: &mut Vec<u8>) {
    out.push(code(&HINTS, &one.reset_hint));
    put_signed(i64::from(one.schema), out);
    for value in [one.zero_threshold, one.zero_count, one.count, one.sum] {
        put_value(value, out);
    }
    for spans in [&one.positive_spans, &one.negative_spans] {
        put_unsigned(spans.len() as u64, out);
        for span in spans {
            put_signed(i64::from(span.offset), out);
            put_unsigned(u64::from(span.length), out);
        }
    }
    for values in [
        &one.positive_buckets,
        &one.negative_buckets,
        &one.custom_values,
    ] {
        put_unsigned(values.len() as u64, out);
        for value in values {
            put_value(*value, out);
        }
    }
}

fn histogram(reader: &mut Reader<'_>) -> Result<Histogram> {
    let reset_hint = read_code(&HINTS, reader)?;
    let schema = i32::try_from(reader.signed()?).map_err(|_| Error::Truncated)?;
    Ok(Histogram {
        reset_hint,
        schema,
        zero_threshold: read_value(reader)?,
        zero_count: read_value(reader)?,
        count: read_value(reader)?,
        sum: read_value(reader)?,
        positive_spans: list(reader, span)?,
        negative_spans: list(reader, span)?,
        positive_buckets: list(reader, read_value)?,
        negative_buckets: list(reader, read_value)?,
        custom_values: list(reader, read_value)?,
    })
}

fn list<T>(reader: &mut Reader<'_>, one: impl Fn(&mut Reader<'_>) -> Result<T>) -> Result<Vec<T>> {
    let count = reader.unsigned()?;
    // Each takes a byte or more, so a count that cannot be true reserves nothing.
    (0..count).map(|_| one(reader)).collect()
}

fn span(reader: &mut Reader<'_>) -> Result<Span> {
    Ok(Span {
        offset: i32::try_from(reader.signed()?).map_err(|_| Error::Truncated)?,
        length: u32::try_from(reader.unsigned()?).map_err(|_| Error::Truncated)?,
    })
}

/// Series number and content of each exemplar, appended to `out`.
pub(crate) fn encode_exemplars(exemplars: &[(u32, Exemplar)], out: &mut Vec<u8>) {
    put_unsigned(exemplars.len() as u64, out);
    let (mut numbers, mut times) = (Numbers::default(), Times::default());
    for (series, exemplar) in exemplars {
        numbers.put(*series, out);
        times.put(exemplar.time, out);
        put_value(exemplar.value, out);
        put_unsigned(exemplar.labels.len() as u64, out);
        for (name, value) in exemplar.labels.iter() {
            put_text(name, out);
            put_text(value, out);
        }
    }
}

/// Calls `each` with series number and content of each exemplar.
pub(crate) fn decode_exemplars(payload: &[u8], mut each: impl FnMut(u32, Exemplar)) -> Result<()> {
    let mut reader = Reader::new(payload);
    let (mut numbers, mut times) = (Numbers::default(), Times::default());
    for _ in 0..reader.unsigned()? {
        let series = numbers.next(&mut reader)?;
        let time = times.next(&mut reader)?;
        let value = read_value(&mut reader)?;
        let mut pairs = Vec::new();
        for _ in 0..reader.unsigned()? {
            pairs.push((text(&mut reader)?, text(&mut reader)?));
        }
        let labels = Labels::from_pairs(pairs);
        each(
            series,
            Exemplar {
                labels,
                value,
                time,
            },
        );
    }
    Ok(())
}

/// Families, appended to `out`.
pub(crate) fn encode_metadata<'a>(
    metadata: impl ExactSizeIterator<Item = &'a Metadata>,
    out: &mut Vec<u8>,
) {
    put_unsigned(metadata.len() as u64, out);
    for one in metadata {
        out.push(code(&KINDS, &one.kind));
        for part in [&one.family, &one.help, &one.unit] {
            put_text(part, out);
        }
    }
}

/// Calls `each` with every family.
pub(crate) fn decode_metadata(payload: &[u8], mut each: impl FnMut(Metadata)) -> Result<()> {
    let mut reader = Reader::new(payload);
    for _ in 0..reader.unsigned()? {
        let kind = read_code(&KINDS, &mut reader)?;
        let mut part = || text(&mut reader).map(str::to_owned);
        let (family, help, unit) = (part()?, part()?, part()?);
        each(Metadata {
            family,
            kind,
            help,
            unit,
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn histograms_exemplars_and_metadata_come_back() {
        let whole = Histogram {
            reset_hint: ResetHint::Gauge,
            schema: -53,
            zero_threshold: 1e-128,
            zero_count: 3.0,
            count: 17.5,
            sum: f64::from_bits(0x7ff8_0000_0000_0123),
            positive_spans: vec![
                Span {
                    offset: -4,
                    length: 2,
                },
                Span {
                    offset: 9,
                    length: 1,
                },
            ],
            negative_spans: vec![Span {
                offset: 1,
                length: 1,
            }],
            positive_buckets: vec![1.0, 2.5, 1e300],
            negative_buckets: vec![-0.0],
            custom_values: vec![0.1, f64::INFINITY],
        };
        let samples = [(3, -9, Arc::new(whole)), (4, 1 << 60, Arc::default())];
        let mut bytes = Vec::new();
        encode_histograms(&samples, Order::InOrder, &mut bytes);
        let mut seen = Vec::new();
        decode_histograms(&bytes, |id, time, one, _| seen.push((id, time, one))).unwrap();
        for ((id, time, one), (other_id, other_time, other)) in samples.iter().zip(&seen) {
            assert!(id == other_id && time == other_time && one.same_bits(other));
        }
        for cut in 0..bytes.len() {
            assert!(decode_histograms(&bytes[..cut], |_, _, _, _| {}).is_err());
        }

        bytes.clear();
        let exemplar = Exemplar {
            labels: Labels::from_pairs([("trace_id", "abc")]),
            value: 0.25,
            time: 7,
        };
        encode_exemplars(&[(9, exemplar.clone())], &mut bytes);
        decode_exemplars(&bytes, |id, one| assert_eq!((id, &one), (9, &exemplar))).unwrap();

        bytes.clear();
        let metadata = Metadata {
            family: "a_total".into(),
            kind: MetricKind::Counter,
            help: "What it is.".into(),
            unit: String::new(),
        };
        encode_metadata([&metadata].into_iter(), &mut bytes);
        decode_metadata(&bytes, |one| assert_eq!(one, metadata)).unwrap();
    }
}

//! What histograms of one series mostly have in common.

use crate::error::reserve;
use crate::varint::{Reader, put_signed, put_unsigned};
use crate::{Effort, Error, Result, encode_values, plain, values};
use model::{Histogram, ResetHint, Span};

/// Everything of a histogram but its numbers of observations.
///
/// Bytes: reset hint, schema (signed varint), zero threshold (a column of one), both lists of spans
/// (count, then offset and length of each), custom values (count, then a column), and the counts of
/// positive and of negative buckets.
#[derive(Debug, Clone)]
pub(super) struct Shape {
    common: Histogram,
    /// Positive buckets.
    pub(super) positive: usize,
    /// Negative buckets.
    pub(super) negative: usize,
}

impl Shape {
    pub(super) fn of(histogram: &Histogram) -> Self {
        Self {
            common: Histogram {
                reset_hint: histogram.reset_hint,
                schema: histogram.schema,
                zero_threshold: histogram.zero_threshold,
                positive_spans: histogram.positive_spans.clone(),
                negative_spans: histogram.negative_spans.clone(),
                custom_values: histogram.custom_values.clone(),
                ..Histogram::default()
            },
            positive: histogram.positive_buckets.len(),
            negative: histogram.negative_buckets.len(),
        }
    }

    pub(super) fn fits(&self, histogram: &Histogram) -> bool {
        let (a, b) = (&self.common, histogram);
        a.reset_hint == b.reset_hint
            && a.schema == b.schema
            && a.zero_threshold.to_bits() == b.zero_threshold.to_bits()
            && self.positive == b.positive_buckets.len()
            && self.negative == b.negative_buckets.len()
            && a.positive_spans == b.positive_spans
            && a.negative_spans == b.negative_spans
            && a.custom_values.len() == b.custom_values.len()
            && (a.custom_values.iter().zip(&b.custom_values))
                .all(|(a, b)| a.to_bits() == b.to_bits())
    }

    /// A histogram of this shape without observations and buckets.
    pub(super) fn blank(&self) -> Histogram {
        self.common.clone()
    }

    pub(super) fn encode(&self, out: &mut Vec<u8>) {
        let common = &self.common;
        out.push(match common.reset_hint {
            ResetHint::Unknown => 0,
            ResetHint::Reset => 1,
            ResetHint::NotReset => 2,
            ResetHint::Gauge => 3,
        });
        put_signed(i64::from(common.schema), out);
        plain::encode_constant(common.zero_threshold, out);
        for spans in [&common.positive_spans, &common.negative_spans] {
            put_unsigned(spans.len() as u64, out);
            for span in spans {
                put_signed(i64::from(span.offset), out);
                put_unsigned(u64::from(span.length), out);
            }
        }
        put_unsigned(common.custom_values.len() as u64, out);
        encode_values(&common.custom_values, Effort::Fast, out);
        put_unsigned(self.positive as u64, out);
        put_unsigned(self.negative as u64, out);
    }

    pub(super) fn decode(reader: &mut Reader<'_>) -> Result<Self> {
        let wrong = Error::Malformed { part: "shape" };
        let reset_hint = match reader.byte()? {
            0 => ResetHint::Unknown,
            1 => ResetHint::Reset,
            2 => ResetHint::NotReset,
            3 => ResetHint::Gauge,
            _ => return Err(wrong),
        };
        let schema = i32::try_from(reader.signed()?).map_err(|_| wrong)?;
        let mut threshold = Vec::new();
        plain::decode(reader, 1, &mut threshold)?;
        let positive_spans = spans(reader)?;
        let negative_spans = spans(reader)?;
        let custom = length(reader)?;
        let mut custom_values = Vec::new();
        values::decode(reader, custom, &mut custom_values)?;
        let positive = length(reader)?;
        let negative = length(reader)?;
        Ok(Self {
            common: Histogram {
                reset_hint,
                schema,
                zero_threshold: threshold.first().copied().ok_or(wrong)?,
                positive_spans,
                negative_spans,
                custom_values,
                ..Histogram::default()
            },
            positive,
            negative,
        })
    }
}

/// A length as far as any list of a histogram can be long.
fn length(reader: &mut Reader<'_>) -> Result<usize> {
    let length =
        u16::try_from(reader.unsigned()?).map_err(|_| Error::Malformed { part: "shape" })?;
    Ok(usize::from(length))
}

fn spans(reader: &mut Reader<'_>) -> Result<Vec<Span>> {
    let count = length(reader)?;
    // A span takes two bytes at least.
    if count * 2 > reader.rest().len() {
        return Err(Error::Truncated);
    }
    let mut spans = Vec::new();
    reserve(&mut spans, count)?;
    for _ in 0..count {
        let wrong = Error::Malformed { part: "span" };
        let offset = i32::try_from(reader.signed()?).map_err(|_| wrong)?;
        let length = u32::try_from(reader.unsigned()?).map_err(|_| wrong)?;
        spans.push(Span { offset, length });
    }
    Ok(spans)
}

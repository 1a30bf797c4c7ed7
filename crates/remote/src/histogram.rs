//! Native histograms as sent, checked and brought to the form that storage takes.

use crate::error::Result;
use crate::wire::{Reader, Value, zigzag};
use model::{CUSTOM_BUCKETS_SCHEMA, Histogram, ResetHint, Span};

/// Finest resolution that is stored; finer ones are merged down to it.
const FINEST: i32 = 8;
const COARSEST: i32 = -4;
/// Finest resolution that may be sent.
const FINEST_SENT: i32 = 52;

/// Bucket indices beyond these mean no number that a float can hold.
const MOST_INDEX: std::ops::Range<i64> = -(1 << 30)..1 << 30;

/// Why a histogram is not stored, though its bytes can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Invalid {
    #[error("histogram has an unknown schema")]
    Schema,
    #[error("histogram has a span whose offset is negative or out of range")]
    SpanOffset,
    #[error("histogram spans specify different number of buckets than provided")]
    SpansAndBuckets,
    #[error("histogram has a bucket whose observation count is negative")]
    NegativeBucket,
    #[error("histogram has a negative observation count")]
    NegativeCount,
    #[error(
        "histogram's observation count should equal the number of observations found in the buckets"
    )]
    Count,
    #[error("histogram's observation count should be at least the number in the buckets")]
    CountTooSmall,
    #[error("histogram with exponential schema must not have custom bounds")]
    UnwantedBounds,
    #[error("histogram custom bounds must be in strictly increasing order")]
    BoundsOrder,
    #[error("histogram custom bounds must be finite")]
    BoundsInfinite,
    #[error("custom buckets: only positive buckets may be there")]
    CustomNotPositive,
    #[error("custom buckets: more buckets than bounds")]
    TooFewBounds,
}

/// One histogram message.
#[derive(Debug, Default)]
struct Sent {
    is_float: bool,
    count: f64,
    zero_count: f64,
    sum: f64,
    schema: i64,
    zero_threshold: f64,
    reset_hint: u64,
    time: i64,
    positive: Side,
    negative: Side,
    custom_values: Vec<f64>,
}

/// Buckets on one side of zero.
#[derive(Debug, Default)]
struct Side {
    spans: Vec<Span>,
    deltas: Vec<i64>,
    counts: Vec<f64>,
}

/// Reads one histogram message of either version: its time, and the histogram if it is sound.
pub(crate) fn read_histogram(message: &[u8]) -> Result<(i64, Result<Histogram, Invalid>)> {
    let mut sent = Sent::default();
    let mut reader = Reader::new(message);
    while let Some((number, value)) = reader.field()? {
        sent.field(number, value)?;
    }
    let time = sent.time;
    Ok((time, sent.finish()))
}

impl Sent {
    fn field(&mut self, number: u64, value: Value<'_>) -> Result<()> {
        match number {
            1 => {
                self.count = value.uint()? as f64;
                self.is_float = false;
            }
            2 => {
                self.count = value.double()?;
                self.is_float = true;
            }
            3 => self.sum = value.double()?,
            4 => self.schema = value.sint()?,
            5 => self.zero_threshold = value.double()?,
            6 => self.zero_count = value.uint()? as f64,
            7 => self.zero_count = value.double()?,
            8 => self.negative.spans.push(read_span(value.bytes()?)?),
            9 => value.each_uint(|delta| self.negative.deltas.push(zigzag(delta)))?,
            10 => value.each_double(|count| self.negative.counts.push(count))?,
            11 => self.positive.spans.push(read_span(value.bytes()?)?),
            12 => value.each_uint(|delta| self.positive.deltas.push(zigzag(delta)))?,
            13 => value.each_double(|count| self.positive.counts.push(count))?,
            14 => self.reset_hint = value.uint()?,
            15 => self.time = value.int()?,
            16 => value.each_double(|bound| self.custom_values.push(bound))?,
            _ => {}
        }
        Ok(())
    }

    fn finish(self) -> Result<Histogram, Invalid> {
        let schema = i32::try_from(self.schema).map_err(|_| Invalid::Schema)?;
        let is_custom = schema == CUSTOM_BUCKETS_SCHEMA;
        if !is_custom && !(COARSEST..=FINEST_SENT).contains(&schema) {
            return Err(Invalid::Schema);
        }
        let mut histogram = Histogram {
            reset_hint: match self.reset_hint {
                1 => ResetHint::Reset,
                2 => ResetHint::NotReset,
                3 => ResetHint::Gauge,
                _ => ResetHint::Unknown,
            },
            schema: schema.min(FINEST),
            zero_threshold: self.zero_threshold,
            zero_count: self.zero_count,
            count: self.count,
            sum: self.sum,
            custom_values: self.custom_values,
            ..Histogram::default()
        };
        let shift = (schema - FINEST).max(0);
        let (spans, buckets) = self.positive.finish(self.is_float, shift)?;
        (histogram.positive_spans, histogram.positive_buckets) = (spans, buckets);
        let (spans, buckets) = self.negative.finish(self.is_float, shift)?;
        (histogram.negative_spans, histogram.negative_buckets) = (spans, buckets);
        if is_custom {
            check_custom(&histogram)?;
        } else if !histogram.custom_values.is_empty() {
            return Err(Invalid::UnwantedBounds);
        }
        check_count(&histogram, self.is_float)?;
        Ok(histogram)
    }
}

impl Side {
    /// Spans and absolute counts, merged to buckets `2^shift` times as wide.
    fn finish(self, is_float: bool, shift: i32) -> Result<(Vec<Span>, Vec<f64>), Invalid> {
        let buckets = if is_float {
            self.counts
        } else {
            let mut count = 0_i64;
            let absolute = |delta: &i64| {
                count = count.wrapping_add(*delta);
                count as f64
            };
            self.deltas.iter().map(absolute).collect()
        };
        let later = self.spans.iter().skip(1);
        if later.clone().any(|span| span.offset < 0) {
            return Err(Invalid::SpanOffset);
        }
        let mut end = 0;
        for span in &self.spans {
            end += i64::from(span.offset) + i64::from(span.length);
            if !MOST_INDEX.contains(&end) {
                return Err(Invalid::SpanOffset);
            }
        }
        let wanted: u64 = self.spans.iter().map(|span| u64::from(span.length)).sum();
        if wanted != buckets.len() as u64 {
            return Err(Invalid::SpansAndBuckets);
        }
        if buckets.iter().any(|count| *count < 0.0) {
            return Err(Invalid::NegativeBucket);
        }
        if shift == 0 {
            return Ok((self.spans, buckets));
        }
        Ok(merge(&self.spans, &buckets, shift))
    }
}

/// Merges neighbouring buckets: bucket `i` goes to `ceil(i / 2^shift)`.
fn merge(spans: &[Span], buckets: &[f64], shift: i32) -> (Vec<Span>, Vec<f64>) {
    let (mut wide_spans, mut wide_buckets) = (Vec::<Span>::new(), Vec::<f64>::new());
    let mut counts = buckets.iter();
    let (mut index, mut last) = (0_i64, None::<i64>);
    for span in spans {
        index += i64::from(span.offset);
        for count in counts.by_ref().take(span.length as usize) {
            let wide = ((index - 1) >> shift) + 1;
            index += 1;
            let gap = last.map_or(wide, |last| wide - last - 1);
            match (wide_spans.last_mut(), wide_buckets.last_mut()) {
                (Some(_), Some(bucket)) if last == Some(wide) => *bucket += count,
                (Some(run), Some(_)) if gap == 0 => {
                    run.length += 1;
                    wide_buckets.push(*count);
                }
                _ => {
                    wide_spans.push(Span {
                        // Offsets only get nearer to zero by the division.
                        offset: i32::try_from(gap).unwrap_or(i32::MAX),
                        length: 1,
                    });
                    wide_buckets.push(*count);
                }
            }
            last = Some(wide);
        }
    }
    (wide_spans, wide_buckets)
}

fn check_custom(histogram: &Histogram) -> Result<(), Invalid> {
    let bounds = &histogram.custom_values;
    if bounds.iter().any(|bound| !bound.is_finite()) {
        return Err(Invalid::BoundsInfinite);
    }
    if !bounds.is_sorted_by(|one, next| one < next) {
        return Err(Invalid::BoundsOrder);
    }
    if histogram.zero_count != 0.0
        || histogram.zero_threshold != 0.0
        || !histogram.negative_spans.is_empty()
        || histogram
            .positive_spans
            .first()
            .is_some_and(|span| span.offset < 0)
    {
        return Err(Invalid::CustomNotPositive);
    }
    let end: i64 = histogram
        .positive_spans
        .iter()
        .map(|span| i64::from(span.offset) + i64::from(span.length))
        .sum();
    if end > bounds.len() as i64 + 1 {
        return Err(Invalid::TooFewBounds);
    }
    Ok(())
}

fn check_count(histogram: &Histogram, is_float: bool) -> Result<(), Invalid> {
    if histogram.count < 0.0 || histogram.zero_count < 0.0 {
        return Err(Invalid::NegativeCount);
    }
    if is_float {
        // Float counts come out of calculations, which round.
        return Ok(());
    }
    let buckets = histogram.positive_buckets.iter();
    let found: f64 = buckets.chain(&histogram.negative_buckets).sum::<f64>() + histogram.zero_count;
    if histogram.sum.is_nan() {
        // Observations of NaN are in the count and in no bucket.
        if found > histogram.count {
            return Err(Invalid::CountTooSmall);
        }
    } else if found != histogram.count {
        return Err(Invalid::Count);
    }
    Ok(())
}

fn read_span(message: &[u8]) -> Result<Span> {
    let mut span = Span::default();
    let mut reader = Reader::new(message);
    while let Some((number, value)) = reader.field()? {
        match number {
            // Out of range: an offset or a length that no check below lets through.
            1 => span.offset = i32::try_from(value.sint()?).unwrap_or(i32::MIN),
            2 => span.length = u32::try_from(value.uint()?).unwrap_or(u32::MAX),
            _ => {}
        }
    }
    Ok(span)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finer_resolutions_are_merged_down() {
        // Schema 9: buckets 1 and 2 become bucket 1, 3 becomes 2, 9 becomes 5.
        let spans = [
            Span {
                offset: 1,
                length: 3,
            },
            Span {
                offset: 5,
                length: 1,
            },
        ];
        let (spans, buckets) = merge(&spans, &[1.0, 2.0, 3.0, 4.0], 1);
        assert_eq!(buckets, [3.0, 3.0, 4.0]);
        let wanted = [
            Span {
                offset: 1,
                length: 2,
            },
            Span {
                offset: 2,
                length: 1,
            },
        ];
        assert_eq!(spans, wanted);
    }

    #[test]
    fn buckets_below_one_keep_their_places_when_merged() {
        let spans = [Span {
            offset: -3,
            length: 4,
        }];
        // -3 -> -1, -2 and -1 -> -1 and 0, 0 -> 0.
        let (spans, buckets) = merge(&spans, &[1.0, 2.0, 4.0, 8.0], 1);
        assert_eq!(
            spans,
            [Span {
                offset: -1,
                length: 2
            }]
        );
        assert_eq!(buckets, [3.0, 12.0]);
    }
}

//! Columns of native histograms: what seldom changes once, every bucket a column of its own.
//!
//! Count of shapes (varint), the shapes ([`shape`]), with several shapes the column of their numbers by
//! histogram; then for each shape, over the histograms that have it: a byte that says whether the count
//! of observations is the sum of all buckets, the sum of observations, the zero bucket, the positive
//! and the negative buckets, and the count where it is not the sum. All columns are as in
//! [`crate::encode_values`].

mod shape;

use crate::error::reserve;
use crate::varint::{Reader, put_unsigned};
use crate::{Effort, Error, Result, encode_values, values};
use model::Histogram;
use shape::Shape;
use std::sync::Arc;

/// The count of observations has a column.
const COUNTED: u8 = 0;
/// The count of observations is the zero bucket, then the positive, then the negative buckets added up.
const ADDED_UP: u8 = 1;

/// Appends the column `histograms` in a form that gives back every bit.
///
/// No histograms take no bytes.
pub fn encode_histograms(histograms: &[Arc<Histogram>], effort: Effort, out: &mut Vec<u8>) {
    if histograms.is_empty() {
        return;
    }
    let mut shapes: Vec<Shape> = Vec::new();
    let mut members: Vec<Vec<&Histogram>> = Vec::new();
    let mut numbers = Vec::with_capacity(histograms.len());
    let mut latest = 0;
    for histogram in histograms {
        // Nearly always the shape of the histogram before.
        let number = if shapes
            .get(latest)
            .is_some_and(|shape| shape.fits(histogram))
        {
            latest
        } else if let Some(known) = shapes.iter().position(|shape| shape.fits(histogram)) {
            known
        } else {
            shapes.push(Shape::of(histogram));
            members.push(Vec::new());
            shapes.len() - 1
        };
        if let Some(group) = members.get_mut(number) {
            group.push(histogram);
        }
        numbers.push(number as f64);
        latest = number;
    }
    put_unsigned(shapes.len() as u64, out);
    for shape in &shapes {
        shape.encode(out);
    }
    if shapes.len() > 1 {
        encode_values(&numbers, effort, out);
    }
    for (shape, group) in shapes.iter().zip(&members) {
        encode_group(shape, group, effort, out);
    }
}

fn encode_group(shape: &Shape, group: &[&Histogram], effort: Effort, out: &mut Vec<u8>) {
    let added_up = group.iter().all(|histogram| {
        added(
            histogram.zero_count,
            &histogram.positive_buckets,
            &histogram.negative_buckets,
        )
        .to_bits()
            == histogram.count.to_bits()
    });
    out.push(if added_up { ADDED_UP } else { COUNTED });
    let mut column = Vec::with_capacity(group.len());
    let mut write = |pick: &dyn Fn(&Histogram) -> f64| {
        column.clear();
        column.extend(group.iter().map(|histogram| pick(histogram)));
        encode_values(&column, effort, out);
    };
    write(&|histogram| histogram.sum);
    write(&|histogram| histogram.zero_count);
    for at in 0..shape.positive {
        write(&|histogram| histogram.positive_buckets.get(at).copied().unwrap_or(0.0));
    }
    for at in 0..shape.negative {
        write(&|histogram| histogram.negative_buckets.get(at).copied().unwrap_or(0.0));
    }
    if !added_up {
        write(&|histogram| histogram.count);
    }
}

fn added(zero: f64, positive: &[f64], negative: &[f64]) -> f64 {
    positive
        .iter()
        .chain(negative)
        .fold(zero, |sum, count| sum + count)
}

/// Decodes the `n` histograms of `encoded`, which is one column and nothing else, and appends them to
/// `out`.
///
/// # Errors
/// Where the bytes are not what [`encode_histograms`] wrote for `n` histograms; `out` is then as before.
pub fn decode_histograms(encoded: &[u8], n: usize, out: &mut Vec<Arc<Histogram>>) -> Result<()> {
    let mut reader = Reader::new(encoded);
    if n == 0 {
        return crate::nothing_left(&reader);
    }
    let wrong = Error::Malformed {
        part: "shape number",
    };
    let count = usize::try_from(reader.unsigned()?).map_err(|_| wrong)?;
    // Every shape is some histogram's, and takes several bytes.
    if count == 0 || count > n.min(reader.rest().len()) {
        return Err(wrong);
    }
    let shapes = (0..count)
        .map(|_| Shape::decode(&mut reader))
        .collect::<Result<Vec<_>>>()?;
    let mut numbers = Vec::new();
    if count > 1 {
        values::decode(&mut reader, n, &mut numbers)?;
    } else {
        reserve(&mut numbers, n)?;
        numbers.resize(n, 0.0);
    }
    let mut sizes = vec![0usize; count];
    let mut order = Vec::new();
    reserve(&mut order, n)?;
    for number in numbers {
        #[expect(clippy::cast_possible_truncation, reason = "casts of floats saturate")]
        let number = number as usize;
        *sizes.get_mut(number).ok_or(wrong)? += 1;
        order.push(number);
    }
    let mut groups = Vec::with_capacity(count);
    for (shape, size) in shapes.iter().zip(sizes) {
        groups.push(decode_group(shape, &mut reader, size)?.into_iter());
    }
    crate::nothing_left(&reader)?;
    reserve(out, n)?;
    out.extend(
        (order.into_iter())
            .filter_map(|number| groups.get_mut(number)?.next())
            .map(Arc::new),
    );
    Ok(())
}

fn decode_group(shape: &Shape, reader: &mut Reader<'_>, size: usize) -> Result<Vec<Histogram>> {
    let added_up = match reader.byte()? {
        COUNTED => false,
        ADDED_UP => true,
        _ => return Err(Error::Malformed { part: "count" }),
    };
    let mut group = Vec::new();
    if size == 0 {
        // No histogram has this shape, so its columns are without bytes.
        return Ok(group);
    }
    // Each column takes a byte at least, which bounds what a wrong shape can ask for.
    if shape.positive.saturating_add(shape.negative) > reader.rest().len() {
        return Err(Error::Truncated);
    }
    let mut sums = Vec::new();
    values::decode(reader, size, &mut sums)?;
    let mut zeros = Vec::new();
    values::decode(reader, size, &mut zeros)?;
    let mut positive = Vec::new();
    for _ in 0..shape.positive {
        values::decode(reader, size, &mut positive)?;
    }
    let mut negative = Vec::new();
    for _ in 0..shape.negative {
        values::decode(reader, size, &mut negative)?;
    }
    let mut counts = Vec::new();
    if !added_up {
        values::decode(reader, size, &mut counts)?;
    }
    reserve(&mut group, size)?;
    for (at, (sum, zero)) in sums.into_iter().zip(zeros).enumerate() {
        let row = |columns: &[f64]| {
            columns
                .iter()
                .skip(at)
                .step_by(size)
                .copied()
                .collect::<Vec<_>>()
        };
        let mut histogram = shape.blank();
        histogram.sum = sum;
        histogram.zero_count = zero;
        histogram.positive_buckets = row(&positive);
        histogram.negative_buckets = row(&negative);
        histogram.count = if added_up {
            added(
                zero,
                &histogram.positive_buckets,
                &histogram.negative_buckets,
            )
        } else {
            counts.get(at).copied().unwrap_or(0.0)
        };
        group.push(histogram);
    }
    Ok(group)
}

#[cfg(test)]
mod tests;

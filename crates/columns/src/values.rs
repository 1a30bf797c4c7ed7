//! Which encoding a column of values gets, and the way back from each.

use crate::error::reserve;
use crate::exceptions::{self, Exceptions};
use crate::integers::{self, Plan};
use crate::positions::Positions;
use crate::varint::Reader;
use crate::{Effort, Error, Result, decimal, form, plain, positions, xor};

/// Appends the column `values` in a form that gives back every bit.
///
/// The bytes end by themselves for a reader who knows how many values there are; no values take no
/// bytes.
pub fn encode_values(values: &[f64], effort: Effort, out: &mut Vec<u8>) {
    encode(values, effort, true, None, out);
}

/// Decodes the `n` values of `encoded`, which is one column and nothing else, and appends them to `out`.
///
/// # Errors
/// Where the bytes are not what [`encode_values`] wrote for `n` values; `out` may then hold some values.
pub fn decode_values(encoded: &[u8], n: usize, out: &mut Vec<f64>) -> Result<()> {
    let mut reader = Reader::new(encoded);
    decode(&mut reader, n, out)?;
    crate::nothing_left(&reader)
}

/// The name of the encoding of a column, for reports.
pub fn encoding_name(encoded: &[u8]) -> &'static str {
    let Some(tag) = encoded.first().copied() else {
        return "empty";
    };
    if tag < form::MARK {
        return "constant";
    }
    match (tag & form::KIND, tag) {
        (form::WHOLE | form::DECIMAL, _) => form::name(tag),
        (form::FLOAT, _) => match tag & (form::BINS | form::ORDER) {
            form::LINEAR => "float linear",
            0..form::LINEAR => "float for",
            _ => "float bins",
        },
        (_, form::CONSTANT) => "constant",
        (_, form::SPARSE) => "sparse",
        (_, form::XOR) => "xor",
        (_, form::RAW) => "raw",
        _ => "unknown",
    }
}

/// Appends a column. `hint`: the exponent of the column that the values were picked from.
fn encode(
    values: &[f64],
    effort: Effort,
    may_be_sparse: bool,
    hint: Option<u8>,
    out: &mut Vec<u8>,
) {
    let Some(first) = values.first() else { return };
    let changes = (values.iter().zip(values.iter().skip(1)))
        .filter(|(a, b)| a.to_bits() != b.to_bits())
        .count();
    if changes == 0 {
        return plain::encode_constant(*first, out);
    }
    let sequence = Sequence::of(values, hint);
    let plan = Plan::new(&sequence.integers, effort);
    let exceptions = if sequence.exceptions.is_empty() {
        0
    } else {
        exceptions::estimate(&sequence.exceptions, values)
    };
    let bits = 16 + plan.bits + exceptions;
    let sparse_bits =
        positions::estimate(changes, values.len() - 1).saturating_add(plan.bits_without_repeats);
    let worth_it = sparse_bits < bits / 100 * 97;
    let sparse = may_be_sparse
        && match effort {
            Effort::Fast => worth_it,
            Effort::Small => worth_it || changes * 3 < values.len(),
        };
    let start = out.len();
    if effort == Effort::Small || !sparse {
        sequence.write(&plan, values, out);
    }
    if sparse {
        alternative(start, out, |out| {
            encode_sparse(values, changes, effort, sequence.exponent, out);
        });
    }
    if sequence.kind == form::FLOAT && xor::length(values) + 1 < out.len() - start {
        alternative(start, out, |out| plain::encode(values, out));
    }
    if effort == Effort::Small && !sequence.exceptions.is_empty() {
        alternative(start, out, |out| plain::encode(values, out));
        let bits = Sequence::bits_of(values);
        let plan = Plan::new(&bits.integers, effort);
        alternative(start, out, |out| bits.write(&plan, values, out));
    }
    if out.len() - start > values.len() * 8 + 1 {
        out.truncate(start);
        plain::encode(values, out);
    }
}

/// Replaces what was written from `start` on where `write` appends something shorter.
fn alternative(start: usize, out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    let middle = out.len();
    write(out);
    if middle == start || out.len() - middle < middle - start {
        out.drain(start..middle);
    } else {
        out.truncate(middle);
    }
}

/// A column of values as integers.
struct Sequence {
    kind: u8,
    exponent: Option<u8>,
    integers: Vec<i64>,
    exceptions: Vec<usize>,
}

impl Sequence {
    fn of(values: &[f64], hint: Option<u8>) -> Self {
        let Some(found) = decimal::analyse(values, hint) else {
            return Self::bits_of(values);
        };
        let whole = found.exponent == 0 && found.exceptions.is_empty();
        Self {
            kind: if whole { form::WHOLE } else { form::DECIMAL },
            exponent: Some(found.exponent),
            integers: found.integers,
            exceptions: found.exceptions,
        }
    }

    fn bits_of(values: &[f64]) -> Self {
        Self {
            kind: form::FLOAT,
            exponent: None,
            integers: values.iter().copied().map(decimal::ordered).collect(),
            exceptions: Vec::new(),
        }
    }

    fn write(&self, plan: &Plan, values: &[f64], out: &mut Vec<u8>) {
        out.push(form::MARK | self.kind | plan.form());
        if self.kind == form::DECIMAL {
            let exponent = self.exponent.unwrap_or(0);
            if self.exceptions.is_empty() {
                out.push(exponent);
            } else {
                out.push(exponent | form::EXCEPTIONS);
                exceptions::encode(&self.exceptions, values, out);
            }
        }
        plan.write(out);
    }
}

fn encode_sparse(
    values: &[f64],
    changes: usize,
    effort: Effort,
    hint: Option<u8>,
    out: &mut Vec<u8>,
) {
    out.push(form::SPARSE);
    let mut at = Vec::with_capacity(changes);
    let mut changed = Vec::with_capacity(changes + 1);
    changed.extend(values.first());
    for (index, pair) in values.windows(2).enumerate() {
        if let [a, b] = pair
            && a.to_bits() != b.to_bits()
        {
            at.push(index);
            changed.push(*b);
        }
    }
    positions::encode(&at, values.len() - 1, out);
    encode(&changed, effort, false, hint, out);
}

/// Reads a column and appends its values.
pub(crate) fn decode(reader: &mut Reader<'_>, n: usize, out: &mut Vec<f64>) -> Result<()> {
    if n == 0 {
        return Ok(());
    }
    match reader.byte()? {
        form::SPARSE => decode_sparse(reader, n, out),
        tag => decode_dense(tag, reader, n, out),
    }
}

fn decode_sparse(reader: &mut Reader<'_>, n: usize, out: &mut Vec<f64>) -> Result<()> {
    let at = positions::decode(reader, n - 1)?;
    let mut changed = Vec::new();
    let tag = reader.byte()?;
    decode_dense(tag, reader, at.count() + 1, &mut changed)?;
    reserve(out, n)?;
    let start = out.len();
    match at {
        Positions::Listed(at) => {
            let ends = at.iter().map(|index| index + 1).chain([n]);
            for (value, end) in changed.into_iter().zip(ends) {
                out.resize(start + end, value);
            }
        }
        Positions::Bitmap { bytes, .. } => {
            out.extend(changed.first());
            let mut current = 0;
            for byte in bytes {
                let mut bits = usize::from(*byte);
                // Eight values a byte; the last byte's surplus is cut off below.
                let eight: [f64; 8] = std::array::from_fn(|_| {
                    current += bits & 1;
                    bits >>= 1;
                    changed.get(current).copied().unwrap_or(0.0)
                });
                out.extend_from_slice(&eight);
            }
            out.truncate(start + n);
        }
    }
    Ok(())
}

/// Reads a column that is not sparse.
fn decode_dense(tag: u8, reader: &mut Reader<'_>, n: usize, out: &mut Vec<f64>) -> Result<()> {
    if tag < form::MARK {
        return plain::decode_tagged(tag, reader, n, out);
    }
    let integers = tag & form::INTEGERS;
    match tag & form::KIND {
        form::WHOLE => {
            reserve(out, n)?;
            integers::decode(integers, reader, n, |piece| {
                decimal::restore(piece, 1.0, out);
            })
        }
        form::DECIMAL => decode_decimals(integers, reader, n, out),
        form::FLOAT => {
            reserve(out, n)?;
            integers::decode(integers, reader, n, |piece| {
                out.extend(
                    piece
                        .iter()
                        .map(|integer| decimal::from_ordered(*integer as i64)),
                );
            })
        }
        _ => plain::decode_tagged(tag, reader, n, out),
    }
}

fn decode_decimals(
    integers: u8,
    reader: &mut Reader<'_>,
    n: usize,
    out: &mut Vec<f64>,
) -> Result<()> {
    let second = reader.byte()?;
    let exponent = usize::from(second & form::EXPONENT);
    let power = decimal::POWERS.get(exponent).copied();
    let power = power.filter(|_| second & !(form::EXPONENT | form::EXCEPTIONS) == 0);
    let power = power.ok_or(Error::Malformed { part: "exponent" })?;
    let exceptions = if second & form::EXCEPTIONS == 0 {
        Exceptions::default()
    } else {
        Exceptions::decode(reader, n)?
    };
    reserve(out, n)?;
    let start = out.len();
    integers::decode(integers, reader, n, |piece| {
        decimal::restore(piece, power, out);
    })?;
    exceptions.apply(out.get_mut(start..).unwrap_or_default())
}

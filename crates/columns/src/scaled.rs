//! Values that are integers, or integers over a power of ten: differences of their deltas.

use crate::varint::{Reader, put_signed};
use crate::{Error, Result};

/// Powers of ten up to the largest exponent that is tried.
const POWERS: [f64; 10] = [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];
/// Beyond this an integer is not exact in a float.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Appends the column, or gives `false` where some value is no short decimal.
pub(crate) fn encode(values: &[f64], out: &mut Vec<u8>) -> bool {
    let Some(exponent) = common_exponent(values) else {
        return false;
    };
    let Some(power) = POWERS.get(exponent) else {
        return false;
    };
    out.push(u8::try_from(exponent).unwrap_or(0));
    let mut previous = 0i64;
    let mut delta = 0i64;
    for value in values {
        let integer = to_integer(*value, *power);
        // Both below 2^53, so neither difference can overflow.
        let next = integer - previous;
        put_signed(next - delta, out);
        delta = next;
        previous = integer;
    }
    true
}

pub(crate) fn decode(reader: &mut Reader<'_>, n: usize, out: &mut Vec<f64>) -> Result<()> {
    let exponent = usize::from(reader.byte()?);
    let power = *POWERS.get(exponent).ok_or(Error::Truncated)?;
    let mut previous = 0i64;
    let mut delta = 0i64;
    out.reserve(n.min(reader.rest().len()));
    for _ in 0..n {
        delta = delta.wrapping_add(reader.signed()?);
        previous = previous.wrapping_add(delta);
        out.push(previous as f64 / power);
    }
    Ok(())
}

/// The smallest exponent at which all values are exact integers.
fn common_exponent(values: &[f64]) -> Option<usize> {
    let mut exponent = 0;
    for value in values {
        while !is_exact(*value, *POWERS.get(exponent)?) {
            exponent += 1;
        }
    }
    let power = *POWERS.get(exponent)?;
    // A larger exponent found late may be too large for an earlier value.
    values
        .iter()
        .all(|value| is_exact(*value, power))
        .then_some(exponent)
}

fn is_exact(value: f64, power: f64) -> bool {
    let scaled = (value * power).round();
    scaled.abs() < EXACT && (to_integer(value, power) as f64 / power).to_bits() == value.to_bits()
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "float casts saturate; is_exact checks the result"
)]
fn to_integer(value: f64, power: f64) -> i64 {
    (value * power).round() as i64
}

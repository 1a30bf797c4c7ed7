//! Values as integers over a power of ten.

use crate::exceptions::MAX_SHARE;

/// Powers of ten that are exact as floats.
pub(crate) const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];
/// Added to a float below 2^51, it leaves the nearest integer in the low bits.
const ROUNDER: f64 = 6_755_399_441_055_744.0;
/// How many values are looked at before the whole column is.
const PROBES: usize = 8;
/// How often a larger exponent is tried because of a value found late.
const ROUNDS: usize = 4;

/// A column as integers over one power of ten.
pub(crate) struct Decimals {
    /// The values are `integers[i] as f64 / 10^exponent`, bit for bit.
    pub(crate) exponent: u8,
    /// One for each value; at an exception the one before it.
    pub(crate) integers: Vec<i64>,
    /// Positions of values that are no such decimals. Ordering: rising.
    pub(crate) exceptions: Vec<usize>,
}

/// Finds the exponent at which (nearly) all values are exact, or `None` where they are true floats.
///
/// `hint` is tried first: the exponent of a column that these values were taken from.
pub(crate) fn analyse(values: &[f64], hint: Option<u8>) -> Option<Decimals> {
    let mut exponent = match hint {
        Some(exponent) => exponent,
        None => probe(values)?,
    };
    let mut best = convert(values, exponent);
    for _ in 0..ROUNDS {
        let larger = (best.exceptions.iter())
            .filter_map(|at| values.get(*at).copied().filter(|value| value.is_finite()))
            .take(PROBES)
            .filter_map(smallest_exponent)
            .filter(|found| *found > exponent)
            .max();
        let Some(larger) = larger else { break };
        exponent = larger;
        let next = convert(values, exponent);
        if next.exceptions.len() >= best.exceptions.len() {
            break;
        }
        best = next;
    }
    // NaN, infinities and -0.0 are exceptions in every column of decimals, so they do not speak
    // against one as long as there is a quarter of other values; finite true floats do.
    let floats = (best.exceptions.iter())
        .filter(|at| values.get(**at).is_some_and(|v| v.is_finite() && *v != 0.0))
        .count();
    let usable = floats * MAX_SHARE <= values.len()
        && (values.len() - best.exceptions.len()) * 4 >= values.len();
    usable.then_some(best)
}

/// The exponent that a few values need, or `None` where most of them are no decimals.
fn probe(values: &[f64]) -> Option<u8> {
    let stride = (values.len() / PROBES).max(1);
    let finite = || {
        (values.iter())
            .step_by(stride)
            .filter(|value| value.is_finite())
    };
    let found: Vec<u8> = finite()
        .filter_map(|value| smallest_exponent(*value))
        .collect();
    if found.len() * 2 < finite().count() {
        return None;
    }
    Some(found.into_iter().max().unwrap_or(0))
}

/// The smallest exponent at which the value is exact.
fn smallest_exponent(value: f64) -> Option<u8> {
    if whole(value).is_some() {
        return Some(0);
    }
    for (exponent, power) in (0u8..).zip(POWERS).skip(1) {
        if (value * power).abs() >= ROUNDER / 3.0 {
            return None;
        }
        if scale(value, power).1 {
            return Some(exponent);
        }
    }
    None
}

/// The value as an integer, where it is one that comes back.
fn whole(value: f64) -> Option<i64> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "casts of floats saturate, and the way back is checked"
    )]
    let integer = value as i64;
    ((integer as f64).to_bits() == value.to_bits()).then_some(integer)
}

/// The nearest integer to `value * power`, and whether the value comes back from it.
#[inline]
fn scale(value: f64, power: f64) -> (i64, bool) {
    let scaled = value * power;
    let shifted = scaled + ROUNDER;
    let comes_back = ((shifted - ROUNDER) / power).to_bits() == value.to_bits();
    let exact = comes_back & (scaled.abs() < ROUNDER / 3.0);
    let integer = (shifted.to_bits() as i64).wrapping_sub(ROUNDER.to_bits() as i64);
    (integer, exact)
}

/// The decimals that these integers stand for.
/// Bounds: below 2^51 on both sides, unless the power is 1.
pub(crate) fn restore(integers: &[u64], power: f64, out: &mut Vec<f64>) {
    if power == 1.0 {
        out.extend(integers.iter().map(|integer| *integer as i64 as f64));
    } else {
        // The way of `scale` back. Unlike a cast it is vector code on every processor.
        out.extend(integers.iter().map(|integer| {
            let shifted = f64::from_bits(integer.wrapping_add(ROUNDER.to_bits()));
            (shifted - ROUNDER) / power
        }));
    }
}

fn convert(values: &[f64], exponent: u8) -> Decimals {
    let power = (POWERS.get(usize::from(exponent)).copied()).unwrap_or(1.0);
    let mut integers = Vec::with_capacity(values.len());
    let mut exceptions = Vec::new();
    // Blocks, so that the loop over good values has no branch and becomes vector code.
    for block in values.chunks(64) {
        let start = integers.len();
        let mut good = true;
        integers.extend(block.iter().map(|value| {
            let (integer, exact) = scale(*value, power);
            good &= exact;
            integer
        }));
        if !good {
            mend(block, power, start, &mut integers, &mut exceptions);
        }
    }
    Decimals {
        exponent,
        integers,
        exceptions,
    }
}

/// Finds the exceptions among the integers from `start` on, which were made from `block`.
#[cold]
fn mend(
    block: &[f64],
    power: f64,
    start: usize,
    integers: &mut [i64],
    exceptions: &mut Vec<usize>,
) {
    let mut previous = start
        .checked_sub(1)
        .and_then(|at| integers.get(at).copied());
    for (at, value) in (start..).zip(block) {
        let (integer, mut exact) = scale(*value, power);
        let mut integer = integer;
        if !exact && power == 1.0 {
            // Integers from 2^51 on are too large for the trick of `scale`.
            if let Some(large) = whole(*value) {
                (integer, exact) = (large, true);
            }
        }
        if !exact {
            exceptions.push(at);
            integer = previous.unwrap_or(0);
        } else if previous.is_none() {
            // Exceptions at the start take the first good one.
            if let Some(front) = integers.get_mut(..at) {
                front.fill(integer);
            }
        }
        if exact || previous.is_some() {
            previous = Some(integer);
        }
        if let Some(slot) = integers.get_mut(at) {
            *slot = integer;
        }
    }
}

/// The order-keeping integer of a float's bits.
pub(crate) fn ordered(value: f64) -> i64 {
    let bits = value.to_bits() as i64;
    bits ^ ((bits >> 63) as u64 >> 1) as i64
}

/// The way back from [`ordered`].
#[inline]
pub(crate) fn from_ordered(integer: i64) -> f64 {
    f64::from_bits((integer ^ ((integer >> 63) as u64 >> 1) as i64) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn smallest_exponents() {
        assert_eq!(smallest_exponent(0.0), Some(0));
        assert_eq!(smallest_exponent(-3.0), Some(0));
        assert_eq!(smallest_exponent(1e18), Some(0));
        assert_eq!(smallest_exponent(1.25), Some(2));
        assert_eq!(smallest_exponent(0.000_001_25), Some(8));
        assert_eq!(smallest_exponent(1.0 / 3.0), None);
        assert_eq!(smallest_exponent(f64::NAN), None);
        assert_eq!(smallest_exponent(-0.0), None);
    }

    #[test]
    fn late_digits_and_rare_nans_are_found() {
        let mut values: Vec<f64> = (0..200).map(f64::from).collect();
        values[100] = f64::NAN;
        values[101] = 0.001;
        let found = analyse(&values, None).unwrap();
        assert_eq!((found.exponent, found.exceptions), (3, vec![100]));
        assert_eq!(found.integers[99..103], [99_000, 99_000, 1, 102_000]);
    }

    proptest! {
        #[test]
        fn ordered_bits_come_back_and_keep_the_order(a in any::<f64>(), b in any::<f64>()) {
            prop_assert_eq!(from_ordered(ordered(a)).to_bits(), a.to_bits());
            if a < b && a != b {
                prop_assert!(ordered(a) < ordered(b));
            }
        }

        #[test]
        fn what_is_no_exception_is_exact(values in prop::collection::vec(prop_oneof![
            any::<f64>(), (-1_000_000i64..1_000_000).prop_map(|m| m as f64 / 100.0)], 1..200), exponent in 0u8..23) {
            let found = convert(&values, exponent);
            for (at, value) in values.iter().enumerate() {
                if !found.exceptions.contains(&at) {
                    let back = found.integers[at] as f64 / POWERS[usize::from(exponent)];
                    prop_assert_eq!(back.to_bits(), value.to_bits());
                }
            }
        }
    }
}

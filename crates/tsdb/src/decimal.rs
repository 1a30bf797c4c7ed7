//! Values as integers over a power of ten, where that gives back every bit.

/// Largest power of ten that is tried.
pub(crate) const MAX_EXPONENT: u8 = 12;

const POWERS: [f64; 16] = [
    1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
];
const WHOLE_POWERS: [i64; 16] = [
    1,
    10,
    100,
    1_000,
    10_000,
    100_000,
    1_000_000,
    10_000_000,
    100_000_000,
    1_000_000_000,
    10_000_000_000,
    100_000_000_000,
    1_000_000_000_000,
    10_000_000_000_000,
    100_000_000_000_000,
    1_000_000_000_000_000,
];
/// Below this, adding and taking away [`ROUNDING`] rounds to the nearest integer.
const LIMIT: f64 = 2_251_799_813_685_248.0; // 2^51
const ROUNDING: f64 = 6_755_399_441_055_744.0; // 2^52 + 2^51

#[inline]
fn power(exponent: u8) -> f64 {
    #[expect(clippy::indexing_slicing, reason = "16 entries, masked with 15")]
    POWERS[usize::from(exponent & 15)]
}

/// The integer `m` for which `m / 10^exponent` has the very bits of `value`, if there is one.
#[inline]
#[expect(
    clippy::cast_possible_truncation,
    reason = "an integer below 2^51 by the check before"
)]
pub(crate) fn scaled(value: f64, exponent: u8) -> Option<i64> {
    let power = power(exponent);
    let scaled = value * power;
    if scaled.abs() < LIMIT {
        let whole = (scaled + ROUNDING) - ROUNDING;
        // Most values are integers, and a division takes as long as all the rest.
        let back = if exponent == 0 { whole } else { whole / power };
        if back.to_bits() == value.to_bits() {
            return Some(whole as i64);
        }
    }
    None
}

/// The smallest exponent at which `value` is such an integer, and the integer.
pub(crate) fn find(value: f64) -> Option<(u8, i64)> {
    for exponent in 0..=MAX_EXPONENT {
        if let Some(whole) = scaled(value, exponent) {
            return Some((exponent, whole));
        }
        // Larger ones only take it further from what is exact. A NaN is not below either.
        if (value * power(exponent)).abs() >= LIMIT || value.is_nan() {
            return None;
        }
    }
    None
}

/// The value of `whole / 10^exponent`.
#[inline]
pub(crate) fn unscaled(whole: i64, exponent: u8) -> f64 {
    whole as f64 / power(exponent)
}

/// What stands for `whole` when the exponent changes: the same on the writing and on the reading side,
/// whatever it is worth.
pub(crate) fn rescaled(whole: i64, from: u8, to: u8) -> i64 {
    let power = |steps: u8| WHOLE_POWERS.get(usize::from(steps)).copied().unwrap_or(1);
    if to >= from {
        whole.wrapping_mul(power(to - from))
    } else {
        whole / power(from - to)
    }
}

/// A signed number as an unsigned one that is small where it is small.
#[inline]
pub(crate) fn zigzag(value: i64) -> u64 {
    (value.wrapping_shl(1) ^ (value >> 63)) as u64
}

/// The other way.
#[inline]
pub(crate) fn unzigzag(value: u64) -> i64 {
    (value >> 1) as i64 ^ -((value & 1) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn decimals_are_found_and_noise_is_not() {
        assert_eq!(find(0.0), Some((0, 0)));
        assert_eq!(find(-17.25), Some((2, -1725)));
        assert_eq!(find(0.1), Some((1, 1)));
        for odd in [0.1 + 0.2, -0.0, f64::NAN, f64::INFINITY, 1e300, 1.0 / 3.0] {
            assert_eq!(find(odd), None, "{odd}");
        }
    }

    proptest! {
        #[test]
        fn what_is_scaled_comes_back(bits in any::<u64>(), exponent in 0..=MAX_EXPONENT) {
            let value = f64::from_bits(bits);
            if let Some(whole) = scaled(value, exponent) {
                prop_assert_eq!(unscaled(whole, exponent).to_bits(), bits);
            }
            if let Some((exponent, whole)) = find(value) {
                prop_assert_eq!(unscaled(whole, exponent).to_bits(), bits);
            }
        }

        #[test]
        fn zigzag_comes_back(value in any::<i64>()) {
            prop_assert_eq!(unzigzag(zigzag(value)), value);
        }
    }
}

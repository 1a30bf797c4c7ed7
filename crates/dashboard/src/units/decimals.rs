//! Numbers with the decimals that they need.

use crate::number::plain;

/// The largest whole power of `factor` in a positive value.
pub(super) fn floor_log(value: f64, factor: f64) -> i32 {
    let guess = (value.ln() / factor.ln()).floor();
    #[expect(
        clippy::cast_possible_truncation,
        reason = "logarithms of finite floats fit"
    )]
    let mut step = guess as i32;
    // The logarithm of 1000 by 1000 comes out a hair below one.
    if value >= factor.powi(step + 1) {
        step += 1;
    } else if value < factor.powi(step) {
        step -= 1;
    }
    step
}

/// The decimals that keep about three telling digits; none for whole numbers.
fn automatic(value: f64) -> u8 {
    if value == 0.0 || value.fract() == 0.0 {
        return 0;
    }
    let digits = 2 - floor_log(value.abs(), 10.0);
    u8::try_from(digits.clamp(0, 100)).unwrap_or(0)
}

/// A number with so many decimals, zeros at the end included.
pub(crate) fn fixed(value: f64, decimals: Option<u8>) -> String {
    if value.is_nan() {
        return "NaN".into();
    }
    if value.is_infinite() {
        return if value > 0.0 { "∞" } else { "-∞" }.into();
    }
    let decimals = decimals.unwrap_or_else(|| automatic(value));
    let factor = 10f64.powi(i32::from(decimals));
    // Halves go up, as JavaScript rounds.
    let rounded = (value * factor + 0.5).floor() / factor;
    if !rounded.is_finite() || rounded.abs() >= 1e21 || rounded != 0.0 && rounded.abs() < 1e-6 {
        return plain(if rounded.is_finite() { rounded } else { value });
    }
    let text = format!("{rounded:.*}", usize::from(decimals));
    if rounded == 0.0 && text.starts_with('-') {
        return text.trim_start_matches('-').to_owned();
    }
    text
}

/// A number in base 16.
pub(super) fn hex(value: f64, decimals: Option<u8>) -> String {
    let rounded: f64 = fixed(value, decimals).parse().unwrap_or(0.0);
    let sign = if rounded < 0.0 { "-" } else { "" };
    let magnitude = rounded.abs();
    let whole = crate::number::to_i64(magnitude);
    let mut text = format!("{sign}{whole:X}");
    let mut fraction = magnitude.fract();
    if fraction > 0.0 {
        text.push('.');
        for _ in 0..12 {
            if fraction == 0.0 {
                break;
            }
            fraction *= 16.0;
            let digit = crate::number::to_i64(fraction);
            text.extend(
                char::from_digit(u32::try_from(digit).unwrap_or(0), 16)
                    .map(|c| c.to_ascii_uppercase()),
            );
            fraction -= digit as f64;
        }
    }
    text
}

/// A number with a power of ten.
pub(super) fn scientific(value: f64, decimals: Option<u8>) -> String {
    let text = match decimals {
        Some(decimals) => format!("{value:.*e}", usize::from(decimals)),
        None => format!("{value:e}"),
    };
    match text.split_once('e') {
        Some((digits, exponent)) if !exponent.starts_with('-') => format!("{digits}e+{exponent}"),
        _ => text,
    }
}

/// A number with its thousands apart and at most so many decimals (three if not said).
pub(super) fn grouped(value: f64, decimals: Option<u8>) -> String {
    if !value.is_finite() {
        return fixed(value, decimals);
    }
    let text = fixed(value, Some(decimals.unwrap_or(3)));
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let (sign, digits) = match whole.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", whole),
    };
    let mut out = String::from(sign);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    let fraction = fraction.trim_end_matches('0');
    if !fraction.is_empty() {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

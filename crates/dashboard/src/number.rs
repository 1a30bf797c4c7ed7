//! Casts of floats whose bounds are looked after, and numbers as JavaScript writes them.

/// The whole number towards zero, saturating; NaN is 0.
#[expect(
    clippy::cast_possible_truncation,
    reason = "float casts saturate, as documented"
)]
pub(crate) fn to_i64(value: f64) -> i64 {
    value as i64
}

/// The whole number towards zero, saturating at 0 and the largest; NaN is 0.
#[expect(
    clippy::cast_possible_truncation,
    reason = "float casts saturate, as documented"
)]
pub(crate) fn to_usize(value: f64) -> usize {
    value as usize
}

/// A number as JavaScript's `String` writes it: the shortest text that reads back, exponents beyond 21 digits.
pub(crate) fn plain(value: f64) -> String {
    if value.is_nan() {
        return "NaN".into();
    }
    if value.is_infinite() {
        return if value > 0.0 { "Infinity" } else { "-Infinity" }.into();
    }
    let magnitude = value.abs();
    if magnitude != 0.0 && !(1e-6..1e21).contains(&magnitude) {
        let text = format!("{value:e}");
        return match text.split_once('e') {
            Some((digits, exponent)) if !exponent.starts_with('-') => {
                format!("{digits}e+{exponent}")
            }
            _ => text,
        };
    }
    if value == 0.0 {
        "0".into()
    } else {
        value.to_string()
    }
}

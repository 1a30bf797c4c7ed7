//! Floats as Go writes them.
//!
//! Source: Go's `strconv/ftoa.go`.

/// Significant digits of a finite number: `0.d1d2d3... * 10^point`, without zeros at their end.
struct Digits {
    digits: String,
    point: i32,
}

impl Digits {
    /// The digits of `{value:e}`-like text, which Rust rounds to even as Go does.
    fn of(text: &str) -> Self {
        let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
        let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
        let trimmed = digits.trim_end_matches('0').to_owned();
        let point = exponent.parse::<i32>().unwrap_or(0) + 1;
        let point = if trimmed.is_empty() { 0 } else { point };
        Self {
            digits: trimmed,
            point,
        }
    }

    fn count(&self) -> i32 {
        i32::try_from(self.digits.len()).unwrap_or(i32::MAX)
    }
}

/// `NaN`, `+Inf` and `-Inf`, which have no digits.
fn special(value: f64) -> Option<String> {
    if value.is_nan() {
        return Some("NaN".to_owned());
    }
    value
        .is_infinite()
        .then(|| if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned())
}

/// `%e`: one digit, the fraction, and an exponent of at least two digits.
pub(crate) fn exponent(value: f64, precision: usize) -> String {
    special(value).unwrap_or_else(|| go_exponent(&format!("{value:.precision$e}")))
}

/// The shortest form with an exponent that reads back to the same number: `1e+00`, `2.5e-07`.
pub fn format_exponent(value: f64) -> String {
    special(value).unwrap_or_else(|| go_exponent(&format!("{value:e}")))
}

/// `1.5e7` to `1.5e+07`.
fn go_exponent(text: &str) -> String {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let (sign, digits) = match exponent.strip_prefix('-') {
        Some(digits) => ('-', digits),
        None => ('+', exponent),
    };
    format!("{mantissa}e{sign}{digits:0>2}")
}

/// `%f`.
pub(crate) fn fixed(value: f64, precision: usize) -> String {
    special(value).unwrap_or_else(|| format!("{value:.precision$}"))
}

/// The shortest form that reads back to the same number, with an exponent where that is below -4 or
/// above 5: what `{{ $value }}` shows.
pub fn format_general(value: f64) -> String {
    general(value, None)
}

/// `%g` with that many significant digits, or as many as read back to the same number.
pub(crate) fn general(value: f64, precision: Option<usize>) -> String {
    if let Some(text) = special(value) {
        return text;
    }
    let wanted = precision.map(|digits| digits.max(1));
    let scientific = match wanted {
        Some(digits) => format!("{:.*e}", digits - 1, value.abs()),
        None => format!("{:e}", value.abs()),
    };
    let digits = Digits::of(&scientific);
    let sign = if value.is_sign_negative() { "-" } else { "" };
    // Where the exponent form begins; 6 for the shortest form.
    let mut limit = wanted.map_or(6, |digits| i32::try_from(digits).unwrap_or(i32::MAX));
    if wanted.is_some() && limit > digits.count() && digits.count() >= digits.point {
        limit = digits.count();
    }
    let power = digits.point - 1;
    let zero = digits.digits.is_empty();
    if !zero && (power < -4 || power >= limit) {
        let (first, rest) = digits.digits.split_at_checked(1).unwrap_or(("0", ""));
        let dot = if rest.is_empty() { "" } else { "." };
        return format!(
            "{sign}{}",
            go_exponent(&format!("{first}{dot}{rest}e{power}"))
        );
    }
    format!("{sign}{}", plain(&digits))
}

/// The digits without an exponent.
fn plain(digits: &Digits) -> String {
    let all = &digits.digits;
    let Ok(point) = usize::try_from(digits.point) else {
        let zeros = "0".repeat(digits.point.unsigned_abs() as usize);
        return format!("0.{zeros}{all}");
    };
    match all.split_at_checked(point) {
        _ if all.is_empty() => "0".to_owned(),
        Some(("", fraction)) => format!("0.{fraction}"),
        Some((whole, "")) => whole.to_owned(),
        Some((whole, fraction)) => format!("{whole}.{fraction}"),
        None => format!("{all}{}", "0".repeat(point - all.len())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_written_as_go_writes_them() {
        // Value, `%v`, `%.4g`, `%.10g`, `%e`: as Go 1.26 prints them.
        for (value, shortest, four, ten, scientific) in [
            (0.0, "0", "0", "0", "0.000000e+00"),
            (0.1, "0.1", "0.1", "0.1", "1.000000e-01"),
            (
                1_234_567.0,
                "1.234567e+06",
                "1.235e+06",
                "1234567",
                "1.234567e+06",
            ),
            (1e5, "100000", "1e+05", "100000", "1.000000e+05"),
            (1e6, "1e+06", "1e+06", "1000000", "1.000000e+06"),
            (
                123_456.5,
                "123456.5",
                "1.235e+05",
                "123456.5",
                "1.234565e+05",
            ),
            (1e20, "1e+20", "1e+20", "1e+20", "1.000000e+20"),
            (0.0001, "0.0001", "0.0001", "0.0001", "1.000000e-04"),
            (
                0.000_123_45,
                "0.00012345",
                "0.0001234",
                "0.00012345",
                "1.234500e-04",
            ),
            (0.00001, "1e-05", "1e-05", "1e-05", "1.000000e-05"),
            (-2.5e-7, "-2.5e-07", "-2.5e-07", "-2.5e-07", "-2.500000e-07"),
            (99_999.5, "99999.5", "1e+05", "99999.5", "9.999950e+04"),
            (1e100, "1e+100", "1e+100", "1e+100", "1.000000e+100"),
            (100.0, "100", "100", "100", "1.000000e+02"),
            (f64::INFINITY, "+Inf", "+Inf", "+Inf", "+Inf"),
        ] {
            assert_eq!(general(value, None), shortest);
            assert_eq!(general(value, Some(4)), four);
            assert_eq!(general(value, Some(10)), ten);
            assert_eq!(exponent(value, 6), scientific);
        }
        assert_eq!(format_exponent(1.0), "1e+00");
        assert_eq!(general(-0.0, None), "-0");
        assert_eq!(fixed(2.675, 2), "2.67");
    }
}

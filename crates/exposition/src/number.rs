//! Numbers as pages write them.

/// Powers of ten that a double holds exactly.
const EXACT_TENS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];

/// Reads a sample value. Most are short decimals: those need one pass and one division, which rounds
/// correctly because both sides are exact.
pub(crate) fn parse(text: &[u8]) -> Option<f64> {
    short_decimal(text).or_else(|| {
        std::str::from_utf8(text)
            .ok()
            .and_then(|text| model::parse_value(text).ok())
    })
}

fn short_decimal(text: &[u8]) -> Option<f64> {
    // 15 digits stay below 2^53.
    if text.is_empty() || text.len() > 16 {
        return None;
    }
    let mut mantissa: u64 = 0;
    let mut digits = 0_usize;
    let mut after_point = None;
    for (at, byte) in text.iter().enumerate() {
        match byte {
            b'0'..=b'9' => {
                mantissa = mantissa * 10 + u64::from(byte - b'0');
                digits += 1;
            }
            b'.' if after_point.is_none() => after_point = Some(text.len() - at - 1),
            _ => return None,
        }
    }
    if digits == 0 || digits > 15 {
        return None;
    }
    let scale = EXACT_TENS.get(after_point.unwrap_or(0))?;
    Some(mantissa as f64 / scale)
}

/// `value` in Go's shortest form (`%g`): exponent below 1e-4 and from 1e6 on.
pub(crate) fn format_go(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let size = value.abs();
    if value.is_finite() && !(1e-4..1e6).contains(&size) {
        return with_exponent(value);
    }
    model::format_plain(value)
}

/// `value` as OpenMetrics writes bucket bounds: like Go, but always with a point or an exponent.
pub(crate) fn format_open_metrics(value: f64) -> String {
    let mut text = format_go(value);
    if value.is_finite() && !text.contains(['.', 'e']) {
        text.push_str(".0");
    }
    text
}

/// Go writes a sign and two digits of exponent: `1e+06`.
fn with_exponent(value: f64) -> String {
    let text = format!("{value:e}");
    let Some((mantissa, exponent)) = text.split_once('e') else {
        return text;
    };
    let (sign, digits) = match exponent.strip_prefix('-') {
        Some(digits) => ('-', digits),
        None => ('+', exponent),
    };
    format!("{mantissa}e{sign}{digits:0>2}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn values_print_as_go_prints_them() {
        for (value, text) in [
            (0.0, "0"),
            (-0.0, "0"),
            (1.0, "1"),
            (-1.5, "-1.5"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (123_456_789.0, "1.23456789e+08"),
            (1e6, "1e+06"),
            (999_999.0, "999999"),
            (1e21, "1e+21"),
            (1.5e-300, "1.5e-300"),
            (f64::INFINITY, "+Inf"),
            (f64::NEG_INFINITY, "-Inf"),
            (f64::NAN, "NaN"),
        ] {
            assert_eq!(format_go(value), text);
        }
        for (value, text) in [
            (1.0, "1.0"),
            (0.5, "0.5"),
            (1e7, "1e+07"),
            (f64::INFINITY, "+Inf"),
        ] {
            assert_eq!(format_open_metrics(value), text);
        }
    }

    #[test]
    fn odd_numbers_are_refused() {
        for bad in [
            "", ".", "-", "+", "1e", "0x10", "1_0", "1.2.3", "1 ", "--1", "0x1p4",
        ] {
            assert_eq!(parse(bad.as_bytes()), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn short_decimals_read_as_the_standard_library_reads_them(
            text in r"[0-9]{0,9}\.?[0-9]{0,9}|[+-]?[0-9]{1,20}(\.[0-9]{1,20})?(e[+-]?[0-9]{1,3})?"
        ) {
            let expected = text.parse::<f64>().ok().map(f64::to_bits);
            prop_assert_eq!(parse(text.as_bytes()).map(f64::to_bits), expected);
        }

        #[test]
        fn printed_values_read_back(bits: u64) {
            let value = f64::from_bits(bits);
            let back = parse(format_go(value).as_bytes()).unwrap();
            prop_assert!(back == value || (back.is_nan() && value.is_nan()));
        }
    }
}

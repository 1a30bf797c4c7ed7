//! Numbers as pages write them.

/// Powers of ten that a double holds exactly.
const EXACT_TENS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];

/// From here on a double does not hold every whole number.
const EXACT_WHOLE: u64 = 1 << 53;
/// More digits may not fit into 64 bits.
const MAX_DIGITS: usize = 19;
const ONES: u64 = 0x0101_0101_0101_0101;

/// Reads a sample value: decimal, with or without an exponent, `NaN` or `Inf`; nothing for anything else,
/// blanks included. A NaN is always the ordinary one.
///
/// Most values are short decimals: those need a few multiplications and one division, which rounds
/// correctly because both sides are exact.
pub fn parse_number(text: &[u8]) -> Option<f64> {
    exact_decimal(text).or_else(|| {
        std::str::from_utf8(text)
            .ok()
            .and_then(|text| model::parse_value(text).ok())
    })
}

pub(crate) use parse_number as parse;

/// As [`parse_number`] for a text of 1 to 7 bytes, the low ones of `word` in little-endian order (what
/// stands above them does not matter). Also nothing where the text is no plain decimal: `parse_number` may
/// still read it.
#[inline]
pub fn short_number(word: u64, length: usize) -> Option<f64> {
    let negative = word & 0xff == u64::from(b'-');
    let (word, length) = if negative {
        (word >> 8, length.checked_sub(1)?)
    } else {
        (word, length)
    };
    if length > 7 {
        return None;
    }
    let below = |bytes: usize| (1_u64 << (8 * bytes)) - 1;
    let points = bytes_equal(word & below(length), b'.');
    let (digits, length, scale) = if points == 0 {
        (word, length, 1.0)
    } else {
        let before = points.trailing_zeros() as usize / 8;
        let digits = (word & below(before)) | ((word >> 8) & !below(before));
        let scale = EXACT_TENS.get(length - 1 - before)?;
        (digits, length - 1, *scale)
    };
    if length == 0 {
        return None;
    }
    // To the upper end, with zeros before.
    let missing = 8 - length;
    let digits = (digits << (8 * missing)) | ((ONES * u64::from(b'0')) & below(missing));
    let value = eight_digits(digits)? as f64 / scale;
    Some(if negative { -value } else { value })
}

/// A high bit in each byte of `word` that is `byte`; bytes above the first such one may have it too.
#[inline]
pub(crate) fn bytes_equal(word: u64, byte: u8) -> u64 {
    let differs = word ^ (ONES * u64::from(byte));
    differs.wrapping_sub(ONES) & !differs & (ONES << 7)
}

/// The number that eight digits mean, the first one in the lowest byte.
#[inline]
fn eight_digits(word: u64) -> Option<u64> {
    let high_nibbles = ONES * 0xf0;
    let carried = word.wrapping_add(ONES * 6);
    if (word & high_nibbles) | ((carried & high_nibbles) >> 4) != ONES * 0x33 {
        return None;
    }
    // Digits to pairs, pairs to fours, fours to the whole.
    let digits = word - ONES * u64::from(b'0');
    let pairs = digits.wrapping_mul(10).wrapping_add(digits >> 8) & 0x00ff_00ff_00ff_00ff;
    let fours = pairs.wrapping_mul(100).wrapping_add(pairs >> 16) & 0x0000_ffff_0000_ffff;
    Some(fours.wrapping_mul(10_000).wrapping_add(fours >> 32) & 0xffff_ffff)
}

/// Reads digits from the front of `text` into `number`; tells how many there are.
#[inline]
fn digits(text: &[u8], number: &mut u64) -> usize {
    let mut read = 0;
    while let Some(chunk) = text.get(read..).and_then(<[u8]>::first_chunk::<8>)
        && let Some(eight) = eight_digits(u64::from_le_bytes(*chunk))
    {
        *number = number.wrapping_mul(100_000_000).wrapping_add(eight);
        read += 8;
    }
    for byte in text.get(read..).unwrap_or(&[]) {
        if !byte.is_ascii_digit() {
            break;
        }
        *number = number.wrapping_mul(10).wrapping_add(u64::from(byte - b'0'));
        read += 1;
    }
    read
}

/// A decimal whose digits and power of ten are both exact in a double.
fn exact_decimal(text: &[u8]) -> Option<f64> {
    let (negative, text) = match text.split_first() {
        Some((b'-', rest)) => (true, rest),
        _ => (false, text),
    };
    let mut mantissa = 0;
    let before = digits(text, &mut mantissa);
    let mut rest = text.get(before..)?;
    let mut after = 0;
    if let Some((b'.', fraction)) = rest.split_first() {
        after = digits(fraction, &mut mantissa);
        rest = fraction.get(after..)?;
    }
    if before + after == 0 || before + after > MAX_DIGITS || mantissa > EXACT_WHOLE {
        return None;
    }
    let power = exponent(rest)? - i64::try_from(after).ok()?;
    let scale = EXACT_TENS.get(usize::try_from(power.unsigned_abs()).ok()?)?;
    let value = if power < 0 {
        mantissa as f64 / scale
    } else {
        mantissa as f64 * scale
    };
    Some(if negative { -value } else { value })
}

/// Reads what follows the digits: nothing, or `e`, a sign if any, and up to three digits.
fn exponent(text: &[u8]) -> Option<i64> {
    let Some((mark, text)) = text.split_first() else {
        return Some(0);
    };
    if !matches!(mark, b'e' | b'E') {
        return None;
    }
    let (negative, text) = match text.split_first() {
        Some((b'-', rest)) => (true, rest),
        Some((b'+', rest)) => (false, rest),
        _ => (false, text),
    };
    if text.is_empty() || text.len() > 3 {
        return None;
    }
    let mut power = 0;
    for byte in text {
        if !byte.is_ascii_digit() {
            return None;
        }
        power = power * 10 + i64::from(byte - b'0');
    }
    Some(if negative { -power } else { power })
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
        fn decimals_read_as_the_standard_library_reads_them(
            text in r"-?[0-9]{0,9}\.?[0-9]{0,9}([eE][+-]?[0-9]{1,2})?|[+-]?[0-9]{1,20}(\.[0-9]{0,20})?(e[+-]?[0-9]{0,3})?|[-+.0-9eE ]{0,9}"
        ) {
            let expected = text.parse::<f64>().ok().map(f64::to_bits);
            prop_assert_eq!(parse(text.as_bytes()).map(f64::to_bits), expected);
        }

        #[test]
        fn short_texts_read_in_one_word(
            text in r"-?[0-9]{0,7}|-?[0-9]{0,4}\.[0-9]{0,4}|[-+.0-9eE /:]{1,7}",
            after: u64,
        ) {
            prop_assume!((1..=7).contains(&text.len()));
            let mut bytes = after.to_le_bytes();
            bytes[..text.len()].copy_from_slice(text.as_bytes());
            let read = short_number(u64::from_le_bytes(bytes), text.len());
            let expected = text.parse::<f64>().ok();
            if text.bytes().all(|byte| matches!(byte, b'-' | b'.' | b'0'..=b'9')) {
                prop_assert_eq!(read.map(f64::to_bits), expected.map(f64::to_bits));
            } else {
                prop_assert_eq!(read, None);
            }
        }

        #[test]
        fn printed_values_read_back(bits: u64) {
            let value = f64::from_bits(bits);
            let back = parse(format_go(value).as_bytes()).unwrap();
            prop_assert!(back == value || (back.is_nan() && value.is_nan()));
        }
    }
}

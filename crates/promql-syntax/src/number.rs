//! Numbers, durations and quoted texts: where they end and what they say.

use model::DurationMs;

/// Length of the number at the start of `text`, if there is one and no word follows it directly.
pub(crate) fn number_length(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(0);
    let hex = byte(0) == b'0' && matches!(byte(1), b'x' | b'X');
    let mut at = if hex { 2 } else { 0 };
    let mut dots = 0;
    let mut exponents = 0;
    let mut digits = 0;
    loop {
        match byte(at) {
            b'0'..=b'9' => digits += 1,
            c if hex && c.is_ascii_hexdigit() => digits += 1,
            b'.' => {
                dots += 1;
                if dots > 1 || hex || matches!(byte(at + 1), b'_' | b'.') {
                    return None;
                }
            }
            b'e' | b'E' => {
                exponents += 1;
                if exponents > 1 || digits == 0 {
                    return None;
                }
                if matches!(byte(at + 1), b'+' | b'-') {
                    at += 1;
                }
                if !byte(at + 1).is_ascii_digit() {
                    return None;
                }
            }
            b'_' if matches!(byte(at + 1), b'.' | b'_' | b'e' | b'E' | 0) && !hex => return None,
            b'_' => {}
            _ => break,
        }
        at += 1;
    }
    let word_follows = byte(at).is_ascii_alphabetic();
    (digits > 0 && !word_follows).then_some(at)
}

/// Length of the duration at the start of `text`, if what stands there has the shape of one.
pub(crate) fn duration_length(text: &str) -> Option<usize> {
    let word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let length = text.bytes().take_while(|byte| word(byte)).count();
    let all = text.get(..length).filter(|all| !all.is_empty())?;
    let shaped = all
        .bytes()
        .all(|byte| byte.is_ascii_digit() || b"smhdwy".contains(&byte))
        && !all.ends_with(|c: char| c.is_ascii_digit());
    shaped.then_some(length)
}

/// The value of a number as Go's integer (base from the prefix) or float parsing has it.
pub(crate) fn parse_number(text: &str) -> Option<f64> {
    let lower = text.to_ascii_lowercase();
    match lower.as_str() {
        "inf" => return Some(f64::INFINITY),
        "nan" => return Some(f64::NAN),
        _ => {}
    }
    let digits = lower.replace('_', "");
    let radix = match digits.get(..2) {
        Some("0x") => Some((16, 2)),
        Some("0b") => Some((2, 2)),
        Some("0o") => Some((8, 2)),
        _ if digits.len() > 1 && digits.starts_with('0') => Some((8, 1)),
        _ => None,
    };
    if let Some((radix, prefix)) = radix
        && let Ok(value) = i64::from_str_radix(digits.get(prefix..)?, radix)
    {
        return Some(value as f64);
    }
    if let Ok(value) = digits.parse::<i64>() {
        return Some(value as f64);
    }
    // Only integers may group their digits.
    if lower.contains('_') {
        return None;
    }
    lower.parse::<f64>().ok().filter(|value| value.is_finite())
}

/// The value of a duration. Units: seconds.
pub(crate) fn parse_duration(text: &str) -> Result<f64, String> {
    text.parse::<DurationMs>()
        .map(DurationMs::as_seconds)
        .map_err(|error| match error {
            model::ParseDurationError::OutOfRange => error.to_string(),
            _ => format!("{error}: {}", model::quote_label_value(text)),
        })
}

/// The text inside quotes, escapes resolved.
///
/// Bytes that are no UTF-8 (possible through `\xff`) become U+FFFD.
pub(crate) fn unquote(quoted: &str) -> Result<String, &'static str> {
    let quote = quoted.chars().next().ok_or("invalid syntax")?;
    let inner = quoted
        .get(1..quoted.len().saturating_sub(1))
        .ok_or("invalid syntax")?;
    if quote == '`' {
        return Ok(inner.replace('\r', ""));
    }
    let mut out = Vec::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            continue;
        }
        let simple = match chars.next().ok_or("invalid syntax")? {
            'a' => 7,
            'b' => 8,
            'f' => 12,
            'n' => b'\n',
            'r' => b'\r',
            't' => b'\t',
            'v' => 11,
            '\\' => b'\\',
            '\'' if quote == '\'' => b'\'',
            '"' if quote == '"' => b'"',
            'x' => byte_of(&mut chars, 2, 16, 0)?,
            'u' => {
                push_rune(&mut out, digits(&mut chars, 4, 16, 0)?)?;
                continue;
            }
            'U' => {
                push_rune(&mut out, digits(&mut chars, 8, 16, 0)?)?;
                continue;
            }
            first @ '0'..='7' => byte_of(&mut chars, 2, 8, first.to_digit(8).unwrap_or(0))?,
            _ => return Err("unknown escape sequence"),
        };
        out.push(simple);
    }
    Ok(match String::from_utf8(out) {
        Ok(text) => text,
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    })
}

fn digits(
    chars: &mut std::str::Chars<'_>,
    n: u32,
    radix: u32,
    start: u32,
) -> Result<u32, &'static str> {
    let mut value = start;
    for _ in 0..n {
        let digit = chars.next().and_then(|c| c.to_digit(radix));
        let digit = digit.ok_or("illegal character in escape sequence")?;
        value = value
            .checked_mul(radix)
            .and_then(|v| v.checked_add(digit))
            .unwrap_or(u32::MAX);
    }
    Ok(value)
}

fn byte_of(
    chars: &mut std::str::Chars<'_>,
    n: u32,
    radix: u32,
    start: u32,
) -> Result<u8, &'static str> {
    u8::try_from(digits(chars, n, radix, start)?).map_err(|_| BAD_RUNE)
}

const BAD_RUNE: &str = "escape sequence is an invalid Unicode code point";

fn push_rune(out: &mut Vec<u8>, rune: u32) -> Result<(), &'static str> {
    let rune = char::from_u32(rune).ok_or(BAD_RUNE)?;
    out.extend_from_slice(rune.encode_utf8(&mut [0; 4]).as_bytes());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_every_notation() {
        for (text, value) in [
            ("1", 1.0),
            (".5", 0.5),
            ("2.", 2.0),
            ("1e3", 1000.0),
            ("1E-3", 0.001),
            ("0x1F", 31.0),
            ("017", 15.0),
            ("08.5", 8.5),
            ("1_000", 1000.0),
            ("0x_1F", 31.0),
            ("99999999999999999999", 1e20),
            ("Inf", f64::INFINITY),
        ] {
            assert_eq!(parse_number(text), Some(value), "{text}");
            if text != "Inf" {
                assert_eq!(number_length(text), Some(text.len()), "{text}");
            }
        }
        for bad in ["1.2.3", "1e", "1__0", "5m", "1_", "0x"] {
            assert_eq!(number_length(bad), None, "{bad}");
        }
        assert_eq!(number_length("5)"), Some(1));
    }

    #[test]
    fn durations_have_units() {
        assert_eq!(duration_length("1h30m]"), Some(5));
        assert_eq!(duration_length("5x"), None);
        assert_eq!(parse_duration("1h30m"), Ok(5400.0));
        assert!(parse_duration("1s1h").is_err());
    }

    #[test]
    fn strings_resolve_go_escapes() {
        for (quoted, text) in [
            (r#""a\n\"\\""#, "a\n\"\\"),
            (r"'\''", "'"),
            (r#""\x41\101\u00e9\U0001F600""#, "AA\u{e9}\u{1f600}"),
            (r#""\xc3\xa9""#, "\u{e9}"),
            (r#""\xff""#, "\u{fffd}"),
            (r"`a\n`", r"a\n"),
        ] {
            assert_eq!(unquote(quoted).as_deref(), Ok(text), "{quoted}");
        }
        for bad in [r#""\'""#, r#""\q""#, r#""\x4""#, r#""\ud800""#, r#""\777""#] {
            assert!(unquote(bad).is_err(), "{bad}");
        }
    }
}

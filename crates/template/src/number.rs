//! Constants: `3`, `-0x1f`, `1_000`, `.5e3`, `'x'`.

use crate::ast::{Constant, Number};

/// Bytes of the number at the start of `text`; 0 if there is none.
pub(crate) fn length(text: &str) -> usize {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let sign = text.len() - unsigned.len();
    let (prefix, allowed): (usize, fn(u8) -> bool) = match unsigned.as_bytes() {
        [b'0', b'x' | b'X', ..] => (2, |byte| byte.is_ascii_hexdigit()),
        [b'0', b'o' | b'O', ..] => (2, |byte| matches!(byte, b'0'..=b'7')),
        [b'0', b'b' | b'B', ..] => (2, |byte| matches!(byte, b'0' | b'1')),
        _ => (0, |byte| byte.is_ascii_digit()),
    };
    let bytes = unsigned.as_bytes();
    let run = |from: usize| {
        let rest = bytes.get(from..).unwrap_or_default();
        let fits = |byte: &&u8| allowed(**byte) || **byte == b'_';
        from + rest.iter().take_while(fits).count()
    };
    let mut end = run(prefix);
    if bytes.get(end) == Some(&b'.') {
        end = run(end + 1);
    }
    if end == prefix {
        return 0;
    }
    let exponent = match prefix {
        0 => matches!(bytes.get(end), Some(b'e' | b'E')),
        _ => matches!(bytes.get(end), Some(b'p' | b'P')),
    };
    if exponent {
        end += 1;
        if matches!(bytes.get(end), Some(b'+' | b'-')) {
            end += 1;
        }
        let rest = bytes.get(end..).unwrap_or_default();
        end += rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    }
    sign + end
}

/// Reads a number; `None` if its digits are none.
pub(crate) fn parse(text: &str) -> Option<Number> {
    let number = |value| {
        Some(Number {
            text: text.to_owned(),
            value,
        })
    };
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let digits = unsigned.replace('_', "");
    let lower = digits.to_ascii_lowercase();
    let radix = match lower.get(..2) {
        Some("0x") => 16,
        Some("0o") => 8,
        Some("0b") => 2,
        _ => 10,
    };
    let is_float = lower.contains(['.', 'p']) || (radix == 10 && lower.contains('e'));
    if is_float {
        // Hexadecimal floats are Go's, and nobody's in alerts.
        let value: f64 = lower.parse().ok().filter(|value: &f64| value.is_finite())?;
        return number(Constant::Float(if negative { -value } else { value }));
    }
    let (radix, body) = match radix {
        10 if lower.len() > 1 && lower.starts_with('0') => (8, lower.get(1..)?),
        10 => (10, lower.as_str()),
        radix => (radix, lower.get(2..)?),
    };
    if body.is_empty() || !body.chars().all(|c| c.is_digit(radix)) {
        return None;
    }
    let signed = if negative {
        format!("-{body}")
    } else {
        body.to_owned()
    };
    number(i64::from_str_radix(&signed, radix).map_or(Constant::TooLarge, Constant::Int))
}

/// Reads a character constant, quotes included.
pub(crate) fn parse_char(text: &str) -> Option<Number> {
    let inside = text.strip_prefix('\'')?.strip_suffix('\'')?;
    let unquoted = unescape(inside)?;
    let mut characters = unquoted.chars();
    let only = characters.next().filter(|_| characters.next().is_none())?;
    Some(Number {
        text: text.to_owned(),
        value: Constant::Int(i64::from(u32::from(only))),
    })
}

/// Reads a quoted text, double quotes or backquotes included.
pub(crate) fn unquote(text: &str) -> Option<String> {
    if let Some(raw) = text.strip_prefix('`') {
        return Some(raw.strip_suffix('`')?.replace('\r', ""));
    }
    unescape(text.strip_prefix('"')?.strip_suffix('"')?)
}

/// Replaces Go's escapes; `None` where one is none of them, or the bytes are no text.
fn unescape(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let mut push = |c: char| out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        if c != '\\' {
            push(c);
            continue;
        }
        let escape = rest.next()?;
        match escape {
            'a' => push('\x07'),
            'b' => push('\x08'),
            'f' => push('\x0c'),
            'n' => push('\n'),
            'r' => push('\r'),
            't' => push('\t'),
            'v' => push('\x0b'),
            '\\' | '\'' | '"' => push(escape),
            'x' => out.push(u8::try_from(code(&mut rest, 2, 16)?).ok()?),
            'u' => push(char::from_u32(code(&mut rest, 4, 16)?)?),
            'U' => push(char::from_u32(code(&mut rest, 8, 16)?)?),
            '0'..='7' => {
                let low = code(&mut rest, 2, 8)?;
                let high = escape.to_digit(8)?;
                out.push(u8::try_from(high * 64 + low).ok()?);
            }
            _ => return None,
        }
    }
    String::from_utf8(out).ok()
}

fn code(rest: &mut std::str::Chars<'_>, digits: usize, radix: u32) -> Option<u32> {
    (0..digits).try_fold(0, |sum: u32, _| {
        sum.checked_mul(radix)?
            .checked_add(rest.next()?.to_digit(radix)?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_are_whole_unless_written_as_fractions() {
        for (text, value) in [
            ("3", Constant::Int(3)),
            ("-0x1e", Constant::Int(-30)),
            ("017", Constant::Int(15)),
            ("0b101", Constant::Int(5)),
            ("1_000", Constant::Int(1000)),
            ("1e3", Constant::Float(1000.0)),
            ("-.5", Constant::Float(-0.5)),
            ("99999999999999999999", Constant::TooLarge),
        ] {
            assert_eq!(length(text), text.len(), "{text}");
            assert_eq!(
                parse(text).map(|number| number.value),
                Some(value),
                "{text}"
            );
        }
        assert_eq!(parse("08"), None);
        assert_eq!(length("3x"), 1);
    }

    #[test]
    fn quoted_texts_have_gos_escapes() {
        assert_eq!(
            unquote(r#""a\n\"\x41\u00e9\101""#).unwrap(),
            "a\n\"A\u{e9}A"
        );
        assert_eq!(unquote("`a\\n`").unwrap(), "a\\n");
        assert_eq!(unquote(r#""\q""#), None);
        assert_eq!(parse_char(r"'\n'").unwrap().value, Constant::Int(10));
    }
}

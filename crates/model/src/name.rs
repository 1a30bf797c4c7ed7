//! Legacy names and quoting.

use std::fmt::Write;

/// Whether `name` matches `[a-zA-Z_:][a-zA-Z0-9_:]*`, the names that need no quotes.
pub fn is_legacy_metric_name(name: &str) -> bool {
    is_name(name, true)
}

/// Whether `name` matches `[a-zA-Z_][a-zA-Z0-9_]*`, the label names that need no quotes.
pub fn is_legacy_label_name(name: &str) -> bool {
    is_name(name, false)
}

fn is_name(name: &str, colon: bool) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_' || (colon && byte == b':');
    let mut bytes = name.bytes();
    bytes.next().is_some_and(allowed) && bytes.all(|byte| allowed(byte) || byte.is_ascii_digit())
}

/// `text` in double quotes, with quotes, backslashes and control characters escaped as PromQL and Go
/// read them.
pub fn quote_label_value(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if (c as u32) < 0x20 || c as u32 == 0x7f => {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\x{:02x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn legacy_names_are_ascii_words() {
        assert!(is_legacy_metric_name("a:b_1") && is_legacy_label_name("_x9"));
        for bad in ["", "9a", "a-b", "ä", "a.b"] {
            assert!(
                !is_legacy_metric_name(bad) && !is_legacy_label_name(bad),
                "{bad}"
            );
        }
        assert!(!is_legacy_label_name("a:b"));
    }

    #[test]
    fn quotes_escape_what_would_end_or_hide_in_them() {
        assert_eq!(quote_label_value("a\"\\\n\x01é"), r#""a\"\\\n\x01é""#);
    }
}

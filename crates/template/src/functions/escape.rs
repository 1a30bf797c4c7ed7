//! Escapes for HTML, JavaScript and URLs.

use super::Answer;
use crate::Value;
use crate::printf;
use std::fmt::Write;

/// The arguments as one text.
fn joined(values: &[Value]) -> String {
    match values {
        [Value::Str(text)] => text.to_string(),
        values => printf::print(values),
    }
}

pub(super) fn html(values: &[Value]) -> Answer {
    let mut out = String::new();
    for c in joined(values).chars() {
        match c {
            '\0' => out.push(char::REPLACEMENT_CHARACTER),
            '"' => out.push_str("&#34;"),
            '\'' => out.push_str("&#39;"),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c => out.push(c),
        }
    }
    Ok(Value::from(out))
}

pub(super) fn js(values: &[Value]) -> Answer {
    let mut out = String::new();
    for c in joined(values).chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\'' => out.push_str("\\'"),
            '"' => out.push_str("\\\""),
            '<' | '>' | '&' | '=' | '\0'..='\x1f' | '\x7f' | '\u{80}'..='\u{9f}' => {
                // Writing to a text cannot fail.
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    Ok(Value::from(out))
}

pub(super) fn urlquery(values: &[Value]) -> Answer {
    Ok(Value::from(query_escape(&joined(values))))
}

/// As Go's `url.QueryEscape`.
pub(crate) fn query_escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(char::from(byte));
            }
            b' ' => out.push('+'),
            byte => {
                // Writing to a text cannot fail.
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

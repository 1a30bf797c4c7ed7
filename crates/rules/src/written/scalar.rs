//! Texts as YAML, so that every reader reads the same text back.

use std::fmt::Write;

/// Words that YAML 1.1 or 1.2 takes for something else than a text.
const WORDS: [&str; 13] = [
    "~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", "=", "<<", ".nan",
];

/// A text on one line, in a block.
pub(crate) fn one_line(text: &str) -> String {
    quoted_unless(is_plain(text), text)
}

/// A text on one line, between commas of `{}` or `[]`.
pub(crate) fn flow_scalar(text: &str) -> String {
    let plain = is_plain(text) && !text.contains(['{', '}', '[', ']', ',', '"', '\'']);
    quoted_unless(plain, text)
}

fn quoted_unless(plain: bool, text: &str) -> String {
    if plain {
        return text.to_owned();
    }
    let needs_escapes = text.chars().any(is_special) || text.contains('\n');
    if needs_escapes || text.contains('\'') {
        return double_quoted(text);
    }
    format!("'{text}'")
}

/// A text of several lines as the header and the lines of a literal block, each line at `indent`; `None` where
/// a block cannot hold it. `header` goes behind the block's mark: a comment, or nothing.
pub(crate) fn literal(text: &str, indent: usize, header: &str, line_end: &str) -> Option<String> {
    let body = text.trim_end_matches('\n');
    let ends = text.len() - body.len();
    let first = body.chars().next()?;
    let broken = first.is_whitespace()
        || ends > 1
        || body.chars().any(|c| c != '\n' && is_special(c))
        || body.lines().any(|line| line.ends_with([' ', '\t']));
    if broken {
        return None;
    }
    let mut out = String::from(if ends == 0 { "|-" } else { "|" });
    out.push_str(header);
    for line in body.split('\n') {
        out.push_str(line_end);
        if !line.is_empty() {
            out.extend(std::iter::repeat_n(' ', indent));
            out.push_str(line);
        }
    }
    Some(out)
}

/// A text between double quotes.
fn double_quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if is_special(c) => {
                // Writing to a text cannot fail.
                let _ = write!(out, "\\U{:08X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Whether a reader may take the character for a line's end, for nothing, or refuse it.
fn is_special(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}')
}

fn is_plain(text: &str) -> bool {
    let Some(first) = text.chars().next() else {
        return false;
    };
    let indicator = "-?:,[]{}#&*!|>'\"%@`".contains(first);
    let lower = text.to_ascii_lowercase();
    !(indicator
        || text.starts_with(' ')
        || text.ends_with([' ', ':'])
        || text.contains(": ")
        || text.contains(" #")
        || text.chars().any(is_special)
        || text.starts_with("...")
        || WORDS.contains(&lower.as_str())
        || is_number(text))
}

/// Whether a reader may take the text for a number or a date. Lengths of time are none, but for `0`.
fn is_number(text: &str) -> bool {
    let is_length = text
        .parse::<model::DurationMs>()
        .is_ok_and(|time| time.0 != 0);
    !is_length
        && text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '.'))
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "+-.:_ ".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    const TEXTS: [&str; 32] = [
        "up == 0",
        "",
        " a",
        "a ",
        "5m",
        "0",
        "1",
        "1.5",
        "+1",
        "0x10",
        "1e3",
        "2024-01-01",
        "null",
        "~",
        "Yes",
        "a: b",
        "a:b",
        "a #b",
        "a#b",
        "- a",
        "{a}",
        "it's",
        "\"q\"",
        "a'\"\\b",
        "a\nb",
        "a\nb\n",
        "a\n\n",
        " a\nb",
        "a\tb",
        "a\r\nb",
        "{{ $labels.x }}: {{ $value }}",
        "\u{1}\u{2028}é",
    ];

    #[test]
    fn every_text_comes_back() {
        for text in TEXTS {
            let mut shapes = vec![
                format!("k: {}\n", one_line(text)),
                format!("{{k: {}, l: m}}\n", flow_scalar(text)),
                format!("k: {}\n", double_quoted(text)),
            ];
            if let Some(block) = literal(text, 2, "", "\n") {
                shapes.push(format!("k: {block}\n"));
                let block = literal(text, 2, " # why", "\n").unwrap();
                shapes.push(format!("k: {block}\nl: m\n"));
            }
            for shape in shapes {
                let read: BTreeMap<String, String> = serde_saphyr::from_str(&shape)
                    .unwrap_or_else(|error| panic!("{text:?} {shape:?} {error}"));
                assert_eq!(read["k"], text, "{shape:?}");
            }
        }
    }

    #[test]
    fn what_needs_no_quotes_has_none() {
        for text in ["up == 0", "5m", "page", "a:b", "sum(up) > 3"] {
            assert_eq!(one_line(text), text);
        }
        assert_eq!(one_line("{{ $value }}"), "'{{ $value }}'");
        assert_eq!(one_line("1"), "'1'");
    }
}

//! Colours for PromQL and YAML that is shown, not edited: quick and forgiving, no parser.

/// A part of a text and its class; the empty class is plain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece<'a> {
    /// Class.
    pub kind: &'static str,
    /// Text.
    pub text: &'a str,
}

const KEYWORDS: [&str; 14] = [
    "by",
    "without",
    "on",
    "ignoring",
    "group_left",
    "group_right",
    "bool",
    "offset",
    "and",
    "or",
    "unless",
    "atan2",
    "start",
    "end",
];

/// Appends to the last piece if it is of the same kind: fewer elements.
fn push<'a>(
    pieces: &mut Vec<Piece<'a>>,
    source: &'a str,
    kind: &'static str,
    from: usize,
    to: usize,
) {
    let text = source.get(from..to).unwrap_or_default();
    if let Some(last) = pieces.last_mut().filter(|last| last.kind == kind) {
        let start = from.saturating_sub(last.text.len());
        last.text = source.get(start..to).unwrap_or_default();
        return;
    }
    if !text.is_empty() {
        pieces.push(Piece { kind, text });
    }
}

/// The parts of an expression.
pub fn promql(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut at = 0;
    let mut depth = 0_usize;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let Some(first) = rest.chars().next() else {
            break;
        };
        let (length, kind) = match first {
            '"' | '\'' | '`' => (string_length(rest, first), "code__string"),
            '#' => (rest.find('\n').unwrap_or(rest.len()), "code__comment"),
            c if c.is_ascii_digit() => {
                let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '.' && c != '_');
                (end.unwrap_or(rest.len()), "code__number")
            }
            c if c.is_alphabetic() || c == '_' || c == ':' => {
                let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != ':');
                let end = end.unwrap_or(rest.len());
                let word = rest.get(..end).unwrap_or_default();
                let after = rest.get(end..).unwrap_or_default().trim_start();
                let kind = if KEYWORDS.contains(&word) {
                    "code__keyword"
                } else if depth > 0 {
                    "code__label"
                } else if ["(", "by", "without"]
                    .iter()
                    .any(|next| after.starts_with(next))
                {
                    "code__function"
                } else {
                    "code__metric"
                };
                (end, kind)
            }
            c => {
                match c {
                    '{' => depth += 1,
                    '}' => depth = depth.saturating_sub(1),
                    _ => {}
                }
                (c.len_utf8(), "")
            }
        };
        push(&mut pieces, text, kind, at, at + length);
        at += length.max(1);
    }
    pieces
}

/// The length of a string with its quotes; to the end where none closes it.
fn string_length(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        if is_escaped {
            is_escaped = false;
        } else if c == '\\' && quote != '`' {
            is_escaped = true;
        } else if c == quote {
            return at + c.len_utf8();
        }
    }
    text.len()
}

/// The parts of a file: keys, comments, and the rest.
pub fn yaml(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let body = line.trim_start_matches([' ', '-']);
        let start = at + line.len() - body.len();
        let end = at + line.len();
        push(&mut pieces, text, "", at, start);
        if body.starts_with('#') {
            push(&mut pieces, text, "code__comment", start, end);
        } else if let Some(length) = key_length(body) {
            push(&mut pieces, text, "code__key", start, start + length);
            push(&mut pieces, text, "", start + length, start + length + 1);
            let value = body.get(length + 1..).unwrap_or_default();
            push(
                &mut pieces,
                text,
                value_kind(value),
                start + length + 1,
                end,
            );
        } else {
            push(&mut pieces, text, value_kind(body), start, end);
        }
        at = end;
    }
    pieces
}

/// The length of a key at the start of a line.
fn key_length(body: &str) -> Option<usize> {
    let end = body.find(':')?;
    let key = body.get(..end)?;
    let is_key = key
        .chars()
        .all(|c| c.is_alphanumeric() || "_-./\"'".contains(c));
    let after = body.get(end + 1..)?;
    (is_key && !key.is_empty() && (after.is_empty() || after.starts_with([' ', '\n', '\r'])))
        .then_some(end)
}

fn value_kind(value: &str) -> &'static str {
    let value = value.trim();
    if value.is_empty() || matches!(value, "|" | ">" | "{}" | "[]") {
        ""
    } else if value == "<secret>" {
        "code__comment"
    } else if value.starts_with(|c: char| c.is_ascii_digit()) || matches!(value, "true" | "false") {
        "code__number"
    } else {
        "code__string"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds<'a>(pieces: &[Piece<'a>]) -> Vec<(&'static str, &'a str)> {
        let spoken = pieces.iter().filter(|piece| !piece.kind.is_empty());
        spoken.map(|piece| (piece.kind, piece.text)).collect()
    }

    #[test]
    fn expressions_fall_into_their_parts_and_nothing_is_lost() {
        let text = r#"sum by (job) (rate(http_total{code=~"5.."}[5m])) > 0.1 # é"#;
        let pieces = promql(text);
        let whole: String = pieces.iter().map(|piece| piece.text).collect();
        assert_eq!(whole, text);
        assert_eq!(
            kinds(&pieces),
            [
                ("code__function", "sum"),
                ("code__keyword", "by"),
                ("code__metric", "job"),
                ("code__function", "rate"),
                ("code__metric", "http_total"),
                ("code__label", "code"),
                ("code__string", "\"5..\""),
                ("code__number", "5m"),
                ("code__number", "0.1"),
                ("code__comment", "# é"),
            ]
        );
    }

    #[test]
    fn files_fall_into_keys_and_values_and_nothing_is_lost() {
        let text =
            "global:\n  scrape_interval: 15s # often\n- job_name: \"a: b\"\nurl: http://x:1\n";
        let pieces = yaml(text);
        let whole: String = pieces.iter().map(|piece| piece.text).collect();
        assert_eq!(whole, text);
        let keys: Vec<_> = kinds(&pieces)
            .into_iter()
            .filter(|(kind, _)| *kind == "code__key")
            .collect();
        assert_eq!(
            keys.iter().map(|(_, text)| *text).collect::<Vec<_>>(),
            ["global", "scrape_interval", "job_name", "url"]
        );
    }

    #[test]
    fn a_string_that_is_not_closed_goes_to_the_end() {
        assert_eq!(
            kinds(&promql("a{b=\"c")).last(),
            Some(&("code__string", "\"c"))
        );
    }
}

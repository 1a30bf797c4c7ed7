//! Series as scripts write them: `name{label="value"} 1 _ 3 stale 4+2x10`.

use model::{Labels, stale_nan};

/// One slot of a series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Slot {
    /// No sample.
    Blank,
    /// A number.
    Value(f64),
    /// A native histogram, which is not read further.
    Histogram,
}

/// A series with its slots.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Described {
    pub(crate) labels: Labels,
    pub(crate) slots: Vec<Slot>,
}

/// Reads a series.
pub(crate) fn parse(line: &str) -> Result<Described, String> {
    let (metric, values) = split_metric(line);
    let labels = promql_syntax::parse_metric(metric).map_err(|error| format!("{line}: {error}"))?;
    Ok(Described {
        labels,
        slots: parse_slots(values)?,
    })
}

/// Cuts a line after its metric: at the first blank outside of braces and quotes.
pub(crate) fn split_metric(line: &str) -> (&str, &str) {
    let (mut quote, mut escaped, mut depth) = (None, false, 0);
    for (at, c) in line.char_indices() {
        match quote {
            Some(open) => {
                if escaped {
                    escaped = false;
                } else if c == '\\' && open != '`' {
                    escaped = true;
                } else if c == open {
                    quote = None;
                }
            }
            None => match c {
                '"' | '\'' | '`' => quote = Some(c),
                '{' => depth += 1,
                '}' => {
                    depth -= 1;
                    if depth == 0 {
                        let after = line.get(at + 1..).unwrap_or("");
                        let cut = line.len() - after.len();
                        return (&line[..cut], after.trim());
                    }
                }
                ' ' | '\t' if depth == 0 => {
                    // The braces may stand apart from the name.
                    let rest = line[at..].trim_start();
                    if !rest.starts_with('{') || rest.starts_with("{{") {
                        return (&line[..at], rest);
                    }
                }
                _ => {}
            },
        }
    }
    (line, "")
}

/// Reads slots.
pub(crate) fn parse_slots(text: &str) -> Result<Vec<Slot>, String> {
    if text.contains("{{") {
        return Ok(vec![Slot::Histogram]);
    }
    let mut slots = Vec::new();
    for word in text.split_whitespace() {
        push(word, &mut slots).ok_or_else(|| format!("bad value `{word}`"))?;
    }
    Ok(slots)
}

fn push(word: &str, slots: &mut Vec<Slot>) -> Option<()> {
    let repeats = |text: &str| text.parse::<usize>().ok();
    if word == "_" {
        slots.push(Slot::Blank);
    } else if let Some(count) = word.strip_prefix("_x") {
        slots.extend(std::iter::repeat_n(Slot::Blank, repeats(count)?));
    } else if let Some(rest) = word.strip_prefix("stale") {
        let count = if rest.is_empty() {
            0
        } else {
            repeats(rest.strip_prefix('x')?)?
        };
        slots.extend(std::iter::repeat_n(Slot::Value(stale_nan()), count + 1));
    } else {
        let (start, rest) = number(word)?;
        let (change, rest) = if rest.starts_with(['+', '-']) {
            number(rest)?
        } else {
            (0.0, rest)
        };
        let count = if rest.is_empty() {
            0
        } else {
            repeats(rest.strip_prefix('x')?)?
        };
        // Added up one by one, as rounding must be that of the original.
        let mut value = start;
        for _ in 0..=count {
            slots.push(Slot::Value(value));
            value += change;
        }
    }
    Some(())
}

/// A number at the start of `text`, and what follows.
fn number(text: &str) -> Option<(f64, &str)> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let sign = text.len() - unsigned.len();
    let lower = unsigned.to_ascii_lowercase();
    if lower.starts_with("inf") || lower.starts_with("nan") {
        let (number, rest) = text.split_at(sign + 3);
        return Some((model::parse_value(number).ok()?, rest));
    }
    let bytes = unsigned.as_bytes();
    let mut end = 0;
    while let Some(byte) = bytes.get(end) {
        let exponent_sign = matches!(byte, b'+' | b'-')
            && end > 0
            && matches!(bytes.get(end - 1), Some(b'e' | b'E'));
        if !(byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E') || exponent_sign) {
            break;
        }
        end += 1;
    }
    let (number, rest) = text.split_at(sign + end);
    Some((number.parse().ok()?, rest))
}

#[test]
fn slots_expand() {
    use Slot::{Blank, Value};
    let v = |values: &[f64]| values.iter().map(|v| Value(*v)).collect::<Vec<_>>();
    assert_eq!(parse_slots("1+2x2").unwrap(), v(&[1.0, 3.0, 5.0]));
    assert_eq!(parse_slots("-1-0.5x1").unwrap(), v(&[-1.0, -1.5]));
    assert_eq!(parse_slots("2x1 1e3").unwrap(), v(&[2.0, 2.0, 1000.0]));
    assert_eq!(parse_slots("_ _x2 -Inf").unwrap()[..3], [Blank; 3]);
    assert!(parse_slots("1y").is_err());
}

#[test]
fn metrics_end_at_the_first_blank_outside() {
    assert_eq!(split_metric(r#"a{b="} {"} 1 2"#), (r#"a{b="} {"}"#, "1 2"));
    assert_eq!(split_metric("a 1"), ("a", "1"));
}

//! Series as scripts write them: `name{label="value"} 1 _ 3 stale 4+2x10 {{sum:1 count:2}}x3`.

use crate::error::Result;
use crate::{ScriptError, literal};
use model::{Histogram, Labels, stale_nan};
use std::sync::Arc;

/// One slot of a series.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Slot {
    /// No sample.
    Blank,
    /// A number.
    Value(f64),
    /// A native histogram, and whether its reset hint was written.
    Histogram(Arc<Histogram>, bool),
}

/// A series with its slots.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Described {
    pub(crate) labels: Labels,
    pub(crate) slots: Vec<Slot>,
}

/// Most slots that one item may stand for.
const MOST_REPEATS: usize = 1_000_000;

/// Reads a series.
pub(crate) fn parse(line: &str) -> Result<Described> {
    let (metric, values) = split_metric(line);
    let labels =
        promql_syntax::parse_metric(metric).map_err(|_| ScriptError::BadSeries(line.to_owned()))?;
    Ok(Described {
        labels,
        slots: parse_slots(values)?,
    })
}

/// Cuts a line after its metric: at the first blank outside of braces and quotes.
fn split_metric(line: &str) -> (&str, &str) {
    let (mut quote, mut escaped, mut depth) = (None, false, 0);
    let cut = |at: usize| {
        let (metric, values) = line.split_at_checked(at).unwrap_or((line, ""));
        (metric, values.trim())
    };
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
                        return cut(at + 1);
                    }
                }
                ' ' | '\t' if depth == 0 => {
                    // The braces may stand apart from the name.
                    let (_, rest) = cut(at);
                    if !rest.starts_with('{') || rest.starts_with("{{") {
                        return cut(at);
                    }
                }
                _ => {}
            },
        }
    }
    (line, "")
}

/// Reads slots.
pub(crate) fn parse_slots(text: &str) -> Result<Vec<Slot>> {
    let mut slots = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        if rest.starts_with("{{") {
            rest = literal::push(rest, &mut slots)?.trim_start();
            continue;
        }
        let (word, after) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        push(word, &mut slots).ok_or_else(|| ScriptError::BadValue(word.to_owned()))?;
        rest = after.trim_start();
    }
    Ok(slots)
}

/// How often something is repeated.
pub(crate) fn repeats(text: &str) -> Option<usize> {
    text.parse().ok().filter(|count| *count <= MOST_REPEATS)
}

fn push(word: &str, slots: &mut Vec<Slot>) -> Option<()> {
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
pub(crate) fn number(text: &str) -> Option<(f64, &str)> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let sign = text.len() - unsigned.len();
    let word = unsigned.get(..3).unwrap_or("").to_ascii_lowercase();
    if word == "inf" || word == "nan" {
        let (number, rest) = text.split_at_checked(sign + 3)?;
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
    let (number, rest) = text.split_at_checked(sign + end)?;
    Some((number.parse().ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_expand() {
        use Slot::{Blank, Value};
        let v = |values: &[f64]| values.iter().map(|v| Value(*v)).collect::<Vec<_>>();
        assert_eq!(parse_slots("1+2x2").unwrap(), v(&[1.0, 3.0, 5.0]));
        assert_eq!(parse_slots("-1-0.5x1").unwrap(), v(&[-1.0, -1.5]));
        assert_eq!(parse_slots("2x1 1e3").unwrap(), v(&[2.0, 2.0, 1000.0]));
        assert_eq!(
            parse_slots("_ _x2 -Inf").unwrap()[..3],
            [Blank, Blank, Blank]
        );
        assert_eq!(parse_slots("{{count:1}}x1 7").unwrap().len(), 3);
        for bad in ["1y", "1x", "1x99999999999", "{{", "{{sum:1}}x", "stalex"] {
            assert!(parse_slots(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn metrics_end_at_the_first_blank_outside() {
        assert_eq!(split_metric(r#"a{b="} {"} 1 2"#), (r#"a{b="} {"}"#, "1 2"));
        assert_eq!(split_metric("a 1"), ("a", "1"));
        assert_eq!(split_metric("a {{sum:1}}"), ("a", "{{sum:1}}"));
        assert_eq!(split_metric("é"), ("é", ""));
    }
}

//! Query results as JSON, written straight into the answer: a million points pass through no tree.

use model::{Labels, TimestampMs, format_plain, format_value};
use promql::{MatrixSeries, QueryOutput, Value, VectorElement};
use std::fmt::Write;

/// Writes the whole answer of a query.
pub(crate) fn query_answer(output: &QueryOutput, notes: &Notes, stats: Option<&str>) -> String {
    let mut out = String::with_capacity(1024);
    out.push_str(r#"{"status":"success","data":{"resultType":""#);
    out.push_str(match &output.value {
        Value::Scalar { .. } => "scalar",
        Value::String { .. } => "string",
        Value::Vector(_) => "vector",
        Value::Matrix(_) => "matrix",
    });
    out.push_str(r#"","result":"#);
    match &output.value {
        Value::Scalar { time, value } => pair(*time, &format_plain(*value), &mut out),
        Value::String { time, value } => {
            out.push('[');
            timestamp(time.0, &mut out);
            out.push(',');
            string(value, &mut out);
            out.push(']');
        }
        Value::Vector(elements) => list(elements, &mut out, vector_element),
        Value::Matrix(series) => list(series, &mut out, matrix_series),
    }
    if let Some(stats) = stats {
        out.push_str(r#","stats":"#);
        out.push_str(stats);
    }
    out.push('}');
    notes.write(&mut out);
    out.push('}');
    out
}

/// Warnings and infos of an answer, at most ten of each.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    pub(crate) warnings: Vec<String>,
    pub(crate) infos: Vec<String>,
}

/// So many are listed; then one says how many more there are.
const MAX_NOTES: usize = 10;

impl Notes {
    /// Those of a query.
    pub(crate) fn of(output: &QueryOutput) -> Self {
        Self {
            warnings: shortened(&output.warnings, "warning"),
            infos: shortened(&output.infos, "info"),
        }
    }

    fn write(&self, out: &mut String) {
        for (name, notes) in [("warnings", &self.warnings), ("infos", &self.infos)] {
            if !notes.is_empty() {
                out.push_str(",\"");
                out.push_str(name);
                out.push_str("\":");
                list(notes, out, |note, out| string(note, out));
            }
        }
    }
}

fn shortened(notes: &[String], what: &str) -> Vec<String> {
    let mut listed: Vec<String> = notes.iter().take(MAX_NOTES).cloned().collect();
    if let Some(more) = notes.len().checked_sub(MAX_NOTES).filter(|more| *more > 0) {
        listed.push(format!("{more} more {what} annotations omitted"));
    }
    listed
}

fn list<T>(items: &[T], out: &mut String, mut write: impl FnMut(&T, &mut String)) {
    out.push('[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write(item, out);
    }
    out.push(']');
}

fn vector_element(element: &VectorElement, out: &mut String) {
    out.push_str(r#"{"metric":"#);
    labels(&element.labels, out);
    out.push_str(r#","value":"#);
    pair(element.time, &format_value(element.value), out);
    out.push('}');
}

fn matrix_series(series: &MatrixSeries, out: &mut String) {
    out.push_str(r#"{"metric":"#);
    labels(&series.labels, out);
    out.push_str(r#","values":["#);
    for (index, (time, value)) in series.times.iter().zip(&series.values).enumerate() {
        if index > 0 {
            out.push(',');
        }
        pair(TimestampMs(*time), &format_value(*value), out);
    }
    out.push_str("]}");
}

/// A label set as an object.
pub(crate) fn labels(labels: &Labels, out: &mut String) {
    out.push('{');
    for (index, (name, value)) in labels.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        string(name, out);
        out.push(':');
        string(value, out);
    }
    out.push('}');
}

fn pair(time: TimestampMs, value: &str, out: &mut String) {
    out.push('[');
    timestamp(time.0, out);
    out.push_str(",\"");
    out.push_str(value);
    out.push_str("\"]");
}

/// Seconds: an integer, or exactly three decimals.
fn timestamp(millis: i64, out: &mut String) {
    let (seconds, rest) = (millis.unsigned_abs() / 1000, millis.unsigned_abs() % 1000);
    if millis < 0 {
        out.push('-');
    }
    // Writing to a String cannot fail.
    let _ = write!(out, "{seconds}");
    if rest != 0 {
        let _ = write!(out, ".{rest:03}");
    }
}

/// A text in quotes.
fn string(text: &str, out: &mut String) {
    let plain = text
        .bytes()
        .all(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\');
    if plain {
        out.push('"');
        out.push_str(text);
        out.push('"');
    } else {
        // A text always has a JSON form.
        out.push_str(&serde_json::to_string(text).unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_are_integers_or_have_three_decimals() {
        for (millis, text) in [
            (0, "0"),
            (1500, "1.500"),
            (1, "0.001"),
            (-1500, "-1.500"),
            (2000, "2"),
        ] {
            let mut out = String::new();
            timestamp(millis, &mut out);
            assert_eq!(out, text);
        }
    }

    #[test]
    fn the_eleventh_note_says_how_many_there_are_more() {
        let notes: Vec<String> = (0..13).map(|n| n.to_string()).collect();
        let listed = shortened(&notes, "warning");
        assert_eq!(listed.len(), 11);
        assert_eq!(listed[10], "3 more warning annotations omitted");
    }

    #[test]
    fn texts_are_escaped() {
        let mut out = String::new();
        string("a\"b\\c\n\u{1}é", &mut out);
        assert_eq!(out, "\"a\\\"b\\\\c\\n\\u0001é\"");
    }
}

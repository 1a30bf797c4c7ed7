//! Query results as JSON, written straight into the answer: a million points pass through no tree.

use model::{Histogram, Labels, TimestampMs, format_plain, format_value};
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
    match &element.histogram {
        None => {
            out.push_str(r#","value":"#);
            pair(element.time, &format_value(element.value), out);
        }
        Some(histogram) => {
            out.push_str(r#","histogram":"#);
            histogram_pair(element.time, histogram, out);
        }
    }
    out.push('}');
}

fn matrix_series(series: &MatrixSeries, out: &mut String) {
    out.push_str(r#"{"metric":"#);
    labels(&series.labels, out);
    let is_histogram = |index: usize| series.histograms.get(index).is_some_and(Option::is_some);
    let mut separator = r#","values":["#;
    for (index, (time, value)) in series.times.iter().zip(&series.values).enumerate() {
        if is_histogram(index) {
            continue;
        }
        out.push_str(separator);
        pair(TimestampMs(*time), &format_value(*value), out);
        separator = ",";
    }
    if separator == "," {
        out.push(']');
    }
    let mut separator = r#","histograms":["#;
    for (time, histogram) in series.times.iter().zip(&series.histograms) {
        let Some(histogram) = histogram else { continue };
        out.push_str(separator);
        histogram_pair(TimestampMs(*time), histogram, out);
        separator = ",";
    }
    if separator == "," {
        out.push(']');
    }
    out.push('}');
}

/// `[time, histogram]`. Buckets without observations are left out.
fn histogram_pair(time: TimestampMs, histogram: &Histogram, out: &mut String) {
    out.push('[');
    timestamp(time.0, out);
    // Writing to a String cannot fail.
    let _ = write!(
        out,
        r#",{{"count":"{}","sum":"{}""#,
        format_value(histogram.count),
        format_value(histogram.sum)
    );
    let mut separator = r#","buckets":["#;
    for bucket in promql::histogram_buckets(histogram) {
        if bucket.count == 0.0 {
            continue;
        }
        // The wire's word for which ends belong to the bucket.
        let ends = match (bucket.includes_lower, bucket.includes_upper) {
            (false, true) => 0,
            (true, false) => 1,
            (false, false) => 2,
            (true, true) => 3,
        };
        let _ = write!(
            out,
            r#"{separator}[{ends},"{}","{}","{}"]"#,
            format_value(bucket.lower),
            format_value(bucket.upper),
            format_value(bucket.count)
        );
        separator = ",";
    }
    if separator == "," {
        out.push(']');
    }
    out.push_str("}]");
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
pub(crate) fn timestamp(millis: i64, out: &mut String) {
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
    // All bytes are looked at: that goes many at once.
    let is_special = |byte| byte < 0x20 || byte == b'"' || byte == b'\\';
    let special = text
        .bytes()
        .fold(false, |found, byte| found | is_special(byte));
    if special {
        // A text always has a JSON form.
        out.push_str(&serde_json::to_string(text).unwrap_or_default());
    } else {
        out.push('"');
        out.push_str(text);
        out.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Span;
    use std::sync::Arc;

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
    fn histograms_stand_beside_values_and_leave_empty_buckets_out() {
        let histogram = Arc::new(Histogram {
            count: 3.0,
            sum: 4.5,
            positive_spans: vec![Span {
                offset: 0,
                length: 2,
            }],
            positive_buckets: vec![3.0, 0.0],
            ..Histogram::default()
        });
        let series = MatrixSeries {
            labels: Labels::empty(),
            times: vec![1000, 2500],
            values: vec![7.0, f64::NAN],
            histograms: vec![None, Some(histogram)],
        };
        let mut out = String::new();
        matrix_series(&series, &mut out);
        assert_eq!(
            out,
            r#"{"metric":{},"values":[[1,"7"]],"histograms":[[2.500,{"count":"3","sum":"4.5","buckets":[[0,"0.5","1","3"]]}]]}"#
        );
    }

    #[test]
    fn texts_are_escaped() {
        let mut out = String::new();
        string("a\"b\\c\n\u{1}é", &mut out);
        assert_eq!(out, "\"a\\\"b\\\\c\\n\\u0001é\"");
    }
}

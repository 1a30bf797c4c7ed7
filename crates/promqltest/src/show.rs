//! Results as scripts would write them.

use crate::notation::{Described, Slot};
use model::{Histogram, ResetHint, is_stale};
use promql::{HistogramTotal, MatrixSeries, Value, VectorElement};
use std::fmt::Write;

pub(crate) fn number(value: f64) -> String {
    if is_stale(value) {
        "stale".to_owned()
    } else {
        model::format_value(value)
    }
}

/// A histogram as a literal.
pub(crate) fn histogram(histogram: &Histogram) -> String {
    let compact = HistogramTotal::of(histogram).finish();
    let mut parts = Vec::new();
    if compact.schema != 0 {
        parts.push(format!("schema:{}", compact.schema));
    }
    for (name, value) in [
        ("count", compact.count),
        ("sum", compact.sum),
        ("z_bucket", compact.zero_count),
        ("z_bucket_w", compact.zero_threshold),
    ] {
        if value != 0.0 {
            parts.push(format!("{name}:{}", number(value)));
        }
    }
    let list = |values: &[f64]| {
        values
            .iter()
            .map(|v| number(*v))
            .collect::<Vec<_>>()
            .join(" ")
    };
    if compact.has_custom_buckets() {
        parts.push(format!("custom_values:[{}]", list(&compact.custom_values)));
    }
    match compact.reset_hint {
        ResetHint::Unknown => {}
        ResetHint::Reset => parts.push("counter_reset_hint:reset".to_owned()),
        ResetHint::NotReset => parts.push("counter_reset_hint:not_reset".to_owned()),
        ResetHint::Gauge => parts.push("counter_reset_hint:gauge".to_owned()),
    }
    for (spans, counts, offset, name) in [
        (
            &compact.positive_spans,
            &compact.positive_buckets,
            "offset",
            "buckets",
        ),
        (
            &compact.negative_spans,
            &compact.negative_buckets,
            "n_offset",
            "n_buckets",
        ),
    ] {
        let Some(first) = spans.first() else { continue };
        if first.offset != 0 {
            parts.push(format!("{offset}:{}", first.offset));
        }
        // Gaps are written as empty buckets.
        let mut dense = Vec::new();
        let mut counts = counts.iter().copied();
        for (place, span) in spans.iter().enumerate() {
            let gap = if place == 0 { 0 } else { span.offset };
            dense.extend((0..gap).map(|_| 0.0));
            dense.extend(counts.by_ref().take(span.length as usize));
        }
        parts.push(format!("{name}:[{}]", list(&dense)));
    }
    format!("{{{{{}}}}}", parts.join(" "))
}

fn sample(value: f64, native: Option<&Histogram>) -> String {
    native.map_or_else(|| number(value), histogram)
}

pub(crate) fn elements(elements: &[VectorElement]) -> String {
    let one = |element: &VectorElement| {
        let value = sample(element.value, element.histogram.as_deref());
        format!("{} {value}", element.labels)
    };
    joined(elements.iter().map(one))
}

pub(crate) fn matrix(matrix: &[MatrixSeries]) -> String {
    joined(matrix.iter().map(|series| {
        let mut text = series.labels.to_string();
        for (at, (time, value)) in series.times.iter().zip(&series.values).enumerate() {
            let native = series.histograms.get(at).and_then(Option::as_deref);
            // Writing to a text cannot fail.
            let _ = write!(text, " {}@{time}", sample(*value, native));
        }
        text
    }))
}

pub(crate) fn described(series: &[Described]) -> String {
    joined(series.iter().map(|one| {
        let slot = |slot: &Slot| match slot {
            Slot::Blank => "_".to_owned(),
            Slot::Value(value) => number(*value),
            Slot::Histogram(native, _) => histogram(native),
        };
        let slots: Vec<String> = one.slots.iter().map(slot).collect();
        format!("{} {}", one.labels, slots.join(" "))
    }))
}

pub(crate) fn value(value: &Value) -> String {
    match value {
        Value::Scalar { value, .. } => number(*value),
        Value::String { value, .. } => format!("{value:?}"),
        Value::Vector(vector) => elements(vector),
        Value::Matrix(series) => matrix(series),
    }
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    let all: Vec<String> = parts.collect();
    if all.is_empty() {
        "nothing".to_owned()
    } else {
        all.join("; ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn histograms_are_shown_as_they_are_written() {
        let text = "{{schema:1 count:9 sum:3 z_bucket:1 z_bucket_w:0.5 counter_reset_hint:gauge offset:2 buckets:[1 0 0 4]}}";
        let mut slots = Vec::new();
        crate::literal::push(text, &mut slots).unwrap();
        let Some(Slot::Histogram(native, _)) = slots.first() else {
            panic!()
        };
        assert_eq!(histogram(native), text);
    }
}

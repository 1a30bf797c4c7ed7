//! Families to text 0.0.4.

use crate::number;
use model::{Labels, MetricFamily, MetricKind, is_legacy_label_name, is_legacy_metric_name};

/// The content type of what [`encode_text`] writes.
pub const TEXT_CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Appends the page of `families` to `out`. Ordering: as given. Names that the format cannot hold bare
/// are put in quotes, as text 1.0.0 has it.
pub fn encode_text(families: &[MetricFamily], out: &mut String) {
    for family in families {
        if !family.help.is_empty() {
            out.push_str("# HELP ");
            push_name(out, &family.name, is_legacy_metric_name);
            out.push(' ');
            push_escaped(out, &family.help, InQuotes::No);
            out.push('\n');
        }
        out.push_str("# TYPE ");
        push_name(out, &family.name, is_legacy_metric_name);
        out.push(' ');
        out.push_str(type_word(family.kind));
        out.push('\n');
        for point in &family.points {
            push_series(out, &family.name, point.suffix, &point.labels);
            out.push(' ');
            out.push_str(&number::format_go(point.value));
            out.push('\n');
        }
    }
}

/// The types of OpenMetrics that text 0.0.4 lacks become the nearest that it has.
fn type_word(kind: MetricKind) -> &'static str {
    match kind {
        MetricKind::Counter => "counter",
        MetricKind::Gauge | MetricKind::Info | MetricKind::StateSet => "gauge",
        MetricKind::Histogram | MetricKind::GaugeHistogram => "histogram",
        MetricKind::Summary => "summary",
        MetricKind::Unknown => "untyped",
    }
}

/// `family_suffix{label="value"}`
pub(crate) fn push_series(out: &mut String, family: &str, suffix: &str, labels: &Labels) {
    let bare = is_legacy_metric_name(family);
    if bare {
        out.push_str(family);
        out.push_str(suffix);
        if labels.is_empty() {
            return;
        }
        out.push('{');
    } else {
        out.push_str("{\"");
        push_escaped(out, family, InQuotes::Yes);
        out.push_str(suffix);
        out.push('"');
    }
    push_labels(out, labels, bare);
    out.push('}');
}

/// `label="value",other="value"`; `is_first` says that no comma is needed before.
pub(crate) fn push_labels(out: &mut String, labels: &Labels, is_first: bool) {
    for (index, (name, value)) in labels.iter().enumerate() {
        if index > 0 || !is_first {
            out.push(',');
        }
        push_name(out, name, is_legacy_label_name);
        out.push_str("=\"");
        push_escaped(out, value, InQuotes::Yes);
        out.push('"');
    }
}

/// A name, in quotes where it needs them.
pub(crate) fn push_name(out: &mut String, name: &str, is_bare: fn(&str) -> bool) {
    if is_bare(name) {
        out.push_str(name);
    } else {
        out.push('"');
        push_escaped(out, name, InQuotes::Yes);
        out.push('"');
    }
}

/// Whether quotes end the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InQuotes {
    Yes,
    No,
}

/// A text with its escapes.
pub(crate) fn push_escaped(out: &mut String, text: &str, quotes: InQuotes) {
    for character in text.chars() {
        match character {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '"' if quotes == InQuotes::Yes => out.push_str("\\\""),
            other => out.push(other),
        }
    }
}

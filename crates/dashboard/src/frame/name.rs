//! The names of series that people see.

use super::{Field, Frame, FrameKind, VALUE_NAME};
use model::{Labels, METRIC_NAME};

/// The text of a legend's template: `{{label}}` is a label's value, nothing where there is none.
pub fn format_legend(template: &str, labels: &Labels) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, after)) = after.split_once("}}") else {
            break;
        };
        out.push_str(before);
        out.push_str(labels.get(name.trim()).unwrap_or_default());
        rest = after;
    }
    out.push_str(rest);
    out
}

/// `name{a="b", c="d"}`, the metric's name without braces if that is all.
pub(super) fn metric_text(labels: &Labels) -> String {
    let name = labels.metric_name();
    let pairs: Vec<String> = labels
        .iter()
        .filter(|(label, _)| *label != METRIC_NAME)
        .map(|(label, value)| format!("{label}=\"{value}\""))
        .collect();
    if pairs.is_empty() && !name.is_empty() {
        return name.to_owned();
    }
    format!("{name}{{{}}}", pairs.join(", "))
}

/// The name of a field for people: what the options say, then the legend, then its own name and labels.
pub fn display_name(field: &Field, frame: &Frame, frames: &[Frame]) -> String {
    if let Some(name) = field
        .options
        .display_name
        .as_ref()
        .or(field.options.legend.as_ref())
    {
        return name.clone();
    }
    if field.column.is_time() && field.labels.is_empty() {
        return numbered(field, frame);
    }
    let mut parts: Vec<&str> = Vec::new();
    let names_differ = frames
        .iter()
        .zip(frames.iter().skip(1))
        .any(|(a, b)| a.name != b.name);
    let frame_name = frame.name.as_deref().filter(|name| !name.is_empty());
    // A series that is named after its labels would say them twice.
    let named = names_differ && frame.kind != FrameKind::Series;
    if let Some(name) = frame_name.filter(|_| named) {
        parts.push(name);
    }
    if !field.name.is_empty() && field.name != VALUE_NAME {
        parts.push(&field.name);
    }
    let labels = labels_text(field, frames);
    if let Some(labels) = &labels {
        parts.push(labels);
    }
    if let Some(name) = frame_name
        && labels.is_none()
        && !named
        && field.name == VALUE_NAME
    {
        parts.push(name);
    }
    match parts.as_slice() {
        [] if field.name.is_empty() => VALUE_NAME.to_owned(),
        [] => numbered(field, frame),
        [one] if *one == field.name => numbered(field, frame),
        many => many.join(" "),
    }
}

/// The field's own name, with a number where several fields of the frame have it.
fn numbered(field: &Field, frame: &Frame) -> String {
    let mut same = frame.fields.iter().filter(|other| other.name == field.name);
    let place = same.clone().position(|other| std::ptr::eq(other, field));
    match (place, same.nth(1)) {
        (Some(place), Some(_)) => format!("{} {}", field.name, place + 1),
        _ => field.name.clone(),
    }
}

/// The labels as text; the value alone where all frames have one and the same label.
fn labels_text(field: &Field, frames: &[Frame]) -> Option<String> {
    if field.labels.is_empty() {
        return None;
    }
    let mut names = frames
        .iter()
        .flat_map(|frame| &frame.fields)
        .flat_map(|field| field.labels.iter().map(|(name, _)| name));
    let first = names.next();
    let single = first.filter(|first| names.all(|name| name == *first));
    match single {
        Some(name) => field.labels.get(name).map(str::to_owned),
        None => Some(metric_text(&field.labels)),
    }
}

//! Answers of a panel's queries to frames that know how they are shown.

use crate::document::{Panel, PanelKind};
use crate::field::{ColorChoice, ColorMode, FieldOptions};
use crate::frame::{Answer, Field, Frame, FrameKind, build_frames, configure};
use crate::notice::Notice;
use crate::transform::{TransformContext, align, transform};
use crate::variables::{Format, Scope, interpolate};

/// What a panel draws from.
#[derive(Debug, Clone, Default)]
pub struct PanelData {
    /// The frames, transformed and configured.
    pub frames: Vec<Frame>,
    /// What of the panel is not done as it asks.
    pub notices: Vec<Notice>,
}

/// What fields of a kind of panel have where nobody says anything.
pub fn default_field_options(kind: &PanelKind) -> FieldOptions {
    let mode = match kind {
        PanelKind::TimeSeries
        | PanelKind::BarChart
        | PanelKind::PieChart
        | PanelKind::Histogram
        | PanelKind::Heatmap => ColorMode::PaletteClassic,
        _ => ColorMode::Thresholds,
    };
    FieldOptions {
        color: Some(ColorChoice::of(mode)),
        thresholds: Some(crate::field::Thresholds::default()),
        ..FieldOptions::default()
    }
}

/// Frames as somebody reads them who looks at numbers: series as columns of one table by their times, tables as they
/// are.
pub fn as_tables(frames: &[Frame]) -> Vec<Frame> {
    if frames.iter().any(|frame| frame.kind == FrameKind::Series) {
        align(frames)
    } else {
        frames.to_vec()
    }
}

/// Builds, transforms and configures the frames of a panel.
pub fn prepare(panel: &Panel<'_>, answers: &[Answer], scope: &Scope<'_>) -> PanelData {
    let mut notices = Vec::new();
    let config = panel.field_config(&mut notices);
    let put = |text: &str| interpolate(text, scope, &Format::Glob);
    let context = TransformContext {
        interpolate: &put,
        zone: scope.zone,
    };
    let transformed = transform(build_frames(answers), panel.transformations(), &context);
    notices.extend(transformed.notices);
    let replace = |text: &str, frame: &Frame, field: &Field| field_text(text, scope, frame, field);
    let configured = configure(
        &transformed.frames,
        &config,
        &default_field_options(&panel.kind()),
        &replace,
    );
    notices.extend(configured.notices);
    PanelData {
        frames: configured.frames,
        notices,
    }
}

/// A text of a field, which may mention the field itself.
fn field_text(text: &str, scope: &Scope<'_>, frame: &Frame, field: &Field) -> String {
    let lookup = |name: &str, path: &str| field_value(frame, field, None, name, path);
    interpolate(text, &scope.clone().with_lookup(&lookup), &Format::Text)
}

/// What `__field`, `__series`, `__value` and `__data` mean for a value.
fn field_value(
    frame: &Frame,
    field: &Field,
    row: Option<usize>,
    name: &str,
    path: &str,
) -> Option<String> {
    let cell = |field: &Field| row.map(|row| field.column.cell(row).plain_text());
    match (name, path) {
        ("__series" | "__series_name", _) => Some(
            frame
                .name
                .clone()
                .unwrap_or_else(|| field.label().to_owned()),
        ),
        ("__field", "name") => Some(field.name.clone()),
        ("__field", "displayName" | "") | ("__field_name", _) => Some(
            field
                .shown_name
                .clone()
                .or_else(|| field.options.legend.clone())
                .unwrap_or_else(|| field.name.clone()),
        ),
        ("__field", "labels") => Some(field.labels.to_string()),
        ("__field", "labels.__values") => {
            let values: Vec<&str> = field.labels.iter().map(|(_, value)| value).collect();
            Some(values.join(", "))
        }
        ("__field", path) => {
            let label = path
                .strip_prefix("labels.")
                .or_else(|| bracketed(path, "labels"))?;
            Some(field.labels.get(label).unwrap_or_default().to_owned())
        }
        ("__value", "time") => frame
            .time_field()
            .and_then(|time| Some(time.column.cell(row?).plain_text())),
        ("__value", "text") => {
            let context = crate::frame::DisplayContext::default();
            row.map(|row| {
                field
                    .display(&context)
                    .show(&field.column.cell(row))
                    .text
                    .to_string()
            })
        }
        ("__value", _) => cell(field),
        ("__data", path) => {
            let inner = path
                .strip_prefix("fields.")
                .or_else(|| bracketed(path, "fields"))?;
            let found = match inner.parse::<usize>() {
                Ok(index) => frame.fields.get(index),
                Err(_) => frame
                    .fields
                    .iter()
                    .find(|field| field.label() == inner || field.name == inner),
            };
            found.and_then(cell)
        }
        _ => None,
    }
}

/// The inside of `fields["NAME"]` or `fields[0]`.
fn bracketed<'a>(path: &'a str, before: &str) -> Option<&'a str> {
    let inner = path
        .strip_prefix(before)?
        .strip_prefix('[')?
        .strip_suffix(']')?;
    Some(inner.trim_matches(['"', '\'']))
}

/// The address of a link of a value, variables and values put in, each as a part of an address.
pub fn link_url(
    url: &str,
    scope: &Scope<'_>,
    frame: &Frame,
    field: &Field,
    row: Option<usize>,
) -> String {
    let lookup = |name: &str, path: &str| {
        let value = field_value(frame, field, row, name, path)?;
        Some(crate::variables::percent_encode(&value))
    };
    interpolate(
        url,
        &scope.clone().with_lookup(&lookup),
        &Format::PercentEncode,
    )
}

//! Labels as columns, or as rows.

use super::{TransformContext, table};
use crate::frame::{Column, Field, Frame, FrameKind};
use crate::json::Reading;
use serde_json::Value;

/// `mode`, `keepLabels`, `valueLabel`.
pub(super) fn labels_to_fields(
    frames: Vec<Frame>,
    options: &Value,
    _: &TransformContext<'_>,
) -> Vec<Frame> {
    let keep = options.texts("keepLabels");
    let kept = |name: &str| keep.is_empty() || keep.iter().any(|known| known == name);
    if options.str("mode") == Some("rows") {
        return rows(&frames, &kept);
    }
    let value_label = options.str("valueLabel").filter(|name| !name.is_empty());
    frames
        .into_iter()
        .map(|frame| columns(frame, &kept, value_label))
        .collect()
}

fn columns(frame: Frame, kept: &dyn Fn(&str) -> bool, value_label: Option<&str>) -> Frame {
    if frame.fields.iter().all(|field| field.labels.is_empty()) {
        return frame;
    }
    let rows = frame.rows();
    let mut plain = Vec::new();
    let mut columns: Vec<Field> = Vec::new();
    let mut values = Vec::new();
    for field in &frame.fields {
        if field.labels.is_empty() {
            plain.push(field.clone());
            continue;
        }
        let mut value = field.clone();
        for (name, text) in field.labels.iter() {
            if value_label == Some(name) {
                text.clone_into(&mut value.name);
            } else if kept(name) && !columns.iter().any(|column| column.name == name) {
                let texts = vec![Some(text.to_owned()); rows];
                columns.push(Field::new(name, Column::Text(texts)));
            }
        }
        value.labels = model::Labels::empty();
        value.options.legend = None;
        value.options.display_name = None;
        values.push(value);
    }
    plain.extend(columns);
    plain.extend(values);
    Frame {
        kind: FrameKind::Table,
        name: None,
        fields: plain,
        ..frame
    }
}

/// One frame of labels and their values for each series.
fn rows(frames: &[Frame], kept: &dyn Fn(&str) -> bool) -> Vec<Frame> {
    frames
        .iter()
        .flat_map(|frame| &frame.fields)
        .filter(|field| !field.labels.is_empty())
        .map(|field| {
            let pairs: Vec<(&str, &str)> =
                field.labels.iter().filter(|(name, _)| kept(name)).collect();
            let column = |texts: Vec<&str>| {
                Column::Text(
                    texts
                        .into_iter()
                        .map(|text| Some(text.to_owned()))
                        .collect(),
                )
            };
            let mut frame = table(vec![
                Field::new(
                    "label",
                    column(pairs.iter().map(|(name, _)| *name).collect()),
                ),
                Field::new(
                    "value",
                    column(pairs.iter().map(|(_, value)| *value).collect()),
                ),
            ]);
            frame.name = Some(field.label().to_owned());
            frame
        })
        .collect()
}

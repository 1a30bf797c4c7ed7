//! Fields as one value for each calculation.

use super::{TransformContext, names, table};
use crate::frame::{Cell, Column, Field, Frame};
use crate::json::Reading;
use crate::reduce::{Reducer, reduce};
use serde_json::Value;

/// `reducers`, `mode`, `includeTimeField`, `labelsToFields`.
pub(super) fn reduce_frames(
    frames: Vec<Frame>,
    options: &Value,
    _: &TransformContext<'_>,
) -> Vec<Frame> {
    let mut reducers: Vec<Reducer> = options
        .texts("reducers")
        .iter()
        .filter_map(|id| Reducer::parse(id))
        .collect();
    if reducers.is_empty() {
        reducers.push(Reducer::Max);
    }
    let with_time = options.is("includeTimeField");
    if options.str("mode") == Some("reduceFields") {
        return frames
            .iter()
            .map(|frame| in_place(frame, &reducers, with_time))
            .collect();
    }
    to_rows(&frames, &reducers, with_time, options.is("labelsToFields"))
}

/// Every frame with one row.
fn in_place(frame: &Frame, reducers: &[Reducer], with_time: bool) -> Frame {
    let fields = frame
        .fields
        .iter()
        .filter(|field| with_time || !field.column.is_time())
        .flat_map(|field| {
            reducers.iter().map(|reducer| {
                let mut result =
                    field.with_column(Column::of_cells(&[reduce(&field.column, *reducer)]));
                if reducers.len() > 1 {
                    result.labels = {
                        let mut labels = result.labels.to_builder();
                        labels.set("reducer", &reducer.id());
                        labels.build()
                    };
                }
                result
            })
        })
        .collect();
    Frame {
        fields,
        ..frame.clone()
    }
}

/// One table: a row for each field, a column for each calculation.
fn to_rows(frames: &[Frame], reducers: &[Reducer], with_time: bool, labels: bool) -> Vec<Frame> {
    let mut sources: Vec<(String, &Field)> = Vec::new();
    for frame in frames {
        for (field, name) in frame.fields.iter().zip(names(frame, frames)) {
            if with_time || !field.column.is_time() {
                sources.push((name, field));
            }
        }
    }
    if sources.is_empty() {
        return Vec::new();
    }
    let mut fields = Vec::new();
    if labels {
        let mut label_names: Vec<&str> = Vec::new();
        for (name, _) in sources.iter().flat_map(|(_, field)| field.labels.iter()) {
            if !label_names.contains(&name) {
                label_names.push(name);
            }
        }
        for name in label_names {
            let texts = sources
                .iter()
                .map(|(_, field)| field.labels.get(name).map(str::to_owned))
                .collect();
            fields.push(Field::new(name, Column::Text(texts)));
        }
    } else {
        let texts = sources.iter().map(|(name, _)| Some(name.clone())).collect();
        fields.push(Field::new("Field", Column::Text(texts)));
    }
    for reducer in reducers {
        let cells: Vec<Cell> = sources
            .iter()
            .map(|(_, field)| reduce(&field.column, *reducer))
            .collect();
        fields.push(Field::new(reducer.name(), Column::of_cells(&cells)));
    }
    vec![table(fields)]
}

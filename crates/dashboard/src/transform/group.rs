//! Rows with the same values together.

use super::join::{Key, key_of};
use super::{TransformContext, names, table};
use crate::frame::{Column, Field, Frame, FrameKind};
use crate::json::{Object, Reading};
use crate::reduce::{Reducer, reduce};
use serde_json::Value;

/// `fields`: of each by its name whether rows are grouped by it, or which calculations are made of it.
pub(super) fn group_by(
    frames: Vec<Frame>,
    options: &Value,
    _: &TransformContext<'_>,
) -> Vec<Frame> {
    let empty = Object::new();
    let asked = options.object("fields").unwrap_or(&empty);
    let operation = |name: &str| asked.get(name).and_then(|field| field.str("operation"));
    if !asked
        .values()
        .any(|field| field.str("operation") == Some("groupby"))
    {
        return frames;
    }
    frames
        .iter()
        .map(|frame| {
            let names = names(frame, &frames);
            let by: Vec<&Field> = frame
                .fields
                .iter()
                .zip(&names)
                .filter(|(_, name)| operation(name) == Some("groupby"))
                .map(|(field, _)| field)
                .collect();
            if by.is_empty() {
                return frame.clone();
            }
            let groups = groups(&by, frame.rows());
            let firsts: Vec<usize> = groups
                .iter()
                .filter_map(|rows| rows.first().copied())
                .collect();
            let mut fields: Vec<Field> = by
                .iter()
                .map(|field| field.with_column(field.column.pick(&firsts)))
                .collect();
            for (field, name) in frame.fields.iter().zip(&names) {
                if operation(name) != Some("aggregate") {
                    continue;
                }
                let calcs = asked
                    .get(name)
                    .map(|field| field.texts("aggregations"))
                    .unwrap_or_default();
                for calc in calcs {
                    fields.extend(aggregate(field, name, &calc, &groups));
                }
            }
            Frame {
                kind: FrameKind::Table,
                fields,
                ..frame.clone()
            }
        })
        .collect()
}

fn aggregate(field: &Field, name: &str, calc: &str, groups: &[Vec<usize>]) -> Option<Field> {
    let reducer = Reducer::parse(calc)?;
    let cells: Vec<_> = groups
        .iter()
        .map(|rows| reduce(&field.column.pick(rows), reducer))
        .collect();
    let mut result = field.with_column(Column::of_cells(&cells));
    result.name = format!("{name} ({calc})");
    result.options.display_name = None;
    result.options.legend = None;
    result.labels = model::Labels::empty();
    if !reducer.keeps_unit() {
        result.options.unit = None;
    }
    Some(result)
}

/// Numbers of rows with the same values, in the order of their first.
fn groups(by: &[&Field], rows: usize) -> Vec<Vec<usize>> {
    let mut order: Vec<Vec<usize>> = Vec::new();
    let mut known: std::collections::HashMap<Vec<Key>, usize> = std::collections::HashMap::new();
    for row in 0..rows {
        let key: Vec<Key> = by
            .iter()
            .map(|field| key_of(&field.column.cell(row)))
            .collect();
        let group = *known.entry(key).or_insert_with(|| {
            order.push(Vec::new());
            order.len() - 1
        });
        if let Some(rows) = order.get_mut(group) {
            rows.push(row);
        }
    }
    order
}

/// `fields`: a frame for each combination of their values, which become its labels.
pub(super) fn partition(
    frames: Vec<Frame>,
    options: &Value,
    _: &TransformContext<'_>,
) -> Vec<Frame> {
    let asked = options.texts("fields");
    let keep = options.is("keepFields");
    let Some(frame) = frames.first().filter(|_| !asked.is_empty()) else {
        return frames;
    };
    let names = names(frame, &frames);
    let by: Vec<(&str, &Field)> = frame
        .fields
        .iter()
        .zip(&names)
        .filter(|(_, name)| asked.contains(name))
        .map(|(field, name)| (name.as_str(), field))
        .collect();
    let columns: Vec<&Field> = by.iter().map(|(_, field)| *field).collect();
    groups(&columns, frame.rows())
        .iter()
        .map(|rows| {
            let first = rows.first().copied().unwrap_or(0);
            let values: Vec<(&str, String)> = by
                .iter()
                .map(|(name, field)| (*name, field.column.cell(first).plain_text()))
                .collect();
            let label = values
                .iter()
                .map(|(_, value)| value.as_str())
                .collect::<Vec<_>>()
                .join(" ");
            let fields = frame
                .pick(rows)
                .fields
                .into_iter()
                .zip(&names)
                .filter(|(_, name)| keep || !asked.contains(name))
                .map(|(mut field, _)| {
                    if !field.column.is_time() {
                        let mut labels = field.labels.to_builder();
                        for (name, value) in &values {
                            labels.set(name, value);
                        }
                        field.labels = labels.build();
                    }
                    field
                })
                .collect();
            Frame {
                name: Some(label),
                ref_id: frame.ref_id.clone(),
                ..table(fields)
            }
        })
        .collect()
}

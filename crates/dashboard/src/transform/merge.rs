//! Frames with the same columns as one, rows with the same values as one.

use super::join::key_of;
use super::{TransformContext, table};
use crate::frame::{Cell, Field, Frame};
use serde_json::Value;
use std::collections::HashMap;

/// A row under construction; columns that its frame does not have are not there yet.
type Row = Vec<Option<Cell>>;

/// All frames as one table.
pub(super) fn merge(frames: Vec<Frame>, _: &Value, _: &TransformContext<'_>) -> Vec<Frame> {
    if frames.len() < 2 {
        return frames;
    }
    let data: Vec<&Frame> = frames
        .iter()
        .filter(|frame| !frame.fields.is_empty())
        .collect();
    let mut columns: Vec<Field> = Vec::new();
    for field in data.iter().flat_map(|frame| &frame.fields) {
        if !columns.iter().any(|known| known.name == field.name) {
            let mut column = field.with_column(field.column.like());
            column.labels = model::Labels::empty();
            column.options.display_name = None;
            column.options.legend = None;
            columns.push(column);
        }
    }
    let place =
        |frame: &Frame, name: &str| frame.fields.iter().position(|field| field.name == name);
    let keys: Vec<&str> = columns
        .iter()
        .map(|column| column.name.as_str())
        .filter(|name| data.iter().all(|frame| place(frame, name).is_some()))
        .collect();
    if keys.is_empty() {
        return frames;
    }
    let mut rows: Vec<Row> = Vec::new();
    let mut by_key: HashMap<Vec<_>, Vec<usize>> = HashMap::new();
    for frame in &data {
        let places: Vec<Option<usize>> = columns
            .iter()
            .map(|column| place(frame, &column.name))
            .collect();
        for at in 0..frame.rows() {
            let cell = |index: usize| frame.fields.get(index).map(|field| field.column.cell(at));
            let row: Row = places.iter().map(|place| place.and_then(cell)).collect();
            let key: Vec<_> = keys
                .iter()
                .map(|name| place(frame, name).and_then(cell).map(|cell| key_of(&cell)))
                .collect();
            let known = by_key.entry(key).or_default();
            let mut merged = false;
            for index in known.iter() {
                if let Some(existing) = rows.get_mut(*index)
                    && can_merge(existing, &row)
                {
                    for (slot, cell) in existing.iter_mut().zip(&row) {
                        if cell.is_some() {
                            slot.clone_from(cell);
                        }
                    }
                    merged = true;
                }
            }
            if !merged {
                known.push(rows.len());
                rows.push(row);
            }
        }
    }
    for row in &rows {
        for (column, cell) in columns.iter_mut().zip(row) {
            column.column.push(cell.as_ref().unwrap_or(&Cell::Null));
        }
    }
    vec![table(columns)]
}

/// Whether two rows contradict each other nowhere.
fn can_merge(existing: &Row, row: &Row) -> bool {
    existing.iter().zip(row).all(|(a, b)| match (a, b) {
        (None | Some(Cell::Null), _) | (_, None) => true,
        (Some(a), Some(b)) => a.same(b),
    })
}

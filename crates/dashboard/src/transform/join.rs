//! Frames side by side, rows meeting in one field.

use super::{TransformContext, find_field};
use crate::frame::{Cell, Column, Frame, FrameKind, VALUE_NAME};
use crate::json::Reading;
use serde_json::Value;
use std::collections::HashMap;

/// A value as a key of rows.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Key {
    Null,
    Number(u64),
    Text(String),
}

/// Equal values have equal keys.
pub(super) fn key_of(cell: &Cell) -> Key {
    match cell {
        Cell::Null => Key::Null,
        // Minus zero is zero.
        Cell::Number(value) | Cell::Time(value) => Key::Number((value + 0.0).to_bits()),
        Cell::Text(text) => Key::Text(text.clone()),
        Cell::Bool(flag) => Key::Text(flag.to_string()),
    }
}

/// `byField` and `mode`.
pub(super) fn join_by_field(
    frames: Vec<Frame>,
    options: &Value,
    _: &TransformContext<'_>,
) -> Vec<Frame> {
    let by = options.str("byField").filter(|name| !name.is_empty());
    let inner = options.str("mode") == Some("inner");
    join(frames, by, inner)
}

/// Frames with times become one.
pub(super) fn ensure_columns(
    frames: Vec<Frame>,
    _: &Value,
    _: &TransformContext<'_>,
) -> Vec<Frame> {
    if frames.len() > 1 && frames.iter().all(|frame| frame.time_field().is_some()) {
        join(frames, None, false)
    } else {
        frames
    }
}

/// Joins frames by a field, or by their times; those without it are left out.
pub(super) fn join(frames: Vec<Frame>, by: Option<&str>, inner: bool) -> Vec<Frame> {
    if frames.len() < 2 {
        return frames;
    }
    let parts: Vec<(usize, &Frame)> = frames
        .iter()
        .filter_map(|frame| {
            let index = match by {
                Some(name) => find_field(frame, &frames, name)?,
                None => frame
                    .fields
                    .iter()
                    .position(|field| field.column.is_time())?,
            };
            Some((index, frame))
        })
        .collect();
    let Some((first_index, first)) = parts.first().copied() else {
        return frames;
    };
    let Some(first_field) = first.fields.get(first_index) else {
        return frames;
    };
    let rows = if inner {
        inner_rows(&parts)
    } else {
        outer_rows(&parts)
    };
    let keys: Vec<Cell> = rows
        .iter()
        .map(|row| {
            row.iter()
                .zip(&parts)
                .find_map(|(at, (index, frame))| {
                    Some(frame.fields.get(*index)?.column.cell((*at)?))
                })
                .unwrap_or(Cell::Null)
        })
        .collect();
    let mut key_column = first_field.column.like();
    for cell in &keys {
        key_column.push(cell);
    }
    let mut fields = vec![first_field.with_column(key_column)];
    for (part, (index, frame)) in parts.iter().enumerate() {
        for (at, field) in frame.fields.iter().enumerate() {
            if at == *index {
                continue;
            }
            let mut column = field.column.like();
            for row in &rows {
                match row.get(part).copied().flatten() {
                    Some(at) => column.push(&field.column.cell(at)),
                    None => column.push(&Cell::Null),
                }
            }
            let mut field = field.with_column(column);
            if frame.kind == FrameKind::Series
                && field.name == VALUE_NAME
                && let Some(name) = &frame.name
            {
                field.name.clone_from(name);
            }
            fields.push(field);
        }
    }
    vec![Frame {
        kind: FrameKind::Table,
        fields,
        ..Frame::default()
    }]
}

/// For each part the row that it gives, if it gives one.
type JoinedRow = Vec<Option<usize>>;

/// One row for each key; numbers ascending, texts as they come. Of rows with the same key the last counts.
fn outer_rows(parts: &[(usize, &Frame)]) -> Vec<JoinedRow> {
    let mut order: Vec<(Cell, Key)> = Vec::new();
    let mut rows: HashMap<Key, JoinedRow> = HashMap::new();
    for (part, (index, frame)) in parts.iter().enumerate() {
        let Some(field) = frame.fields.get(*index) else {
            continue;
        };
        for at in 0..field.column.len() {
            let cell = field.column.cell(at);
            let key = key_of(&cell);
            let row = rows.entry(key.clone()).or_insert_with(|| {
                order.push((cell, key));
                vec![None; parts.len()]
            });
            if let Some(slot) = row.get_mut(part) {
                *slot = Some(at);
            }
        }
    }
    let text = order.iter().any(|(cell, _)| matches!(cell, Cell::Text(_)));
    if !text {
        order.sort_by(|a, b| a.0.order(&b.0));
    }
    order
        .into_iter()
        .filter_map(|(_, key)| rows.remove(&key))
        .collect()
}

/// Every combination of rows with the same key.
fn inner_rows(parts: &[(usize, &Frame)]) -> Vec<JoinedRow> {
    let column = |part: usize| -> Option<&Column> {
        let (index, frame) = parts.get(part)?;
        Some(&frame.fields.get(*index)?.column)
    };
    let mut indexes: Vec<HashMap<Key, Vec<usize>>> = Vec::new();
    for part in 0..parts.len() {
        let mut map: HashMap<Key, Vec<usize>> = HashMap::new();
        if let Some(column) = column(part) {
            for at in 0..column.len() {
                map.entry(key_of(&column.cell(at))).or_default().push(at);
            }
        }
        indexes.push(map);
    }
    let Some(first) = column(0) else {
        return Vec::new();
    };
    let mut rows = Vec::new();
    for at in 0..first.len() {
        let key = key_of(&first.cell(at));
        let mut partial: Vec<JoinedRow> = vec![vec![Some(at)]];
        for index in indexes.iter().skip(1) {
            let found = index.get(&key).map_or(&[][..], Vec::as_slice);
            partial = partial
                .iter()
                .flat_map(|row| {
                    found.iter().map(|at| {
                        let mut row = row.clone();
                        row.push(Some(*at));
                        row
                    })
                })
                .collect();
        }
        rows.extend(partial);
    }
    rows
}

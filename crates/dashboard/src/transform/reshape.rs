//! Frames turned over: series to rows, rows to fields, tables on their side.

use super::join::{Key, join, key_of};
use super::{TransformContext, find_field, names, table};
use crate::frame::{Cell, Column, Field, Frame, FrameKind, TIME_NAME, VALUE_NAME};
use crate::json::Reading;
use serde_json::Value;

/// All series as rows of time, name and value, newest first.
pub(super) fn series_to_rows(
    frames: Vec<Frame>,
    _: &Value,
    _: &TransformContext<'_>,
) -> Vec<Frame> {
    let mut rows: Vec<(f64, String, Cell)> = Vec::new();
    for frame in &frames {
        let Some(time) = frame.time_field() else {
            continue;
        };
        for (field, name) in frame.fields.iter().zip(names(frame, &frames)) {
            if field.column.is_time() {
                continue;
            }
            for row in 0..field.column.len() {
                if let Some(at) = time.column.number(row) {
                    rows.push((at, name.clone(), field.column.cell(row)));
                }
            }
        }
    }
    rows.sort_by(|a, b| b.0.total_cmp(&a.0));
    let values: Vec<Cell> = rows.iter().map(|(.., cell)| cell.clone()).collect();
    vec![table(vec![
        Field::new(
            TIME_NAME,
            Column::Time(rows.iter().map(|(at, ..)| *at).collect()),
        ),
        Field::new(
            "Metric",
            Column::Text(rows.iter().map(|(_, name, _)| Some(name.clone())).collect()),
        ),
        Field::new(VALUE_NAME, Column::of_cells(&values)),
    ])]
}

/// All fields of all frames side by side.
pub(super) fn concatenate(
    frames: Vec<Frame>,
    options: &Value,
    _: &TransformContext<'_>,
) -> Vec<Frame> {
    if frames.len() < 2 {
        return frames;
    }
    let mode = options.str("frameNameMode").unwrap_or("field");
    let rows = frames.iter().map(Frame::rows).max().unwrap_or(0);
    let fields = frames
        .iter()
        .flat_map(|frame| {
            frame.fields.iter().map(move |field| {
                let all: Vec<usize> = (0..rows).collect();
                let mut field = field.with_column(field.column.pick(&all));
                if let (Some(name), "field") = (&frame.name, mode) {
                    field.name = if field.name == VALUE_NAME {
                        name.clone()
                    } else {
                        format!("{name} {}", field.name)
                    };
                }
                field
            })
        })
        .collect();
    vec![table(fields)]
}

/// `mappings`: which field names the new fields, and which is their value.
pub(super) fn rows_to_fields(
    frames: Vec<Frame>,
    options: &Value,
    _: &TransformContext<'_>,
) -> Vec<Frame> {
    let role = |key: &str| {
        options
            .list("mappings")
            .iter()
            .find(|mapping| mapping.str("handlerKey") == Some(key))
            .and_then(|mapping| mapping.str("fieldName"))
    };
    frames
        .iter()
        .map(|frame| {
            let of_kind = |wanted: &str| {
                frame
                    .fields
                    .iter()
                    .position(|field| field.column.kind_name() == wanted)
            };
            let name = role("field.name")
                .and_then(|name| find_field(frame, &frames, name))
                .or_else(|| of_kind("string"));
            let value = role("field.value")
                .and_then(|name| find_field(frame, &frames, name))
                .or_else(|| of_kind("number"));
            let (Some(name), Some(value)) = (
                name.and_then(|at| frame.fields.get(at)),
                value.and_then(|at| frame.fields.get(at)),
            ) else {
                return frame.clone();
            };
            let fields = (0..frame.rows())
                .map(|row| {
                    let mut field = value.with_column(value.column.pick(&[row]));
                    field.name = name.column.cell(row).plain_text();
                    field.options.legend = None;
                    field.options.display_name = None;
                    field
                })
                .collect();
            Frame {
                fields,
                ..frame.clone()
            }
        })
        .collect()
}

/// `columnField`, `rowField`, `valueField`, `emptyValue`.
pub(super) fn matrix(frames: Vec<Frame>, options: &Value, _: &TransformContext<'_>) -> Vec<Frame> {
    let (Some(frame), 1) = (frames.first(), frames.len()) else {
        return frames;
    };
    let named = |key: &str, default: &str| {
        let name = options.str(key).unwrap_or(default);
        Some((
            name.to_owned(),
            frame.fields.get(find_field(frame, &frames, name)?)?,
        ))
    };
    let (Some((column_name, column)), Some((row_name, row)), Some((_, value))) = (
        named("columnField", TIME_NAME),
        named("rowField", TIME_NAME),
        named("valueField", VALUE_NAME),
    ) else {
        return frames;
    };
    let empty = match options.str("emptyValue") {
        Some("zero") => Cell::Number(0.0),
        Some("true") => Cell::Bool(true),
        Some("false") => Cell::Bool(false),
        Some("null") => Cell::Null,
        _ => Cell::Text(String::new()),
    };
    let distinct = |field: &Field| {
        let mut keys: Vec<Key> = Vec::new();
        let mut cells: Vec<Cell> = Vec::new();
        for at in 0..field.column.len() {
            let cell = field.column.cell(at);
            let key = key_of(&cell);
            if !keys.contains(&key) {
                keys.push(key);
                cells.push(cell);
            }
        }
        cells
    };
    let (columns, rows) = (distinct(column), distinct(row));
    let mut grid: std::collections::HashMap<(Key, Key), Cell> = std::collections::HashMap::new();
    for at in 0..frame.rows() {
        let key = (
            key_of(&column.column.cell(at)),
            key_of(&row.column.cell(at)),
        );
        grid.insert(key, value.column.cell(at));
    }
    let mut fields = vec![Field::new(
        format!("{row_name}\\{column_name}"),
        Column::of_cells(&rows),
    )];
    for cell in &columns {
        let cells: Vec<Cell> = rows
            .iter()
            .map(|row| {
                let key = (key_of(cell), key_of(row));
                grid.get(&key).cloned().unwrap_or_else(|| empty.clone())
            })
            .collect();
        let mut field = value.with_column(Column::of_cells(&cells));
        field.name = cell.plain_text();
        field.options.legend = None;
        field.options.display_name = None;
        fields.push(field);
    }
    vec![table(fields)]
}

/// Rows as columns; the first column names them.
pub(super) fn transpose(
    frames: Vec<Frame>,
    options: &Value,
    _: &TransformContext<'_>,
) -> Vec<Frame> {
    frames
        .iter()
        .map(|frame| {
            let names = names(frame, &frames);
            let (Some(first), Some(first_name)) = (frame.fields.first(), names.first()) else {
                return frame.clone();
            };
            let rest: Vec<(&Field, &String)> = frame.fields.iter().zip(&names).skip(1).collect();
            let head = options
                .str("firstFieldName")
                .filter(|name| !name.is_empty())
                .unwrap_or(first_name);
            let texts = rest.iter().map(|(_, name)| Some((*name).clone())).collect();
            let mut fields = vec![Field::new(head, Column::Text(texts))];
            for row in 0..frame.rows() {
                let cells: Vec<Cell> = rest
                    .iter()
                    .map(|(field, _)| field.column.cell(row))
                    .collect();
                let name = first.column.cell(row).plain_text();
                fields.push(Field::new(name, Column::of_cells(&cells)));
            }
            table(fields)
        })
        .collect()
}

/// `format`: `wide` is one frame, `multi` and `many` one for each series.
pub(super) fn prepare_series(
    frames: Vec<Frame>,
    options: &Value,
    _: &TransformContext<'_>,
) -> Vec<Frame> {
    if options.str("format") == Some("wide") {
        return join(frames, None, false);
    }
    frames
        .iter()
        .flat_map(|frame| {
            let time = frame.time_field().cloned();
            frame
                .fields
                .iter()
                .zip(names(frame, &frames))
                .filter(|(field, _)| field.column.is_number())
                .map(|(field, name)| Frame {
                    name: Some(name),
                    ref_id: frame.ref_id.clone(),
                    kind: FrameKind::Series,
                    fields: time.iter().cloned().chain([field.clone()]).collect(),
                })
                .collect::<Vec<_>>()
        })
        .collect()
}

//! Fields inside of texts.

use super::{TransformContext, find_field};
use crate::frame::{Cell, Column, Field, Frame};
use crate::json::{Reading, number_of};
use crate::regex::Regex;
use serde_json::Value;

/// `source`, `format`, `jsonPaths`, `regExp`, `replace`, `keepTime`.
pub(super) fn extract_fields(
    frames: Vec<Frame>,
    options: &Value,
    _: &TransformContext<'_>,
) -> Vec<Frame> {
    let source = options.str_or_empty("source");
    let paths: Vec<(String, String)> = options
        .list("jsonPaths")
        .iter()
        .filter_map(|item| {
            let path = item.text("path").filter(|path| !path.is_empty())?;
            let alias = item.text("alias").filter(|alias| !alias.is_empty());
            Some((alias.unwrap_or_else(|| path.clone()), path))
        })
        .collect();
    let pattern = options
        .str("regExp")
        .and_then(|text| Regex::from_slashed(text).ok());
    let format = options.str("format").unwrap_or("auto");
    frames
        .iter()
        .map(|frame| {
            let Some(field) =
                find_field(frame, &frames, source).and_then(|at| frame.fields.get(at))
            else {
                return frame.clone();
            };
            let rows: Vec<Vec<(String, Cell)>> = (0..frame.rows())
                .map(|row| {
                    let text = field.column.cell(row).plain_text();
                    match (format, &pattern) {
                        ("regexp", Some(pattern)) => by_pattern(&text, pattern),
                        ("kvp", _) => pairs(&text),
                        _ => match serde_json::from_str::<Value>(&text) {
                            Ok(value) => members(&value, &paths),
                            Err(_) if format == "auto" => pairs(&text),
                            Err(_) => Vec::new(),
                        },
                    }
                })
                .collect();
            let mut fields: Vec<Field> = if options.is("replace") {
                let keep = options.is("keepTime");
                frame
                    .fields
                    .iter()
                    .filter(|field| keep && field.column.is_time())
                    .cloned()
                    .collect()
            } else {
                frame.fields.clone()
            };
            fields.extend(columns(&rows));
            Frame {
                fields,
                ..frame.clone()
            }
        })
        .collect()
}

fn columns(rows: &[Vec<(String, Cell)>]) -> Vec<Field> {
    let mut names: Vec<&String> = Vec::new();
    for (name, _) in rows.iter().flatten() {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
        .into_iter()
        .map(|name| {
            let cells: Vec<Cell> = rows
                .iter()
                .map(|row| {
                    row.iter()
                        .find(|(known, _)| known == name)
                        .map_or(Cell::Null, |(_, cell)| cell.clone())
                })
                .collect();
            Field::new(name.clone(), Column::of_cells(&cells))
        })
        .collect()
}

fn members(value: &Value, paths: &[(String, String)]) -> Vec<(String, Cell)> {
    if !paths.is_empty() {
        return paths
            .iter()
            .filter_map(|(name, path)| Some((name.clone(), cell(at_path(value, path)?))))
            .collect();
    }
    match value {
        Value::Object(object) => object
            .iter()
            .map(|(key, value)| (key.clone(), cell(value)))
            .collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(i, value)| (i.to_string(), cell(value)))
            .collect(),
        _ => Vec::new(),
    }
}

/// `a.b[0].c`
fn at_path<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    path.split(['.', '[', ']'])
        .filter(|part| !part.is_empty())
        .try_fold(value, |value, part| match value {
            Value::Array(items) => items.get(part.parse::<usize>().ok()?),
            other => other.get(part.trim_matches(['"', '\''])),
        })
}

fn cell(value: &Value) -> Cell {
    match value {
        Value::Null => Cell::Null,
        Value::Bool(flag) => Cell::Bool(*flag),
        Value::Number(_) => number_of(value).map_or(Cell::Null, Cell::Number),
        Value::String(text) => Cell::Text(text.clone()),
        other => Cell::Text(other.to_string()),
    }
}

/// `a=1, b="two"`
fn pairs(text: &str) -> Vec<(String, Cell)> {
    let Ok(pattern) = Regex::with_flags(
        r#"([^\s,;&=:{}"]+)\s*[=:]\s*(?:"([^"]*)"|([^\s,;&{}]+))"#,
        "g",
    ) else {
        return Vec::new();
    };
    pattern
        .find_all(text)
        .iter()
        .filter_map(|captures| {
            let value = captures.get(2).or(captures.get(3))?;
            let cell = value
                .parse()
                .map_or_else(|_| Cell::Text(value.to_owned()), Cell::Number);
            Some((captures.get(1)?.to_owned(), cell))
        })
        .collect()
}

fn by_pattern(text: &str, pattern: &Regex) -> Vec<(String, Cell)> {
    let Some(captures) = pattern.find(text) else {
        return Vec::new();
    };
    captures
        .named()
        .map(|(name, value)| (name.to_owned(), Cell::Text(value.to_owned())))
        .collect()
}

//! Values of another kind, or in another form.

use super::{TransformContext, find_field};
use crate::frame::{Cell, Column, Frame};
use crate::json::Reading;
use crate::time::format_moment;
use serde_json::Value;

/// `conversions`: of each field by its name, to what.
pub(super) fn convert_types(
    mut frames: Vec<Frame>,
    options: &Value,
    context: &TransformContext<'_>,
) -> Vec<Frame> {
    for conversion in options.list("conversions") {
        let name = conversion.str_or_empty("targetField");
        let kind = conversion.str_or_empty("destinationType");
        let format = conversion.str("dateFormat");
        change_field(&mut frames, name, |column| {
            convert(column, kind, format, context)
        });
    }
    frames
}

fn change_field(frames: &mut [Frame], name: &str, change: impl Fn(&Column) -> Column) {
    let places: Vec<Option<usize>> = frames
        .iter()
        .map(|frame| find_field(frame, frames, name))
        .collect();
    for (frame, place) in frames.iter_mut().zip(places) {
        if let Some(field) = place.and_then(|at| frame.fields.get_mut(at)) {
            field.column = change(&field.column);
        }
    }
}

fn convert(
    column: &Column,
    kind: &str,
    format: Option<&str>,
    context: &TransformContext<'_>,
) -> Column {
    let cells = || (0..column.len()).map(|row| column.cell(row));
    let mut out = match kind {
        "number" => Column::Number(Vec::new()),
        "time" => {
            let times = cells().map(|cell| to_time(&cell, context).unwrap_or(crate::frame::NULL));
            return Column::Time(times.collect());
        }
        "boolean" => Column::Bool(Vec::new()),
        "string" | "enum" => {
            let texts = cells().map(|cell| match (&cell, format) {
                (Cell::Null, _) => None,
                (Cell::Time(ms), Some(format)) if !format.is_empty() => Some(format_moment(
                    crate::number::to_i64(*ms),
                    context.zone,
                    format,
                )),
                _ => Some(cell.plain_text()),
            });
            return Column::Text(texts.collect());
        }
        _ => return column.clone(),
    };
    cells().for_each(|cell| out.push(&cell));
    out
}

/// Numbers are milliseconds, texts numbers or dates.
fn to_time(cell: &Cell, context: &TransformContext<'_>) -> Option<f64> {
    if let Cell::Text(text) = cell
        && let Some((wall, offset)) = crate::civil::parse_date(text)
        && text.contains(['-', '/'])
    {
        return Some(match offset {
            Some(offset) => (wall - offset) as f64,
            None => context.zone.to_utc(wall) as f64,
        });
    }
    cell.number()
}

/// `timeField`, `outputFormat`, `useTimezone`.
pub(super) fn format_time(
    mut frames: Vec<Frame>,
    options: &Value,
    context: &TransformContext<'_>,
) -> Vec<Frame> {
    let format = options.str_or_empty("outputFormat");
    let zone: &dyn crate::civil::Zone = if options.flag("useTimezone").unwrap_or(true) {
        context.zone
    } else {
        &crate::civil::Utc
    };
    change_field(&mut frames, options.str_or_empty("timeField"), |column| {
        let texts = (0..column.len()).map(|row| {
            let ms = column.number(row)?;
            Some(format_moment(crate::number::to_i64(ms), zone, format))
        });
        Column::Text(texts.collect())
    });
    frames
}

/// `stringField`, `outputFormat`, and a range for `substring`.
pub(super) fn format_string(
    mut frames: Vec<Frame>,
    options: &Value,
    _: &TransformContext<'_>,
) -> Vec<Frame> {
    let style = options
        .str("outputFormat")
        .unwrap_or("Upper Case")
        .to_lowercase();
    let end = |key: &str, default| crate::number::to_usize(options.number(key).unwrap_or(default));
    let (from, to) = (end("substringStart", 0.0), end("substringEnd", 100.0));
    change_field(&mut frames, options.str_or_empty("stringField"), |column| {
        let texts = (0..column.len()).map(|row| match column.cell(row) {
            Cell::Null => None,
            cell => {
                let text = cell.plain_text();
                Some(if style.starts_with("sub") {
                    text.chars().take(to).skip(from).collect()
                } else {
                    restyle(&text, &style)
                })
            }
        });
        Column::Text(texts.collect())
    });
    frames
}

fn restyle(text: &str, style: &str) -> String {
    let capital = |word: &str| {
        let mut chars = word.chars();
        chars.next().map_or_else(String::new, |first| {
            first.to_uppercase().chain(chars).collect()
        })
    };
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    match style.split_whitespace().next().unwrap_or_default() {
        "lower" => text.to_lowercase(),
        "sentence" => capital(text),
        "first" | "title" => text.split(' ').map(capital).collect::<Vec<_>>().join(" "),
        "pascal" => words.iter().map(|word| capital(word)).collect(),
        "camel" => words
            .iter()
            .enumerate()
            .map(|(i, word)| if i == 0 { word.clone() } else { capital(word) })
            .collect(),
        "snake" => words.join("_"),
        "kebab" => words.join("-"),
        "trim" => text.trim().to_owned(),
        _ => text.to_uppercase(),
    }
}

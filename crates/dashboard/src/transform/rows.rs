//! Which rows there are, in which order.

use super::{TransformContext, find_field, names};
use crate::field::compare;
use crate::frame::{Cell, Frame};
use crate::json::Reading;
use crate::regex::Regex;
use serde_json::Value;

/// `sort`: the field to sort by.
pub(super) fn sort_by(frames: Vec<Frame>, options: &Value, _: &TransformContext<'_>) -> Vec<Frame> {
    let Some(sort) = options.list("sort").first() else {
        return frames;
    };
    let (name, descending) = (sort.str_or_empty("field"), sort.is("desc"));
    frames
        .iter()
        .map(|frame| match find_field(frame, &frames, name) {
            Some(index) => sorted(frame, index, descending),
            None => frame.clone(),
        })
        .collect()
}

/// A frame with its rows in the order of a field.
pub(crate) fn sorted(frame: &Frame, index: usize, descending: bool) -> Frame {
    let Some(field) = frame.fields.get(index) else {
        return frame.clone();
    };
    let mut rows: Vec<(Cell, usize)> = (0..frame.rows())
        .map(|row| (field.column.cell(row), row))
        .collect();
    rows.sort_by(|a, b| {
        let order = a.0.order(&b.0);
        if descending { order.reverse() } else { order }
    });
    let rows: Vec<usize> = rows.into_iter().map(|(_, row)| row).collect();
    frame.pick(&rows)
}

/// `limitField`: how many rows.
pub(super) fn limit(
    frames: Vec<Frame>,
    options: &Value,
    context: &TransformContext<'_>,
) -> Vec<Frame> {
    let text = options.text("limitField").unwrap_or_else(|| "10".into());
    let count: i64 = (context.interpolate)(&text).trim().parse().unwrap_or(10);
    frames
        .iter()
        .map(|frame| {
            let rows = frame.rows();
            let kept = usize::try_from(count.unsigned_abs())
                .unwrap_or(rows)
                .min(rows);
            // A negative number keeps the last rows.
            let from = if count < 0 { rows - kept } else { 0 };
            frame.pick(&(from..from + kept).collect::<Vec<_>>())
        })
        .collect()
}

/// `filters`, of which `any` or `all` must hold, to `include` or `exclude` rows.
pub(super) fn filter_by_value(
    frames: Vec<Frame>,
    options: &Value,
    context: &TransformContext<'_>,
) -> Vec<Frame> {
    let tests: Vec<(String, Test)> = options
        .list("filters")
        .iter()
        .filter_map(|filter| {
            let test = Test::read(filter.field("config")?, context)?;
            Some((filter.text("fieldName").unwrap_or_default(), test))
        })
        .collect();
    if tests.is_empty() {
        return frames;
    }
    let all = options.str("match") == Some("all");
    let include = options.str("type") != Some("exclude");
    frames
        .iter()
        .map(|frame| {
            let names = names(frame, &frames);
            let columns: Vec<_> = tests
                .iter()
                .filter_map(|(name, test)| {
                    let at = names.iter().position(|known| known == name)?;
                    Some((&frame.fields.get(at)?.column, test))
                })
                .collect();
            if columns.is_empty() {
                return frame.clone();
            }
            let rows: Vec<usize> = (0..frame.rows())
                .filter(|row| {
                    let mut results = columns
                        .iter()
                        .map(|(column, test)| test.holds(&column.cell(*row)));
                    let holds = if all {
                        results.all(|yes| yes)
                    } else {
                        results.any(|yes| yes)
                    };
                    holds == include
                })
                .collect();
            frame.pick(&rows)
        })
        .collect()
}

/// A condition on a value.
enum Test {
    Null(bool),
    Compare(String, f64),
    Same(String, bool),
    Between(f64, f64),
    Pattern(Regex),
    Contains(String, bool),
}

impl Test {
    fn read(config: &Value, context: &TransformContext<'_>) -> Option<Self> {
        let text = |key: &str| {
            config
                .at(&["options", key])
                .and_then(crate::json::text_of)
                .map(|text| (context.interpolate)(&text))
        };
        let number = |key: &str| text(key)?.trim().parse::<f64>().ok();
        Some(match config.str("id")? {
            "isNull" => Self::Null(true),
            "isNotNull" => Self::Null(false),
            id @ ("greater" | "greaterOrEqual" | "lower" | "lowerOrEqual") => {
                Self::Compare(id.to_owned(), number("value")?)
            }
            "equal" => Self::Same(text("value")?, true),
            "notEqual" => Self::Same(text("value")?, false),
            "between" | "range" => Self::Between(number("from")?, number("to")?),
            "regex" => Self::Pattern(Regex::new(&text("value")?).ok()?),
            "substring" => Self::Contains(text("value")?.to_lowercase(), true),
            "notSubstring" => Self::Contains(text("value")?.to_lowercase(), false),
            _ => return None,
        })
    }

    fn holds(&self, cell: &Cell) -> bool {
        match self {
            Self::Null(null) => (*cell == Cell::Null) == *null,
            Self::Compare(op, value) => cell
                .number()
                .is_some_and(|number| compare(op, number, *value)),
            Self::Same(text, same) => {
                let equal = match (cell, text.trim().parse::<f64>()) {
                    (Cell::Number(number) | Cell::Time(number), Ok(value)) => *number == value,
                    _ => cell.plain_text() == *text,
                };
                equal == *same
            }
            Self::Between(from, to) => cell
                .number()
                .is_some_and(|number| *from < number && number < *to),
            Self::Pattern(pattern) => pattern.is_match(&cell.plain_text()),
            Self::Contains(text, yes) => {
                cell.plain_text().to_lowercase().contains(text.as_str()) == *yes
            }
        }
    }
}

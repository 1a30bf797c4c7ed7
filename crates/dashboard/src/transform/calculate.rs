//! A new field made of others.

use super::join::ensure_columns;
use super::{TransformContext, find_field, names};
use crate::frame::{Cell, Column, Field, Frame, NULL};
use crate::json::{Reading, text_of};
use crate::reduce::{Reducer, reduce};
use serde_json::Value;

/// `mode` and the options of it.
pub(super) fn calculate(
    frames: Vec<Frame>,
    options: &Value,
    context: &TransformContext<'_>,
) -> Vec<Frame> {
    let mode = options.str("mode").unwrap_or("reduceRow");
    let fixed = mode == "binary" && options.at(&["binary", "right", "fixed"]).is_some();
    let frames = if options.flag("timeSeries").unwrap_or(true) && !fixed {
        ensure_columns(frames, &Value::Null, context)
    } else {
        frames
    };
    let alias = options
        .text("alias")
        .filter(|alias| !alias.is_empty())
        .map(|alias| (context.interpolate)(&alias));
    let name = alias.unwrap_or_else(|| default_name(mode, options));
    let replace = options.is("replaceFields");
    frames
        .iter()
        .filter_map(|frame| {
            let values = match mode {
                "reduceRow" => reduce_row(frame, &frames, options),
                "binary" => binary(frame, &frames, options, context),
                "unary" => unary(frame, &frames, options),
                "cumulativeFunctions" => cumulative(frame, &frames, options),
                "windowFunctions" => window(frame, &frames, options),
                "index" => Some(index(frame, options)),
                _ => None,
            };
            let Some(values) = values else {
                return (!replace).then(|| frame.clone());
            };
            let mut field = Field::new(name.clone(), Column::Number(values));
            if mode == "index"
                && options
                    .at(&["index", "asPercentile"])
                    .is_some_and(|v| v == &Value::Bool(true))
            {
                field.options.unit = Some("percentunit".into());
            }
            let mut fields: Vec<Field> = if replace {
                frame.time_field().cloned().into_iter().collect()
            } else {
                frame.fields.clone()
            };
            fields.push(field);
            Some(Frame {
                fields,
                ..frame.clone()
            })
        })
        .collect()
}

fn default_name(mode: &str, options: &Value) -> String {
    let text = |path: &[&str]| options.at(path).and_then(text_of).unwrap_or_default();
    let behind = |name: String| {
        if name.is_empty() {
            name
        } else {
            format!("({name})")
        }
    };
    match mode {
        "binary" => {
            let side = |key: &str| {
                let value = options.at(&["binary", key]).unwrap_or(&Value::Null);
                text_of(value)
                    .or_else(|| value.text("fixed"))
                    .or_else(|| value.at(&["matcher", "options"]).and_then(text_of))
                    .unwrap_or_default()
            };
            format!(
                "{} {} {}",
                side("left"),
                text(&["binary", "operator"]),
                side("right")
            )
        }
        "unary" => format!(
            "{}{}",
            text(&["unary", "operator"]),
            behind(text(&["unary", "fieldName"]))
        ),
        "cumulativeFunctions" => format!(
            "cumulative {}{}",
            text(&["cumulative", "reducer"]),
            behind(text(&["cumulative", "field"]))
        ),
        "windowFunctions" => format!(
            "{} moving {}{}",
            text(&["window", "windowAlignment"]),
            text(&["window", "reducer"]),
            behind(text(&["window", "field"]))
        ),
        "index" => "Row".into(),
        _ => Reducer::parse(&text(&["reduce", "reducer"]))
            .unwrap_or(Reducer::Sum)
            .name(),
    }
}

fn reduce_row(frame: &Frame, frames: &[Frame], options: &Value) -> Option<Vec<f64>> {
    let options = options.field("reduce").unwrap_or(&Value::Null);
    let reducer = Reducer::parse(options.str("reducer").unwrap_or("sum"))?;
    let include = options.texts("include");
    let names = names(frame, frames);
    let columns: Vec<&Column> = frame
        .fields
        .iter()
        .zip(&names)
        .filter(|(field, name)| {
            field.column.is_number() && (include.is_empty() || include.contains(name))
        })
        .map(|(field, _)| &field.column)
        .collect();
    if columns.is_empty() {
        return None;
    }
    let rows = (0..frame.rows()).map(|row| {
        let values = columns
            .iter()
            .map(|column| column.number(row).unwrap_or(NULL))
            .collect();
        reduce(&Column::Number(values), reducer)
            .number()
            .unwrap_or(NULL)
    });
    Some(rows.collect())
}

/// An operand of two: a field, or one number for all rows.
enum Operand<'a> {
    Field(&'a Column),
    Fixed(f64),
}

impl Operand<'_> {
    fn at(&self, row: usize) -> Option<f64> {
        match self {
            Self::Field(column) => column.number(row),
            Self::Fixed(value) => Some(*value),
        }
    }
}

fn operand<'a>(
    value: Option<&Value>,
    frame: &'a Frame,
    frames: &[Frame],
    context: &TransformContext<'_>,
) -> Option<Operand<'a>> {
    let value = value?;
    let text = text_of(value)
        .or_else(|| value.text("fixed"))
        .or_else(|| value.at(&["matcher", "options"]).and_then(text_of))
        .map(|text| (context.interpolate)(&text))?;
    if let Some(index) = find_field(frame, frames, &text) {
        return frame
            .fields
            .get(index)
            .map(|field| Operand::Field(&field.column));
    }
    text.trim().parse().ok().map(Operand::Fixed)
}

fn binary(
    frame: &Frame,
    frames: &[Frame],
    options: &Value,
    context: &TransformContext<'_>,
) -> Option<Vec<f64>> {
    let options = options.field("binary")?;
    let left = operand(options.field("left"), frame, frames, context)?;
    let right = operand(options.field("right"), frame, frames, context)?;
    let operator = options.str("operator").unwrap_or("+");
    let rows = (0..frame.rows()).map(|row| match (left.at(row), right.at(row)) {
        (Some(left), Some(right)) => apply(operator, left, right),
        // What is missing on one side counts as nothing in sums, as JavaScript has it.
        (Some(left), None) if matches!(operator, "+" | "-") => left,
        (None, Some(right)) if operator == "+" => right,
        (None, Some(right)) if operator == "-" => -right,
        _ => NULL,
    });
    Some(rows.collect())
}

fn apply(operator: &str, left: f64, right: f64) -> f64 {
    let truth = |yes: bool| f64::from(u8::from(yes));
    match operator {
        "-" => left - right,
        "*" => left * right,
        "/" => left / right,
        "^" | "**" => left.powf(right),
        "%" => left % right,
        "=" | "==" => truth(left == right),
        "!=" => truth(left != right),
        ">" => truth(left > right),
        ">=" => truth(left >= right),
        "<" => truth(left < right),
        "<=" => truth(left <= right),
        _ => left + right,
    }
}

fn unary(frame: &Frame, frames: &[Frame], options: &Value) -> Option<Vec<f64>> {
    let options = options.field("unary")?;
    let column = numeric(frame, frames, options.str("fieldName"))?;
    let function: fn(f64) -> f64 = match options.str("operator").unwrap_or("abs") {
        "exp" => f64::exp,
        "ln" => f64::ln,
        "floor" => f64::floor,
        "ceil" => f64::ceil,
        "round" => |value| (value + 0.5).floor(),
        _ => f64::abs,
    };
    let rows = (0..frame.rows()).map(|row| column.number(row).map_or(NULL, function));
    Some(rows.collect())
}

fn cumulative(frame: &Frame, frames: &[Frame], options: &Value) -> Option<Vec<f64>> {
    let options = options.field("cumulative").unwrap_or(&Value::Null);
    let column = numeric(frame, frames, options.str("field"))?;
    let mean = options.str("reducer") == Some("mean");
    let mut total = 0.0;
    let rows = (0..frame.rows()).map(|row| {
        total += column.number(row).unwrap_or(0.0);
        if mean {
            total / (row + 1) as f64
        } else {
            total
        }
    });
    Some(rows.collect())
}

fn window(frame: &Frame, frames: &[Frame], options: &Value) -> Option<Vec<f64>> {
    let options = options.field("window").unwrap_or(&Value::Null);
    let column = numeric(frame, frames, options.str("field"))?;
    let reducer = Reducer::parse(options.str("reducer").unwrap_or("mean"))?;
    let rows = frame.rows();
    let size = options.number("windowSize").unwrap_or(0.1);
    let share = options.str("windowSizeMode") != Some("fixed");
    let window = (size * if share { rows as f64 } else { 1.0 })
        .ceil()
        .max(1.0);
    let window = crate::number::to_usize(window);
    let centered = options.str("windowAlignment") == Some("centered");
    let values = (0..rows).map(|row| {
        let (from, to) = if centered {
            (row.saturating_sub(window / 2), row + window.div_ceil(2))
        } else {
            ((row + 1).saturating_sub(window), row + 1)
        };
        let part: Vec<usize> = (from..to.min(rows)).collect();
        match reduce(&column.pick(&part), reducer) {
            Cell::Number(value) => value,
            _ => 0.0,
        }
    });
    Some(values.collect())
}

fn index(frame: &Frame, options: &Value) -> Vec<f64> {
    let rows = frame.rows();
    let share = options
        .field("index")
        .is_some_and(|index| index.is("asPercentile"));
    (0..rows)
        .map(|row| {
            if share {
                row as f64 / rows as f64
            } else {
                row as f64
            }
        })
        .collect()
}

/// The named column, or the first of numbers.
fn numeric<'a>(frame: &'a Frame, frames: &[Frame], name: Option<&str>) -> Option<&'a Column> {
    let index = match name.filter(|name| !name.is_empty()) {
        Some(name) => find_field(frame, frames, name)?,
        None => frame
            .fields
            .iter()
            .position(|field| field.column.is_number())?,
    };
    frame.fields.get(index).map(|field| &field.column)
}

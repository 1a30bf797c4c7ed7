//! Few values of many: what stats, gauges, bars and pies show.

use super::shared::ReduceOptions;
use crate::field::{Link, Probe};
use crate::frame::{Cell, Column, DisplayContext, Field, Frame, Shown};
use crate::reduce::{Reducer, reduce};
use crate::units::Formatted;
use model::Labels;

/// A value to show.
#[derive(Debug, Clone)]
pub struct SingleValue {
    /// What it is a value of.
    pub name: String,
    /// The value.
    pub shown: Shown,
    /// Labels of its series.
    pub labels: Labels,
    /// Its field, for scales and links.
    pub field: Field,
    /// Row of the field, if the value is a row.
    pub row: Option<usize>,
    /// Times and values behind it. Units: of the former, milliseconds since the epoch.
    pub sparkline: Option<(Vec<f64>, Vec<f64>)>,
    /// How much the last value is more than the first, as part of the first.
    pub change: Option<f64>,
    /// Whether there was nothing to show.
    pub empty: bool,
}

impl SingleValue {
    /// Links of the value.
    pub fn links(&self) -> &[Link] {
        &self.field.options.links
    }
}

/// The values of frames; where there are none, one that says so.
pub fn single_values(
    frames: &[Frame],
    options: &ReduceOptions,
    context: &DisplayContext<'_>,
) -> Vec<SingleValue> {
    let mut found = Vec::new();
    for frame in frames {
        for (index, field) in frame.fields.iter().enumerate() {
            let probe = Probe {
                frame,
                field,
                name: field.label(),
                index,
            };
            let wanted = match &options.fields {
                Some(matcher) => matcher.matches(&probe),
                None => field.column.is_number(),
            };
            if !wanted || field.options.hidden_from("viz") {
                continue;
            }
            if options.rows {
                rows(frame, field, options.limit, context, &mut found);
            } else {
                reduced(frame, field, &options.calcs, context, &mut found);
            }
        }
    }
    if options.rows {
        found.truncate(options.limit);
    }
    if found.is_empty() {
        found.push(nothing(frames, context));
    }
    found
}

fn reduced(
    frame: &Frame,
    field: &Field,
    calcs: &[Reducer],
    context: &DisplayContext<'_>,
    found: &mut Vec<SingleValue>,
) {
    let sparkline = match (frame.time_field().map(|time| &time.column), &field.column) {
        (Some(Column::Time(times)), Column::Number(values)) if times.len() > 1 => {
            Some((times.clone(), values.clone()))
        }
        _ => None,
    };
    let change = reduce(&field.column, Reducer::DiffPercent)
        .number()
        .filter(|change| change.is_finite());
    for calc in calcs {
        let name = if calcs.len() > 1 {
            format!("{} {}", field.label(), calc.name())
        } else {
            field.label().to_owned()
        };
        let mut shown = super::legend::calculated(field, *calc, context);
        if shown.text.text.is_empty() {
            shown.text.text = "-".into();
        }
        found.push(SingleValue {
            name,
            shown,
            labels: field.labels.clone(),
            field: field.clone(),
            row: None,
            sparkline: sparkline.clone(),
            change,
            empty: false,
        });
    }
}

fn rows(
    frame: &Frame,
    field: &Field,
    limit: usize,
    context: &DisplayContext<'_>,
    found: &mut Vec<SingleValue>,
) {
    let display = field.display(context);
    let texts: Vec<&Field> = frame
        .fields
        .iter()
        .filter(|other| matches!(other.column, Column::Text(_)) && !std::ptr::eq(*other, field))
        .collect();
    let numbers = frame
        .fields
        .iter()
        .filter(|field| field.column.is_number())
        .count();
    for row in 0..field.column.len().min(limit) {
        let mut parts: Vec<String> = texts
            .iter()
            .map(|field| field.column.cell(row).plain_text())
            .filter(|text| !text.is_empty())
            .collect();
        if numbers > 1 || parts.is_empty() {
            parts.push(field.label().to_owned());
        }
        found.push(SingleValue {
            name: parts.join(" "),
            shown: display.show(&field.column.cell(row)),
            labels: field.labels.clone(),
            field: field.clone(),
            row: Some(row),
            sparkline: None,
            change: None,
            empty: false,
        });
    }
}

fn nothing(frames: &[Frame], context: &DisplayContext<'_>) -> SingleValue {
    let field = frames
        .iter()
        .flat_map(|frame| &frame.fields)
        .find(|field| field.column.is_number())
        .cloned()
        .unwrap_or_else(|| Field::new("", Column::Number(Vec::new())));
    let text = field
        .options
        .no_value
        .clone()
        .unwrap_or_else(|| "No data".into());
    let mut shown = field.display(context).show(&Cell::Null);
    shown.text = Formatted {
        text,
        ..Formatted::default()
    };
    SingleValue {
        name: String::new(),
        shown,
        labels: Labels::empty(),
        field,
        row: None,
        sparkline: None,
        change: None,
        empty: true,
    }
}

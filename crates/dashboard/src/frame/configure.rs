//! The options of a panel applied to its frames.

use super::{Column, Field, Frame, display_name, is_null};
use crate::field::{FieldConfig, FieldOptions, Probe};
use crate::notice::Notice;

/// Frames whose fields know how they are shown.
#[derive(Debug, Clone, Default)]
pub struct Configured {
    /// The frames.
    pub frames: Vec<Frame>,
    /// What of the options does nothing.
    pub notices: Vec<Notice>,
}

/// Gives every field its options: those of the query first, then the panel's defaults, then its overrides in
/// their order. `replace` puts the values of variables into names, with the field they are for.
pub fn configure(
    frames: &[Frame],
    config: &FieldConfig,
    fallback: &FieldOptions,
    replace: &dyn Fn(&str, &Frame, &Field) -> String,
) -> Configured {
    let mut notices = Vec::new();
    let names: Vec<Vec<String>> = frames
        .iter()
        .map(|frame| {
            frame
                .fields
                .iter()
                .map(|field| display_name(field, frame, frames))
                .collect()
        })
        .collect();
    let mut series_index = 0;
    let mut done = Vec::with_capacity(frames.len());
    for (frame, names) in frames.iter().zip(&names) {
        let mut fields = Vec::with_capacity(frame.fields.len());
        for (index, (field, name)) in frame.fields.iter().zip(names).enumerate() {
            let mut field = field.clone();
            field.options.fill_from(&config.defaults);
            override_field(&mut field, (frame, index, name), config, &mut notices);
            field.options.fill_from(fallback);
            if let Some(name) = &field.options.display_name {
                field.options.display_name = Some(replace(name, frame, &field));
            }
            if field.column.is_number() {
                field.series_index = series_index;
                series_index += 1;
            }
            fields.push(field);
        }
        done.push(Frame {
            fields,
            ..frame.clone()
        });
    }
    name_fields(&mut done);
    set_ranges(&mut done);
    notices.dedup();
    Configured {
        frames: done,
        notices,
    }
}

fn override_field(
    field: &mut Field,
    (frame, index, name): (&Frame, usize, &str),
    config: &FieldConfig,
    notices: &mut Vec<Notice>,
) {
    for item in &config.overrides {
        let probe = Probe {
            frame,
            field,
            name,
            index,
        };
        if !item.matcher.matches(&probe) {
            continue;
        }
        for (id, value) in &item.properties {
            field
                .options
                .set(id, value, &format!("field `{name}`"), notices);
        }
    }
}

fn name_fields(frames: &mut [Frame]) {
    let names: Vec<Vec<String>> = frames
        .iter()
        .map(|frame| {
            let name = |field: &Field| display_name(field, frame, frames);
            frame.fields.iter().map(name).collect()
        })
        .collect();
    for (frame, names) in frames.iter_mut().zip(names) {
        for (field, name) in frame.fields.iter_mut().zip(names) {
            field.shown_name = Some(name);
        }
    }
}

fn set_ranges(frames: &mut [Frame]) {
    let all = frames
        .iter()
        .flat_map(|frame| &frame.fields)
        .filter_map(|field| extent(&field.column))
        .reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
    for field in frames.iter_mut().flat_map(|frame| &mut frame.fields) {
        let found = if field.options.own_range {
            extent(&field.column)
        } else {
            all
        };
        let (low, high) = found.unwrap_or((0.0, 100.0));
        let (low, high) = (
            field.options.min.unwrap_or(low),
            field.options.max.unwrap_or(high),
        );
        field.range = Some((low.min(high), high.max(low)));
    }
}

/// Least and greatest of a column of numbers.
pub(crate) fn extent(column: &Column) -> Option<(f64, f64)> {
    let Column::Number(values) = column else {
        return None;
    };
    values
        .iter()
        .filter(|value| value.is_finite() && !is_null(**value))
        .fold(None, |found, value| {
            let (low, high) = found.unwrap_or((*value, *value));
            Some((low.min(*value), high.max(*value)))
        })
}

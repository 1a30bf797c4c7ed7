//! Changes of frames between the queries and the panel.
//!
//! Source: Grafana's transformations; names of results are theirs, for later steps and overrides use them.

#![expect(
    clippy::needless_pass_by_value,
    reason = "all transformations have one shape"
)]

mod calculate;
mod convert;
mod extract;
mod fields;
mod group;
mod histogram;
mod join;
mod labels;
mod merge;
mod reshape;
mod rows;
mod summarise;
#[cfg(test)]
mod tests;

use crate::frame::{Field, Frame, display_name};
use crate::json::Reading;
use crate::notice::Notice;
use serde_json::Value;

pub(crate) use histogram::{HistogramOptions, histogram_buckets};
pub(crate) use rows::sorted;

/// What transformations need besides frames.
pub struct TransformContext<'a> {
    /// Puts the values of variables into texts.
    pub interpolate: &'a dyn Fn(&str) -> String,
    /// The zone of the reader.
    pub zone: &'a dyn crate::civil::Zone,
}

impl Default for TransformContext<'_> {
    fn default() -> Self {
        Self {
            interpolate: &|text| text.to_owned(),
            zone: &crate::civil::Utc,
        }
    }
}

/// Frames after transformations.
#[derive(Debug, Clone, Default)]
pub struct Transformed {
    /// The frames.
    pub frames: Vec<Frame>,
    /// Steps that were left out.
    pub notices: Vec<Notice>,
}

/// A transformation.
type Step = fn(Vec<Frame>, &Value, &TransformContext<'_>) -> Vec<Frame>;

/// Ids and what they do.
const STEPS: [(&str, Step); 31] = [
    ("organize", fields::organize),
    ("joinByField", join::join_by_field),
    ("seriesToColumns", join::join_by_field),
    ("merge", merge::merge),
    ("calculateField", calculate::calculate),
    ("groupBy", group::group_by),
    ("sortBy", rows::sort_by),
    ("limit", rows::limit),
    ("filterByValue", rows::filter_by_value),
    ("filterFieldsByName", fields::filter_by_name),
    ("filterByName", fields::filter_by_name),
    ("filterFields", fields::filter_fields),
    ("filterByRefId", fields::filter_by_ref_id),
    ("filterFrames", fields::filter_by_ref_id),
    ("renameByRegex", fields::rename_by_regex),
    ("labelsToFields", labels::labels_to_fields),
    ("seriesToRows", reshape::series_to_rows),
    ("reduce", summarise::reduce_frames),
    ("concatenate", reshape::concatenate),
    ("append", reshape::concatenate),
    ("partitionByValues", group::partition),
    ("convertFieldType", convert::convert_types),
    ("formatTime", convert::format_time),
    ("formatString", convert::format_string),
    ("histogram", histogram::histogram),
    ("rowsToFields", reshape::rows_to_fields),
    ("groupingToMatrix", reshape::matrix),
    ("transpose", reshape::transpose),
    ("prepareTimeSeries", reshape::prepare_series),
    ("extractFields", extract::extract_fields),
    ("ensureColumns", join::ensure_columns),
];

/// The ids of all transformations that are made, older names of the same among them.
pub fn transformation_ids() -> impl Iterator<Item = &'static str> {
    STEPS.iter().map(|(id, _)| *id)
}

/// Applies transformations in their order. One that is not known passes its frames on, and says so.
pub fn transform(
    frames: Vec<Frame>,
    list: &[Value],
    context: &TransformContext<'_>,
) -> Transformed {
    let mut done = Transformed {
        frames,
        notices: Vec::new(),
    };
    for item in list {
        if item.is("disabled") {
            continue;
        }
        let Some(step) = find(item) else {
            done.notices.extend(notice("transformations", item));
            continue;
        };
        let options = item.field("options").unwrap_or(&Value::Null);
        done.frames = match frame_filter(item) {
            None => step(done.frames, options, context),
            Some(ref_ids) => {
                let (mine, mut others): (Vec<Frame>, Vec<Frame>) =
                    done.frames.into_iter().partition(|frame| {
                        frame
                            .ref_id
                            .as_deref()
                            .is_some_and(|id| ref_ids.iter().any(|known| known == id))
                    });
                others.extend(step(mine, options, context));
                others
            }
        };
    }
    done
}

/// Series of one panel as one table, by their times; a table stays what it is.
pub(crate) fn align(frames: &[Frame]) -> Vec<Frame> {
    join::ensure_columns(frames.to_vec(), &Value::Null, &TransformContext::default())
}

fn find(item: &Value) -> Option<Step> {
    let id = item.str("id")?;
    STEPS
        .iter()
        .find(|(known, _)| *known == id)
        .map(|(_, step)| *step)
}

/// Queries whose frames a transformation is for, if it says so.
fn frame_filter(item: &Value) -> Option<Vec<String>> {
    let filter = item.field("filter")?;
    if filter.str("id") != Some("byRefId") {
        return None;
    }
    let names = filter.str("options")?;
    Some(fields::ref_ids(names))
}

/// Tells of a transformation that is not known.
pub(crate) fn notice(path: &str, item: &Value) -> Option<Notice> {
    if item.is("disabled") || find(item).is_some() {
        return None;
    }
    let id = item.str("id").unwrap_or_default();
    Some(Notice::new(
        format!("{path} › transformations"),
        format!("the transformation `{id}` is not made here; the data passes as it is"),
    ))
}

/// The names of a frame's fields that people see.
fn names(frame: &Frame, frames: &[Frame]) -> Vec<String> {
    frame
        .fields
        .iter()
        .map(|field| display_name(field, frame, frames))
        .collect()
}

/// The number of the field with a name, seen or its own.
fn find_field(frame: &Frame, frames: &[Frame], name: &str) -> Option<usize> {
    names(frame, frames)
        .iter()
        .position(|known| known == name)
        .or_else(|| frame.fields.iter().position(|field| field.name == name))
}

/// A frame of a table.
fn table(fields: Vec<Field>) -> Frame {
    Frame {
        fields,
        ..Frame::default()
    }
}

//! Which fields there are, in which order, under which names.

use super::{TransformContext, names};
use crate::field::{FieldMatcher, Probe};
use crate::frame::{Field, Frame};
use crate::json::{Object, Reading};
use crate::regex::Regex;
use serde_json::Value;

/// `excludeByName`, `includeByName`, `indexByName`, `renameByName`.
pub(super) fn organize(
    frames: Vec<Frame>,
    options: &Value,
    context: &TransformContext<'_>,
) -> Vec<Frame> {
    let empty = Object::new();
    let object = |key: &str| options.object(key).unwrap_or(&empty);
    let (exclude, include) = (object("excludeByName"), object("includeByName"));
    let (index, rename) = (object("indexByName"), object("renameByName"));
    let only = include.values().any(|value| value == &Value::Bool(true));
    let all: Vec<Vec<String>> = frames.iter().map(|frame| names(frame, &frames)).collect();
    frames
        .into_iter()
        .zip(all)
        .map(|(frame, names)| {
            let mut fields: Vec<(String, Field)> = names
                .into_iter()
                .zip(frame.fields.clone())
                .filter(|(name, _)| !exclude.is(name) && (!only || include.is(name)))
                .collect();
            if !index.is_empty() {
                // What has no number comes last, in its own order.
                fields.sort_by(|a, b| {
                    let place = |name: &str| index.number(name).unwrap_or(f64::INFINITY);
                    place(&a.0).total_cmp(&place(&b.0))
                });
            }
            let fields = fields
                .into_iter()
                .map(|(name, mut field)| {
                    if let Some(new) = rename.str(&name).filter(|new| !new.is_empty()) {
                        field.options.display_name = Some((context.interpolate)(new));
                    } else if field.name != name
                        && field.options.legend.is_none()
                        && field.labels.is_empty()
                    {
                        // The number of a double goes with it when its twin leaves.
                        field.options.display_name.get_or_insert(name);
                    }
                    field
                })
                .collect();
            Frame { fields, ..frame }
        })
        .collect()
}

/// `include` and `exclude`, each names and a pattern.
pub(super) fn filter_by_name(
    frames: Vec<Frame>,
    options: &Value,
    context: &TransformContext<'_>,
) -> Vec<Frame> {
    let include = options
        .field("include")
        .map(|value| NameFilter::read(value, context));
    let exclude = options
        .field("exclude")
        .map(|value| NameFilter::read(value, context));
    let by_variable = options.is("byVariable");
    let by = |side: Option<NameFilter>, key: &str| {
        if !by_variable {
            return side;
        }
        let text = options.at(&[key, "variable"])?.as_str()?;
        Some(NameFilter::list(&(context.interpolate)(text)))
    };
    let (include, exclude) = (by(include, "include"), by(exclude, "exclude"));
    keep_fields(frames, |_, name| {
        include.as_ref().is_none_or(|filter| filter.has(name))
            && !exclude.as_ref().is_some_and(|filter| filter.has(name))
    })
}

/// `include` and `exclude`, each a matcher.
pub(super) fn filter_fields(
    frames: Vec<Frame>,
    options: &Value,
    _: &TransformContext<'_>,
) -> Vec<Frame> {
    let matcher = |key: &str| {
        options
            .field(key)
            .map(|value| FieldMatcher::read(value, "transformations", &mut Vec::new()))
    };
    let (include, exclude) = (matcher("include"), matcher("exclude"));
    keep_fields(frames, |probe, _| {
        include
            .as_ref()
            .is_none_or(|matcher| matcher.matches(probe))
            && !exclude
                .as_ref()
                .is_some_and(|matcher| matcher.matches(probe))
    })
}

fn keep_fields(frames: Vec<Frame>, keep: impl Fn(&Probe<'_>, &str) -> bool) -> Vec<Frame> {
    let all: Vec<Vec<String>> = frames.iter().map(|frame| names(frame, &frames)).collect();
    frames
        .into_iter()
        .zip(all)
        .filter_map(|(frame, names)| {
            let fields: Vec<Field> = frame
                .fields
                .iter()
                .zip(&names)
                .enumerate()
                .filter(|(index, (field, name))| {
                    let probe = Probe {
                        frame: &frame,
                        field,
                        name,
                        index: *index,
                    };
                    keep(&probe, name)
                })
                .map(|(_, (field, _))| field.clone())
                .collect();
            (!fields.is_empty()).then(|| Frame {
                fields,
                ..frame.clone()
            })
        })
        .collect()
}

struct NameFilter {
    names: Vec<String>,
    pattern: Option<Regex>,
}

impl NameFilter {
    fn read(value: &Value, context: &TransformContext<'_>) -> Self {
        let pattern = value
            .str("pattern")
            .or(value.str("options"))
            .filter(|pattern| !pattern.is_empty())
            .and_then(|pattern| Regex::from_slashed(&(context.interpolate)(pattern)).ok());
        Self {
            names: value.texts("names"),
            pattern,
        }
    }

    /// `{a,b}` or `a,b`, as variables write themselves.
    fn list(text: &str) -> Self {
        let inner = text.trim_start_matches('{').trim_end_matches('}');
        Self {
            names: inner
                .split(',')
                .map(|name| name.trim().to_owned())
                .collect(),
            pattern: None,
        }
    }

    fn has(&self, name: &str) -> bool {
        self.names.iter().any(|known| known == name)
            || self
                .pattern
                .as_ref()
                .is_some_and(|pattern| pattern.is_match(name))
    }
}

/// `include`: names of queries, `A|B`, in slashes or not.
pub(super) fn filter_by_ref_id(
    frames: Vec<Frame>,
    options: &Value,
    _: &TransformContext<'_>,
) -> Vec<Frame> {
    let text = |key: &str| {
        let side = options.field(key)?;
        side.as_str().or_else(|| side.str("options")).map(ref_ids)
    };
    let (include, exclude) = (text("include"), text("exclude"));
    frames
        .into_iter()
        .filter(|frame| {
            let id = frame.ref_id.as_deref().unwrap_or_default();
            let has = |list: &Vec<String>| list.iter().any(|known| known == id);
            include.as_ref().is_none_or(has) && !exclude.as_ref().is_some_and(has)
        })
        .collect()
}

/// `A`, `/^(?:A|B)$/` and the like.
pub(super) fn ref_ids(text: &str) -> Vec<String> {
    text.trim_matches('/')
        .trim_start_matches("^(?:")
        .trim_start_matches('^')
        .trim_end_matches('$')
        .trim_end_matches(')')
        .split('|')
        .map(str::to_owned)
        .collect()
}

/// `regex` and `renamePattern`.
pub(super) fn rename_by_regex(
    frames: Vec<Frame>,
    options: &Value,
    context: &TransformContext<'_>,
) -> Vec<Frame> {
    let Ok(regex) = Regex::from_slashed(&(context.interpolate)(options.str_or_empty("regex")))
    else {
        return frames;
    };
    let new = options.str_or_empty("renamePattern");
    let all: Vec<Vec<String>> = frames.iter().map(|frame| names(frame, &frames)).collect();
    frames
        .into_iter()
        .zip(all)
        .map(|(mut frame, names)| {
            for (field, name) in frame.fields.iter_mut().zip(names) {
                if regex.is_match(&name) {
                    field.options.display_name = Some(regex.replace(&name, new));
                }
            }
            frame
        })
        .collect()
}

//! Which fields an override or a transformation means.

use crate::frame::{Column, Field, Frame};
use crate::json::Reading;
use crate::notice::Notice;
use crate::reduce::{Reducer, reduce};
use crate::regex::Regex;
use serde_json::Value;

/// A field with what matchers ask of it.
#[derive(Clone, Copy)]
pub struct Probe<'a> {
    /// Where the field is.
    pub frame: &'a Frame,
    /// The field.
    pub field: &'a Field,
    /// The name that people see.
    pub name: &'a str,
    /// Its number in the frame.
    pub index: usize,
}

/// Which fields are meant.
#[derive(Debug, Clone)]
pub enum FieldMatcher {
    /// All.
    All,
    /// None.
    None,
    /// The one with this name, seen or of its own.
    Name(String),
    /// Those with (or, excluding, without) these names.
    Names {
        /// The names.
        names: Vec<String>,
        /// Whether all others are meant.
        exclude: bool,
    },
    /// Those whose seen name matches.
    Pattern(Regex),
    /// Those whose seen name matches or is listed.
    PatternOrNames(Option<Regex>, Vec<String>),
    /// Those that a query gave.
    RefId(String),
    /// Those of a kind: `time`, `number`, `string`, `boolean`.
    Kind(String),
    /// The first of each frame.
    First,
    /// The first of each frame that holds times.
    FirstTime,
    /// Those of which a calculation compares with a number.
    Value {
        /// The calculation.
        reducer: Reducer,
        /// `gt`, `gte`, `lt`, `lte`, `eq`, `neq`.
        op: String,
        /// The number.
        value: f64,
    },
}

impl FieldMatcher {
    /// Reads a matcher of `{id, options}`. One that is not known means no field, and says so.
    pub fn read(value: &Value, path: &str, notices: &mut Vec<Notice>) -> Self {
        let id = value.str("id").unwrap_or_default();
        let options = value.field("options");
        let text = || {
            options
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let mut regex = |pattern: &str| match Regex::from_slashed(pattern) {
            Ok(regex) => Some(regex),
            Err(error) => {
                notices.push(Notice::new(path, error.to_string()));
                None
            }
        };
        match id {
            "byName" => Self::Name(text()),
            "byNames" => Self::Names {
                names: names_of(options),
                exclude: options.and_then(|options| options.str("mode")) == Some("exclude"),
            },
            "byRegexp" => regex(&text()).map_or(Self::None, Self::Pattern),
            "byRegexpOrNames" => {
                let pattern = options
                    .and_then(|options| options.str("pattern"))
                    .filter(|pattern| !pattern.is_empty());
                Self::PatternOrNames(pattern.and_then(&mut regex), names_of(options))
            }
            "byFrameRefID" => Self::RefId(text()),
            "byType" | "byTypes" => Self::Kind(text()),
            "numeric" => Self::Kind("number".into()),
            "time" => Self::Kind("time".into()),
            "first" => Self::First,
            "firstTimeField" => Self::FirstTime,
            "anything" | "alwaysMatch" => Self::All,
            "byValue" => {
                let options = options.unwrap_or(&Value::Null);
                match Reducer::parse(options.str("reducer").unwrap_or("lastNotNull")) {
                    Some(reducer) => Self::Value {
                        reducer,
                        op: options.str("op").unwrap_or("gte").to_owned(),
                        value: options.number("value").unwrap_or(0.0),
                    },
                    None => Self::None,
                }
            }
            other => {
                notices.push(Notice::new(
                    path,
                    format!("the matcher `{other}` is not known; what it matches stays as it is"),
                ));
                Self::None
            }
        }
    }

    /// Whether a field is meant.
    pub fn matches(&self, probe: &Probe<'_>) -> bool {
        let is_named = |name: &str| name == probe.name || name == probe.field.name;
        match self {
            Self::All => true,
            Self::None => false,
            Self::Name(name) => is_named(name),
            Self::Names { names, exclude } => names.iter().any(|name| is_named(name)) != *exclude,
            Self::Pattern(pattern) => pattern.is_match(probe.name),
            Self::PatternOrNames(pattern, names) => {
                names.iter().any(|name| is_named(name))
                    || pattern
                        .as_ref()
                        .is_some_and(|pattern| pattern.is_match(probe.name))
            }
            Self::RefId(ref_id) => probe.frame.ref_id.as_deref() == Some(ref_id.as_str()),
            Self::Kind(kind) => probe.field.column.kind_name() == kind,
            Self::First => probe.index == 0,
            Self::FirstTime => {
                matches!(probe.field.column, Column::Time(_))
                    && probe
                        .frame
                        .fields
                        .iter()
                        .take(probe.index)
                        .all(|field| !matches!(field.column, Column::Time(_)))
            }
            Self::Value { reducer, op, value } => {
                matches!(probe.field.column, Column::Number(_))
                    && reduce(&probe.field.column, *reducer)
                        .number()
                        .is_some_and(|found| compare(op, found, *value))
            }
        }
    }
}

/// Whether a comparison by name holds.
pub(crate) fn compare(op: &str, left: f64, right: f64) -> bool {
    match op {
        "gt" | ">" | "greater" => left > right,
        "gte" | ">=" | "greaterOrEqual" => left >= right,
        "lt" | "<" | "lower" => left < right,
        "lte" | "<=" | "lowerOrEqual" => left <= right,
        "eq" | "=" | "==" | "equal" => left == right,
        "neq" | "!=" | "notEqual" => left != right,
        _ => false,
    }
}

/// `{names: [...]}`, or texts parted by commas.
fn names_of(options: Option<&Value>) -> Vec<String> {
    match options {
        Some(Value::String(text)) => text.split(',').map(|name| name.trim().to_owned()).collect(),
        Some(Value::Array(items)) => items.iter().filter_map(crate::json::text_of).collect(),
        Some(options) => options.texts("names"),
        None => Vec::new(),
    }
}

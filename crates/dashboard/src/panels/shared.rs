//! Options that several kinds of panels have.

use crate::field::FieldMatcher;
use crate::json::Reading;
use crate::reduce::Reducer;
use crate::regex::Regex;
use serde_json::Value;

/// In which direction something lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Orientation {
    /// As the panel's shape asks.
    #[default]
    Auto,
    /// From left to right.
    Horizontal,
    /// From bottom to top.
    Vertical,
}

impl Orientation {
    pub(super) fn read(options: &Value) -> Self {
        match options.str("orientation") {
            Some("horizontal") => Self::Horizontal,
            Some("vertical") => Self::Vertical,
            _ => Self::Auto,
        }
    }
}

/// Whether values are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ShowValue {
    /// Where there is room.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl ShowValue {
    pub(super) fn read(options: &Value) -> Self {
        match (options.str("showValue"), options.flag("showValue")) {
            (Some("always"), _) | (_, Some(true)) => Self::Always,
            (Some("never"), _) | (_, Some(false)) => Self::Never,
            _ => Self::Auto,
        }
    }
}

/// How many values become few.
#[derive(Debug, Clone)]
pub struct ReduceOptions {
    /// Whether every row is shown instead of one value for each field.
    pub rows: bool,
    /// How many rows at most.
    pub limit: usize,
    /// Calculations, each of which makes a value of a field.
    pub calcs: Vec<Reducer>,
    /// Which fields; `None` takes those of numbers.
    pub fields: Option<FieldMatcher>,
}

impl ReduceOptions {
    /// Reads `reduceOptions` of a panel's options.
    pub fn read(options: &Value) -> Self {
        let reduce = options.field("reduceOptions").unwrap_or(&Value::Null);
        let mut calcs: Vec<Reducer> = reduce
            .texts("calcs")
            .iter()
            .filter_map(|id| Reducer::parse(id))
            .collect();
        if calcs.is_empty() {
            calcs.push(Reducer::LastNotNull);
        }
        let fields = reduce.str("fields").filter(|text| !text.is_empty());
        Self {
            rows: reduce.is("values"),
            limit: reduce.number("limit").map_or(25, crate::number::to_usize),
            calcs,
            fields: fields.map(|text| {
                if text.starts_with('/') {
                    Regex::from_slashed(text).map_or(FieldMatcher::None, FieldMatcher::Pattern)
                } else {
                    FieldMatcher::Name(text.to_owned())
                }
            }),
        }
    }
}

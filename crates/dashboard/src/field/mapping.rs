//! Values that are shown as something else.

use crate::frame::Cell;
use crate::json::{Reading, number_of, text_of};
use crate::number::plain;
use crate::regex::Regex;
use serde_json::Value;

/// What a mapped value is shown as.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MappingResult {
    /// Instead of the number.
    pub text: Option<String>,
    /// Instead of the colour.
    pub color: Option<String>,
    /// A picture beside it.
    pub icon: Option<String>,
}

/// Values that have names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Special {
    /// Nothing.
    Null,
    /// Not a number.
    NaN,
    /// Either of them.
    NullOrNaN,
    /// The boolean.
    True,
    /// The boolean.
    False,
    /// An empty text.
    Empty,
}

/// A rule that maps values.
#[derive(Debug, Clone)]
pub enum Mapping {
    /// These values.
    Values(Vec<(String, MappingResult)>),
    /// Values of a range. Bounds: both included.
    Range {
        /// Least.
        from: f64,
        /// Greatest.
        to: f64,
        /// What for.
        result: MappingResult,
    },
    /// Texts that match.
    Regex {
        /// The pattern; the result's text may hold its groups.
        pattern: Regex,
        /// What for.
        result: MappingResult,
    },
    /// A value with a name.
    Special {
        /// Which.
        which: Special,
        /// What for.
        result: MappingResult,
    },
}

impl Mapping {
    /// Reads a list of rules, of the old form and the new; those that cannot be read are left out.
    pub fn read_list(items: &[Value]) -> Vec<Self> {
        items.iter().filter_map(Self::read).collect()
    }

    fn read(value: &Value) -> Option<Self> {
        if value.field("options").is_none() {
            return Self::read_old(value);
        }
        let options = value.field("options")?;
        let result = || options.field("result").map(read_result).unwrap_or_default();
        Some(match value.str("type")? {
            "value" => {
                let mut values: Vec<_> = options
                    .as_object()?
                    .iter()
                    .map(|(key, result)| (result.number("index"), key.clone(), read_result(result)))
                    .collect();
                values.sort_by(|a, b| a.0.unwrap_or(0.0).total_cmp(&b.0.unwrap_or(0.0)));
                Self::Values(
                    values
                        .into_iter()
                        .map(|(_, key, result)| (key, result))
                        .collect(),
                )
            }
            "range" => Self::Range {
                from: options.number("from").unwrap_or(f64::NEG_INFINITY),
                to: options.number("to").unwrap_or(f64::INFINITY),
                result: result(),
            },
            "regex" => Self::Regex {
                pattern: Regex::from_slashed(options.str("pattern")?).ok()?,
                result: result(),
            },
            "special" => Self::Special {
                which: match options.str("match")? {
                    "null" => Special::Null,
                    "nan" => Special::NaN,
                    "null+nan" => Special::NullOrNaN,
                    "true" => Special::True,
                    "false" => Special::False,
                    "empty" => Special::Empty,
                    _ => return None,
                },
                result: result(),
            },
            _ => return None,
        })
    }

    /// `{type: 1, value, text}` and `{type: 2, from, to, text}`.
    fn read_old(value: &Value) -> Option<Self> {
        let result = MappingResult {
            text: value.text("text"),
            ..MappingResult::default()
        };
        let range = value.whole("type") == Some(2);
        if range {
            return Some(Self::Range {
                from: value.number("from")?,
                to: value.number("to")?,
                result,
            });
        }
        match value.text("value")?.as_str() {
            "null" => Some(Self::Special {
                which: Special::Null,
                result,
            }),
            text => Some(Self::Values(vec![(text.to_owned(), result)])),
        }
    }

    /// What the first rule that holds for a value makes of it.
    pub fn apply(rules: &[Self], value: &Cell) -> Option<MappingResult> {
        rules.iter().find_map(|rule| rule.result(value))
    }

    fn result(&self, value: &Cell) -> Option<MappingResult> {
        match self {
            Self::Values(values) => {
                let text = match value {
                    Cell::Number(number) | Cell::Time(number) => plain(*number),
                    Cell::Text(text) if !text.is_empty() => text.clone(),
                    Cell::Bool(flag) => flag.to_string(),
                    _ => return None,
                };
                let same = |key: &str| {
                    key == text || matches!(value, Cell::Number(n) if key.trim().parse() == Ok(*n))
                };
                let (_, result) = values.iter().find(|(key, _)| same(key))?;
                Some(result.clone())
            }
            Self::Range { from, to, result } => {
                let number = value.number()?;
                (*from <= number && number <= *to).then(|| result.clone())
            }
            Self::Regex { pattern, result } => {
                let text = match value {
                    Cell::Null => return None,
                    other => other.plain_text(),
                };
                pattern.is_match(&text).then(|| MappingResult {
                    text: result
                        .text
                        .as_ref()
                        .map(|replacement| pattern.replace(&text, replacement)),
                    ..result.clone()
                })
            }
            Self::Special { which, result } => {
                let nan = matches!(value, Cell::Number(n) if n.is_nan());
                let null = matches!(value, Cell::Null);
                let holds = match which {
                    Special::Null => null,
                    Special::NaN => nan,
                    Special::NullOrNaN => null || nan,
                    Special::True => matches!(value, Cell::Bool(true)),
                    Special::False => matches!(value, Cell::Bool(false)),
                    Special::Empty => matches!(value, Cell::Text(text) if text.is_empty()),
                };
                holds.then(|| result.clone())
            }
        }
    }
}

fn read_result(value: &Value) -> MappingResult {
    MappingResult {
        text: value.field("text").and_then(text_of),
        color: value.text("color"),
        icon: value.text("icon"),
    }
}

/// The old form of a rule as the new one.
pub(crate) fn upgrade(old: &Value) -> Option<Value> {
    use serde_json::json;
    if old.field("options").is_some() || old.field("type").is_some_and(Value::is_string) {
        return None;
    }
    let text = old.text("text").unwrap_or_default();
    let mut result = serde_json::Map::new();
    result.insert("text".into(), text.into());
    if let Some(color) = old.text("color") {
        result.insert("color".into(), color.into());
    }
    if old.whole("type") == Some(2) {
        let end = |key: &str| {
            old.field(key)
                .and_then(number_of)
                .map_or(Value::Null, crate::json::json_number)
        };
        return Some(json!({
            "type": "range",
            "options": { "from": end("from"), "to": end("to"), "result": result },
        }));
    }
    Some(match old.text("value")?.as_str() {
        "null" => json!({ "type": "special", "options": { "match": "null", "result": result } }),
        value => json!({ "type": "value", "options": { value: result } }),
    })
}

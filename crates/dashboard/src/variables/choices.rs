//! What a variable can be chosen to be.

use crate::json::{Reading, text_of};
use crate::regex::Regex;
use serde_json::Value;
use std::cmp::Ordering;
use std::collections::HashSet;

/// A choice.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choice {
    /// What people read.
    pub text: String,
    /// What queries get.
    pub value: String,
    /// Further values, for `${name.property}`.
    pub properties: Vec<(String, String)>,
}

impl Choice {
    /// A choice of text and value.
    pub fn new(text: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            value: value.into(),
            properties: Vec::new(),
        }
    }

    /// A choice that reads as its value.
    pub fn plain(value: &str) -> Self {
        Self::new(value, value)
    }

    /// Reads `{text, value, ...}`.
    pub(super) fn read(value: &Value) -> Option<Self> {
        let chosen = value.field("value").and_then(text_of)?;
        let text = value.text("text").unwrap_or_else(|| chosen.clone());
        let properties = value
            .as_object()?
            .iter()
            .filter(|(key, _)| !matches!(key.as_str(), "selected" | "text" | "value"))
            .filter_map(|(key, value)| Some((key.clone(), text_of(value)?)))
            .collect();
        Some(Self {
            text,
            value: chosen,
            properties,
        })
    }
}

/// Order of choices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SortMode {
    /// As they come.
    #[default]
    None,
    /// By letters.
    Alphabetical {
        /// Last first.
        descending: bool,
        /// Capitals as small letters.
        ignore_case: bool,
    },
    /// By the first number in them.
    Numerical {
        /// Greatest first.
        descending: bool,
    },
    /// By letters, numbers inside as numbers.
    Natural {
        /// Last first.
        descending: bool,
    },
}

impl SortMode {
    pub(super) fn read(variable: &Value) -> Self {
        let letters = |descending, ignore_case| Self::Alphabetical {
            descending,
            ignore_case,
        };
        match variable.whole("sort").unwrap_or(0) {
            1 => letters(false, false),
            2 => letters(true, false),
            3 => Self::Numerical { descending: false },
            4 => Self::Numerical { descending: true },
            5 => letters(false, true),
            6 => letters(true, true),
            7 => Self::Natural { descending: false },
            8 => Self::Natural { descending: true },
            _ => Self::None,
        }
    }

    fn compare(self, a: &str, b: &str) -> Ordering {
        let (order, descending) = match self {
            Self::None => (Ordering::Equal, false),
            Self::Alphabetical {
                descending,
                ignore_case: true,
            } => (a.to_lowercase().cmp(&b.to_lowercase()), descending),
            Self::Alphabetical { descending, .. } => (a.cmp(b), descending),
            Self::Numerical { descending } => {
                let number = |text: &str| first_number(text).unwrap_or(-1.0);
                (number(a).total_cmp(&number(b)), descending)
            }
            Self::Natural { descending } => (natural_order(a, b), descending),
        };
        if descending { order.reverse() } else { order }
    }
}

/// The first number in a text.
fn first_number(text: &str) -> Option<f64> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let (before, rest) = text.split_at(start);
    let end = rest
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(rest.len());
    let number: f64 = rest.get(..end)?.trim_end_matches('.').parse().ok()?;
    Some(if before.ends_with('-') {
        -number
    } else {
        number
    })
}

/// By letters without regard to case, numbers inside by their value.
pub(crate) fn natural_order(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a, b);
    loop {
        let (Some(x), Some(y)) = (left.chars().next(), right.chars().next()) else {
            return left.len().cmp(&right.len()).then_with(|| a.cmp(b));
        };
        if x.is_ascii_digit() && y.is_ascii_digit() {
            let cut = |text: &str| {
                text.find(|c: char| !c.is_ascii_digit())
                    .unwrap_or(text.len())
            };
            let ((number_x, rest_x), (number_y, rest_y)) =
                (left.split_at(cut(left)), right.split_at(cut(right)));
            let (x, y) = (
                number_x.trim_start_matches('0'),
                number_y.trim_start_matches('0'),
            );
            let order = x.len().cmp(&y.len()).then_with(|| x.cmp(y));
            if order != Ordering::Equal {
                return order;
            }
            (left, right) = (rest_x, rest_y);
            continue;
        }
        let fold = |c: char| c.to_lowercase().next().unwrap_or(c);
        let order = fold(x).cmp(&fold(y));
        if order != Ordering::Equal {
            return order;
        }
        left = left.get(x.len_utf8()..).unwrap_or_default();
        right = right.get(y.len_utf8()..).unwrap_or_default();
    }
}

/// Choices from the answers of a query: those that the pattern finds, each once, in order.
pub fn choices_from_values(
    values: &[String],
    regex: Option<&Regex>,
    on_text: bool,
    sort: SortMode,
) -> Vec<Choice> {
    let all: Vec<Choice> = values.iter().map(|value| Choice::plain(value)).collect();
    let mut choices = match regex {
        None => all,
        Some(regex) => extract(&all, regex, on_text),
    };
    let mut seen = HashSet::new();
    choices.retain(|choice| seen.insert(choice.value.clone()));
    choices.sort_by(|a, b| sort.compare(&a.text, &b.text));
    choices
}

fn extract(all: &[Choice], regex: &Regex, on_text: bool) -> Vec<Choice> {
    let mut found = Vec::new();
    for choice in all {
        let subject = if on_text { &choice.text } else { &choice.value };
        let matches = if regex.is_global() {
            regex.find_all(subject)
        } else {
            regex.find(subject).into_iter().collect()
        };
        // Alternatives find text and value in separate matches: /a="(?<text>.*)|b="(?<value>.*)/g.
        let named = |name: &str| matches.iter().find_map(|captures| captures.name(name));
        match (named("text"), named("value")) {
            (None, None) => {
                found.extend(matches.iter().filter_map(|captures| {
                    if regex.groups() == 0 {
                        return Some(choice.clone());
                    }
                    captures.get(1).map(Choice::plain)
                }));
            }
            (text, value) => {
                let either = value.or(text).unwrap_or_default();
                found.push(Choice::new(text.unwrap_or(either), value.unwrap_or(either)));
            }
        }
    }
    found
}

/// Choices that are written down: `a, b : c, d\,e`, or a JSON list of objects with text and value.
pub fn choices_from_text(text: &str) -> Vec<Choice> {
    if text.trim_start().starts_with('[')
        && let Ok(Value::Array(items)) = serde_json::from_str::<Value>(text)
    {
        return items
            .iter()
            .filter_map(|item| {
                Choice::read(item).or_else(|| text_of(item).map(|text| Choice::plain(&text)))
            })
            .collect();
    }
    let mut items = vec![String::new()];
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, items.last_mut()) {
            ('\\', Some(item)) if chars.peek() == Some(&',') => {
                chars.next();
                item.push(',');
            }
            (',', _) => items.push(String::new()),
            (c, Some(item)) => item.push(c),
            (_, None) => {}
        }
    }
    items
        .iter()
        .map(|item| item.trim())
        .filter(|item| !item.is_empty())
        .map(|item| match item.split_once(" : ") {
            Some((text, value)) => Choice::new(text.trim(), value.trim()),
            None => Choice::plain(item),
        })
        .collect()
}

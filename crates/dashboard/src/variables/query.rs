//! The questions that variables of the kind `query` ask.

use super::interpolate::interpolate_plain;
use super::{Format, Scope};
use crate::json::Reading;
use serde_json::Value;

/// A question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VariableQuery {
    /// Values of a label.
    LabelValues {
        /// The label.
        label: String,
        /// Of these series only.
        selector: Option<String>,
    },
    /// Names of labels.
    LabelNames {
        /// Of these series only.
        selector: Option<String>,
    },
    /// Names of metrics.
    Metrics {
        /// Which match this pattern.
        pattern: String,
    },
    /// The answer to an expression; each series as `name{label="value"} value time`.
    QueryResult {
        /// The expression.
        expr: String,
    },
    /// Series, each as `name{label="value"}`.
    Series {
        /// Which.
        selector: String,
    },
    /// Nothing.
    Empty,
}

impl VariableQuery {
    /// Reads the text of a question; the object has its parts where the editor kept them apart.
    pub(super) fn read(text: &str, object: Option<&Value>) -> Self {
        if !text.trim().is_empty() {
            return Self::parse(text);
        }
        let Some(object) = object else {
            return Self::Empty;
        };
        let text = |key: &str| object.text(key).filter(|text| !text.trim().is_empty());
        match object.whole("qryType") {
            Some(0) => Self::LabelNames {
                selector: text("match"),
            },
            Some(1) => match text("label") {
                Some(label) => Self::LabelValues {
                    label,
                    selector: text("metric"),
                },
                None => Self::Empty,
            },
            Some(2) => Self::Metrics {
                pattern: text("metric").unwrap_or_else(|| ".*".into()),
            },
            Some(3) => text("varQuery").map_or(Self::Empty, |expr| Self::QueryResult { expr }),
            Some(4) => {
                text("seriesQuery").map_or(Self::Empty, |selector| Self::Series { selector })
            }
            Some(5) => text("classicQuery").map_or(Self::Empty, |text| Self::parse(&text)),
            _ => Self::Empty,
        }
    }

    /// Reads `label_values(...)`, `label_names(...)`, `metrics(...)`, `query_result(...)` or a selector.
    pub fn parse(text: &str) -> Self {
        let text = text.trim();
        let inner = |function: &str| {
            let rest = text.strip_prefix(function)?.trim_start();
            rest.strip_prefix('(')?
                .trim_end()
                .strip_suffix(')')
                .map(str::trim)
        };
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        if let Some(inner) = inner("label_values") {
            let inner = inner.trim_end_matches([',', ' ']);
            let (selector, label) = match last_comma(inner) {
                Some(at) => {
                    let (selector, label) = inner.split_at(at);
                    (some(selector.trim()), label.trim_start_matches(',').trim())
                }
                None => (None, inner),
            };
            return Self::LabelValues {
                label: label.to_owned(),
                selector,
            };
        }
        if let Some(inner) = inner("label_names") {
            return Self::LabelNames {
                selector: some(inner),
            };
        }
        if let Some(inner) = inner("metrics") {
            return Self::Metrics {
                pattern: inner.to_owned(),
            };
        }
        if let Some(inner) = inner("query_result") {
            return Self::QueryResult {
                expr: inner.to_owned(),
            };
        }
        match text {
            "" => Self::Empty,
            selector => Self::Series {
                selector: selector.to_owned(),
            },
        }
    }

    /// The question with the values of variables put in.
    #[must_use]
    pub fn interpolate(&self, scope: &Scope<'_>) -> Self {
        let put = |text: &String| super::interpolate(text, scope, &Format::Promql);
        let plain = |text: &String| interpolate_plain(text, scope);
        match self {
            Self::LabelValues { label, selector } => Self::LabelValues {
                label: plain(label),
                selector: selector.as_ref().map(put),
            },
            Self::LabelNames { selector } => Self::LabelNames {
                selector: selector.as_ref().map(put),
            },
            Self::Metrics { pattern } => Self::Metrics {
                pattern: super::interpolate(pattern, scope, &Format::Regex),
            },
            Self::QueryResult { expr } => Self::QueryResult { expr: put(expr) },
            Self::Series { selector } => Self::Series {
                selector: put(selector),
            },
            Self::Empty => Self::Empty,
        }
    }
}

/// The last comma that is neither inside quotes nor inside braces.
fn last_comma(text: &str) -> Option<usize> {
    let mut depth = 0i32;
    let mut quote = None;
    let mut escaped = false;
    let mut found = None;
    for (at, c) in text.char_indices() {
        match quote {
            Some(open) => {
                if escaped {
                    escaped = false;
                } else if c == '\\' && open != '`' {
                    escaped = true;
                } else if c == open {
                    quote = None;
                }
            }
            None => match c {
                '"' | '\'' | '`' => quote = Some(c),
                '{' | '(' | '[' => depth += 1,
                '}' | ')' | ']' => depth -= 1,
                ',' if depth == 0 => found = Some(at),
                _ => {}
            },
        }
    }
    found
}

//! How the values of a variable are written into a text.
//!
//! Source: Grafana's variable formats.

use super::ALL_VALUE;
use super::encode::{encode_uri, escape_html, percent_encode};
use super::values::Resolved;
use crate::civil::Zone;
use crate::regex::escape;
use crate::time::{format_iso, format_moment};

/// How values are written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Format {
    /// `{a,b}`, or the one value.
    #[default]
    Glob,
    /// `a,b`
    Csv,
    /// `a,name=b`
    Distributed,
    /// `"a","b"`
    DoubleQuote,
    /// `'a','b'`
    SingleQuote,
    /// `'a','b'`, quotes doubled.
    SqlString,
    /// With a separator.
    Join(String),
    /// `["a","b"]`
    Json,
    /// `("a" OR "b")`
    Lucene,
    /// As [`Format::Glob`], for a part of an address.
    PercentEncode,
    /// For a whole address.
    UriEncode,
    /// `a|b`
    Pipe,
    /// `var-name=a&var-name=b`
    QueryParam,
    /// The same with another name and prefix.
    CustomQueryParam(Option<String>, String),
    /// As they are.
    Raw,
    /// `(a\.|b)`
    Regex,
    /// What people read, with ` + ` between.
    Text,
    /// For a page.
    Html,
    /// A moment by a pattern; `iso` and `seconds` are patterns too.
    Date(String),
    /// For PromQL: values of variables with several choices become a pattern, escaped as the quotes around ask.
    Promql,
}

impl Format {
    /// Reads what stands behind the colon of `${name:format}`; what is not known is [`Format::Glob`].
    pub fn parse(text: &str) -> Self {
        let (name, argument) = text.split_once(':').unwrap_or((text, ""));
        match name {
            "csv" => Self::Csv,
            "distributed" => Self::Distributed,
            "doublequote" => Self::DoubleQuote,
            "singlequote" => Self::SingleQuote,
            "sqlstring" => Self::SqlString,
            "join" => Self::Join(if text.contains(':') { argument } else { "," }.to_owned()),
            "json" => Self::Json,
            "lucene" => Self::Lucene,
            "percentencode" => Self::PercentEncode,
            "uriencode" => Self::UriEncode,
            "pipe" => Self::Pipe,
            "queryparam" => Self::QueryParam,
            "customqueryparam" => {
                let (name, prefix) = argument.split_once(':').unwrap_or((argument, ""));
                let name = (!name.is_empty()).then(|| name.to_owned());
                Self::CustomQueryParam(name, prefix.to_owned())
            }
            "raw" => Self::Raw,
            "regex" => Self::Regex,
            "text" => Self::Text,
            "html" => Self::Html,
            "date" => Self::Date(argument.to_owned()),
            _ => Self::Glob,
        }
    }
}

/// Where in an expression a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Quote {
    /// Outside of texts.
    #[default]
    None,
    /// Between quotes of a kind.
    Inside(char),
}

/// The text of a variable's values.
pub(super) fn write(
    value: &Resolved,
    name: &str,
    format: &Format,
    quote: Quote,
    zone: &dyn Zone,
) -> String {
    let values = value.values.as_slice();
    let joined = |separator: &str| values.join(separator);
    let each = |write: &dyn Fn(&str) -> String, separator: &str| {
        values
            .iter()
            .map(|value| write(value))
            .collect::<Vec<_>>()
            .join(separator)
    };
    match format {
        Format::Text => return value.texts.join(" + "),
        Format::QueryParam => return query_param(value, name, "var-"),
        Format::CustomQueryParam(other, prefix) => {
            return query_param(value, other.as_deref().unwrap_or(name), prefix);
        }
        Format::PercentEncode => return percent_encode(&glob(value)),
        Format::UriEncode => return encode_uri(&glob(value)),
        _ => {}
    }
    // What stands for all is written as its author put it.
    if let Some(all) = &value.all_raw {
        return all.clone();
    }
    match format {
        Format::Promql => promql(value, quote),

        Format::Pipe => joined("|"),
        Format::Join(separator) => joined(separator),
        Format::Distributed => values
            .iter()
            .enumerate()
            .map(|(i, value)| {
                if i == 0 {
                    value.clone()
                } else {
                    format!("{name}={value}")
                }
            })
            .collect::<Vec<_>>()
            .join(","),
        Format::DoubleQuote => each(&|value| format!("\"{}\"", value.replace('"', "\\\"")), ","),
        Format::SingleQuote => each(&|value| format!("'{}'", value.replace('\'', "\\'")), ","),
        Format::SqlString => each(&|value| format!("'{}'", value.replace('\'', "''")), ","),
        Format::Json if value.several => serde_json::Value::from(values.to_vec()).to_string(),
        Format::Csv | Format::Raw | Format::Json => joined(","),
        Format::Lucene => lucene(value),
        Format::Regex => {
            alternatives(&values.iter().map(|value| escape(value)).collect::<Vec<_>>())
        }
        Format::Html => each(&escape_html, ", "),
        Format::Date(pattern) => date(values.first().map_or("", String::as_str), pattern, zone),
        _ => glob(value),
    }
}

fn glob(value: &Resolved) -> String {
    if let Some(all) = &value.all_raw {
        return all.clone();
    }
    match value.values.as_slice() {
        [one] => one.clone(),
        many => format!("{{{}}}", many.join(",")),
    }
}

fn alternatives(values: &[String]) -> String {
    match values {
        [one] => one.clone(),
        many => format!("({})", many.join("|")),
    }
}

fn query_param(value: &Resolved, name: &str, prefix: &str) -> String {
    let pair = |value: &str| format!("{prefix}{}={}", percent_encode(name), percent_encode(value));
    if value.is_all {
        return pair(ALL_VALUE);
    }
    value
        .values
        .iter()
        .map(|value| pair(value))
        .collect::<Vec<_>>()
        .join("&")
}

fn lucene(value: &Resolved) -> String {
    let escape = |text: &str| {
        let mut out = String::new();
        for c in text.chars() {
            if r#"+-=&|><!(){}[]^"~*?:\/"#.contains(c) {
                out.push('\\');
            }
            out.push(c);
        }
        out
    };
    if !value.several {
        return value
            .values
            .first()
            .map_or_else(String::new, |value| escape(value));
    }
    if value.values.is_empty() {
        return "__empty__".into();
    }
    let quoted: Vec<String> = value
        .values
        .iter()
        .map(|value| format!("\"{}\"", escape(value)))
        .collect();
    format!("({})", quoted.join(" OR "))
}

/// For PromQL: a value of several possible ones is a pattern; quotes and backslashes are escaped as the text
/// around needs it.
fn promql(value: &Resolved, quote: Quote) -> String {
    let in_quotes = |text: &str| match quote {
        Quote::Inside(open) if open != '`' => text
            .replace('\\', "\\\\")
            .replace(open, &format!("\\{open}"))
            .replace('\n', "\\n"),
        _ => text.to_owned(),
    };
    if !value.pattern {
        let text = value.values.join(",");
        return in_quotes(&text);
    }
    let pattern = |text: &str| match quote {
        Quote::None => text.to_owned(),
        Quote::Inside(_) => in_quotes(&escape_pattern(text)),
    };
    alternatives(
        &value
            .values
            .iter()
            .map(|value| pattern(value))
            .collect::<Vec<_>>(),
    )
}

/// What means something in a pattern of PromQL, escaped.
fn escape_pattern(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if r"\^$.*+?()[]{}|".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn date(value: &str, pattern: &str, zone: &dyn Zone) -> String {
    let Ok(ms) = value.trim().parse::<i64>() else {
        return value.to_owned();
    };
    match pattern {
        "" | "iso" => {
            let utc = crate::civil::Utc;
            format_moment(ms, &utc, "YYYY-MM-DD[T]HH:mm:ss.SSS[Z]")
        }
        "seconds" => ms.div_euclid(1000).to_string(),
        "default" => format_iso(ms, zone),
        pattern => format_moment(ms, zone, pattern),
    }
}

//! What variables ask of the API, and its answers as the texts that choices are made of.

use crate::answers::series_of;
use api_types::QueryData;
use dashboard::{Globals, VariableQuery};
use model::Labels;
use serde_json::Value;

/// A call of the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    /// `GET`, with parameters.
    Get(String, Vec<(&'static str, String)>),
    /// `POST`, with a form.
    Post(String, Vec<(&'static str, String)>),
}

/// The call of a variable's question; `None` for one that asks nothing.
pub fn call_of(query: &VariableQuery, globals: &Globals) -> Option<Call> {
    let (start, end) = (
        (globals.from as f64 / 1e3).to_string(),
        (globals.to as f64 / 1e3).to_string(),
    );
    let get = |path: String, selector: Option<String>| {
        let mut pairs = vec![("start", start.clone()), ("end", end.clone())];
        pairs.extend(selector.map(|selector| ("match[]", selector)));
        Some(Call::Get(path, pairs))
    };
    match query {
        VariableQuery::LabelValues { label, selector } => get(
            format!("/api/v1/label/{}/values", percent_encoded(label)),
            selector.clone(),
        ),
        VariableQuery::LabelNames { selector } => {
            get("/api/v1/labels".to_owned(), selector.clone())
        }
        VariableQuery::Metrics { pattern } => {
            let pattern = pattern.replace('\\', "\\\\").replace('"', "\\\"");
            let selector = format!("{{__name__=~\"{pattern}\"}}");
            let path = "/api/v1/label/__name__/values".to_owned();
            get(path, (!pattern.is_empty()).then_some(selector))
        }
        VariableQuery::Series { selector } => {
            get("/api/v1/series".to_owned(), Some(selector.clone()))
        }
        VariableQuery::QueryResult { expr } => {
            let form = vec![("query", expr.clone()), ("time", end)];
            Some(Call::Post("/api/v1/query".to_owned(), form))
        }
        VariableQuery::Empty => None,
    }
}

/// The texts of an answer, whose `data` this is. What is not as it was asked for is passed over.
pub fn texts_of(query: &VariableQuery, data: Value) -> Vec<String> {
    let list = |data: Value| -> Vec<Value> {
        match data {
            Value::Array(list) => list,
            _ => Vec::new(),
        }
    };
    match query {
        VariableQuery::LabelValues { .. }
        | VariableQuery::LabelNames { .. }
        | VariableQuery::Metrics { .. } => list(data)
            .into_iter()
            .filter_map(|text| match text {
                Value::String(text) => Some(text),
                _ => None,
            })
            .collect(),
        VariableQuery::Series { .. } => list(data)
            .iter()
            .filter_map(Value::as_object)
            .map(|series| {
                let pairs = series
                    .iter()
                    .filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)));
                Labels::from_pairs(pairs).to_string()
            })
            .collect(),
        VariableQuery::QueryResult { .. } => {
            let Ok(data) = serde_json::from_value::<QueryData>(data) else {
                return Vec::new();
            };
            series_of(&data)
                .iter()
                .flat_map(|series| {
                    let pairs = series.times.iter().zip(&series.values);
                    pairs.map(|(time, value)| format!("{} {value} {time}", series.labels))
                })
                .collect()
        }
        VariableQuery::Empty => Vec::new(),
    }
}

/// A text as a part of a path.
fn percent_encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            for digit in [byte >> 4, byte & 15] {
                let digit = char::from_digit(u32::from(digit), 16).unwrap_or('0');
                out.push(digit.to_ascii_uppercase());
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn questions_become_calls() {
        let globals = Globals {
            from: 1_500,
            to: 10_000,
            ..Globals::default()
        };
        let query = VariableQuery::LabelValues {
            label: "a/b".into(),
            selector: Some("up".into()),
        };
        let pairs = |rest: &[(&'static str, &str)]| {
            let mut pairs = vec![("start", "1.5".to_owned()), ("end", "10".to_owned())];
            pairs.extend(
                rest.iter()
                    .map(|(name, value)| (*name, (*value).to_owned())),
            );
            pairs
        };
        assert_eq!(
            call_of(&query, &globals),
            Some(Call::Get(
                "/api/v1/label/a%2Fb/values".into(),
                pairs(&[("match[]", "up")])
            ))
        );
        let query = VariableQuery::Metrics {
            pattern: r#"a"\d"#.into(),
        };
        let wanted = r#"{__name__=~"a\"\\d"}"#;
        assert_eq!(
            call_of(&query, &globals),
            Some(Call::Get(
                "/api/v1/label/__name__/values".into(),
                pairs(&[("match[]", wanted)])
            ))
        );
        assert_eq!(call_of(&VariableQuery::Empty, &globals), None);
    }

    #[test]
    fn answers_become_texts() {
        let query = VariableQuery::LabelNames { selector: None };
        assert_eq!(texts_of(&query, json!(["a", 1, "b"])), ["a", "b"]);
        let query = VariableQuery::Series {
            selector: "x".into(),
        };
        let data = json!([{"__name__": "up", "job": "a\"b"}, {}]);
        assert_eq!(texts_of(&query, data), [r#"up{job="a\"b"}"#, "{}"]);
        let query = VariableQuery::QueryResult { expr: "x".into() };
        let data = json!({"resultType": "vector", "result": [{"metric": {"a": "b"}, "value": [1.5, "2"]}]});
        assert_eq!(texts_of(&query, data), [r#"{a="b"} 2 1500"#]);
    }
}

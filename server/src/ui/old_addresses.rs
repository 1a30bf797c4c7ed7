//! Addresses that people know from Prometheus and Grafana, led to ours with their parameters.

use axum::extract::{RawQuery, Request};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::Value;

/// Short and old addresses of the graph page, their parameters kept.
pub(super) async fn to_graph(RawQuery(query): RawQuery) -> Redirect {
    match query {
        Some(query) => Redirect::temporary(&format!("/graph?{query}")),
        None => Redirect::temporary("/graph"),
    }
}

/// Addresses without a path, but with an expression, are of the graph page.
pub(super) async fn short_link(request: Request, next: Next) -> Response {
    let uri = request.uri();
    match uri.query().filter(|query| query.contains("g0.")) {
        Some(query) if uri.path() == "/" => {
            Redirect::temporary(&format!("/graph?{query}")).into_response()
        }
        _ => next.run(request).await,
    }
}

/// Grafana's page for queries: its panes become panels.
pub(super) async fn explore(RawQuery(query): RawQuery) -> Redirect {
    Redirect::temporary(&explored(query.as_deref().unwrap_or_default()))
}

/// Grafana's list of alerts.
pub(super) async fn alert_list(RawQuery(query): RawQuery) -> Redirect {
    let query = query.unwrap_or_default();
    let search = form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| matches!(&**name, "search" | "queryString"))
        .map(|(_, value)| value);
    match search.filter(|search| !search.is_empty()) {
        Some(search) => {
            let mut pairs = form_urlencoded::Serializer::new(String::new());
            pairs.append_pair("search", &search);
            Redirect::temporary(&format!("/alerts?{}", pairs.finish()))
        }
        None => Redirect::temporary("/alerts"),
    }
}

/// Our address for the parameters of Grafana's Explore.
///
/// Source: `panes={"a":{"queries":[{"expr":"up"}],"range":{"from":"now-1h","to":"now"}}}`, and before it
/// `left={"queries":[...],"range":{...}}`.
fn explored(query: &str) -> String {
    let mut panes: Vec<Value> = Vec::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match (&*name, serde_json::from_str::<Value>(&value)) {
            ("left" | "right", Ok(pane)) => panes.push(pane),
            ("panes", Ok(Value::Object(all))) => {
                panes.extend(all.into_iter().map(|(_, pane)| pane));
            }
            _ => {}
        }
    }
    let mut pairs = form_urlencoded::Serializer::new(String::new());
    let mut count = 0;
    for pane in &panes {
        let window = window(pane);
        let queries = pane.get("queries").and_then(Value::as_array);
        for expr in queries.into_iter().flatten() {
            let Some(expr) = expr.get("expr").and_then(Value::as_str) else {
                continue;
            };
            pairs.append_pair(&format!("g{count}.expr"), expr);
            pairs.append_pair(&format!("g{count}.tab"), "graph");
            for (name, value) in &window {
                pairs.append_pair(&format!("g{count}.{name}"), value);
            }
            count += 1;
        }
    }
    if count == 0 {
        return "/graph".to_owned();
    }
    format!("/graph?{}", pairs.finish())
}

/// The window of time of a pane, as the graph page's parameters.
fn window(pane: &Value) -> Vec<(&'static str, String)> {
    let end = |name: &str| pane.get("range").and_then(|range| range.get(name));
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let (Some(from), Some(to)) = (end("from").and_then(text), end("to").and_then(text)) else {
        return Vec::new();
    };
    if to == "now" {
        return match from.strip_prefix("now-") {
            Some(length) => vec![("range_input", length.to_owned())],
            None => Vec::new(),
        };
    }
    let (Ok(from), Ok(to)) = (from.parse::<i64>(), to.parse::<i64>()) else {
        return Vec::new();
    };
    let Some(moment) = chrono::DateTime::from_timestamp_millis(to) else {
        return Vec::new();
    };
    let seconds = to.saturating_sub(from).max(1000) / 1000;
    vec![
        ("range_input", format!("{seconds}s")),
        ("end_input", moment.format("%Y-%m-%d %H:%M:%S").to_string()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(name: &str, value: &str) -> String {
        form_urlencoded::Serializer::new(String::new())
            .append_pair(name, value)
            .finish()
    }

    #[test]
    fn panes_become_panels() {
        let panes = r#"{"a":{"queries":[{"expr":"up"},{"expr":"1"}],"range":{"from":"now-6h","to":"now"}}}"#;
        assert_eq!(
            explored(&query("panes", panes)),
            "/graph?g0.expr=up&g0.tab=graph&g0.range_input=6h&g1.expr=1&g1.tab=graph&g1.range_input=6h"
        );
    }

    #[test]
    fn fixed_windows_are_kept() {
        let left =
            r#"{"queries":[{"expr":"up"}],"range":{"from":"1700000000000","to":"1700003600000"}}"#;
        assert_eq!(
            explored(&query("left", left)),
            "/graph?g0.expr=up&g0.tab=graph&g0.range_input=3600s&g0.end_input=2023-11-14+23%3A13%3A20"
        );
    }

    #[test]
    fn nonsense_leads_to_an_empty_page() {
        assert_eq!(explored("left=no&panes=[]"), "/graph");
    }
}

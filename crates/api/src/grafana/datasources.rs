//! `/api/datasources`: one data source, which stands for this server itself.
//!
//! What clients send through it goes to the routes of our own API, inside this process: there is no
//! address that a request could name.

use super::body::answer;
use super::{GrafanaError, GrafanaState};
use crate::access::Sender;
use axum::body::Body;
use axum::extract::{ConnectInfo, Path, Request, State};
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::fmt::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use tower::ServiceExt;

/// Its name.
pub(super) const NAME: &str = "Watchfire";
/// Its uid.
const UID: &str = "watchfire";
/// Its number.
const ID: &str = "1";
/// What documents name it that were written for another server.
const OTHER_NAMES: [&str; 3] = ["default", "prometheus", "Prometheus"];

/// The calls of our API, by their first word, that a data source has: those that only look.
const CALLS: [&str; 13] = [
    "query",
    "query_range",
    "query_exemplars",
    "format_query",
    "parse_query",
    "series",
    "labels",
    "label",
    "metadata",
    "targets",
    "rules",
    "alerts",
    "status",
];

fn is_ours(name: &str) -> bool {
    name == UID || name == NAME || name == ID || OTHER_NAMES.contains(&name)
}

pub(super) fn ours(name: &str) -> Result<(), GrafanaError> {
    if is_ours(name) {
        return Ok(());
    }
    Err(GrafanaError::not_found("Data source not found"))
}

pub(super) fn described() -> Value {
    json!({
        "id": 1, "uid": UID, "orgId": 1, "name": NAME, "type": "prometheus",
        "typeName": "Prometheus", "typeLogoUrl": "", "access": "proxy", "url": "", "user": "",
        "database": "", "basicAuth": false, "withCredentials": false, "isDefault": true,
        "jsonData": {"httpMethod": "POST", "prometheusType": "Prometheus"},
        "secureJsonFields": {}, "version": 1, "readOnly": true,
    })
}

/// `GET /api/datasources`
pub(super) async fn list() -> Response {
    answer(&json!([described()]))
}

/// `GET /api/datasources/:id`, `/uid/:uid`, `/name/:name`
pub(super) async fn get(Path(name): Path<String>) -> Result<Response, GrafanaError> {
    ours(&name)?;
    Ok(answer(&described()))
}

/// `GET /api/datasources/uid/:uid/health`
pub(super) async fn health(
    State(state): State<Arc<GrafanaState>>,
    Path(uid): Path<String>,
) -> Result<Response, GrafanaError> {
    ours(&uid)?;
    let request = Request::builder()
        .uri("/api/v1/query?query=1")
        .body(Body::empty())
        .map_err(|error| GrafanaError::bad_request(error.to_string()))?;
    let status = state.hand_over(request).await.status();
    if status == StatusCode::OK {
        let words = "The data source answers queries.";
        return Ok(answer(&json!({"status": "OK", "message": words})));
    }
    let body = answer(&json!({"status": "ERROR", "message": format!("a query got {status}")}));
    Ok((StatusCode::BAD_REQUEST, body).into_response())
}

/// `/api/datasources/proxy/uid/:uid/*`, `/api/datasources/proxy/:id/*`,
/// `/api/datasources/uid/:uid/resources/*`
pub(super) async fn proxy(
    State(state): State<Arc<GrafanaState>>,
    Path((name, path)): Path<(String, String)>,
    request: Request,
) -> Result<Response, GrafanaError> {
    ours(&name)?;
    let not_found = || GrafanaError::not_found("The data source has no such call");
    let path = own_path(&path).ok_or_else(not_found)?;
    let uri = match request.uri().query() {
        Some(query) => format!("{path}?{query}"),
        None => path,
    };
    let (head, body) = request.into_parts();
    let mut inner = Request::new(body);
    *inner.uri_mut() = uri.parse().map_err(|_| not_found())?;
    *inner.method_mut() = match head.method {
        Method::POST => Method::POST,
        _ => Method::GET,
    };
    // Nothing else of the client goes further: no cookie, no token.
    for name in [header::CONTENT_TYPE, header::ACCEPT] {
        if let Some(value) = head.headers.get(&name) {
            inner.headers_mut().insert(name, value.clone());
        }
    }
    // Who asks, for the query log.
    if let Some(peer) = head.extensions.get::<ConnectInfo<SocketAddr>>() {
        inner.extensions_mut().insert(*peer);
    }
    // And what of the rules of folders they may see.
    if let Some(sender) = head.extensions.get::<Sender>() {
        inner.extensions_mut().insert(sender.clone());
    }
    Ok(state.hand_over(inner).await)
}

impl GrafanaState {
    /// Asks our own API.
    pub(super) async fn hand_over(&self, request: Request) -> Response {
        match self.prometheus.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }
}

/// The path of a call that a data source has; the parts come decoded, so they are checked as they are and
/// written anew.
fn own_path(path: &str) -> Option<String> {
    let rest = path.trim_start_matches('/').strip_prefix("api/v1/")?;
    let parts: Vec<&str> = rest.split('/').collect();
    let plain = |part: &&str| !part.is_empty() && !matches!(*part, "." | "..");
    if !parts.iter().all(plain) || !parts.first().is_some_and(|call| CALLS.contains(call)) {
        return None;
    }
    let mut out = String::from("/api/v1");
    for part in parts {
        out.push('/');
        for byte in part.bytes() {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b':') {
                out.push(char::from(byte));
            } else {
                // Writing to a string cannot fail.
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_calls_that_look_have_a_path() {
        for (path, own) in [
            ("api/v1/query", "/api/v1/query"),
            ("/api/v1/label/job/values", "/api/v1/label/job/values"),
            ("api/v1/label/ö b/values", "/api/v1/label/%C3%B6%20b/values"),
            ("api/v1/status/buildinfo", "/api/v1/status/buildinfo"),
        ] {
            assert_eq!(own_path(path).as_deref(), Some(own));
        }
        for path in [
            "",
            "api/v1/",
            "api/v1/admin/tsdb/delete_series",
            "api/v1/write",
            "api/v1/query/../admin/tsdb/snapshot",
            "api/v1/status/../../../-/quit",
            "api/v1/./admin",
            "api/v1//admin/tsdb/snapshot",
            "-/quit",
            "metrics",
            "http://169.254.169.254/latest",
            "api/v1@evil.example/query",
            "api/dashboards/db",
        ] {
            assert_eq!(own_path(path), None, "{path}");
        }
    }
}

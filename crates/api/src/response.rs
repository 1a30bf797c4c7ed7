//! Answers that are not query results, and what every answer carries.

use crate::error::{ApiError, ErrorKind};
use api_types::Envelope;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::io::Write;

/// The note on a result that `limit` cut.
pub(crate) const TRUNCATED: &str = "results truncated due to limit";

/// A JSON body.
pub(crate) fn json(body: impl Into<axum::body::Body>) -> Response {
    let json = HeaderValue::from_static("application/json");
    ([(header::CONTENT_TYPE, json)], body.into()).into_response()
}

/// `data` in a success envelope.
pub(crate) fn success<T: Serialize>(data: T) -> Response {
    envelope(&Envelope::success(data))
}

/// A list of which `limit` allows so much, in a success envelope.
pub(crate) fn limited<T: Serialize>(mut items: Vec<T>, limit: Option<usize>) -> Response {
    let is_cut = limit.is_some_and(|limit| items.len() > limit);
    items.truncate(limit.unwrap_or(usize::MAX));
    let mut answer = Envelope::success(items);
    if is_cut {
        answer.warnings.push(TRUNCATED.to_owned());
    }
    envelope(&answer)
}

fn envelope<T: Serialize>(envelope: &Envelope<T>) -> Response {
    match to_json(envelope) {
        Ok(body) => json(body),
        Err(error) => ApiError::new(ErrorKind::Internal, error.to_string()).into_response(),
    }
}

/// `value` as JSON with numbers as Prometheus writes them: `3600`, not `3600.0`.
pub(crate) fn to_json<T: Serialize>(value: &T) -> serde_json::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, PlainNumbers);
    value.serialize(&mut serializer)?;
    Ok(bytes)
}

struct PlainNumbers;

impl serde_json::ser::Formatter for PlainNumbers {
    fn write_f64<W: ?Sized + Write>(&mut self, out: &mut W, value: f64) -> std::io::Result<()> {
        out.write_all(model::format_value(value).as_bytes())
    }
}

/// Paths below `/api/v1` that do not exist get JSON, never a page.
pub(crate) async fn unknown_call(request: Request) -> ApiError {
    ApiError::new(
        ErrorKind::NotFound,
        format!("there is no call {}", request.uri().path()),
    )
}

/// A path with another method than it takes.
pub(crate) async fn wrong_method(request: Request) -> Response {
    if request.method() == Method::OPTIONS {
        return StatusCode::NO_CONTENT.into_response();
    }
    let message = format!("{} is not for {}", request.method(), request.uri().path());
    ApiError::new(ErrorKind::MethodNotAllowed, message).into_response()
}

/// Refuses a client that takes no JSON.
pub(crate) async fn require_json(request: Request, next: Next) -> Response {
    let mut accepted = request.headers().get_all(header::ACCEPT).iter().peekable();
    let takes_json =
        accepted.peek().is_none() || accepted.any(|value| value.to_str().is_ok_and(accepts_json));
    if takes_json {
        return next.run(request).await;
    }
    let message = "answers are application/json, which the Accept header leaves out";
    ApiError::new(ErrorKind::NotAcceptable, message).into_response()
}

/// Answers differ from reader to reader and from moment to moment.
pub(crate) async fn not_kept(mut response: Response) -> Response {
    let no_store = HeaderValue::from_static("no-store");
    let headers = response.headers_mut();
    headers.entry(header::CACHE_CONTROL).or_insert(no_store);
    response
}

/// Whether an `Accept` header allows JSON.
fn accepts_json(accept: &str) -> bool {
    accept.trim().is_empty()
        || accept.split(',').any(|clause| {
            let mut parts = clause.split(';').map(str::trim);
            let range = parts.next().unwrap_or_default().to_ascii_lowercase();
            let is_json = matches!(range.as_str(), "*/*" | "application/*" | "application/json");
            let quality = parts.find_map(|part| part.strip_prefix("q="));
            is_json && quality.is_none_or(|quality| quality.parse() != Ok(0.0))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_prometheus_writes_them() {
        let numbers = serde_json::json!({
            "interval": 3600.0, "time": 0.25, "short": 5e-7, "none": 0.0, "count": 7,
        });
        let bytes = to_json(&numbers).unwrap();
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            r#"{"interval":3600,"time":0.25,"short":5e-7,"none":0,"count":7}"#
        );
    }

    #[test]
    fn json_is_accepted_by_its_ranges_and_refused_at_quality_zero() {
        for accept in [
            "",
            "*/*",
            "text/html, application/*;q=0.5",
            "Application/JSON",
        ] {
            assert!(accepts_json(accept), "{accept}");
        }
        for accept in [
            "text/html",
            "application/json;q=0",
            "application/xml, image/*",
        ] {
            assert!(!accepts_json(accept), "{accept}");
        }
    }
}

//! Answers that are not query results, and what every answer carries.

use crate::error::{ApiError, ErrorKind};
use crate::state::ApiState;
use api_types::Envelope;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::sync::Arc;

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
    match serde_json::to_vec(envelope) {
        Ok(body) => json(body),
        Err(error) => ApiError::new(ErrorKind::Internal, error.to_string()).into_response(),
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

/// Lets pages from elsewhere read answers, as Prometheus does by default.
pub(crate) async fn cross_origin(
    State(_state): State<Arc<ApiState>>,
    request: Request,
    next: Next,
) -> Response {
    let has_origin = request.headers().contains_key(header::ORIGIN);
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    if has_origin {
        let allowed: [(HeaderName, &'static str); 4] = [
            (
                header::ACCESS_CONTROL_ALLOW_HEADERS,
                "Accept, Authorization, Content-Type, Origin",
            ),
            (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, OPTIONS"),
            (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
            (header::ACCESS_CONTROL_EXPOSE_HEADERS, "Date"),
        ];
        for (name, value) in allowed {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    response
}

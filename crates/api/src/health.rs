//! Whether the server lives, and whether it can answer.

use crate::state::ApiState;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// `/-/healthy`
pub(crate) async fn healthy() -> &'static str {
    "Watchfire is Healthy.\n"
}

/// `/-/ready`
pub(crate) async fn ready(State(state): State<Arc<ApiState>>) -> Response {
    if state.readiness.is_ready() {
        "Watchfire is Ready.\n".into_response()
    } else {
        unavailable(&state)
    }
}

/// Refuses what needs the engines while the server starts or stops.
pub(crate) async fn require_ready(
    State(state): State<Arc<ApiState>>,
    request: Request,
    next: Next,
) -> Response {
    if state.readiness.is_ready() {
        next.run(request).await
    } else {
        unavailable(&state)
    }
}

/// What a server answers that has no engines yet.
pub(crate) async fn starting() -> Response {
    service_unavailable("false")
}

fn unavailable(state: &ApiState) -> Response {
    let is_stopping = state.readiness.is_stopping();
    service_unavailable(if is_stopping { "true" } else { "false" })
}

fn service_unavailable(stopping: &'static str) -> Response {
    let headers = [("x-prometheus-stopping", stopping)];
    (
        StatusCode::SERVICE_UNAVAILABLE,
        headers,
        "Service Unavailable",
    )
        .into_response()
}

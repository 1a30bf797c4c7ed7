//! `/metrics` and `/metrics/node`: pages for scrapers, this server's own among them.

use crate::state::ApiState;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use model::MetricFamily;
use std::sync::Arc;

const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// `/metrics`
pub(crate) async fn own(State(state): State<Arc<ApiState>>) -> Response {
    page(move || state.registry.gather()).await
}

/// `/metrics/node`
pub(crate) async fn node(State(state): State<Arc<ApiState>>) -> Response {
    page(move || (state.node)()).await
}

/// Gathers on a blocking thread: it reads files of /proc and asks file systems.
async fn page(gather: impl FnOnce() -> Vec<MetricFamily> + Send + 'static) -> Response {
    let text = tokio::task::spawn_blocking(move || {
        let mut text = String::with_capacity(64 << 10);
        exposition::encode_text(&gather(), &mut text);
        text
    });
    match text.await {
        Ok(text) => (
            [(header::CONTENT_TYPE, HeaderValue::from_static(TEXT))],
            text,
        )
            .into_response(),
        Err(error) => {
            tracing::error!(%error, "metrics not gathered");
            (StatusCode::INTERNAL_SERVER_ERROR, "metrics not gathered\n").into_response()
        }
    }
}

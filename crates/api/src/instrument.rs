//! Requests counted and timed, under the names that dashboards for Prometheus read.

use crate::state::ApiState;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use selfmon::{CounterVec, HistogramVec, Registry};
use std::sync::Arc;
use std::time::Instant;

/// Bounds in seconds. Source: Prometheus' `web/web.go`.
const SECONDS: [f64; 9] = [0.1, 0.2, 0.4, 1.0, 3.0, 8.0, 20.0, 60.0, 120.0];

/// Counters of requests.
pub struct HttpMetrics {
    requests: CounterVec,
    duration: HistogramVec,
}

impl HttpMetrics {
    /// Makes the instruments in `registry`.
    pub fn new(registry: &Registry) -> Self {
        Self {
            requests: registry.counter_vec(
                "prometheus_http_requests_total",
                "HTTP requests answered.",
                &["handler", "code"],
            ),
            duration: registry.histogram_vec(
                "prometheus_http_request_duration_seconds",
                "Time that HTTP requests took.",
                &SECONDS,
                &["handler"],
            ),
        }
    }
}

/// Counts and times a request under its route, not its path: paths have no bound.
pub(crate) async fn count(
    State(state): State<Arc<ApiState>>,
    request: Request,
    next: Next,
) -> Response {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map(|path| path.as_str().to_owned());
    let started = Instant::now();
    let response = next.run(request).await;
    let handler = route.as_deref().unwrap_or("other");
    state
        .http
        .requests
        .with(&[handler, response.status().as_str()])
        .inc();
    state
        .http
        .duration
        .with(&[handler])
        .observe(started.elapsed().as_secs_f64());
    response
}

//! The HTTP API: `/api/v1/*` as Prometheus answers it, `/metrics`, health.
//!
//! Deliberately not here: evaluation, storage, scraping (this crate asks the engines and words their
//! answers), pages for people. Every error gets its HTTP status in one place ([`ApiError`]).
//!
//! Main function: [`router`], over an [`ApiState`] that the server fills with the engines. Queries run
//! on blocking threads behind a gate; when a client goes away, its query is told to stop.
//!
//! Source: Prometheus 3.14, `web/api/v1/api.go`, `web/web.go`.

mod encode;
mod error;
mod gate;
mod health;
mod instrument;
mod labels;
mod metadata;
mod metrics;
mod params;
mod query;
mod response;
mod state;
mod status;
mod targets;
mod time;

pub use error::{ApiError, ErrorKind};
pub use gate::QueryGate;
pub use instrument::HttpMetrics;
pub use state::{ApiState, Readiness, RuntimeFacts};
pub use targets::targets_data;

use axum::Router;
use axum::routing::get;
use std::sync::Arc;

/// All routes of the API.
pub fn router(state: Arc<ApiState>) -> Router {
    let v1 = Router::new()
        .route("/query", get(query::instant).post(query::instant))
        .route("/query_range", get(query::range).post(query::range))
        .route("/format_query", get(query::format).post(query::format))
        .route("/series", get(labels::series).post(labels::series))
        .route("/labels", get(labels::names).post(labels::names))
        .route("/label/{name}/values", get(labels::values))
        .route("/metadata", get(metadata::by_metric))
        .route("/targets", get(targets::list))
        .route("/scrape_pools", get(targets::pools))
        .route("/status/buildinfo", get(status::build_info))
        .route("/status/runtimeinfo", get(status::runtime_info))
        .route("/status/config", get(status::config))
        .route("/status/flags", get(status::flags))
        .fallback(response::unknown_call)
        .method_not_allowed_fallback(response::wrong_method);
    // Outermost last: a request is counted, then checked for cross-origin, then compressed.
    let ready = axum::middleware::from_fn_with_state(Arc::clone(&state), health::require_ready);
    let api = Router::new()
        .nest("/api/v1", v1)
        .route("/metrics", get(metrics::own))
        .route("/metrics/node", get(metrics::node))
        .layer(ready)
        .route("/-/healthy", get(health::healthy))
        .route("/-/ready", get(health::ready))
        .route("/version", get(status::version))
        .layer(tower_http::compression::CompressionLayer::new())
        .layer(axum::middleware::from_fn_with_state(
            Arc::clone(&state),
            response::cross_origin,
        ))
        .layer(axum::middleware::from_fn_with_state(
            Arc::clone(&state),
            instrument::count,
        ));
    api.with_state(state)
}

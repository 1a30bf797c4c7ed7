//! The HTTP API: `/api/v1/*` as Prometheus answers it, Grafana's `/api/*`, `/api/watchfire/*`, `/federate`,
//! `/metrics`, health, and who may ask for what.
//!
//! Deliberately not here: evaluation, storage, scraping (this crate asks the engines and words their
//! answers), pages for people. Every error gets its HTTP status in one place ([`ApiError`]).
//!
//! Main functions: [`router`], over an [`ApiState`] that the server fills with the engines;
//! [`grafana_router`], over a [`GrafanaState`] with the metadata; [`rule_form_router`], over a
//! [`RuleFormState`] with both; and [`protect`], which puts a [`Door`] in
//! front of all routes of the server: what each takes stands in [`TABLE`], and nowhere else. Queries run
//! on blocking threads behind a gate; when a client goes away, its query is told to stop.
//!
//! Source: Prometheus 3.14, `web/api/v1/api.go`, `web/web.go`; Grafana 13's HTTP API reference.

mod access;
mod active;
mod admin;
mod alerting;
mod config_state;
mod cors;
mod encode;
mod error;
mod exemplars;
mod explain;
mod features;
mod federate;
mod gate;
mod grafana;
mod health;
mod instrument;
mod labels;
mod language;
mod lists;
mod metadata;
mod metrics;
mod notifications;
mod origin;
mod params;
mod queries;
mod query;
mod query_batch;
mod query_log;
mod query_metrics;
mod response;
mod rule_forms;
mod running_config;
mod scrape_pools;
mod self_metrics;
mod state;
mod status;
mod targets;
mod time;
mod tree;
mod tsdb;
mod write;

pub use access::{
    Door, DoorOptions, Found, Line, Rule, Sender, TABLE, WebUser, basic_credentials, page_policy,
    protect, rule_of,
};
pub use active::ActiveQueries;
pub use cors::CorsOrigins;
pub use error::{ApiError, ErrorKind};
pub use federate::FederationMetrics;
pub use gate::QueryGate;
pub use grafana::{GrafanaState, Provisioned, router as grafana_router};
pub use instrument::HttpMetrics;
pub use notifications::Notifications;
pub use queries::QueryBook;
pub use query_log::QueryLog;
pub use query_metrics::QueryMetrics;
pub use rule_forms::{
    RuleFormState, RuleKeeper, StoredGroups, router as rule_form_router, stored_groups,
};
pub use running_config::RunningConfig;
pub use state::{ApiState, Readiness, RuntimeFacts};
pub use targets::targets_data;

use axum::Router;
use axum::routing::{delete, get, post};
use std::sync::Arc;

/// What a server answers that is still reading its storage: that it lives, and how far it is.
pub fn starting_router(replay: Arc<dyn Fn() -> storage::ReplayStatus + Send + Sync>) -> Router {
    let progress = move || {
        let status = replay();
        async move { tsdb::replay_answer(status) }
    };
    Router::new()
        .route("/-/healthy", get(health::healthy))
        .route("/api/v1/status/walreplay", get(progress))
        .fallback(health::starting)
}

/// All routes of the API.
pub fn router(state: Arc<ApiState>) -> Router {
    let v1 = Router::new()
        .route("/query", get(query::instant).post(query::instant))
        .route("/query_range", get(query::range).post(query::range))
        .route(
            "/query_exemplars",
            get(exemplars::query).post(exemplars::query),
        )
        .route("/format_query", get(query::format).post(query::format))
        .route(
            "/parse_query",
            get(tree::parse_query).post(tree::parse_query),
        )
        .route("/series", get(labels::series).post(labels::series))
        .route("/labels", get(labels::names).post(labels::names))
        .route("/label/{name}/values", get(labels::values))
        .route("/metadata", get(metadata::by_metric))
        .route("/targets", get(targets::list))
        .route("/targets/metadata", get(metadata::by_target))
        .route("/targets/relabel_steps", get(scrape_pools::relabel_steps))
        .route("/scrape_pools", get(scrape_pools::names))
        .route("/scrape_pools/config", get(scrape_pools::config))
        .route("/rules", get(alerting::rules))
        .route("/alerts", get(alerting::alerts))
        .route("/alertmanagers", get(alerting::alertmanagers))
        .route("/notifications", get(notifications::list))
        .route("/status/buildinfo", get(status::build_info))
        .route("/status/runtimeinfo", get(status::runtime_info))
        .route("/status/config", get(status::config))
        .route("/features", get(features::list))
        .route("/status/flags", get(status::flags))
        .route("/status/self_metrics", get(self_metrics::list))
        .route("/status/tsdb", get(tsdb::head))
        .route("/status/tsdb/blocks", get(tsdb::blocks))
        .route(
            "/admin/tsdb/delete_series",
            post(admin::delete_series).put(admin::delete_series),
        )
        .route(
            "/admin/tsdb/clean_tombstones",
            post(admin::clean_tombstones).put(admin::clean_tombstones),
        )
        .route(
            "/admin/tsdb/snapshot",
            post(admin::snapshot).put(admin::snapshot),
        )
        .route_layer(axum::middleware::from_fn(response::require_json))
        // An event stream is not JSON.
        .route("/notifications/live", get(notifications::live))
        // Its senders name no types to accept.
        .route("/write", post(write::receive))
        .fallback(response::unknown_call)
        .method_not_allowed_fallback(response::wrong_method);
    // Outermost last: a request is counted, then checked for cross-origin, then compressed.
    let ready = axum::middleware::from_fn_with_state(Arc::clone(&state), health::require_ready);
    let api = Router::new()
        .nest("/api/v1", v1)
        .route(
            "/api/watchfire/explain",
            get(explain::query).post(explain::query),
        )
        .route("/api/watchfire/query_batch", post(query_batch::answers))
        .route("/api/watchfire/rules", get(lists::rules))
        .route("/api/watchfire/targets", get(lists::active))
        .route("/api/watchfire/discovery", get(lists::discovery))
        .route("/api/watchfire/queries", get(queries::list))
        .route("/api/watchfire/queries/{id}", delete(queries::cancel))
        .route("/api/watchfire/config", get(config_state::state))
        .route("/api/watchfire/config/check", post(config_state::check))
        .route("/api/watchfire/remote", get(config_state::remote))
        .route("/federate", get(federate::page))
        .route("/metrics", get(metrics::own))
        .route("/metrics/node", get(metrics::node))
        .layer(ready)
        .route("/api/v1/status/walreplay", get(tsdb::replay))
        .route("/-/healthy", get(health::healthy))
        .route("/-/ready", get(health::ready))
        .route("/version", get(status::version))
        .layer(tower_http::compression::CompressionLayer::new())
        .layer(axum::middleware::from_fn_with_state(
            Arc::clone(&state),
            cors::cross_origin,
        ))
        .layer(axum::middleware::from_fn_with_state(
            Arc::clone(&state),
            instrument::count,
        ));
    api.with_state(state)
}

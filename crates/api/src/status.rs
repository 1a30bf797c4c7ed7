//! `/api/v1/status/*` and `/version`.

use crate::response::{json, success};
use crate::state::ApiState;
use crate::time::format_time;
use api_types::RuntimeInfo;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;

/// `/api/v1/status/buildinfo`
pub(crate) async fn build_info(State(state): State<Arc<ApiState>>) -> Response {
    success(&state.build)
}

/// `/version`: the same without envelope.
pub(crate) async fn version(State(state): State<Arc<ApiState>>) -> Response {
    json(serde_json::to_vec(&state.build).unwrap_or_default())
}

/// `/api/v1/status/runtimeinfo`
pub(crate) async fn runtime_info(State(state): State<Arc<ApiState>>) -> Response {
    let facts = &state.runtime;
    success(RuntimeInfo {
        start_time: format_time(facts.start_time),
        cwd: facts.working_directory.clone(),
        hostname: facts.hostname.clone(),
        server_time: format_time(state.clock.now()),
        reload_config_success: state.config.is_successful(),
        last_config_time: format_time(state.config.loaded()),
        corruption_count: facts.corruptions,
        goroutine_count: threads(),
        gomaxprocs: facts.worker_threads,
        gomemlimit: i64::MAX,
        gogc: String::new(),
        godebug: String::new(),
        storage_retention: facts.storage_retention.clone(),
    })
}

/// Threads of this process, as its own metrics page counts them.
fn threads() -> u64 {
    let families = selfmon::process_families();
    let threads = families
        .iter()
        .find(|family| family.name == "process_threads");
    let value = threads
        .and_then(|family| family.points.first())
        .map_or(0.0, |point| point.value);
    value.max(0.0).round().to_string().parse().unwrap_or(0)
}

/// `/api/v1/status/config`
pub(crate) async fn config(State(state): State<Arc<ApiState>>) -> Response {
    success(serde_json::json!({ "yaml": state.config.yaml() }))
}

/// `/api/v1/status/flags`
pub(crate) async fn flags(State(state): State<Arc<ApiState>>) -> Response {
    success(&state.flags)
}

//! `/api/v1/scrape_pools`, `/api/v1/scrape_pools/config` and `/api/v1/targets/relabel_steps`.

use crate::error::{ApiError, ErrorKind};
use crate::params::Params;
use crate::response::success;
use crate::state::ApiState;
use axum::extract::State;
use axum::response::Response;
use config::ScrapeConfig;
use model::Labels;
use relabel::{Rule, Step, Verdict};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// `/api/v1/scrape_pools`
pub(crate) async fn names(State(state): State<Arc<ApiState>>) -> Response {
    let mut names: Vec<String> = state
        .scrape
        .pools()
        .iter()
        .map(|pool| pool.job_name.clone())
        .collect();
    names.sort();
    success(json!({ "scrapePools": names }))
}

/// `/api/v1/scrape_pools/config`
pub(crate) async fn config(
    State(state): State<Arc<ApiState>>,
    params: Params,
) -> Result<Response, ApiError> {
    let pool = pool(&state, &params)?;
    Ok(success(json!({ "yaml": pool.to_yaml() })))
}

/// `/api/v1/targets/relabel_steps`
pub(crate) async fn relabel_steps(
    State(state): State<Arc<ApiState>>,
    params: Params,
) -> Result<Response, ApiError> {
    let pool = pool(&state, &params)?;
    let text = params
        .get("labels")
        .filter(|text| !text.is_empty())
        .ok_or_else(|| bad_data("no labels parameter provided"))?;
    let labels: BTreeMap<String, String> = serde_json::from_str(text)
        .map_err(|error| bad_data(format!("error parsing labels: {error}")))?;
    let steps = relabel::steps(&pool.relabel_configs, &Labels::from_pairs(labels));
    let steps: Vec<Value> = steps.iter().map(step_json).collect();
    Ok(success(json!({ "steps": steps })))
}

fn pool(state: &ApiState, params: &Params) -> Result<Arc<ScrapeConfig>, ApiError> {
    let name = params
        .get("scrapePool")
        .filter(|name| !name.is_empty())
        .ok_or_else(|| bad_data("no scrapePool parameter provided"))?;
    let found = state
        .scrape
        .pools()
        .into_iter()
        .find(|pool| pool.job_name == name);
    found.ok_or_else(|| bad_data(format!("scrape pool {name:?} not found")))
}

fn bad_data(cause: impl Into<String>) -> ApiError {
    ApiError::new(ErrorKind::BadData, cause)
}

fn step_json(step: &Step<'_>) -> Value {
    let output: BTreeMap<&str, &str> = step.output.iter().collect();
    json!({
        "rule": rule_json(step.rule),
        "output": output,
        "keep": step.verdict == Verdict::Keep,
    })
}

/// The fields of a rule under their names in the file.
fn rule_json(rule: &Rule) -> Value {
    let fields = rule.to_fields();
    let mut object = Map::new();
    if !fields.source_labels.is_empty() {
        object.insert("source_labels".to_owned(), json!(fields.source_labels));
    }
    for (name, value) in [
        ("separator", fields.separator),
        ("regex", fields.regex),
        ("target_label", fields.target_label),
        ("replacement", fields.replacement),
        ("action", fields.action),
    ] {
        if let Some(value) = value {
            object.insert(name.to_owned(), json!(value));
        }
    }
    if let Some(modulus) = fields.modulus {
        object.insert("modulus".to_owned(), json!(modulus));
    }
    Value::Object(object)
}

//! Versions of dashboards: listed, read, compared, restored.

use super::body::{Object, answer, time};
use super::dashboards::{document, saved_answer};
use super::{GrafanaError, GrafanaState};
use crate::access::Sender;
use crate::params::Params;
use axum::extract::{Path, State};
use axum::response::Response;
use metadata::access::Action;
use metadata::{Base, Dashboard, VersionInfo, compare};
use serde_json::{Map, Value, json};
use std::sync::Arc;

fn described(dashboard: &Dashboard, info: &VersionInfo) -> Map<String, Value> {
    let described = json!({
        "id": info.version, "dashboardId": dashboard.id, "dashboardUID": dashboard.uid,
        "uid": dashboard.uid, "parentVersion": info.parent,
        "restoredFrom": info.restored_from.unwrap_or(0), "version": info.version,
        "created": time(info.created), "createdBy": info.created_by, "message": info.message,
    });
    match described {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

/// `GET /api/dashboards/uid/:uid/versions`
pub(super) async fn list(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
    Path(uid): Path<String>,
    params: Params,
) -> Result<Response, GrafanaError> {
    let found = state
        .dashboard(&sender, Action::ReadDashboards, &uid)
        .await?;
    let limit = params.get("limit").and_then(|limit| limit.parse().ok());
    let dashboards = state.metadata()?.dashboards();
    let versions = dashboards.versions(&uid, limit.unwrap_or(0)).await?;
    let versions: Vec<_> = versions
        .iter()
        .map(|info| described(&found, info))
        .collect();
    Ok(answer(&json!({"continueToken": "", "versions": versions})))
}

/// `GET /api/dashboards/uid/:uid/versions/:version`
pub(super) async fn get(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
    Path((uid, version)): Path<(String, String)>,
) -> Result<Response, GrafanaError> {
    let found = state
        .dashboard(&sender, Action::ReadDashboards, &uid)
        .await?;
    let version = version.parse();
    let version: i64 = version.map_err(|_| GrafanaError::bad_request("version is no number"))?;
    let stored = state
        .metadata()?
        .dashboards()
        .version(&uid, version)
        .await?;
    let mut answered = described(&found, &stored.info);
    let data = document(&stored.json, &uid, found.id, version)?;
    answered.insert("data".to_owned(), data);
    Ok(answer(&Value::Object(answered)))
}

/// `POST /api/dashboards/uid/:uid/restore`
pub(super) async fn restore(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
    Path(uid): Path<String>,
    body: Object,
) -> Result<Response, GrafanaError> {
    let Some(version) = body.number("version") else {
        return Err(GrafanaError::bad_request("bad request data: no version"));
    };
    let found = state
        .dashboard(&sender, Action::EditDashboards, &uid)
        .await?;
    state.not_provisioned(&uid)?;
    let dashboards = state.metadata()?.dashboards();
    let message = format!("Restored from version {version}");
    let base = Base::Version(found.version);
    let saved = dashboards
        .restore(&sender.actor(), &uid, version, &message, base)
        .await?;
    let after = dashboards.get(&uid).await?;
    Ok(saved_answer(&saved, &after.title, "success"))
}

/// `POST /api/dashboards/calculate-diff`: what differs between `base` and `new`, each a `version` of the
/// dashboard `dashboardUid`, or a document in `unsavedDashboard`.
pub(super) async fn compare_two(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
    body: Object,
) -> Result<Response, GrafanaError> {
    let base = side(&state, &sender, &body, "base").await?;
    let new = side(&state, &sender, &body, "new").await?;
    let changes = compare(&base, &new)?;
    let parsed = |text: Option<String>| {
        text.and_then(|text| serde_json::from_str::<Value>(&text).ok())
            .unwrap_or_default()
    };
    let changes: Vec<Value> = changes
        .into_iter()
        .map(|change| {
            json!({
                "path": change.path, "before": parsed(change.before), "after": parsed(change.after),
            })
        })
        .collect();
    Ok(answer(&json!({"changes": changes})))
}

async fn side(
    state: &GrafanaState,
    sender: &Sender,
    body: &Object,
    name: &str,
) -> Result<String, GrafanaError> {
    let Some(Value::Object(side)) = body.get(name) else {
        return Err(GrafanaError::bad_request(format!("no `{name}`")));
    };
    let side = Object(side.clone());
    if let Some(Value::Object(document)) = side.get("unsavedDashboard") {
        let mut document = document.clone();
        // What the server counts is no difference.
        document.shift_remove("id");
        document.shift_remove("version");
        return Ok(Value::Object(document).to_string());
    }
    let uid = side.words("dashboardUid");
    let found = state
        .dashboard(sender, Action::ReadDashboards, &uid)
        .await?;
    match side.number("version") {
        Some(version) => {
            let dashboards = state.metadata()?.dashboards();
            Ok(dashboards.version(&uid, version).await?.json)
        }
        None => Ok(found.json),
    }
}

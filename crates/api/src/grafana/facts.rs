//! What clients ask of the server itself: health, settings, organisation, who they are, the audit log.

use super::body::{answer, time};
use super::datasources::described as data_source;
use super::{GrafanaError, GrafanaState};
use crate::access::Sender;
use crate::params::Params;
use api_types::{Me, MyPreferences};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use metadata::AuditQuery;
use metadata::access::{Principal, Role};
use model::TimestampMs;
use serde_json::{Value, json};
use std::sync::Arc;

/// The name of the one organisation that there is.
pub(super) const ORGANISATION: &str = "Main Org.";

/// `GET /api/health`
pub(super) async fn health(State(state): State<Arc<GrafanaState>>) -> Response {
    let is_well = match state.door.metadata() {
        Some(metadata) => metadata.ping().await.is_ok(),
        None => false,
    };
    let database = if is_well { "ok" } else { "failing" };
    let body = answer(&json!({
        "database": database, "version": state.build.version, "commit": state.build.revision,
    }));
    if is_well {
        return body;
    }
    (StatusCode::SERVICE_UNAVAILABLE, body).into_response()
}

/// `GET /api/frontend/settings`: what holds here of what Grafana's pages would ask.
pub(super) async fn settings(State(state): State<Arc<GrafanaState>>, sender: Sender) -> Response {
    let policy = state.door.policy();
    let hides = policy.login_required && sender.principal == Principal::Anonymous;
    let source = if hides {
        json!({})
    } else {
        json!({super::datasources::NAME: data_source()})
    };
    answer(&json!({
        "appSubUrl": "", "appUrl": "/", "defaultDatasource": super::datasources::NAME,
        "datasources": source, "authProxyEnabled": false, "ldapEnabled": false,
        "disableLoginForm": false, "disableUserSignUp": true, "loginHint": "email or username",
        "anonymousEnabled": !policy.login_required, "viewersCanEdit": false,
        "buildInfo": {
            "version": state.build.version, "commit": state.build.revision, "env": "production",
            "edition": "Watchfire", "hideVersion": false,
        },
        "featureToggles": {}, "unifiedAlertingEnabled": false, "alertingEnabled": false,
    }))
}

/// `GET /api/org`
pub(super) async fn organisation() -> Response {
    answer(&json!({"id": 1, "name": ORGANISATION, "address": {}}))
}

/// `GET /api/watchfire/me`: who the page's reader is, known or not.
pub(super) async fn me(State(state): State<Arc<GrafanaState>>, sender: Sender) -> Response {
    let policy = state.door.policy();
    let (kind, id, login) = match &sender.principal {
        Principal::Anonymous => ("anonymous", None, ""),
        Principal::Local => ("local", None, ""),
        Principal::User { id, login, .. } => ("user", Some(id.0), login.as_str()),
        Principal::ServiceAccount { id, name, .. } => ("service_account", Some(*id), name.as_str()),
    };
    let mut name = login.to_owned();
    let mut liked = MyPreferences::default();
    if let (Some(id), Some(metadata)) = (sender.user(), state.door.metadata()) {
        if let Ok(user) = metadata.users().get(id).await {
            name = user.name;
        }
        if let Ok(found) = metadata.preferences(id).get().await {
            liked = MyPreferences {
                theme: found.theme,
                language: found.language,
                timezone: found.timezone,
            };
        }
    }
    let is_known = sender.principal != Principal::Anonymous;
    let role = sender.principal.role();
    answer(&json!(Me {
        kind: kind.to_owned(),
        id,
        login: login.to_owned(),
        name,
        role: role.as_str().to_owned(),
        can_read: is_known || !policy.login_required,
        can_edit: is_known && role >= Role::Editor,
        is_admin: is_known && role == Role::Admin,
        login_required: policy.login_required,
        preferences: liked,
    }))
}

/// `GET /api/watchfire/audit`
pub(super) async fn audit(
    State(state): State<Arc<GrafanaState>>,
    params: Params,
) -> Result<Response, GrafanaError> {
    let text = |name: &str| params.get(name).map(str::to_owned);
    let number = |name: &str| match params.get(name) {
        None => Ok(None),
        Some(text) => text
            .parse::<i64>()
            .map(Some)
            .map_err(|_| GrafanaError::bad_request(format!("{name} is no number"))),
    };
    let query = AuditQuery {
        actor: text("actor"),
        action: text("action"),
        kind: None,
        object_id: text("id"),
        from: number("from")?.map(TimestampMs),
        to: number("to")?.map(TimestampMs),
        before_id: number("before")?,
        limit: u32::try_from(number("limit")?.unwrap_or(0)).unwrap_or(0),
    };
    let entries = state.metadata()?.audit().list(&query).await?;
    let entries: Vec<Value> = entries
        .into_iter()
        .map(|entry| {
            json!({
                "id": entry.id, "time": time(entry.time), "action": entry.action,
                "actor": {"kind": entry.actor.kind.as_str(), "id": entry.actor.id,
                    "name": entry.actor.name, "address": entry.actor.address},
                "kind": entry.kind, "objectId": entry.object_id, "name": entry.name,
                "before": entry.before, "after": entry.after,
            })
        })
        .collect();
    Ok(answer(&json!({"entries": entries})))
}

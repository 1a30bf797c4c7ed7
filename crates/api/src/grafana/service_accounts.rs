//! `/api/serviceaccounts`

use super::body::{Object, answer, done, time};
use super::numbered::{self, OfServiceAccounts, Part};
use super::{GrafanaError, GrafanaState};
use crate::access::Sender;
use crate::params::Params;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use metadata::access::Role;
use metadata::{ServiceAccount, ServiceAccountFields, Token};
use model::{DurationMs, TimestampMs};
use serde_json::{Value, json};
use std::sync::Arc;

fn number(text: &str) -> Result<i64, GrafanaError> {
    numbered::number::<OfServiceAccounts>(text)
}

fn described(account: &ServiceAccount) -> Value {
    json!({
        "id": account.id, "uid": account.id.to_string(), "name": account.fields.name,
        "login": format!("sa-{}", account.id), "orgId": 1, "isDisabled": account.fields.disabled,
        "role": account.fields.role.as_str(), "tokens": account.tokens, "avatarUrl": "",
        "createdAt": time(account.created), "updatedAt": time(account.updated),
    })
}

/// `POST /api/serviceaccounts`
pub(super) async fn create(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
    body: Object,
) -> Result<Response, GrafanaError> {
    let role = body.text("role").filter(|role| !role.is_empty());
    let fields = ServiceAccountFields {
        name: body.words("name"),
        role: role.map_or(Ok(Role::Viewer), Role::parse)?,
        disabled: body.flag("isDisabled"),
    };
    let accounts = state.metadata()?.service_accounts();
    let made = accounts.create(&sender.actor(), fields).await?;
    Ok((StatusCode::CREATED, answer(&described(&made))).into_response())
}

/// `GET /api/serviceaccounts/search`
pub(super) async fn search(
    State(state): State<Arc<GrafanaState>>,
    params: Params,
) -> Result<Response, GrafanaError> {
    let limits = Part::of(&params, "perpage");
    let part = params.get("query").unwrap_or_default().to_lowercase();
    let mut accounts = state.metadata()?.service_accounts().list().await?;
    accounts.retain(|account| account.fields.name.to_lowercase().contains(&part));
    let shown: Vec<Value> = limits.take(accounts.iter()).map(described).collect();
    Ok(answer(&json!({
        "totalCount": accounts.len(), "serviceAccounts": shown, "page": limits.page,
        "perPage": limits.per_page,
    })))
}

/// `GET /api/serviceaccounts/:id`
pub(super) async fn get(
    State(state): State<Arc<GrafanaState>>,
    Path(id): Path<String>,
) -> Result<Response, GrafanaError> {
    let accounts = state.metadata()?.service_accounts();
    Ok(answer(&described(&accounts.get(number(&id)?).await?)))
}

/// `PATCH /api/serviceaccounts/:id`
pub(super) async fn update(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
    Path(id): Path<String>,
    body: Object,
) -> Result<Response, GrafanaError> {
    let id = number(&id)?;
    let accounts = state.metadata()?.service_accounts();
    let old = accounts.get(id).await?.fields;
    let disabled = body.get("isDisabled").and_then(Value::as_bool);
    let fields = ServiceAccountFields {
        name: body.text("name").map_or(old.name, str::to_owned),
        role: body.text("role").map_or(Ok(old.role), Role::parse)?,
        disabled: disabled.unwrap_or(old.disabled),
    };
    let changed = accounts.update(&sender.actor(), id, fields).await?;
    Ok(answer(&json!({
        "id": id, "message": "Service account updated", "name": changed.fields.name,
        "serviceaccount": described(&changed),
    })))
}

/// `GET /api/serviceaccounts/:id/tokens`
pub(super) async fn tokens(
    State(state): State<Arc<GrafanaState>>,
    Path(id): Path<String>,
) -> Result<Response, GrafanaError> {
    let accounts = state.metadata()?.service_accounts();
    let tokens = accounts.tokens(number(&id)?).await?;
    let now = state.clock.now();
    Ok(answer(
        &tokens.iter().map(|token| token_of(token, now)).collect(),
    ))
}

fn token_of(token: &Token, now: TimestampMs) -> Value {
    let left = token.expires.map(|expires| (expires.0 - now.0).max(0));
    json!({
        "id": token.id, "name": token.name, "prefix": token.prefix,
        "created": time(token.created), "lastUsedAt": token.last_used.map(time),
        "expiration": token.expires.map(time), "isRevoked": false,
        "secondsUntilExpiration": left.map_or(0, |left| left / 1000),
        "hasExpired": left == Some(0),
    })
}

/// `POST /api/serviceaccounts/:id/tokens`
pub(super) async fn create_token(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
    Path(id): Path<String>,
    body: Object,
) -> Result<Response, GrafanaError> {
    let seconds = body.number("secondsToLive").filter(|seconds| *seconds != 0);
    if seconds.is_some_and(|seconds| !(1..=10_000_000_000).contains(&seconds)) {
        return Err(GrafanaError::bad_request("secondsToLive is out of range"));
    }
    let expires = seconds.map(|seconds| state.clock.now() + DurationMs(seconds * 1000));
    let accounts = state.metadata()?.service_accounts();
    let made = accounts
        .create_token(&sender.actor(), number(&id)?, &body.words("name"), expires)
        .await?;
    Ok(answer(&json!({
        "id": made.token.id, "name": made.token.name, "key": made.secret.reveal(),
    })))
}

/// `DELETE /api/serviceaccounts/:id/tokens/:token`
pub(super) async fn revoke_token(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
    Path((id, token)): Path<(String, String)>,
) -> Result<Response, GrafanaError> {
    let accounts = state.metadata()?.service_accounts();
    accounts
        .revoke_token(&sender.actor(), number(&id)?, number(&token)?)
        .await?;
    Ok(done("Service account token deleted"))
}

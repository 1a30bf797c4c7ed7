//! `/api/user`: what is one's own.

use super::body::{Object, answer, done, time};
use super::teams::described as team;
use super::{GrafanaError, GrafanaState};
use crate::access::Sender;
use axum::extract::State;
use axum::http::Method;
use axum::response::Response;
use metadata::access::{Role, UserId};
use metadata::{Preferences, SearchKind, SearchQuery, Secret, Session, SessionId, UserFields};
use serde_json::{Value, json};
use std::sync::Arc;

fn own(sender: &Sender) -> Result<UserId, GrafanaError> {
    sender.user().ok_or_else(GrafanaError::login_needed)
}

/// `GET /api/user`
pub(super) async fn get(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
) -> Result<Response, GrafanaError> {
    let id = own(&sender)?;
    let user = state.metadata()?.users().get(id).await?;
    let preferences = state.metadata()?.preferences(id).get().await?;
    Ok(answer(&json!({
        "id": id.0, "uid": id.0.to_string(), "email": user.email.unwrap_or_default(),
        "name": user.name, "login": user.login, "theme": preferences.theme, "orgId": 1,
        "orgRole": user.role.as_str(), "isGrafanaAdmin": user.role == Role::Admin,
        "isDisabled": user.disabled, "isExternal": false, "authLabels": [],
        "createdAt": time(user.created), "updatedAt": time(user.updated), "avatarUrl": "",
    })))
}

/// `PUT /api/user`
pub(super) async fn update(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
    body: Object,
) -> Result<Response, GrafanaError> {
    let id = own(&sender)?;
    let users = state.metadata()?.users();
    let user = users.get(id).await?;
    let fields = UserFields {
        login: body.text("login").map_or(user.login, str::to_owned),
        email: match body.text("email") {
            Some(email) => Some(email.to_owned()).filter(|email| !email.is_empty()),
            None => user.email,
        },
        name: body.text("name").map_or(user.name, str::to_owned),
        // Nobody makes themselves more than they are.
        role: user.role,
        disabled: user.disabled,
    };
    users.update(&sender.actor(), id, fields).await?;
    Ok(done("User updated"))
}

/// `PUT /api/user/password`
pub(super) async fn set_password(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
    body: Object,
) -> Result<Response, GrafanaError> {
    let id = own(&sender)?;
    let old = Secret::new(body.words("oldPassword"));
    let new = Secret::new(body.words("newPassword"));
    let metadata = state.metadata()?;
    metadata
        .logins()
        .check_own(id, &old, &sender.address)
        .await?;
    let actor = sender.actor();
    let users = metadata.users();
    users.set_password(&actor, id, &new, sender.session).await?;
    Ok(done("User password changed"))
}

/// `GET /api/user/preferences`
pub(super) async fn preferences(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
) -> Result<Response, GrafanaError> {
    let preferences = state.metadata()?.preferences(own(&sender)?).get().await?;
    Ok(answer(&json!({
        "theme": preferences.theme, "timezone": preferences.timezone,
        "weekStart": preferences.week_start, "language": preferences.language,
        "homeDashboardUID": preferences.home_dashboard,
    })))
}

/// `PUT|PATCH /api/user/preferences`: PUT says all anew, PATCH only what it names.
pub(super) async fn set_preferences(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
    method: Method,
    body: Object,
) -> Result<Response, GrafanaError> {
    let preferences = state.metadata()?.preferences(own(&sender)?);
    let old = if method == Method::PATCH {
        preferences.get().await?
    } else {
        Preferences::default()
    };
    let said = |name: &str, old: String| body.text(name).map_or(old, str::to_owned);
    let new = Preferences {
        theme: said("theme", old.theme),
        language: said("language", old.language),
        timezone: said("timezone", old.timezone),
        week_start: said("weekStart", old.week_start),
        home_dashboard: said("homeDashboardUID", old.home_dashboard),
    };
    preferences.set(&new).await?;
    Ok(done("Preferences updated"))
}

/// `GET /api/user/stars`: the uids of starred dashboards.
pub(super) async fn stars(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
) -> Result<Response, GrafanaError> {
    let query = SearchQuery {
        kind: Some(SearchKind::Dashboard),
        starred_by: Some(own(&sender)?),
        ..SearchQuery::default()
    };
    let visible = state.door.visible(&sender).await?;
    let dashboards = state.metadata()?.dashboards();
    let hits = dashboards.search(&query, &visible).await?;
    Ok(answer(&hits.iter().map(|hit| json!(hit.uid)).collect()))
}

/// `GET /api/user/orgs`
pub(super) async fn organisations(sender: Sender) -> Result<Response, GrafanaError> {
    own(&sender)?;
    let role = sender.principal.role().as_str();
    Ok(answer(
        &json!([{"orgId": 1, "name": super::facts::ORGANISATION, "role": role}]),
    ))
}

/// `GET /api/user/teams`
pub(super) async fn teams(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
) -> Result<Response, GrafanaError> {
    let teams = state.metadata()?.teams().of_user(own(&sender)?).await?;
    Ok(answer(&teams.iter().map(team).collect()))
}

/// `GET /api/user/auth-tokens`: the sessions.
pub(super) async fn sessions(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
) -> Result<Response, GrafanaError> {
    let sessions = state.metadata()?.sessions().list(own(&sender)?).await?;
    let here = sender.session;
    Ok(answer(
        &sessions
            .iter()
            .map(|session| described(session, here))
            .collect(),
    ))
}

pub(super) fn described(session: &Session, here: Option<SessionId>) -> Value {
    json!({
        "id": session.id.0, "isActive": Some(session.id) == here, "clientIp": session.address,
        "userAgent": session.user_agent, "createdAt": time(session.created),
        "seenAt": time(session.last_seen),
    })
}

/// `POST /api/user/revoke-auth-token`
pub(super) async fn revoke(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
    body: Object,
) -> Result<Response, GrafanaError> {
    let Some(session) = body.number("authTokenId") else {
        return Err(GrafanaError::bad_request(
            "bad request data: no authTokenId",
        ));
    };
    let sessions = state.metadata()?.sessions();
    let session = SessionId(session);
    sessions
        .revoke(&sender.actor(), own(&sender)?, session)
        .await?;
    Ok(done("User auth token revoked"))
}

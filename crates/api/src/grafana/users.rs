//! `/api/users`, `/api/admin/users`, `/api/org/users`: users, for administrators.

use super::body::{Object, answer, done, time};
use super::numbered::{OfUsers, number};
use super::{GrafanaError, GrafanaState, account, facts};
use crate::access::Sender;
use crate::params::Params;
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::Response;
use metadata::access::{Role, UserId};
use metadata::{NewUser, Secret, User, UserFields, UserQuery};
use serde_json::{Value, json};
use std::sync::Arc;

/// Users of one page. Source: Grafana's default.
const PAGE: u32 = 1000;

fn user_id(text: &str) -> Result<UserId, GrafanaError> {
    number::<OfUsers>(text).map(UserId)
}

fn described(user: &User) -> Value {
    json!({
        "id": user.id.0, "uid": user.id.0.to_string(), "name": user.name, "login": user.login,
        "email": user.email.clone().unwrap_or_default(), "orgId": 1, "role": user.role.as_str(),
        "isAdmin": user.role == Role::Admin, "isGrafanaAdmin": user.role == Role::Admin,
        "isDisabled": user.disabled, "isExternal": false, "authLabels": [], "avatarUrl": "",
        "lastSeenAt": user.last_seen.map(time).unwrap_or_default(),
        "createdAt": time(user.created), "updatedAt": time(user.updated),
    })
}

fn query(params: &Params) -> UserQuery {
    let number = |name: &str| params.get(name).and_then(|text| text.parse().ok());
    UserQuery {
        text: params.get("query").unwrap_or_default().to_owned(),
        limit: number("perpage")
            .or_else(|| number("limit"))
            .unwrap_or(PAGE),
        page: number("page").unwrap_or(1),
    }
}

/// `GET /api/users`
pub(super) async fn list(
    State(state): State<Arc<GrafanaState>>,
    params: Params,
) -> Result<Response, GrafanaError> {
    let users = state.metadata()?.users().list(&query(&params)).await?;
    Ok(answer(&users.iter().map(described).collect()))
}

/// `GET /api/users/search`
pub(super) async fn search(
    State(state): State<Arc<GrafanaState>>,
    params: Params,
) -> Result<Response, GrafanaError> {
    let query = query(&params);
    let users = state.metadata()?.users();
    let page = users.list(&query).await?;
    let all = UserQuery {
        limit: PAGE,
        page: 1,
        ..query.clone()
    };
    let total = users.list(&all).await?.len();
    let page: Vec<Value> = page.iter().map(described).collect();
    Ok(answer(&json!({
        "totalCount": total, "users": page, "page": query.page, "perPage": query.limit,
    })))
}

/// `GET /api/users/lookup`
pub(super) async fn lookup(
    State(state): State<Arc<GrafanaState>>,
    params: Params,
) -> Result<Response, GrafanaError> {
    let login = params.get("loginOrEmail").unwrap_or_default();
    let user = state.metadata()?.users().find(login).await?;
    Ok(answer(&described(&user)))
}

/// `GET /api/users/:id`
pub(super) async fn get(
    State(state): State<Arc<GrafanaState>>,
    Path(id): Path<String>,
) -> Result<Response, GrafanaError> {
    let user = state.metadata()?.users().get(user_id(&id)?).await?;
    Ok(answer(&described(&user)))
}

fn fields(user: User) -> UserFields {
    UserFields {
        login: user.login,
        email: user.email,
        name: user.name,
        role: user.role,
        disabled: user.disabled,
    }
}

/// Changes what `change` says of a user.
async fn change(
    state: &GrafanaState,
    sender: &Sender,
    id: &str,
    change: impl FnOnce(&mut UserFields),
) -> Result<(), GrafanaError> {
    let id = user_id(id)?;
    let users = state.metadata()?.users();
    let mut fields = fields(users.get(id).await?);
    change(&mut fields);
    users.update(&sender.actor(), id, fields).await?;
    Ok(())
}

/// `PUT /api/users/:id`
pub(super) async fn update(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
    Path(id): Path<String>,
    body: Object,
) -> Result<Response, GrafanaError> {
    change(&state, &sender, &id, |fields| {
        if let Some(login) = body.text("login") {
            login.clone_into(&mut fields.login);
        }
        if let Some(name) = body.text("name") {
            name.clone_into(&mut fields.name);
        }
        if let Some(email) = body.text("email") {
            fields.email = Some(email.to_owned()).filter(|email| !email.is_empty());
        }
    })
    .await?;
    Ok(done("User updated"))
}

/// `POST /api/admin/users`
pub(super) async fn create(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
    body: Object,
) -> Result<Response, GrafanaError> {
    let email = body.text("email").filter(|email| !email.is_empty());
    let login = body.text("login").filter(|login| !login.is_empty());
    let Some(login) = login.or(email) else {
        let words = "Validation error, need to specify either username or email";
        return Err(GrafanaError::bad_request(words));
    };
    let role = body.text("role").map(Role::parse).transpose()?;
    let new = NewUser {
        fields: UserFields {
            login: login.to_owned(),
            email: email.map(str::to_owned),
            name: body.words("name"),
            role: role.unwrap_or(Role::Viewer),
            disabled: false,
        },
        password: Some(Secret::new(body.words("password"))),
    };
    let users = state.metadata()?.users();
    let user = users.create(&sender.actor(), new).await?;
    Ok(answer(&json!({
        "id": user.id.0, "uid": user.id.0.to_string(), "message": "User created",
    })))
}

/// `PUT /api/admin/users/:id/password`
pub(super) async fn set_password(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
    Path(id): Path<String>,
    body: Object,
) -> Result<Response, GrafanaError> {
    let id = user_id(&id)?;
    let password = Secret::new(body.words("password"));
    // Of one's own sessions, that of this request stays.
    let keep = sender.session.filter(|_| sender.user() == Some(id));
    let users = state.metadata()?.users();
    users
        .set_password(&sender.actor(), id, &password, keep)
        .await?;
    Ok(done("User password updated"))
}

/// `PUT /api/admin/users/:id/permissions`
pub(super) async fn set_admin(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
    Path(id): Path<String>,
    body: Object,
) -> Result<Response, GrafanaError> {
    let admin = body.flag("isGrafanaAdmin");
    change(&state, &sender, &id, |fields| match (admin, fields.role) {
        (true, _) => fields.role = Role::Admin,
        (false, Role::Admin) => fields.role = Role::Viewer,
        (false, _) => {}
    })
    .await?;
    Ok(done("User permissions updated"))
}

/// `POST /api/admin/users/:id/disable` and `/enable`
pub(super) async fn set_disabled(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, GrafanaError> {
    let disabled = uri.path().ends_with("/disable");
    change(&state, &sender, &id, |fields| fields.disabled = disabled).await?;
    Ok(done(if disabled {
        "User disabled"
    } else {
        "User enabled"
    }))
}

/// `POST /api/admin/users/:id/logout`
pub(super) async fn log_out(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
    Path(id): Path<String>,
) -> Result<Response, GrafanaError> {
    let sessions = state.metadata()?.sessions();
    sessions
        .revoke_all(&sender.actor(), user_id(&id)?, None)
        .await?;
    Ok(done("User logged out"))
}

/// `GET /api/admin/users/:id/auth-tokens`
pub(super) async fn sessions(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
    Path(id): Path<String>,
) -> Result<Response, GrafanaError> {
    let sessions = state.metadata()?.sessions().list(user_id(&id)?).await?;
    let here = sender.session;
    Ok(answer(
        &sessions
            .iter()
            .map(|session| account::described(session, here))
            .collect(),
    ))
}

/// `GET /api/org/users`
pub(super) async fn of_organisation(
    State(state): State<Arc<GrafanaState>>,
    params: Params,
) -> Result<Response, GrafanaError> {
    let users = state.metadata()?.users().list(&query(&params)).await?;
    let described = users.iter().map(|user| {
        json!({
            "orgId": 1, "userId": user.id.0, "login": user.login, "name": user.name,
            "email": user.email.clone().unwrap_or_default(), "role": user.role.as_str(),
            "isDisabled": user.disabled, "avatarUrl": "", "org": facts::ORGANISATION,
            "lastSeenAt": user.last_seen.map(time).unwrap_or_default(),
        })
    });
    Ok(answer(&described.collect()))
}

/// `PATCH /api/org/users/:id`
pub(super) async fn set_role(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
    Path(id): Path<String>,
    body: Object,
) -> Result<Response, GrafanaError> {
    let role = Role::parse(&body.words("role"))?;
    change(&state, &sender, &id, |fields| fields.role = role).await?;
    Ok(done("Organization user updated"))
}

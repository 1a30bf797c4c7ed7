//! Who may do what in folders. Dashboards have what their folder has.

use super::body::{Object, answer, done};
use super::{GrafanaError, GrafanaState};
use crate::access::Sender;
use axum::extract::{Path, State};
use axum::response::Response;
use metadata::access::{Action, Grant, Permission, Role, Subject, TeamId, UserId};
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// `GET /api/folders/:uid/permissions`
pub(super) async fn of_folder(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
    Path(uid): Path<String>,
) -> Result<Response, GrafanaError> {
    let action = Action::ManageFolderPermissions;
    state.door.allow(&sender, action, Some(&uid)).await?;
    list(&state, Some(&uid)).await
}

/// `GET /api/dashboards/uid/:uid/permissions`
pub(super) async fn of_dashboard(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
    Path(uid): Path<String>,
) -> Result<Response, GrafanaError> {
    let action = Action::ManageFolderPermissions;
    let found = state.dashboard(&sender, action, &uid).await?;
    list(&state, found.folder.as_deref()).await
}

async fn list(state: &GrafanaState, folder: Option<&str>) -> Result<Response, GrafanaError> {
    let folders = state.metadata()?.folders();
    let grants = folders.grants(folder).await?;
    let own = match folder {
        Some(folder) => folders.own_grants(folder).await?.unwrap_or_default(),
        None => Vec::new(),
    };
    let mut lines = Vec::with_capacity(grants.len());
    for grant in grants {
        let inherited = !own.contains(&grant);
        lines.push(described(state, folder, grant, inherited).await?);
    }
    Ok(answer(&Value::Array(lines)))
}

async fn described(
    state: &GrafanaState,
    folder: Option<&str>,
    grant: Grant,
    inherited: bool,
) -> Result<Value, GrafanaError> {
    let metadata = state.metadata()?;
    let name = match grant.permission {
        Permission::View => "View",
        Permission::Edit => "Edit",
        Permission::Admin => "Admin",
    };
    let mut line = Map::from_iter([
        ("uid".to_owned(), json!(folder.unwrap_or_default())),
        ("permission".to_owned(), json!(grant.permission.number())),
        ("permissionName".to_owned(), json!(name)),
        ("inherited".to_owned(), json!(inherited)),
    ]);
    let mut add = |name: &str, value: Value| line.insert(name.to_owned(), value);
    match grant.subject {
        Subject::Role(role) => {
            add("role", json!(role.as_str()));
        }
        Subject::User(id) => {
            let user = metadata.users().get(id).await?;
            add("userId", json!(id.0));
            add("userLogin", json!(user.login));
            add("userEmail", json!(user.email.unwrap_or_default()));
        }
        Subject::Team(id) => {
            let team = metadata.teams().get(id).await?;
            add("teamId", json!(id.0));
            add("team", json!(team.name));
            add("teamEmail", json!(team.email.unwrap_or_default()));
        }
    }
    Ok(Value::Object(line))
}

/// `POST /api/folders/:uid/permissions`
pub(super) async fn set_of_folder(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
    Path(uid): Path<String>,
    body: Object,
) -> Result<Response, GrafanaError> {
    let action = Action::ManageFolderPermissions;
    state.door.allow(&sender, action, Some(&uid)).await?;
    let items = resolved(&state, &body).await?;
    let folders = state.metadata()?.folders();
    folders
        .set_grants(&sender.actor(), &uid, Some(&items))
        .await?;
    Ok(done("Folder permissions updated"))
}

/// `POST /api/dashboards/uid/:uid/permissions`: there are none of a dashboard alone, and none are
/// pretended.
pub(super) async fn set_of_dashboard(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
    Path(uid): Path<String>,
    body: Object,
) -> Result<Response, GrafanaError> {
    let action = Action::ManageFolderPermissions;
    state.dashboard(&sender, action, &uid).await?;
    if items(&body)?.is_empty() {
        return Ok(done("Dashboard permissions updated"));
    }
    let words = "a dashboard has the permissions of its folder: set them there";
    Err(GrafanaError::bad_request(words))
}

fn items(body: &Object) -> Result<Vec<Grant>, GrafanaError> {
    let Some(Value::Array(items)) = body.get("items") else {
        return Err(GrafanaError::bad_request("bad request data: no items"));
    };
    items.iter().map(item).collect()
}

/// The items, with users and teams that are named in place of numbered: whoever manages a folder may name
/// those whom they know, and need not list everybody for that.
async fn resolved(state: &GrafanaState, body: &Object) -> Result<Vec<Grant>, GrafanaError> {
    let mut body = body.clone();
    let named = body.0.get_mut("items").and_then(Value::as_array_mut);
    for item in named.into_iter().flatten().filter_map(Value::as_object_mut) {
        let text = |name: &str| item.get(name).and_then(Value::as_str).map(str::to_owned);
        let is_numbered = ["userId", "teamId"]
            .iter()
            .any(|name| item.contains_key(*name));
        if is_numbered {
            continue;
        }
        if let Some(login) = text("userLogin") {
            let user = state.metadata()?.users().find(&login).await?;
            item.insert("userId".to_owned(), json!(user.id.0));
        } else if let Some(name) = text("team") {
            let teams = state.metadata()?.teams().list(&name).await?;
            let team = teams.into_iter().find(|team| team.name == name);
            let team = team.ok_or_else(|| GrafanaError::not_found("Team not found"))?;
            item.insert("teamId".to_owned(), json!(team.id.0));
        }
    }
    items(&body)
}

fn item(item: &Value) -> Result<Grant, GrafanaError> {
    let bad = |words: &str| GrafanaError::bad_request(words);
    let Value::Object(item) = item else {
        return Err(bad("an item is no object"));
    };
    let item = Object(item.clone());
    let permission = item.number("permission").and_then(Permission::from_number);
    let number = |name: &str| item.number(name).filter(|id| *id > 0);
    let role = item.text("role").filter(|role| !role.is_empty());
    let subject = match (role, number("userId"), number("teamId")) {
        (Some(role), None, None) => Subject::Role(Role::parse(role)?),
        (None, Some(user), None) => Subject::User(UserId(user)),
        (None, None, Some(team)) => Subject::Team(TeamId(team)),
        _ => return Err(bad("an item names one of role, userId and teamId")),
    };
    Ok(Grant {
        subject,
        permission: permission.ok_or_else(|| bad("permission is 1, 2 or 4"))?,
    })
}

//! `/api/folders`

use super::body::{Object, answer, folder_url, time};
use super::numbered::Part;
use super::{GrafanaError, GrafanaState};
use crate::access::Sender;
use crate::params::Params;
use axum::extract::{Path, State};
use axum::response::Response;
use metadata::access::Action;
use metadata::{Contents, Error, Folder, FolderDraft};
use serde_json::{Value, json};
use std::sync::Arc;

/// The name under which clients ask for what is in no folder.
const GENERAL: &str = "general";

/// A folder's uid in a request; `None` is in no folder.
fn some_folder(uid: Option<&str>) -> Option<String> {
    uid.filter(|uid| !uid.is_empty() && *uid != GENERAL)
        .map(str::to_owned)
}

/// `GET /api/folders`
pub(super) async fn list(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
    params: Params,
) -> Result<Response, GrafanaError> {
    let parent = some_folder(params.get("parentUid"));
    if let Some(parent) = &parent {
        state
            .door
            .allow(&sender, Action::ReadDashboards, Some(parent))
            .await?;
    }
    let visible = state.door.visible(&sender).await?;
    let folders = state
        .metadata()?
        .folders()
        .children(parent.as_deref())
        .await?;
    let seen = folders
        .iter()
        .filter(|folder| visible.folders.contains(&folder.id));
    let part = Part::of(&params, "limit");
    let shown = part.take(seen).map(|folder| {
        json!({
            "id": folder.id, "uid": folder.uid, "title": folder.title,
            "parentUid": folder.parent.clone().unwrap_or_default(),
        })
    });
    Ok(answer(&shown.collect()))
}

/// `POST /api/folders`
pub(super) async fn create(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
    body: Object,
) -> Result<Response, GrafanaError> {
    let title = body.words("title");
    if title.trim().is_empty() {
        return Err(GrafanaError::bad_request("folder title cannot be empty"));
    }
    let parent = some_folder(body.text("parentUid"));
    state
        .door
        .allow(&sender, Action::EditFolders, parent.as_deref())
        .await?;
    let uid = body.text("uid").filter(|uid| !uid.is_empty());
    let draft = FolderDraft {
        uid: uid.map(str::to_owned),
        title,
        parent,
    };
    let folders = state.metadata()?.folders();
    let made = folders.create(&sender.actor(), draft).await?;
    Ok(answer(&described(&state, &sender, &made).await?))
}

/// `GET /api/folders/:uid`
pub(super) async fn get(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
    Path(uid): Path<String>,
) -> Result<Response, GrafanaError> {
    if uid == GENERAL {
        state
            .door
            .allow(&sender, Action::ReadDashboards, None)
            .await?;
        let may = state.may(&sender, None).await?;
        return Ok(answer(&json!({
            "id": 0, "uid": GENERAL, "orgId": 1, "title": "General", "url": "", "hasAcl": false,
            "canSave": may.edit, "canEdit": may.edit, "canAdmin": may.admin, "canDelete": false,
            "version": 0,
        })));
    }
    state
        .door
        .allow(&sender, Action::ReadDashboards, Some(&uid))
        .await?;
    let found = state.metadata()?.folders().get(&uid).await?;
    Ok(answer(&described(&state, &sender, &found).await?))
}

async fn described(
    state: &GrafanaState,
    sender: &Sender,
    folder: &Folder,
) -> Result<Value, GrafanaError> {
    let may = state.may(sender, Some(&folder.uid)).await?;
    let path = state.metadata()?.folders().path(&folder.uid).await?;
    let parents: Vec<Value> = path
        .iter()
        .filter(|parent| parent.uid != folder.uid)
        .map(|parent| {
            let url = folder_url(&parent.uid, &parent.title);
            json!({"uid": parent.uid, "title": parent.title, "url": url})
        })
        .collect();
    Ok(json!({
        "id": folder.id, "uid": folder.uid, "orgId": 1, "title": folder.title,
        "url": folder_url(&folder.uid, &folder.title), "hasAcl": folder.own_grants,
        "canSave": may.edit, "canEdit": may.edit, "canAdmin": may.admin, "canDelete": may.edit,
        "createdBy": folder.created_by, "created": time(folder.created),
        "updatedBy": folder.updated_by, "updated": time(folder.updated),
        "version": folder.version, "parentUid": folder.parent.clone().unwrap_or_default(),
        "parents": parents,
    }))
}

/// `PUT /api/folders/:uid`
pub(super) async fn rename(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
    Path(uid): Path<String>,
    body: Object,
) -> Result<Response, GrafanaError> {
    state
        .door
        .allow(&sender, Action::EditFolders, Some(&uid))
        .await?;
    let title = body.words("title");
    if title.trim().is_empty() {
        return Err(GrafanaError::bad_request("folder title cannot be empty"));
    }
    // Without a word of which version is meant, none is.
    let base = (!body.flag("overwrite")).then(|| body.number("version").unwrap_or(0));
    let folders = state.metadata()?.folders();
    let renamed = folders.rename(&sender.actor(), &uid, &title, base).await?;
    Ok(answer(&described(&state, &sender, &renamed).await?))
}

/// `POST /api/folders/:uid/move`
pub(super) async fn put_into(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
    Path(uid): Path<String>,
    body: Object,
) -> Result<Response, GrafanaError> {
    let parent = some_folder(body.text("parentUid"));
    state
        .door
        .allow(&sender, Action::EditFolders, Some(&uid))
        .await?;
    state
        .door
        .allow(&sender, Action::EditFolders, parent.as_deref())
        .await?;
    let folders = state.metadata()?.folders();
    let moved = folders
        .move_to(&sender.actor(), &uid, parent.as_deref())
        .await?;
    Ok(answer(&described(&state, &sender, &moved).await?))
}

/// `DELETE /api/folders/:uid`: with what is in it; with rules in it only if the client says so.
pub(super) async fn delete(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
    Path(uid): Path<String>,
    params: Params,
) -> Result<Response, GrafanaError> {
    state
        .door
        .allow(&sender, Action::EditFolders, Some(&uid))
        .await?;
    let folders = state.metadata()?.folders();
    let found = folders.get(&uid).await?;
    let actor = sender.actor();
    match folders.delete(&actor, &uid, Contents::Keep).await {
        Ok(()) => {}
        Err(Error::NotEmpty { groups, .. })
            if groups > 0 && params.get("forceDeleteRules") != Some("true") =>
        {
            let words = "folder cannot be deleted: folder contains alert rules";
            return Err(GrafanaError::bad_request(words));
        }
        Err(Error::NotEmpty { .. }) => folders.delete(&actor, &uid, Contents::Delete).await?,
        Err(error) => return Err(error.into()),
    }
    Ok(answer(&json!({
        "title": found.title, "id": found.id, "message": format!("Folder {} deleted", found.title),
    })))
}

//! `/api/dashboards/*`: dashboards saved, read, deleted.

use super::body::{Object, answer, dashboard_url, done, folder_url, slug, time};
use super::{GrafanaError, GrafanaState};
use crate::access::Sender;
use axum::extract::{Path, State};
use axum::response::Response;
use metadata::access::Action;
use metadata::{Base, Dashboard, DashboardDraft, Error, Placement, Saved, SearchKind, SearchQuery};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a client wants saved.
pub(super) struct Wanted {
    /// The document, without what the server counts.
    pub(super) document: Map<String, Value>,
    pub(super) folder: Placement,
    pub(super) message: String,
    pub(super) overwrite: bool,
    /// The number that the document had on some server.
    pub(super) id: Option<i64>,
    /// The version that the document was made on.
    pub(super) version: i64,
}

/// `POST /api/dashboards/db`
pub(super) async fn save(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
    body: Object,
) -> Result<Response, GrafanaError> {
    let Some(Value::Object(document)) = body.get("dashboard").cloned() else {
        return Err(GrafanaError::bad_request("bad request data: no dashboard"));
    };
    let (saved, title) = state
        .save_dashboard(&sender, wanted(document, &body))
        .await?;
    Ok(saved_answer(&saved, &title, "success"))
}

/// `POST /api/dashboards/import`
pub(super) async fn import(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
    body: Object,
) -> Result<Response, GrafanaError> {
    let Some(value) = body.get("dashboard").cloned() else {
        return Err(GrafanaError::bad_request("Dashboard must be set"));
    };
    let import = dashboard::import_value(value, &inputs(&body))?;
    let Value::Object(document) = dashboard::export(&import.dashboard) else {
        return Err(GrafanaError::bad_request("Dashboard must be set"));
    };
    let mut wanted = wanted(document, &body);
    if let (Placement::Keep, Some(folder)) = (&wanted.folder, import.folder_uid) {
        wanted.folder = Placement::Folder(folder);
    }
    let notices: Vec<String> = import.notices.iter().map(ToString::to_string).collect();
    let (saved, title) = state.save_dashboard(&sender, wanted).await?;
    let found = state.metadata()?.dashboards().get(&saved.uid).await?;
    let slug = slug(&title);
    Ok(answer(&json!({
        "uid": saved.uid, "pluginId": "", "title": title, "imported": true,
        "importedUri": format!("db/{slug}"), "importedUrl": dashboard_url(&saved.uid, &title),
        "slug": slug, "dashboardId": saved.id, "folderUid": found.folder.unwrap_or_default(),
        "importedRevision": 1, "revision": 1, "description": "", "path": "", "removed": false,
        "notices": notices,
    })))
}

/// The chosen values of `inputs`, by name.
fn inputs(body: &Object) -> BTreeMap<String, String> {
    let list = body.get("inputs").and_then(Value::as_array);
    list.into_iter()
        .flatten()
        .filter_map(|input| {
            let text = |name: &str| input.get(name).and_then(Value::as_str).map(str::to_owned);
            Some((text("name")?, text("value")?))
        })
        .collect()
}

fn wanted(mut document: Map<String, Value>, body: &Object) -> Wanted {
    let id = document.shift_remove("id").and_then(|id| id.as_i64());
    let version = document.shift_remove("version");
    let has_uid = |document: &Map<String, Value>| match document.get("uid") {
        None => true,
        Some(uid) => uid.as_str().is_some_and(|uid| !uid.is_empty()),
    };
    if !has_uid(&document) {
        document.shift_remove("uid");
    }
    let folder = match body.text("folderUid") {
        None => Placement::Keep,
        Some("" | "general") => Placement::Top,
        Some(uid) => Placement::Folder(uid.to_owned()),
    };
    Wanted {
        document,
        folder,
        message: body.words("message"),
        overwrite: body.flag("overwrite"),
        id: id.filter(|id| *id > 0),
        version: version.and_then(|version| version.as_i64()).unwrap_or(0),
    }
}

pub(super) fn saved_answer(saved: &Saved, title: &str, status: &str) -> Response {
    answer(&json!({
        "id": saved.id, "uid": saved.uid, "url": dashboard_url(&saved.uid, title),
        "status": status, "version": saved.version, "slug": slug(title),
    }))
}

impl GrafanaState {
    /// Saves what a client wants, if the sender may in the folder where it is and in that where it goes;
    /// also gives its title.
    pub(super) async fn save_dashboard(
        &self,
        sender: &Sender,
        wanted: Wanted,
    ) -> Result<(Saved, String), GrafanaError> {
        let text = |name: &str| wanted.document.get(name).and_then(Value::as_str);
        let title = text("title").unwrap_or_default().to_owned();
        if title.trim().is_empty() {
            return Err(GrafanaError::bad_request("Dashboard title cannot be empty"));
        }
        let mut uid = text("uid").map(str::to_owned);
        let stored = match &uid {
            Some(uid) => self.find_dashboard(uid).await?,
            None => None,
        };
        if stored.is_none() && uid.is_none() && wanted.id.is_some() {
            return Err(GrafanaError::not_found("Dashboard not found"));
        }
        let is_in = stored.as_ref().and_then(|stored| stored.folder.clone());
        let goes_to = match &wanted.folder {
            Placement::Keep => is_in.clone(),
            Placement::Top => None,
            Placement::Folder(uid) => Some(uid.clone()),
        };
        if stored.is_some() {
            self.door
                .allow(sender, Action::EditDashboards, is_in.as_deref())
                .await?;
        }
        if stored.is_none() || goes_to != is_in {
            self.door
                .allow(sender, Action::EditDashboards, goes_to.as_deref())
                .await?;
        }
        if let Some(stored) = &stored {
            self.not_provisioned(&stored.uid)?;
        }
        let same = self
            .same_name(sender, &title, goes_to.as_deref(), uid.as_deref())
            .await?;
        let renames = stored.as_ref().is_none_or(|stored| stored.title != title);
        let mut takes_over = false;
        match (same, wanted.overwrite) {
            (Some(_), false) if renames => {
                return Err(GrafanaError::conflict(
                    "name-exists",
                    "A dashboard with the same name in the folder already exists",
                ));
            }
            (Some(same), true) if uid.is_none() => {
                self.not_provisioned(&same)?;
                uid = Some(same);
                takes_over = true;
            }
            _ => {}
        }
        let base = match (&stored, wanted.overwrite) {
            // A dashboard that somebody made in between is not overwritten: who may was not asked.
            (None, true) if !takes_over => Base::New,
            (_, true) => Base::Overwrite,
            (Some(_), false) => Base::Version(wanted.version),
            (None, false) => Base::New,
        };
        let draft = DashboardDraft {
            json: Value::Object(wanted.document).to_string(),
            uid,
            folder: wanted.folder,
            message: wanted.message,
            base,
        };
        let dashboards = self.metadata()?.dashboards();
        let saved = dashboards.save(&sender.actor(), draft).await?;
        Ok((saved, title))
    }

    /// The dashboard of a uid, if there is one.
    async fn find_dashboard(&self, uid: &str) -> Result<Option<Dashboard>, GrafanaError> {
        match self.metadata()?.dashboards().get(uid).await {
            Ok(found) => Ok(Some(found)),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The uid of another dashboard of this title in the same folder.
    async fn same_name(
        &self,
        sender: &Sender,
        title: &str,
        folder: Option<&str>,
        own: Option<&str>,
    ) -> Result<Option<String>, GrafanaError> {
        let query = SearchQuery {
            text: title.to_owned(),
            kind: Some(SearchKind::Dashboard),
            folders: vec![folder.unwrap_or_default().to_owned()],
            ..SearchQuery::default()
        };
        let visible = self.door.visible(sender).await?;
        let hits = self
            .metadata()?
            .dashboards()
            .search(&query, &visible)
            .await?;
        let wanted = title.trim().to_lowercase();
        let same = hits
            .into_iter()
            .find(|hit| hit.title.trim().to_lowercase() == wanted && own != Some(hit.uid.as_str()));
        Ok(same.map(|hit| hit.uid))
    }

    pub(super) fn not_provisioned(&self, uid: &str) -> Result<(), GrafanaError> {
        if self.provisioned.file_of(uid).is_some() {
            let words = "Cannot save provisioned dashboard";
            return Err(GrafanaError::bad_request(words));
        }
        Ok(())
    }

    /// A dashboard that the sender may do `action` with.
    pub(super) async fn dashboard(
        &self,
        sender: &Sender,
        action: Action,
        uid: &str,
    ) -> Result<Dashboard, GrafanaError> {
        let found = self.metadata()?.dashboards().get(uid).await?;
        self.door
            .allow(sender, action, found.folder.as_deref())
            .await?;
        Ok(found)
    }
}

/// `GET /api/dashboards/uid/:uid`
pub(super) async fn get(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
    Path(uid): Path<String>,
) -> Result<Response, GrafanaError> {
    let found = state
        .dashboard(&sender, Action::ReadDashboards, &uid)
        .await?;
    let may = state.may(&sender, found.folder.as_deref()).await?;
    let is_starred = match sender.user() {
        Some(user) => {
            let dashboards = state.metadata()?.dashboards();
            dashboards.is_starred(user, &uid).await?
        }
        None => false,
    };
    let file = state.provisioned.file_of(&uid);
    let can_save = may.edit && file.is_none();
    let folder_title = found.folder_title.clone().unwrap_or("General".to_owned());
    let folder_url = match &found.folder {
        Some(folder) => folder_url(folder, &folder_title),
        None => String::new(),
    };
    let document = document(&found.json, &found.uid, found.id, found.version)?;
    Ok(answer(&json!({
        "meta": {
            "type": "db", "canSave": can_save, "canEdit": may.edit, "canAdmin": may.admin,
            "canStar": sender.user().is_some(), "canDelete": can_save, "slug": slug(&found.title),
            "url": dashboard_url(&found.uid, &found.title), "expires": "0001-01-01T00:00:00Z",
            "created": time(found.created), "updated": time(found.updated),
            "createdBy": found.created_by, "updatedBy": found.updated_by, "version": found.version,
            "hasAcl": false, "isFolder": false, "folderUid": found.folder.unwrap_or_default(),
            "folderTitle": folder_title, "folderUrl": folder_url, "isStarred": is_starred,
            "provisioned": file.is_some(), "provisionedExternalId": file.unwrap_or_default(),
        },
        "dashboard": document,
    })))
}

/// The stored JSON with what the server counts.
pub(super) fn document(
    text: &str,
    uid: &str,
    id: i64,
    version: i64,
) -> Result<Value, GrafanaError> {
    let mut document: Value =
        serde_json::from_str(text).map_err(|error| GrafanaError::bad_request(error.to_string()))?;
    if let Some(document) = document.as_object_mut() {
        document.insert("id".to_owned(), id.into());
        document.insert("uid".to_owned(), uid.into());
        document.insert("version".to_owned(), version.into());
    }
    Ok(document)
}

/// `DELETE /api/dashboards/uid/:uid`
pub(super) async fn delete(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
    Path(uid): Path<String>,
) -> Result<Response, GrafanaError> {
    let found = state
        .dashboard(&sender, Action::EditDashboards, &uid)
        .await?;
    if state.provisioned.file_of(&uid).is_some() {
        let words = "provisioned dashboard cannot be deleted";
        return Err(GrafanaError::bad_request(words));
    }
    let dashboards = state.metadata()?.dashboards();
    dashboards.delete(&sender.actor(), &uid).await?;
    Ok(answer(&json!({
        "title": found.title, "message": format!("Dashboard {} deleted", found.title),
        "id": found.id, "uid": uid,
    })))
}

/// `GET /api/dashboards/home`
pub(super) async fn home(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
) -> Result<Response, GrafanaError> {
    if let Some(user) = sender.user() {
        let uid = state.metadata()?.preferences(user).get().await?;
        let uid = uid.home_dashboard;
        if !uid.is_empty()
            && let Ok(found) = state.dashboard(&sender, Action::ReadDashboards, &uid).await
        {
            let url = dashboard_url(&found.uid, &found.title);
            return Ok(answer(&json!({"redirectUri": url})));
        }
    }
    let list = |id: i64, title: &str, starred: bool, x: i64| {
        json!({
            "id": id, "type": "dashlist", "title": title,
            "gridPos": {"x": x, "y": 0, "w": 12, "h": 16},
            "options": {"showStarred": starred, "showSearch": !starred, "maxItems": 100,
                "query": "", "tags": [], "showHeadings": false},
        })
    };
    Ok(answer(&json!({
        "meta": {"isHome": true, "canSave": false, "canEdit": false, "canStar": false,
            "url": "", "slug": "", "type": "db", "folderUid": "", "folderTitle": "General"},
        "dashboard": {"title": "Home", "schemaVersion": 42, "editable": false,
            "time": {"from": "now-6h", "to": "now"}, "timezone": "browser",
            "panels": [list(1, "Starred", true, 0), list(2, "Dashboards", false, 12)]},
    })))
}

/// `GET /api/dashboards/tags`
pub(super) async fn tags(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
) -> Result<Response, GrafanaError> {
    let visible = state.door.visible(&sender).await?;
    let tags = state.metadata()?.dashboards().tags(&visible).await?;
    let tags = tags
        .into_iter()
        .map(|(term, count)| json!({"term": term, "count": count}));
    Ok(answer(&tags.collect()))
}

/// `POST|DELETE /api/user/stars/dashboard/uid/:uid`
pub(super) async fn star(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
    Path(uid): Path<String>,
    method: axum::http::Method,
) -> Result<Response, GrafanaError> {
    let user = sender.user().ok_or_else(GrafanaError::login_needed)?;
    state
        .dashboard(&sender, Action::ReadDashboards, &uid)
        .await?;
    let dashboards = state.metadata()?.dashboards();
    if method == axum::http::Method::DELETE {
        dashboards.unstar(user, &uid).await?;
        return Ok(done("Dashboard unstarred"));
    }
    dashboards.star(user, &uid).await?;
    Ok(done("Dashboard starred!"))
}

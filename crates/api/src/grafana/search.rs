//! `GET /api/search`

use super::body::{answer, dashboard_url, folder_url, slug};
use super::{GrafanaError, GrafanaState};
use crate::access::Sender;
use crate::params::Params;
use axum::extract::State;
use axum::response::Response;
use metadata::{SearchHit, SearchKind, SearchOrder, SearchQuery};
use serde_json::{Value, json};
use std::sync::Arc;

/// `GET /api/search`
pub(super) async fn search(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
    params: Params,
) -> Result<Response, GrafanaError> {
    let kind = match params.get("type") {
        Some("dash-db") => Some(SearchKind::Dashboard),
        Some("dash-folder") => Some(SearchKind::Folder),
        _ => None,
    };
    let number = |name: &str| match params.get(name) {
        None => Ok(0),
        Some(text) => text
            .parse::<u32>()
            .map_err(|_| GrafanaError::bad_request(format!("{name} is no number"))),
    };
    let starred = params.get("starred") == Some("true");
    if starred && sender.user().is_none() {
        // Whoever is not known has no stars.
        return Ok(answer(&json!([])));
    }
    let query = SearchQuery {
        text: params.get("query").unwrap_or_default().to_owned(),
        tags: params.all("tag").map(str::to_owned).collect(),
        kind,
        folders: list(&params, &["folderUIDs", "folderUid"]),
        uids: list(&params, &["dashboardUIDs", "dashboardUID"]),
        starred_by: sender.user().filter(|_| starred),
        user: sender.user(),
        limit: number("limit")?,
        page: number("page")?,
        order: match params.get("sort") {
            Some("alpha-desc") => SearchOrder::TitleDescending,
            Some("updated-desc") => SearchOrder::Updated,
            _ => SearchOrder::Title,
        },
    };
    let visible = state.door.visible(&sender).await?;
    let dashboards = state.metadata()?.dashboards();
    let hits = dashboards.search(&query, &visible).await?;
    Ok(answer(&hits.iter().map(described).collect()))
}

/// The values of these parameters, which may also be joined by commas.
fn list(params: &Params, names: &[&'static str]) -> Vec<String> {
    names
        .iter()
        .flat_map(|name| params.all(name))
        .flat_map(|value| value.split(','))
        .map(|value| value.trim().to_owned())
        .collect()
}

fn described(hit: &SearchHit) -> Value {
    let slug = slug(&hit.title);
    let (url, kind) = match hit.kind {
        SearchKind::Dashboard => (dashboard_url(&hit.uid, &hit.title), "dash-db"),
        SearchKind::Folder => (folder_url(&hit.uid, &hit.title), "dash-folder"),
    };
    let mut described = json!({
        "id": hit.id, "uid": hit.uid, "title": hit.title, "uri": format!("db/{slug}"), "url": url,
        "slug": "", "type": kind, "tags": hit.tags, "isStarred": hit.is_starred, "sortMeta": 0,
        "isDeleted": false,
    });
    if let (Some(folder), Some(fields)) = (&hit.folder, described.as_object_mut()) {
        let title = hit.folder_title.as_deref().unwrap_or_default();
        fields.insert("folderUid".to_owned(), json!(folder));
        fields.insert("folderTitle".to_owned(), json!(title));
        fields.insert("folderUrl".to_owned(), json!(folder_url(folder, title)));
    }
    described
}

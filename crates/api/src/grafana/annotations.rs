//! `/api/annotations`

use super::body::{Object, answer, done};
use super::{GrafanaError, GrafanaState};
use crate::access::Sender;
use crate::params::Params;
use axum::extract::{Path, State};
use axum::http::Method;
use axum::response::Response;
use metadata::access::Action;
use metadata::{Annotation, AnnotationDraft, AnnotationQuery, TagMatch};
use model::TimestampMs;
use serde_json::{Value, json};
use std::sync::Arc;

/// `GET /api/annotations`
pub(super) async fn list(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
    params: Params,
) -> Result<Response, GrafanaError> {
    if params.get("type") == Some("alert") {
        // Changes of alerts are not kept as annotations.
        return Ok(answer(&json!([])));
    }
    let number = |name: &str| match params.get(name) {
        None => Ok(None),
        Some(text) => text
            .parse::<i64>()
            .map(Some)
            .map_err(|_| GrafanaError::bad_request(format!("{name} is no number"))),
    };
    let limit = number("limit")?.unwrap_or(0);
    let query = AnnotationQuery {
        from: number("from")?.filter(|from| *from > 0).map(TimestampMs),
        to: number("to")?.filter(|to| *to > 0).map(TimestampMs),
        dashboard: params.get("dashboardUID").map(str::to_owned),
        panel: number("panelId")?.filter(|panel| *panel > 0),
        tags: params.all("tags").map(str::to_owned).collect(),
        tag_match: if params.get("matchAny") == Some("true") {
            TagMatch::Any
        } else {
            TagMatch::All
        },
        limit: u32::try_from(limit).unwrap_or(0),
    };
    let visible = state.door.visible(&sender).await?;
    let found = state
        .metadata()?
        .annotations()
        .list(&query, &visible)
        .await?;
    Ok(answer(&found.iter().map(described).collect()))
}

fn described(annotation: &Annotation) -> Value {
    let draft = &annotation.draft;
    json!({
        "id": annotation.id, "alertId": 0, "alertName": "",
        "dashboardUID": draft.dashboard.clone().unwrap_or_default(),
        "panelId": draft.panel.unwrap_or(0), "userId": 0, "login": annotation.created_by,
        "email": "", "avatarUrl": "", "newState": "", "prevState": "",
        "created": annotation.created.0, "updated": annotation.updated.0,
        "time": draft.time.0, "timeEnd": draft.time_end.0, "text": draft.text,
        "tags": draft.tags, "data": {},
    })
}

/// `GET /api/annotations/tags`
pub(super) async fn tags(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
    params: Params,
) -> Result<Response, GrafanaError> {
    let part = params.get("tag").unwrap_or_default().to_lowercase();
    let limit = params.get("limit").and_then(|limit| limit.parse().ok());
    let visible = state.door.visible(&sender).await?;
    let tags = state.metadata()?.annotations().tags(&visible).await?;
    let tags: Vec<Value> = tags
        .into_iter()
        .filter(|(tag, _)| tag.to_lowercase().contains(&part))
        .take(limit.unwrap_or(100))
        .map(|(tag, count)| json!({"tag": tag, "count": count}))
        .collect();
    Ok(answer(&json!({"result": {"tags": tags}})))
}

/// An annotation that the sender may do `action` with.
async fn one(
    state: &GrafanaState,
    sender: &Sender,
    action: Action,
    id: &str,
) -> Result<Annotation, GrafanaError> {
    let id = id.parse::<i64>();
    let id = id.map_err(|_| GrafanaError::bad_request("annotationId is invalid"))?;
    let found = state.metadata()?.annotations().get(id).await?;
    state
        .door
        .allow(sender, action, found.folder.as_deref())
        .await?;
    Ok(found)
}

/// `GET /api/annotations/:id`
pub(super) async fn get(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
    Path(id): Path<String>,
) -> Result<Response, GrafanaError> {
    let found = one(&state, &sender, Action::ReadAnnotations, &id).await?;
    Ok(answer(&described(&found)))
}

/// `POST /api/annotations`
pub(super) async fn create(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
    body: Object,
) -> Result<Response, GrafanaError> {
    let text = body.words("text");
    if text.is_empty() {
        return Err(GrafanaError::bad_request("text field should not be empty"));
    }
    let uid = body.text("dashboardUID").filter(|uid| !uid.is_empty());
    match uid {
        Some(uid) => {
            state
                .dashboard(&sender, Action::EditAnnotations, uid)
                .await?;
        }
        None => {
            state
                .door
                .allow(&sender, Action::EditAnnotations, None)
                .await?;
        }
    }
    let time = body.number("time").filter(|time| *time != 0);
    let time = time.map_or_else(|| state.clock.now(), TimestampMs);
    let end = body.number("timeEnd").filter(|end| *end != 0);
    let draft = AnnotationDraft {
        dashboard: uid.map(str::to_owned),
        panel: body.number("panelId").filter(|panel| *panel > 0),
        time,
        time_end: end.map_or(time, TimestampMs),
        tags: body.texts("tags").unwrap_or_default(),
        text,
    };
    let annotations = state.metadata()?.annotations();
    let made = annotations.create(&sender.actor(), draft).await?;
    Ok(answer(
        &json!({"message": "Annotation added", "id": made.id}),
    ))
}

/// `PUT|PATCH /api/annotations/:id`: PUT says text and tags anew, PATCH only what it names.
pub(super) async fn update(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
    Path(id): Path<String>,
    method: Method,
    body: Object,
) -> Result<Response, GrafanaError> {
    let found = one(&state, &sender, Action::EditAnnotations, &id).await?;
    let is_put = method == Method::PUT;
    let old = found.draft;
    let new_time = body.number("time").filter(|time| *time != 0);
    let time = new_time.map_or(old.time, TimestampMs);
    let end = body.number("timeEnd").filter(|end| *end != 0);
    let time_end = match (end, new_time) {
        (Some(end), _) => TimestampMs(end),
        // A point in time stays one.
        (None, Some(_)) if old.time_end == old.time => time,
        (None, _) => old.time_end,
    };
    let text = match body.text("text") {
        None if is_put => String::new(),
        text => text.map_or(old.text, str::to_owned),
    };
    let tags = match body.texts("tags") {
        None if is_put => Vec::new(),
        tags => tags.unwrap_or(old.tags),
    };
    let draft = AnnotationDraft {
        time,
        time_end,
        text,
        tags,
        ..AnnotationDraft {
            dashboard: old.dashboard,
            panel: old.panel,
            ..AnnotationDraft::default()
        }
    };
    let annotations = state.metadata()?.annotations();
    annotations.update(&sender.actor(), found.id, draft).await?;
    Ok(done(if is_put {
        "Annotation updated"
    } else {
        "Annotation patched"
    }))
}

/// `DELETE /api/annotations/:id`
pub(super) async fn delete(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
    Path(id): Path<String>,
) -> Result<Response, GrafanaError> {
    let found = one(&state, &sender, Action::EditAnnotations, &id).await?;
    let annotations = state.metadata()?.annotations();
    annotations.delete(&sender.actor(), found.id).await?;
    Ok(done("Annotation deleted"))
}

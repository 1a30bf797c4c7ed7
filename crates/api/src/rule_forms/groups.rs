//! Groups of the metadata: their settings, their order, moved, deleted.

use super::error::FormError;
use super::state::{Body, RuleFormState};
use super::stored::{conflict, placement, some_folder};
use crate::access::Sender;
use crate::params::Params;
use api_types::{ChangedGroup, GroupSettings, MoveGroup, OrderGroup};
use axum::extract::State;
use axum::response::Response;
use metadata::access::Action;
use metadata::{Error, RuleGroup, RuleGroupSettings};
use model::DurationMs;
use serde_json::json;
use std::sync::Arc;

/// `PUT /api/watchfire/rules/group`
pub(super) async fn set(
    State(state): State<Arc<RuleFormState>>,
    sender: Sender,
    Body(body): Body<GroupSettings>,
) -> Result<Response, FormError> {
    let folder = some_folder(body.folder);
    allow(&state, &sender, folder.as_deref()).await?;
    let settings = RuleGroupSettings {
        interval: length("interval", &body.interval)?,
        query_offset: length("query_offset", &body.query_offset)?,
        limit: body.limit,
    };
    let (actor, rules) = (sender.actor(), state.metadata()?.rules());
    let (folder, name) = (folder.as_deref(), body.group.as_str());
    let done = rules.set_group(&actor, folder, name, settings, body.version);
    changed(&state, done.await).await
}

/// `POST /api/watchfire/rules/group/move`
pub(super) async fn put_into(
    State(state): State<Arc<RuleFormState>>,
    sender: Sender,
    Body(body): Body<MoveGroup>,
) -> Result<Response, FormError> {
    let (from, to) = (some_folder(body.folder), some_folder(body.new_folder));
    for folder in [&from, &to] {
        allow(&state, &sender, folder.as_deref()).await?;
    }
    let new_name = match body.new_group.trim() {
        "" => body.group.as_str(),
        name => name,
    };
    let (actor, rules) = (sender.actor(), state.metadata()?.rules());
    let place = placement(to.as_deref());
    let from = (from.as_deref(), body.group.as_str());
    let done = rules.move_group(&actor, from, (&place, new_name), body.version);
    changed(&state, done.await).await
}

/// `PUT /api/watchfire/rules/group/order`
pub(super) async fn order(
    State(state): State<Arc<RuleFormState>>,
    sender: Sender,
    Body(body): Body<OrderGroup>,
) -> Result<Response, FormError> {
    let folder = some_folder(body.folder);
    allow(&state, &sender, folder.as_deref()).await?;
    let (actor, rules) = (sender.actor(), state.metadata()?.rules());
    let (folder, name) = (folder.as_deref(), body.group.as_str());
    let done = rules.reorder(&actor, folder, name, &body.rules, body.version);
    changed(&state, done.await).await
}

/// `DELETE /api/watchfire/rules/group?folder=&group=&version=`: with its rules.
pub(super) async fn delete(
    State(state): State<Arc<RuleFormState>>,
    sender: Sender,
    params: Params,
) -> Result<Response, FormError> {
    let base = params.get("version").map(str::parse::<i64>).transpose();
    let base = base.map_err(|_| FormError::bad_request("`version` is not a number"))?;
    let name = params.get("group").unwrap_or_default();
    let folder = params.get("folder").filter(|uid| !uid.is_empty());
    allow(&state, &sender, folder).await?;
    let (actor, rules) = (sender.actor(), state.metadata()?.rules());
    let done = rules.delete_group(&actor, folder, name, base).await;
    done.map_err(|error| conflict(error, None))?;
    state.keeper.stored_changed().await;
    let answer = json!({"message": format!("Rule group {name} deleted")});
    Ok(crate::response::json(answer.to_string()))
}

async fn allow(
    state: &RuleFormState,
    sender: &Sender,
    folder: Option<&str>,
) -> Result<(), FormError> {
    state.door.allow(sender, Action::EditRules, folder).await?;
    Ok(())
}

/// A length of time as a form has it; nothing for the server's.
fn length(name: &str, text: &str) -> Result<Option<DurationMs>, FormError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let length = text.parse::<DurationMs>();
    length
        .map(Some)
        .map_err(|error| FormError::bad_request(format!("`{name}`: {error}: {text:?}")))
}

/// Runs what was saved, and says what it is now.
async fn changed(
    state: &RuleFormState,
    done: Result<RuleGroup, Error>,
) -> Result<Response, FormError> {
    let group = done.map_err(|error| conflict(error, None))?;
    state.keeper.stored_changed().await;
    let answer = json!(ChangedGroup {
        version: group.version,
        folder: group.folder,
        group: group.name,
    });
    Ok(crate::response::json(answer.to_string()))
}

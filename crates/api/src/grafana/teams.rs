//! `/api/teams`

use super::body::{Object, answer, done};
use super::numbered::{OfTeams, Part, number};
use super::{GrafanaError, GrafanaState};
use crate::access::Sender;
use crate::params::Params;
use axum::extract::{Path, State};
use axum::response::Response;
use metadata::Team;
use metadata::access::{TeamId, UserId};
use serde_json::{Value, json};
use std::sync::Arc;

fn team_id(text: &str) -> Result<TeamId, GrafanaError> {
    number::<OfTeams>(text).map(TeamId)
}

pub(super) fn described(team: &Team) -> Value {
    json!({
        "id": team.id.0, "uid": team.id.0.to_string(), "orgId": 1, "name": team.name,
        "email": team.email.clone().unwrap_or_default(), "memberCount": team.members,
        "avatarUrl": "", "isProvisioned": false,
    })
}

fn email(body: &Object) -> Option<&str> {
    body.text("email").filter(|email| !email.is_empty())
}

/// `POST /api/teams`
pub(super) async fn create(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
    body: Object,
) -> Result<Response, GrafanaError> {
    let teams = state.metadata()?.teams();
    let made = teams
        .create(&sender.actor(), &body.words("name"), email(&body))
        .await?;
    Ok(answer(&json!({
        "message": "Team created", "teamId": made.id.0, "uid": made.id.0.to_string(),
    })))
}

/// `GET /api/teams/search`
pub(super) async fn search(
    State(state): State<Arc<GrafanaState>>,
    params: Params,
) -> Result<Response, GrafanaError> {
    let part = Part::of(&params, "perpage");
    let text = params.get("query").unwrap_or_default();
    let mut teams = state.metadata()?.teams().list(text).await?;
    if let Some(name) = params.get("name") {
        teams.retain(|team| team.name == name);
    }
    let shown: Vec<Value> = part.take(teams.iter()).map(described).collect();
    Ok(answer(&json!({
        "totalCount": teams.len(), "teams": shown, "page": part.page, "perPage": part.per_page,
    })))
}

/// `GET /api/teams/:id`
pub(super) async fn get(
    State(state): State<Arc<GrafanaState>>,
    Path(id): Path<String>,
) -> Result<Response, GrafanaError> {
    let team = state.metadata()?.teams().get(team_id(&id)?).await?;
    Ok(answer(&described(&team)))
}

/// `PUT /api/teams/:id`
pub(super) async fn update(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
    Path(id): Path<String>,
    body: Object,
) -> Result<Response, GrafanaError> {
    let teams = state.metadata()?.teams();
    let (id, name) = (team_id(&id)?, body.words("name"));
    teams
        .update(&sender.actor(), id, &name, email(&body))
        .await?;
    Ok(done("Team updated"))
}

/// `GET /api/teams/:id/members`
pub(super) async fn members(
    State(state): State<Arc<GrafanaState>>,
    Path(id): Path<String>,
) -> Result<Response, GrafanaError> {
    let id = team_id(&id)?;
    let members = state.metadata()?.teams().members(id).await?;
    let described = members.iter().map(|user| {
        json!({
            "orgId": 1, "teamId": id.0, "userId": user.id.0, "login": user.login,
            "name": user.name, "email": user.email.clone().unwrap_or_default(), "permission": 0,
        })
    });
    Ok(answer(&described.collect()))
}

/// `POST /api/teams/:id/members`
pub(super) async fn add(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
    Path(id): Path<String>,
    body: Object,
) -> Result<Response, GrafanaError> {
    let Some(user) = body.number("userId").map(UserId) else {
        return Err(GrafanaError::bad_request("bad request data: no userId"));
    };
    let teams = state.metadata()?.teams();
    teams.add(&sender.actor(), team_id(&id)?, user).await?;
    Ok(done("Member added to Team"))
}

/// `DELETE /api/teams/:id/members/:user`
pub(super) async fn remove(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
    Path((id, user)): Path<(String, String)>,
) -> Result<Response, GrafanaError> {
    let user = user.parse().map(UserId);
    let user = user.map_err(|_| GrafanaError::bad_request("userId is invalid"))?;
    let teams = state.metadata()?.teams();
    teams.remove(&sender.actor(), team_id(&id)?, user).await?;
    Ok(done("Team Member removed"))
}

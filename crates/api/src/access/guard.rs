//! The middleware in front of all routes.

use super::door::{By, Known};
use super::refusal::{Asked, Refusal};
use super::table::{Found, Rule, rule_of};
use super::{Door, csrf, headers};
use crate::grafana::GrafanaError;
use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, Method, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use metadata::access::{
    Action, Decision, Grant, Need, Permission, Principal, Role, Subject, decide,
};
use metadata::{Actor, Event, Kind};
use std::sync::Arc;

/// Puts the door in front of all routes of `router`, and the headers that make browsers careful on all
/// answers.
pub fn protect(router: Router, door: Arc<Door>) -> Router {
    router
        .layer(from_fn_with_state(door, guard))
        .layer(from_fn(headers::careful))
}

/// What nobody in a folder could have more of: whether a folder's action is refused wherever it is.
const MOST: [Grant; 1] = [Grant {
    subject: Subject::Role(Role::Viewer),
    permission: Permission::Admin,
}];

async fn guard(State(door): State<Arc<Door>>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>();
    let found = match route {
        Some(route) => rule_of(request.method(), route.as_str()),
        // The fallback: files of the pages, and words that there is nothing.
        None => Found::Rule(Rule::Open),
    };
    let asked = Asked::of(&request);
    if route.is_none() && asked.is_api() {
        return GrafanaError::not_found("Not found").into_response();
    }
    let rule = match found {
        Found::Rule(rule) => rule,
        // What a browser asks before it asks; no route answers more than that it may.
        Found::OtherMethod if request.method() == Method::OPTIONS => Rule::Open,
        Found::OtherMethod => return Refusal::WrongMethod.answer(&asked),
        Found::Nothing => {
            tracing::error!(
                route = route.map_or("", MatchedPath::as_str),
                "route without a rule"
            );
            return Refusal::NoRule.answer(&asked);
        }
    };
    let action = match rule {
        Rule::Open => return next.run(request).await,
        Rule::Greets => None,
        Rule::Ask(action) | Rule::Shows(action) => Some(action),
    };
    // Nobody needs to be known for what is open to all: Prometheus' clients send whatever they like.
    let open = action.is_some_and(|action| is_open(&door, action)) && !asked.is_api();
    if open && !matches!(rule, Rule::Shows(_)) {
        return next.run(request).await;
    }
    let (mut head, body) = request.into_parts();
    let known = match door.identify(&head).await {
        Ok(known) if open && known.by == By::Wrong => Known::nobody(known.sender.address),
        Ok(known) => known,
        Err(_) if open => Known::nobody(String::new()),
        Err(refusal) => return refusal.answer(&asked),
    };
    let is_safe = matches!(head.method, Method::GET | Method::HEAD | Method::OPTIONS);
    let looks = action.is_some_and(Action::only_looks);
    if !is_safe && !looks && csrf::is_forged(&head.headers, known.by) {
        return Refusal::Forged.answer(&asked);
    }
    if let Some(action) = action {
        if known.by == By::Wrong {
            return Refusal::WrongCredentials.answer(&asked);
        }
        let decision = decide(door.policy(), &known.sender.principal, action, &MOST);
        if let Some(refusal) = Refusal::of(decision) {
            let refusal = door.explained(refusal, &head.headers, known.by).await;
            return refusal.answer(&asked);
        }
    }
    let actor = known.sender.actor();
    head.extensions.insert(known.sender);
    let mut response = next.run(Request::from_parts(head, body)).await;
    // What the metadata change themselves is in their log already.
    if action == Some(Action::OperateServer) && response.status().is_success() {
        note(&door, &actor, asked.path()).await;
    }
    let cookie = match (known.replacement, known.stale_cookie) {
        (Some(token), _) => Some(door.set_cookie(token.reveal())),
        (None, true) => Some(door.set_cookie("")),
        (None, false) => None,
    };
    if let Some(Ok(cookie)) = cookie.map(|cookie| HeaderValue::from_str(&cookie)) {
        // A login or logout in the handler has the last word.
        let answer = response.headers_mut();
        if !answer.contains_key(header::SET_COOKIE) {
            answer.insert(header::SET_COOKIE, cookie);
        }
    }
    response
}

/// Puts what an operator did to the server into the audit log.
async fn note(door: &Door, actor: &Actor, path: &str) {
    let Some(metadata) = door.metadata() else {
        return;
    };
    let what = path.rsplit('/').next().unwrap_or_default();
    let event = Event {
        action: &format!("server.{what}"),
        kind: Kind::Server,
        id: "",
        name: "",
        before: String::new(),
        after: String::new(),
    };
    if let Err(error) = metadata.audit().record(actor, event).await {
        tracing::error!(%error, what, "not noted in the audit log");
    }
}

/// Whether anybody may do it, known or not.
fn is_open(door: &Door, action: Action) -> bool {
    matches!(action.need(), Need::Nothing | Need::Role(_))
        && decide(door.policy(), &Principal::Anonymous, action, &[]).is_allowed()
}

/// A decision of a handler, as the answer that it means.
pub(crate) fn decided(decision: Decision) -> Result<(), GrafanaError> {
    match decision {
        Decision::Allow => Ok(()),
        Decision::LoginNeeded => Err(GrafanaError::login_needed()),
        Decision::Forbidden => Err(GrafanaError::forbidden()),
    }
}

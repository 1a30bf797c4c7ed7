//! Rules of the metadata: made, changed, moved, deleted.

use super::convert::{checked_fields, of_form, stored_rule, written_rule};
use super::error::FormError;
use super::state::{Body, RuleFormState};
use crate::access::Sender;
use crate::params::Params;
use api_types::{MoveRule, RuleConflict, SaveRule};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use metadata::access::Action;
use metadata::{Base, Current, Error, Placement, Rule, RuleDraft};
use rules::{WrittenGroup, WrittenRule, rule_yaml, unified_diff};
use serde_json::json;
use std::sync::Arc;

pub(super) fn placement(folder: Option<&str>) -> Placement {
    folder.map_or(Placement::Top, |uid| Placement::Folder(uid.to_owned()))
}

pub(super) fn some_folder(folder: Option<String>) -> Option<String> {
    folder.filter(|uid| !uid.is_empty())
}

/// `GET /api/watchfire/rules/rule/:uid`
pub(super) async fn get(
    State(state): State<Arc<RuleFormState>>,
    sender: Sender,
    Path(uid): Path<String>,
) -> Result<Response, FormError> {
    let rule = state.metadata()?.rules().get(&uid).await?;
    let folder = rule.folder.as_deref();
    state.door.allow(&sender, Action::ReadRules, folder).await?;
    let may_edit = state
        .door
        .allows(&sender, Action::EditRules, folder)
        .await?;
    let answer = json!(stored_rule(&rule, may_edit));
    Ok(crate::response::json(answer.to_string()))
}

/// `POST /api/watchfire/rules/rule`
pub(super) async fn create(
    State(state): State<Arc<RuleFormState>>,
    sender: Sender,
    Body(body): Body<SaveRule>,
) -> Result<Response, FormError> {
    let folder = some_folder(body.folder);
    state
        .door
        .allow(&sender, Action::EditRules, folder.as_deref())
        .await?;
    let draft = RuleDraft {
        uid: None,
        folder: placement(folder.as_deref()),
        group: body.group,
        fields: checked_fields(&body.rule, state.api.parse_options)?,
        base: Base::New,
    };
    let rule = state
        .metadata()?
        .rules()
        .save(&sender.actor(), draft)
        .await?;
    changed(&state, &rule, StatusCode::CREATED).await
}

/// `PUT /api/watchfire/rules/rule/:uid`
pub(super) async fn update(
    State(state): State<Arc<RuleFormState>>,
    sender: Sender,
    Path(uid): Path<String>,
    Body(body): Body<SaveRule>,
) -> Result<Response, FormError> {
    let before = state.metadata()?.rules().get(&uid).await?;
    let folder = some_folder(body.folder);
    allow_in_both(&state, &sender, &before, folder.as_deref()).await?;
    let Some(version) = body.version else {
        return Err(FormError::bad_request(
            "the version that the change stands on is missing",
        ));
    };
    let sent = of_form(&body.rule)?;
    let draft = RuleDraft {
        uid: Some(uid),
        folder: placement(folder.as_deref()),
        group: body.group,
        fields: checked_fields(&body.rule, state.api.parse_options)?,
        base: Base::Version(version),
    };
    save(&state, &sender, draft, Some(&sent)).await
}

/// `POST /api/watchfire/rules/rule/:uid/move`
pub(super) async fn put_into(
    State(state): State<Arc<RuleFormState>>,
    sender: Sender,
    Path(uid): Path<String>,
    Body(body): Body<MoveRule>,
) -> Result<Response, FormError> {
    let before = state.metadata()?.rules().get(&uid).await?;
    let folder = some_folder(body.folder);
    allow_in_both(&state, &sender, &before, folder.as_deref()).await?;
    let draft = RuleDraft {
        uid: Some(uid),
        folder: placement(folder.as_deref()),
        group: body.group,
        fields: before.fields,
        base: Base::Version(body.version),
    };
    save(&state, &sender, draft, None).await
}

/// `DELETE /api/watchfire/rules/rule/:uid?version=`
pub(super) async fn delete(
    State(state): State<Arc<RuleFormState>>,
    sender: Sender,
    Path(uid): Path<String>,
    params: Params,
) -> Result<Response, FormError> {
    let base = params.get("version").map(str::parse::<i64>).transpose();
    let base = base.map_err(|_| FormError::bad_request("`version` is not a number"))?;
    let before = state.metadata()?.rules().get(&uid).await?;
    let folder = before.folder.as_deref();
    state.door.allow(&sender, Action::EditRules, folder).await?;
    let rules = state.metadata()?.rules();
    rules
        .delete(&sender.actor(), &uid, base)
        .await
        .map_err(|error| conflict(error, None))?;
    state.keeper.stored_changed().await;
    let answer = json!({"message": format!("Rule {} deleted", before.fields.name)});
    Ok(crate::response::json(answer.to_string()))
}

/// Refuses a change of a rule that goes from one folder to another to whoever may not edit in both.
async fn allow_in_both(
    state: &RuleFormState,
    sender: &Sender,
    before: &Rule,
    folder: Option<&str>,
) -> Result<(), FormError> {
    for folder in [before.folder.as_deref(), folder] {
        state.door.allow(sender, Action::EditRules, folder).await?;
    }
    Ok(())
}

/// Saves a rule that is there already; a conflict shows how it differs from what was `sent`.
async fn save(
    state: &RuleFormState,
    sender: &Sender,
    draft: RuleDraft,
    sent: Option<&WrittenRule>,
) -> Result<Response, FormError> {
    let saved = state.metadata()?.rules().save(&sender.actor(), draft).await;
    match saved {
        Ok(rule) => changed(state, &rule, StatusCode::OK).await,
        Err(error) => Err(conflict(error, sent)),
    }
}

/// Runs what was saved, and shows it.
async fn changed(
    state: &RuleFormState,
    rule: &Rule,
    status: StatusCode,
) -> Result<Response, FormError> {
    state.keeper.stored_changed().await;
    let answer = json!(stored_rule(rule, true));
    Ok((status, crate::response::json(answer.to_string())).into_response())
}

/// A conflict with what is there now and how it differs; other errors as they are.
pub(super) fn conflict(error: Error, sent: Option<&WrittenRule>) -> FormError {
    let message = "The rule has been changed by someone else";
    match &error {
        Error::Conflict {
            current: Current::Rule(rule),
            ..
        } => {
            let current = stored_rule(rule, true);
            let diff = sent.map(|sent| difference(&written_rule(rule), sent));
            FormError::Conflict(Box::new(RuleConflict {
                message: message.to_owned(),
                current: Some(current),
                diff: diff.unwrap_or_default(),
            }))
        }
        Error::Conflict { .. } => FormError::Conflict(Box::new(RuleConflict {
            message: "The group has been changed by someone else".to_owned(),
            current: None,
            diff: String::new(),
        })),
        _ => error.into(),
    }
}

/// How a rule that is there differs from one that was sent, as YAML.
pub(super) fn difference(current: &WrittenRule, sent: &WrittenRule) -> String {
    let yaml = |rule: &WrittenRule| {
        let group = WrittenGroup {
            name: "rule".to_owned(),
            rules: vec![rule.normal()],
            ..WrittenGroup::default()
        };
        rule_yaml(&[group])
    };
    unified_diff(&yaml(current), &yaml(sent), "stored", "yours")
}

//! Calls of `/api/watchfire/rules`.

use crate::call::exchange;
use api_types::{
    ChangedGroup, FileChange, FileDiff, FileRule, GroupSettings, MoveGroup, OrderGroup, RuleCheck,
    RuleConflict, RuleFault, RuleFields, RulePreview, RuleTree, SaveRule, StoredRule,
};
use app::data::UiError;
use app::state::encode;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use web_sys::AbortSignal;

/// What became of a change.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Outcome<T> {
    /// Done.
    Done(T),
    /// The rule has faults.
    Faults(Vec<RuleFault>),
    /// Somebody else changed it meanwhile.
    Conflict(Box<RuleConflict>),
    /// Not done.
    Failed(UiError),
}

impl<T> Outcome<T> {
    /// What came, where neither faults nor conflicts can come.
    fn plain(self) -> Result<T, UiError> {
        match self {
            Self::Done(done) => Ok(done),
            Self::Failed(error) => Err(error),
            Self::Faults(faults) => {
                let message = faults.into_iter().next().map(|fault| fault.message);
                Err(refused("400", message.unwrap_or_default()))
            }
            Self::Conflict(conflict) => Err(refused("409", conflict.message)),
        }
    }
}

fn refused(kind: &str, message: String) -> UiError {
    UiError::Refused {
        kind: kind.to_owned(),
        message,
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Refusal {
    message: String,
    error: String,
    faults: Vec<RuleFault>,
}

async fn ask<T: DeserializeOwned>(
    method: &str,
    path: &str,
    body: Option<Value>,
    signal: Option<&AbortSignal>,
) -> Outcome<T> {
    match exchange(method, path, body.as_ref(), signal).await {
        Ok((status, text)) => answer(status, &text),
        Err(error) => Outcome::Failed(error),
    }
}

fn answer<T: DeserializeOwned>(status: u16, text: &str) -> Outcome<T> {
    let unreadable = |error: serde_json::Error| UiError::Unreadable {
        status,
        reason: error.to_string(),
    };
    if status < 300 {
        return match serde_json::from_str(text) {
            Ok(done) => Outcome::Done(done),
            Err(error) => Outcome::Failed(unreadable(error)),
        };
    }
    if status == 409 {
        return match serde_json::from_str(text) {
            Ok(conflict) => Outcome::Conflict(Box::new(conflict)),
            Err(error) => Outcome::Failed(unreadable(error)),
        };
    }
    match serde_json::from_str::<Refusal>(text) {
        Ok(refusal) if !refusal.faults.is_empty() => Outcome::Faults(refusal.faults),
        Ok(refusal) => {
            let words = [refusal.message, refusal.error];
            let message = words.into_iter().find(|words| !words.is_empty());
            Outcome::Failed(refused(&status.to_string(), message.unwrap_or_default()))
        }
        Err(error) => Outcome::Failed(unreadable(error)),
    }
}

fn body<T: serde::Serialize>(value: &T) -> Option<Value> {
    serde_json::to_value(value).ok()
}

/// All rules that may be seen, and where rules may be put.
pub(super) async fn tree() -> Result<RuleTree, UiError> {
    ask("GET", "/api/watchfire/rules/groups", None, None)
        .await
        .plain()
}

/// A rule of the metadata.
pub(super) async fn stored(uid: &str) -> Result<StoredRule, UiError> {
    ask("GET", &rule_path(uid), None, None).await.plain()
}

/// A rule of a file.
pub(super) async fn of_file(file: &str, group: &str, index: usize) -> Result<FileRule, UiError> {
    let (file, group) = (encode(file), encode(group));
    let path = format!("/api/watchfire/rules/file?file={file}&group={group}&index={index}");
    ask("GET", &path, None, None).await.plain()
}

fn rule_path(uid: &str) -> String {
    format!("/api/watchfire/rules/rule/{}", encode(uid))
}

/// Saves a rule in the metadata; a new one without a uid.
pub(super) async fn save(uid: Option<&str>, rule: &SaveRule) -> Outcome<StoredRule> {
    match uid {
        Some(uid) => ask("PUT", &rule_path(uid), body(rule), None).await,
        None => ask("POST", "/api/watchfire/rules/rule", body(rule), None).await,
    }
}

/// Deletes a rule of the metadata.
pub(super) async fn delete(uid: &str, version: i64) -> Outcome<Value> {
    let path = format!("{}?version={version}", rule_path(uid));
    ask("DELETE", &path, None, None).await
}

/// Changes the settings of a group of the metadata.
pub(super) async fn set_group(settings: &GroupSettings) -> Outcome<ChangedGroup> {
    ask("PUT", "/api/watchfire/rules/group", body(settings), None).await
}

/// Gives a group of the metadata another folder or name.
pub(super) async fn move_group(to: &MoveGroup) -> Outcome<ChangedGroup> {
    ask("POST", "/api/watchfire/rules/group/move", body(to), None).await
}

/// Puts the rules of a group of the metadata in order.
pub(super) async fn order_group(order: &OrderGroup) -> Outcome<ChangedGroup> {
    ask("PUT", "/api/watchfire/rules/group/order", body(order), None).await
}

/// Deletes a group of the metadata with its rules.
pub(super) async fn delete_group(folder: &str, group: &str, version: i64) -> Outcome<Value> {
    let (folder, group) = (encode(folder), encode(group));
    let path =
        format!("/api/watchfire/rules/group?folder={folder}&group={group}&version={version}");
    ask("DELETE", &path, None, None).await
}

/// What a change of a file would do.
pub(super) async fn file_diff(change: &FileChange) -> Outcome<FileDiff> {
    ask("POST", "/api/watchfire/rules/file/diff", body(change), None).await
}

/// Changes a file.
pub(super) async fn write_file(change: &FileChange) -> Outcome<FileDiff> {
    ask("PUT", "/api/watchfire/rules/file", body(change), None).await
}

/// What is wrong with a rule.
pub(super) async fn check(
    rule: &RuleFields,
    before: Option<&RuleFields>,
) -> Result<RuleCheck, UiError> {
    let mut sent = body(rule).unwrap_or_default();
    if let (Some(fields), Some(before)) = (sent.as_object_mut(), before.and_then(body)) {
        fields.insert("before".to_owned(), before);
    }
    ask("POST", "/api/watchfire/rules/check", Some(sent), None)
        .await
        .plain()
}

/// What a rule matches, and when it would have fired.
pub(super) async fn preview(
    rule: &RuleFields,
    signal: Option<&AbortSignal>,
) -> Result<RulePreview, UiError> {
    ask("POST", "/api/watchfire/rules/preview", body(rule), signal)
        .await
        .plain()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_told_apart() {
        let conflict = answer::<Value>(409, r#"{"message":"m","current":null,"diff":"d"}"#);
        assert!(matches!(conflict, Outcome::Conflict(one) if one.diff == "d"));
        let faults =
            r#"{"message":"m","faults":[{"field":"expr","span":[1,2],"message":"x","hint":null}]}"#;
        assert!(matches!(answer::<Value>(400, faults), Outcome::Faults(all) if all.len() == 1));
        let plain = answer::<Value>(422, r#"{"message":"cannot write"}"#);
        assert!(
            matches!(plain, Outcome::Failed(UiError::Refused { message, .. }) if message == "cannot write")
        );
        let query = answer::<Value>(
            503,
            r#"{"status":"error","errorType":"timeout","error":"slow"}"#,
        );
        assert!(
            matches!(query, Outcome::Failed(UiError::Refused { message, .. }) if message == "slow")
        );
    }
}

//! Rules of files: shown, changed where they stand, written back.

use super::convert::{form_faults, form_fields, of_form};
use super::error::FormError;
use super::state::{Body, RuleFormState};
use super::stored::difference;
use crate::access::Sender;
use crate::params::Params;
use api_types::{FileChange, FileDiff, FileRule, RuleConflict};
use axum::extract::State;
use axum::response::Response;
use metadata::access::Action;
use metadata::{Event, Kind};
use rules::{
    EditError, FileEdit, ReplaceError, RulePlace, WrittenRule, edit_file, replace_file, text_hash,
    unified_diff, why_not_writable, written_groups,
};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The file of that name, if it is one of those that run: no other file is shown or written.
fn known(state: &RuleFormState, name: &str) -> Result<PathBuf, FormError> {
    let files = state.keeper.files();
    let found = files
        .into_iter()
        .find(|file| file.display().to_string() == name);
    found.ok_or_else(|| {
        let message = format!("`{name}` is not a rule file of this server's configuration");
        FormError::Other(crate::grafana::GrafanaError::not_found(message))
    })
}

/// Does what waits for the disk on a thread of its own.
pub(super) async fn on_disk<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, FormError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(FormError::internal)
}

async fn read(path: &Path) -> Result<String, FormError> {
    let path = path.to_owned();
    let shown = path.display().to_string();
    let text = on_disk(move || std::fs::read_to_string(path)).await?;
    text.map_err(|error| FormError::File(format!("cannot read `{shown}`: {error}")))
}

/// Why a file cannot be changed, for people.
pub(super) fn why_not(path: &Path) -> String {
    why_not_writable(path).map_or_else(String::new, |error| {
        format!("cannot write `{}`: {error}", path.display())
    })
}

/// `GET /api/watchfire/rules/file?file=&group=&index=`
pub(super) async fn get(
    State(state): State<Arc<RuleFormState>>,
    sender: Sender,
    params: Params,
) -> Result<Response, FormError> {
    let path = known(&state, params.get("file").unwrap_or_default())?;
    let group = params.get("group").unwrap_or_default().to_owned();
    let index = params.get("index").unwrap_or("0").parse::<usize>();
    let index = index.map_err(|_| FormError::bad_request("`index` is not a number"))?;
    let text = read(&path).await?;
    let rule = rule_at(&text, &group, index)?;
    let file = path.display().to_string();
    let answer = FileRule {
        rule: form_fields(&rule, false),
        hash: text_hash(&text),
        why_not: on_disk(move || why_not(&path)).await?,
        may_edit: state
            .door
            .allows(&sender, Action::EditFileRules, None)
            .await?,
        file,
        group,
        index,
    };
    Ok(crate::response::json(json!(answer).to_string()))
}

fn rule_at(text: &str, group: &str, index: usize) -> Result<WrittenRule, FormError> {
    let groups = written_groups(text).map_err(refused)?;
    let found = groups.into_iter().find(|one| one.name == group);
    let found = found.ok_or_else(|| refused(EditError::NoGroup(group.to_owned())))?;
    let rule = found.rules.into_iter().nth(index);
    rule.ok_or_else(|| {
        refused(EditError::NoRule {
            group: group.to_owned(),
            number: index + 1,
        })
    })
}

fn refused(error: EditError) -> FormError {
    match error {
        EditError::NoGroup(_) | EditError::NoRule { .. } => {
            FormError::Other(crate::grafana::GrafanaError::not_found(error.to_string()))
        }
        error => FormError::File(error.to_string()),
    }
}

/// A change of a file, worked out and not done yet.
struct Planned {
    path: PathBuf,
    edit: FileEdit,
    before: String,
    after: String,
    diff: FileDiff,
}

async fn plan(state: &RuleFormState, change: FileChange) -> Result<Planned, FormError> {
    let path = known(state, &change.file)?;
    let options = state.api.parse_options;
    let rule = change.rule.as_ref().map(of_form).transpose()?;
    if let Some(Err(faults)) = rule.as_ref().map(|rule| rule.check(options)) {
        return Err(FormError::Faults(form_faults(&faults)));
    }
    let group = change.group;
    if group.trim().is_empty() {
        return Err(FormError::bad_request("the group has no name"));
    }
    let edit = match (change.index, rule) {
        (Some(rule), Some(new)) => FileEdit::Set {
            place: RulePlace { group, rule },
            rule: new,
        },
        (Some(rule), None) => FileEdit::Remove {
            place: RulePlace { group, rule },
        },
        (None, Some(rule)) => FileEdit::Add { group, rule },
        (None, None) => return Err(FormError::bad_request("the change names no rule")),
    };
    let before = read(&path).await?;
    let hash = text_hash(&before);
    if !change.hash.is_empty() && change.hash != hash {
        return Err(changed_meanwhile(&change.file, &before, &edit));
    }
    let after = edit_file(&before, &edit, options).map_err(refused)?;
    let diff = FileDiff {
        diff: unified_diff(&before, &after, &change.file, &change.file),
        hash,
        new_hash: text_hash(&after),
    };
    Ok(Planned {
        path,
        edit,
        before,
        after,
        diff,
    })
}

/// The file is not what the form was made from: says what stands there now.
fn changed_meanwhile(file: &str, text: &str, edit: &FileEdit) -> FormError {
    let diff = match edit {
        FileEdit::Set { place, rule } => rule_at(text, &place.group, place.rule)
            .map(|current| difference(&current, rule))
            .unwrap_or_default(),
        _ => String::new(),
    };
    FormError::Conflict(Box::new(RuleConflict {
        message: format!("`{file}` was changed since the form was opened"),
        current: None,
        diff,
    }))
}

/// `POST /api/watchfire/rules/file/diff`
pub(super) async fn diff(
    State(state): State<Arc<RuleFormState>>,
    Body(change): Body<FileChange>,
) -> Result<Response, FormError> {
    let planned = plan(&state, change).await?;
    Ok(crate::response::json(json!(planned.diff).to_string()))
}

/// `PUT /api/watchfire/rules/file`
pub(super) async fn write(
    State(state): State<Arc<RuleFormState>>,
    sender: Sender,
    Body(change): Body<FileChange>,
) -> Result<Response, FormError> {
    if change.hash.is_empty() {
        return Err(FormError::bad_request(
            "the hash of the file that the change stands on is missing",
        ));
    }
    let _writing = state.writing.lock().await;
    let file = change.file.clone();
    let planned = plan(&state, change).await?;
    let (path, after) = (planned.path.clone(), planned.after);
    let base = planned.diff.hash.clone();
    let replaced = on_disk(move || replace_file(&path, &base, &after)).await?;
    replaced.map_err(|error| match error {
        ReplaceError::Changed { text, .. } => changed_meanwhile(&file, &text, &planned.edit),
        error => FormError::File(error.to_string()),
    })?;
    note(&state, &sender, &file, &planned.edit, &planned.before).await;
    let reloaded = state.keeper.file_changed(&planned.path).await;
    reloaded.map_err(|error| {
        FormError::File(format!(
            "`{file}` was written, but its rules do not run: {error}"
        ))
    })?;
    Ok(crate::response::json(json!(planned.diff).to_string()))
}

/// Puts the change into the audit log.
async fn note(state: &RuleFormState, sender: &Sender, file: &str, edit: &FileEdit, text: &str) {
    let yaml = |rule: &WrittenRule| json!(form_fields(rule, false)).to_string();
    let old = |place: &RulePlace| rule_at(text, &place.group, place.rule).ok();
    let (action, before, after) = match edit {
        FileEdit::Set { place, rule } => ("rule_file.save", old(place), Some(rule)),
        FileEdit::Remove { place } => ("rule_file.delete", old(place), None),
        FileEdit::Add { rule, .. } => ("rule_file.create", None, Some(rule)),
    };
    let name = after.or(before.as_ref()).map(|rule| rule.name.clone());
    let event = Event {
        action,
        kind: Kind::Rule,
        id: file,
        name: &name.unwrap_or_default(),
        before: before.as_ref().map(yaml).unwrap_or_default(),
        after: after.map(yaml).unwrap_or_default(),
    };
    let Ok(metadata) = state.metadata() else {
        return;
    };
    if let Err(error) = metadata.audit().record(&sender.actor(), event).await {
        tracing::error!(%error, file, "change of a rule file not noted in the audit log");
    }
}

//! `GET /api/watchfire/rules/groups` and `GET /api/watchfire/rules/export`.

use super::convert::{file_names, form_fields, written_group, written_rule};
use super::error::FormError;
use super::file::{on_disk, why_not};
use super::state::RuleFormState;
use crate::access::Sender;
use crate::grafana::GrafanaError;
use crate::params::Params;
use api_types::{FormGroup, FormRule, RuleFileInfo, RuleFolder, RuleTree, STORED_RULES};
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use metadata::access::Action;
use metadata::{Folder, Rule, RuleGroup, Visible};
use rules::{WrittenGroup, rule_yaml, written_groups};
use serde_json::json;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

/// `GET /api/watchfire/rules/groups`
pub(super) async fn tree(
    State(state): State<Arc<RuleFormState>>,
    sender: Sender,
) -> Result<Response, FormError> {
    let visible = state.door.visible(&sender).await?;
    let may_edit_files = state
        .door
        .allows(&sender, Action::EditFileRules, None)
        .await?;
    let mut tree = RuleTree {
        may_edit: state.door.allows(&sender, Action::EditRules, None).await?,
        may_edit_files,
        folders: folders(&state, &sender, &visible).await?,
        ..RuleTree::default()
    };
    for (group, file, rules) in stored(&state, &visible).await? {
        let may_edit = match &group.folder {
            None => tree.may_edit,
            Some(uid) => tree
                .folders
                .iter()
                .any(|one| one.uid == *uid && one.may_edit),
        };
        tree.groups
            .push(stored_group(&state, &group, file, &rules, may_edit));
    }
    let files = state.keeper.files();
    let (files, groups) = on_disk(move || {
        let mut infos = Vec::new();
        let mut groups = Vec::new();
        for path in &files {
            let why_not = why_not(path);
            groups.extend(of_file(path, may_edit_files && why_not.is_empty()));
            infos.push(RuleFileInfo {
                path: path.display().to_string(),
                why_not,
            });
        }
        (infos, groups)
    })
    .await?;
    tree.files = files;
    tree.groups.extend(groups);
    Ok(crate::response::json(json!(tree).to_string()))
}

type StoredGroup = (RuleGroup, String, Vec<Rule>);

/// The groups of the metadata with the names of their "files" and their rules.
async fn stored(state: &RuleFormState, visible: &Visible) -> Result<Vec<StoredGroup>, FormError> {
    let all = state.metadata()?.rules();
    let groups = all.groups(visible).await?;
    let names = file_names(&groups);
    let mut of_group: HashMap<(Option<String>, String), Vec<Rule>> = HashMap::new();
    for rule in all.list(visible).await? {
        let key = (rule.folder.clone(), rule.group.clone());
        of_group.entry(key).or_default().push(rule);
    }
    let with_rules = groups.into_iter().map(|group| {
        let rules = of_group.remove(&(group.folder.clone(), group.name.clone()));
        let file = names.get(&group.folder).cloned().unwrap_or_default();
        (group, file, rules.unwrap_or_default())
    });
    Ok(with_rules.collect())
}

fn stored_group(
    state: &RuleFormState,
    group: &RuleGroup,
    file: String,
    rules: &[Rule],
    may_edit: bool,
) -> FormGroup {
    let written = written_group(group, Vec::new());
    FormGroup {
        origin: STORED_RULES.to_owned(),
        folder: group.folder.clone(),
        version: Some(group.version),
        may_edit,
        rules: rules
            .iter()
            .map(|rule| {
                let written = written_rule(rule);
                let faults = written.check(state.api.parse_options).err();
                let faults = faults.unwrap_or_default();
                let problems: Vec<String> = faults.iter().map(ToString::to_string).collect();
                FormRule {
                    uid: Some(rule.uid.clone()),
                    version: Some(rule.version),
                    rule: form_fields(&written, rule.fields.paused),
                    problem: problems.join("; "),
                }
            })
            .collect(),
        ..form_group(&written, file)
    }
}

fn form_group(group: &WrittenGroup, file: String) -> FormGroup {
    FormGroup {
        name: group.name.clone(),
        file,
        interval: group.interval.clone(),
        query_offset: group.query_offset.clone(),
        limit: group.limit,
        ..FormGroup::default()
    }
}

/// The groups of a rule file; none where it cannot be read now.
fn of_file(path: &Path, may_edit: bool) -> Vec<FormGroup> {
    let text = std::fs::read_to_string(path).ok();
    let groups = text.and_then(|text| written_groups(&text).ok());
    let groups = groups.unwrap_or_default().into_iter();
    let file = path.display().to_string();
    let one = |group: WrittenGroup| FormGroup {
        origin: "file".to_owned(),
        may_edit,
        rules: group
            .rules
            .iter()
            .map(|rule| FormRule {
                rule: form_fields(rule, false),
                ..FormRule::default()
            })
            .collect(),
        ..form_group(&group, file.clone())
    };
    groups.map(one).collect()
}

/// All folders that may be seen, each with the titles of those around it.
async fn folders(
    state: &RuleFormState,
    sender: &Sender,
    visible: &Visible,
) -> Result<Vec<RuleFolder>, FormError> {
    let all = state.metadata()?.folders();
    let mut found = Vec::new();
    let mut next: Vec<(String, Folder)> = Vec::new();
    let titled = |front: &str, folder: Folder| (format!("{front}{}", folder.title), folder);
    next.extend(
        all.children(None)
            .await?
            .into_iter()
            .rev()
            .map(|one| titled("", one)),
    );
    while let Some((title, folder)) = next.pop() {
        let below = all.children(Some(&folder.uid)).await?;
        let front = format!("{title} / ");
        next.extend(below.into_iter().rev().map(|one| titled(&front, one)));
        if visible.folders.contains(&folder.id) {
            let uid = Some(folder.uid.as_str());
            found.push(RuleFolder {
                may_edit: state.door.allows(sender, Action::EditRules, uid).await?,
                uid: folder.uid,
                title,
            });
        }
    }
    Ok(found)
}

/// `GET /api/watchfire/rules/export`: the rules of the metadata as a rule file; of one group with `group` and
/// `folder`.
pub(super) async fn export(
    State(state): State<Arc<RuleFormState>>,
    sender: Sender,
    params: Params,
) -> Result<Response, FormError> {
    let visible = state.door.visible(&sender).await?;
    let (folder, group) = (params.get("folder"), params.get("group"));
    let is_wanted = |one: &RuleGroup| {
        group.is_none_or(|name| one.name == name && one.folder.as_deref() == folder)
    };
    let mut groups: Vec<WrittenGroup> = Vec::new();
    for (one, _, rules) in stored(&state, &visible).await? {
        if !is_wanted(&one) {
            continue;
        }
        // A rule file has no word for a rule that rests.
        let rules = rules.iter().filter(|rule| !rule.fields.paused);
        let mut written = written_group(&one, rules.map(written_rule).collect());
        if groups.iter().any(|have| have.name == written.name) {
            // Names are unique in a file, but not across folders.
            let folder = one.folder_title.unwrap_or_default();
            written.name = format!("{folder} / {}", written.name);
        }
        groups.push(written);
    }
    if group.is_some() && groups.is_empty() {
        let error = GrafanaError::not_found("Rule group not found");
        return Err(FormError::Other(error));
    }
    let kind = HeaderValue::from_static("application/yaml; charset=utf-8");
    let name = HeaderValue::from_static("attachment; filename=\"rules.yml\"");
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, rule_yaml(&groups)).into_response())
}

//! Where a rule is kept: folder or file, and group.

use super::draft::{Draft, Place};
use super::form::Opened;
use api_types::{RuleTree, STORED_RULES};
use app::words::{t, t_string, use_i18n};
use leptos::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The choice of place and group. A rule of a file stays where it is.
#[component]
pub(super) fn PlaceFields(
    draft: Draft,
    tree: RwSignal<Option<Arc<RuleTree>>>,
    opened: RwSignal<Opened>,
) -> impl IntoView {
    let i18n = use_i18n();
    let is_new = move || opened.with(|opened| matches!(opened, Opened::New));
    let in_file = move || opened.with(|opened| matches!(opened, Opened::File(_)));
    let folders = move || {
        let tree = tree.get()?;
        let one = |folder: &api_types::RuleFolder| {
            let code = Place::Folder(Some(folder.uid.clone())).code();
            let (value, disabled) = (code.clone(), !folder.may_edit);
            let chosen = move || draft.place.with(|place| place.code() == code);
            view! { <option value=value selected=chosen disabled=disabled>{folder.title.clone()}</option> }
        };
        Some(tree.folders.iter().map(one).collect_view())
    };
    let files = move || {
        let tree = tree.get()?;
        if tree.files.is_empty() || !(is_new() || in_file()) {
            return None;
        }
        let may = tree.may_edit_files;
        let one = |file: &api_types::RuleFileInfo| {
            let code = Place::File(file.path.clone()).code();
            let (value, disabled) = (code.clone(), !may || !file.why_not.is_empty());
            let chosen = move || draft.place.with(|place| place.code() == code);
            let path = file.path.clone();
            let note = (!file.why_not.is_empty()).then(|| t_string!(i18n, rule_form.read_only));
            let note = note.map(|note| format!(" ({note})"));
            view! { <option value=value selected=chosen disabled=disabled>{path}{note}</option> }
        };
        Some(view! {
            <optgroup label=move || t_string!(i18n, rule_form.in_files)>
                {tree.files.iter().map(one).collect_view()}
            </optgroup>
        })
    };
    // Names of the groups that are there, to choose from while writing.
    let groups = Memo::new(move |_| {
        let Some(tree) = tree.get() else {
            return Vec::new();
        };
        let place = draft.place.get();
        let is_here = |group: &&api_types::FormGroup| match &place {
            Place::File(path) => group.origin == "file" && group.file == *path,
            Place::Folder(uid) => group.origin == STORED_RULES && group.folder == *uid,
        };
        let names = tree
            .groups
            .iter()
            .filter(is_here)
            .map(|group| group.name.clone());
        names.collect::<BTreeSet<String>>().into_iter().collect()
    });
    view! {
        <label class="form__row">
            <span>{t!(i18n, rule_form.place)}</span>
            <select
                class="field"
                disabled=in_file
                on:change=move |event| draft.place.set(Place::parse(&event_target_value(&event)))
            >
                <optgroup label=move || t_string!(i18n, rule_form.in_folders)>
                    <option
                        value="folder:"
                        selected=move || draft.place.with(|place| *place == Place::Folder(None))
                        disabled=move || tree.with(|tree| tree.as_ref().is_some_and(|tree| !tree.may_edit))
                    >
                        {t!(i18n, rule_form.no_folder)}
                    </option>
                    {folders}
                </optgroup>
                {files}
            </select>
        </label>
        <label class="form__row">
            <span>{t!(i18n, rule_form.group)}</span>
            <input
                class="field"
                required
                list="rule-groups"
                spellcheck="false"
                placeholder=move || t_string!(i18n, rule_form.group_hint)
                disabled=in_file
                prop:value=move || draft.group.get()
                on:input=move |event| draft.group.set(event_target_value(&event))
            />
            <datalist id="rule-groups">
                {move || groups.get().into_iter().map(|name| view! { <option value=name></option> }).collect_view()}
            </datalist>
        </label>
    }
}

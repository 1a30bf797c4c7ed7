//! The dialog for a new folder or dashboard.

use super::ListState;
use crate::call::{send, text_of};
use app::components::Dialog;
use app::data::UiError;
use app::state::use_go;
use app::words::{t, t_string, use_i18n};
use dashboard::Dashboard;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Value, json};

/// What is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Making {
    Dashboard,
    Folder,
}

/// A title and a folder.
#[component]
pub(super) fn MakeDialog(making: RwSignal<Option<Making>>, state: ListState) -> impl IntoView {
    let i18n = use_i18n();
    let open = RwSignal::new(false);
    let title = RwSignal::new(String::new());
    let folder = RwSignal::new(String::new());
    let failed = RwSignal::new(None::<UiError>);
    Effect::new(move |_| {
        if making.get().is_some() {
            title.set(String::new());
            failed.set(None);
            open.set(true);
        }
    });
    Effect::new(move |_| {
        if !open.get() {
            making.set(None);
        }
    });
    let label = move || match making.get() {
        Some(Making::Folder) => t_string!(i18n, dashboards.new_folder),
        _ => t_string!(i18n, dashboards.new_dashboard),
    };
    let go = use_go();
    let make = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let (name, into) = (title.get_untracked(), folder.get_untracked());
        let what = making.get_untracked();
        spawn_local(async move {
            let result = if what == Some(Making::Folder) {
                let body = json!({"title": name, "parentUid": into});
                send("POST", "/api/folders", Some(&body), None).await
            } else {
                let made = Value::Object(Dashboard::new(&name).document().clone());
                let body = json!({"dashboard": made, "folderUid": into, "message": ""});
                send("POST", "/api/dashboards/db", Some(&body), None).await
            };
            match result {
                Ok(answer) if what == Some(Making::Dashboard) => {
                    go.run(format!("{}?edit", text_of(&answer, "url")));
                }
                other => state.ended(other, open, failed),
            }
        });
    };
    view! {
        <Dialog open kind="form" label=Signal::derive(move || label().to_owned())>
            <form class="form" on:submit=make>
                <h2 class="dialog__title">{label}</h2>
                <label class="form__row">
                    <span>{t!(i18n, dashboards.name)}</span>
                    <input
                        class="field"
                        required
                        autofocus
                        prop:value=move || title.get()
                        on:input=move |event| title.set(event_target_value(&event))
                    />
                </label>
                <FolderChoice folder state/>
                {move || failed.get().map(|error| view! { <p class="form__error" role="alert">{error.to_string()}</p> })}
                <p class="dialog__end">
                    <button type="button" class="button" on:click=move |_| open.set(false)>
                        {t!(i18n, shell.cancel)}
                    </button>
                    <button type="submit" class="button" data-kind="primary">{t!(i18n, dashboards.create)}</button>
                </p>
            </form>
        </Dialog>
    }
}

/// A choice among the folders.
#[component]
pub(super) fn FolderChoice(
    folder: RwSignal<String>,
    state: ListState,
    /// A folder that is not offered.
    #[prop(optional, into)]
    without: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let folders = move || {
        let entries = state.entries.get();
        let all = entries
            .ready()
            .map(|all| super::arrange(all, &|_| true, false));
        all.unwrap_or_default()
            .into_iter()
            .filter(|folder| !folder.uid.is_empty() && folder.uid != without)
            .map(|found| {
                let value = found.uid.clone();
                let is_chosen = move || folder.with(|chosen| *chosen == found.uid);
                view! { <option value=value selected=is_chosen>{found.path.join(" / ")}</option> }
            })
            .collect_view()
    };
    view! {
        <label class="form__row">
            <span>{t!(i18n, dashboards.folder)}</span>
            <select class="field" on:change=move |event| folder.set(event_target_value(&event))>
                <option value="">{t!(i18n, dashboards.general)}</option>
                {folders}
            </select>
        </label>
    }
}

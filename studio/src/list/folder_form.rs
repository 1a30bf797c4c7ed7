//! The dialog that renames a folder and puts it into another one.

use super::ListState;
use super::make::FolderChoice;
use crate::call::{send, text_of};
use app::components::{Dialog, Glyph, Icon};
use app::data::UiError;
use app::words::{t, t_string, use_i18n};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Value, json};

/// The button of a folder, and its dialog.
#[component]
pub(super) fn FolderForm(uid: String, name: String, state: ListState) -> impl IntoView {
    let i18n = use_i18n();
    let open = RwSignal::new(false);
    let [title, parent] = [(), ()].map(|()| RwSignal::new(String::new()));
    let before = StoredValue::new(Value::Null);
    let failed = RwSignal::new(None::<UiError>);
    let (uid, name) = (StoredValue::new(uid), StoredValue::new(name));
    let label = move || t_string!(i18n, dashboards.edit_named, name = name.get_value());
    let path = move || format!("/api/folders/{}", uid.get_value());
    let begin = move |_| {
        failed.set(None);
        spawn_local(async move {
            match crate::call::get(&path()).await {
                Ok(folder) => {
                    title.try_set(text_of(&folder, "title").to_owned());
                    parent.try_set(text_of(&folder, "parentUid").to_owned());
                    before.try_set_value(folder);
                }
                Err(error) => {
                    failed.try_set(Some(error));
                }
            }
            open.try_set(true);
        });
    };
    let save = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let folder = before.get_value();
        let (name, into) = (title.get_untracked(), parent.get_untracked());
        spawn_local(async move {
            let mut done = Ok(Value::Null);
            if name != text_of(&folder, "title") {
                let version = folder.get("version").cloned().unwrap_or_default();
                let body = json!({"title": name, "version": version});
                done = send("PUT", &path(), Some(&body), None).await;
            }
            if done.is_ok() && into != text_of(&folder, "parentUid") {
                let body = json!({"parentUid": into});
                done = send("POST", &format!("{}/move", path()), Some(&body), None).await;
            }
            state.ended(done, open, failed);
        });
    };
    view! {
        <button type="button" class="button" data-kind="icon" aria-label=label title=label on:click=begin>
            <Icon glyph=Glyph::Gear/>
        </button>
        <Dialog open kind="form" label=Signal::derive(label)>
            <form class="form" on:submit=save>
                <h2 class="dialog__title">{move || name.get_value()}</h2>
                <label class="form__row">
                    <span>{t!(i18n, dashboards.name)}</span>
                    <input class="field" required autofocus prop:value=move || title.get()
                        on:input=move |event| title.set(event_target_value(&event))/>
                </label>
                <FolderChoice folder=parent state without=uid.get_value()/>
                {move || failed.get().map(|error| view! { <p class="form__error" role="alert">{error.to_string()}</p> })}
                <p class="dialog__end">
                    <button type="button" class="button" on:click=move |_| open.set(false)>
                        {t!(i18n, shell.cancel)}
                    </button>
                    <button type="submit" class="button" data-kind="primary">{t!(i18n, dashboards.save)}</button>
                </p>
            </form>
        </Dialog>
    }
}

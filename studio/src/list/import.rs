//! The dialog that takes a dashboard's JSON.

use super::ListState;
use super::make::FolderChoice;
use crate::call::{send, text_of};
use app::components::Dialog;
use app::data::UiError;
use app::site::at;
use app::state::use_go;
use app::words::{t, t_string, use_i18n};
use dashboard::{Import, Input, export};
use leptos::prelude::*;
use leptos::task::spawn_local;
use send_wrapper::SendWrapper;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

/// A file or a text, a folder, and values for what the dashboard asks for.
#[component]
pub(super) fn ImportDialog(open: RwSignal<bool>, state: ListState) -> impl IntoView {
    let i18n = use_i18n();
    let text = RwSignal::new(String::new());
    let folder = RwSignal::new(String::new());
    let overwrite = RwSignal::new(false);
    let values = RwSignal::new(BTreeMap::<String, String>::new());
    let failed = RwSignal::new(None::<UiError>);
    let done = RwSignal::new(None::<(String, Vec<String>)>);
    Effect::new(move |_| {
        if open.get() {
            text.set(String::new());
            values.set(BTreeMap::new());
            failed.set(None);
            done.set(None);
        }
    });
    let read = Memo::new_with_compare(
        move |_| {
            let text = text.get();
            (!text.trim().is_empty()).then(|| {
                values.with(|values| {
                    dashboard::import(&text, values)
                        .map(Arc::new)
                        .map_err(|error| error.to_string())
                })
            })
        },
        |_, _| true,
    );
    let go = use_go();
    let save = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let Some(Ok(import)) = read.get_untracked() else {
            return;
        };
        let body = request(&import, &folder.get_untracked(), overwrite.get_untracked());
        spawn_local(async move {
            match send("POST", "/api/dashboards/import", Some(&body), None).await {
                Ok(answer) => {
                    let address = text_of(&answer, "importedUrl").to_owned();
                    let notices: Vec<String> =
                        import.notices.iter().map(ToString::to_string).collect();
                    if notices.is_empty() {
                        go.run(address);
                    } else {
                        done.try_set(Some((address, notices)));
                        state.reload.run(());
                    }
                }
                Err(error) => {
                    failed.try_set(Some(error));
                }
            }
        });
    };
    let what = move || {
        read.get().map(|read| match read {
            Ok(import) => {
                let (n, name) = (
                    import.dashboard.all_panels().len(),
                    import.dashboard.title().to_owned(),
                );
                view! {
                    <p class="form__note" role="status">
                        {t!(i18n, dashboards.import_panels, name = name, n = n)}
                    </p>
                }
                .into_any()
            }
            Err(error) => view! { <p class="form__error" role="alert">{error}</p> }.into_any(),
        })
    };
    let inputs = Memo::new(move |_| match read.get() {
        // There is one source of data here; only other values are for people to say.
        Some(Ok(import)) => import
            .inputs
            .iter()
            .filter(|input| !input.is_data_source)
            .map(|input: &Input| (input.name.clone(), input.label.clone(), input.value.clone()))
            .collect::<Vec<_>>(),
        _ => Vec::new(),
    });
    let is_ready = move || matches!(read.get(), Some(Ok(_)));
    let form = move || {
        view! {
            <form class="form" on:submit=save>
                <h2 class="dialog__title">{t!(i18n, dashboards.import_title)}</h2>
                <label class="form__row">
                    <span>{t!(i18n, dashboards.import_file)}</span>
                    <input type="file" accept=".json,application/json" on:change=move |event| take_file(&event, text)/>
                </label>
                <label class="form__row">
                    <span>{t!(i18n, dashboards.import_text)}</span>
                    <textarea
                        class="field form__code"
                        rows="8"
                        spellcheck="false"
                        prop:value=move || text.get()
                        on:input=move |event| text.set(event_target_value(&event))
                    ></textarea>
                </label>
                {what}
                <For each=move || inputs.get() key=|(name, ..)| name.clone() children=move |(name, label, value)| {
                    view! {
                        <label class="form__row">
                            <span>{if label.is_empty() { name.clone() } else { label }}</span>
                            <input class="field" value=value on:input=move |event| {
                                let value = event_target_value(&event);
                                values.update(|values| { values.insert(name.clone(), value); });
                            }/>
                        </label>
                    }
                }/>
                <FolderChoice folder state/>
                <label class="form__check">
                    <input
                        type="checkbox"
                        prop:checked=move || overwrite.get()
                        on:change=move |event| overwrite.set(event_target_checked(&event))
                    />
                    <span>{t!(i18n, dashboards.import_overwrite)}</span>
                </label>
                {move || failed.get().map(|error| view! { <p class="form__error" role="alert">{error.to_string()}</p> })}
                <p class="dialog__end">
                    <button type="button" class="button" on:click=move |_| open.set(false)>
                        {t!(i18n, shell.cancel)}
                    </button>
                    <button type="submit" class="button" data-kind="primary" disabled=move || !is_ready()>
                        {t!(i18n, dashboards.import)}
                    </button>
                </p>
            </form>
        }
    };
    let outcome = move || {
        match done.get() {
        None => form().into_any(),
        Some((address, notices)) => view! {
            <h2 class="dialog__title">{t!(i18n, dashboards.import_title)}</h2>
            <p>{t!(i18n, dashboards.import_done)}</p>
            <ul class="form__list">
                {notices.into_iter().map(|notice| view! { <li>{notice}</li> }).collect_view()}
            </ul>
            <p class="dialog__end">
                <a class="button" data-kind="primary" href=at(&address)>{t!(i18n, dashboards.open)}</a>
            </p>
        }
        .into_any(),
    }
    };
    view! {
        <Dialog
            open
            kind="form"
            label=Signal::derive(move || t_string!(i18n, dashboards.import_title).to_owned())
        >
            {outcome}
        </Dialog>
    }
}

fn request(import: &Import, folder: &str, overwrite: bool) -> Value {
    let mut body =
        json!({"dashboard": export(&import.dashboard), "overwrite": overwrite, "inputs": []});
    if let (false, Some(fields)) = (folder.is_empty(), body.as_object_mut()) {
        fields.insert("folderUid".to_owned(), folder.into());
    }
    body
}

/// Puts the text of a chosen file into the field.
fn take_file(event: &web_sys::Event, text: RwSignal<String>) {
    let field = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
    let file = field
        .and_then(|field| field.files())
        .and_then(|files| files.get(0));
    let Some(file) = file else { return };
    let read = SendWrapper::new(JsFuture::from(file.text()));
    spawn_local(async move {
        if let Ok(content) = read.await {
            text.try_set(content.as_string().unwrap_or_default());
        }
    });
}

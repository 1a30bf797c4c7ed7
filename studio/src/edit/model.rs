//! The dashboard's JSON, to be read and changed.

use crate::board::Board;
use app::components::Dialog;
use app::words::{t, t_string, use_i18n};
use dashboard::export;
use leptos::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The dialog with the document.
#[component]
pub(super) fn ModelDialog(board: Board, open: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let text = RwSignal::new(String::new());
    let failed = RwSignal::new(None::<String>);
    Effect::new(move |_| {
        if open.get() {
            let document = export(&board.document.get_untracked());
            text.set(serde_json::to_string_pretty(&document).unwrap_or_default());
            failed.set(None);
        }
    });
    let apply = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        match dashboard::import(&text.get_untracked(), &BTreeMap::new()) {
            Ok(import) => {
                let uid = board.meta.with_untracked(|meta| meta.uid.clone());
                let mut document = import.dashboard;
                document.set_uid(&uid);
                let document = Arc::new(document);
                board.edit(|dashboard| *dashboard = (*document).clone());
                open.set(false);
            }
            Err(error) => failed.set(Some(error.to_string())),
        }
    };
    view! {
        <Dialog open kind="wide" label=Signal::derive(|| "JSON".to_owned())>
            <form class="form" on:submit=apply>
                <h2 class="dialog__title">{t!(i18n, dashboards.model)}</h2>
                <textarea
                    class="field form__code"
                    rows="28"
                    spellcheck="false"
                    aria-label=move || t_string!(i18n, dashboards.model)
                    prop:value=move || text.get()
                    on:input=move |event| text.set(event_target_value(&event))
                ></textarea>
                {move || failed.get().map(|error| view! { <p class="form__error" role="alert">{error}</p> })}
                <p class="dialog__buttons">
                    <button type="button" class="button" on:click=move |_| open.set(false)>{t!(i18n, shell.cancel)}</button>
                    <button type="submit" class="button" data-kind="primary">{t!(i18n, dashboards.apply)}</button>
                </p>
            </form>
        </Dialog>
    }
}

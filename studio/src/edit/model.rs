//! The dashboard's JSON, to be read and changed.

use crate::board::Board;
use app::words::{t, t_string, use_i18n};
use dashboard::export;
use leptos::prelude::*;
use std::collections::BTreeMap;

/// The document as text.
#[component]
pub(crate) fn ModelForm(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let text = RwSignal::new(String::new());
    let failed = RwSignal::new(None::<String>);
    // Undo and other changes show here, too.
    Effect::new(move |_| {
        let document = export(&board.document.get());
        text.set(serde_json::to_string_pretty(&document).unwrap_or_default());
        failed.set(None);
    });
    let apply = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        match dashboard::import(&text.get_untracked(), &BTreeMap::new()) {
            Ok(import) => {
                let uid = board.meta.with_untracked(|meta| meta.uid.clone());
                let mut document = import.dashboard;
                document.set_uid(&uid);
                board.edit(|dashboard| *dashboard = document);
            }
            Err(error) => failed.set(Some(error.to_string())),
        }
    };
    view! {
        <form class="form" on:submit=apply>
            <textarea
                class="field form__code"
                rows="28"
                spellcheck="false"
                aria-label=move || t_string!(i18n, dashboards.model)
                prop:value=move || text.get()
                on:input=move |event| text.set(event_target_value(&event))
            ></textarea>
            {move || failed.get().map(|error| view! { <p class="form__error" role="alert">{error}</p> })}
            <p class="dialog__end">
                <button type="submit" class="button" data-kind="primary">{t!(i18n, dashboards.apply)}</button>
            </p>
        </form>
    }
}

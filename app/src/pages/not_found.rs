//! What an address leads to that leads nowhere.

use crate::site::at;
use crate::words::{t, t_string, use_i18n};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;

/// Says that there is no such page, and where to go. The server answers with status 404.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    let i18n = use_i18n();
    let path = use_location().pathname;
    view! {
        <Title text=move || t_string!(i18n, shell.not_found)/>
        <div class="lost">
            <h1 class="lost__title">{t!(i18n, shell.not_found_title)}</h1>
            <p>{t!(i18n, shell.not_found_before)}
                <code>{move || path.get()}</code>
                {t!(i18n, shell.not_found_after)}</p>
            <p class="lost__links">
                <a class="button" data-kind="primary" href=at("/graph")>{t!(i18n, shell.not_found_query)}</a>
                <a class="button" href=at("/targets")>{t!(i18n, shell.not_found_targets)}</a>
            </p>
        </div>
    }
}

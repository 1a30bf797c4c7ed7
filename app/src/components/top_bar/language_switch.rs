//! The language of the pages.

use crate::words::{Locale, remember, t_string, use_i18n};
use leptos::prelude::*;

/// The two languages, the present one pressed.
#[component]
pub(super) fn LanguageSwitch() -> impl IntoView {
    let i18n = use_i18n();
    let other = move || match i18n.get_locale() {
        Locale::en => (Locale::ko, "한국어"),
        Locale::ko => (Locale::en, "English"),
    };
    let label = move || {
        let name = match i18n.get_locale() {
            Locale::en => "English",
            Locale::ko => "한국어",
        };
        t_string!(i18n, shell.language, name = name)
    };
    let switch = move |_| {
        let (next, _) = untrack(other);
        remember(next);
        i18n.set_locale(next);
    };
    view! {
        <button type="button" class="button top-bar__language" data-kind="icon" title=label on:click=switch>
            <span>
                {move || match i18n.get_locale() {
                    Locale::en => "EN",
                    Locale::ko => "KO",
                }}
            </span>
            <span class="visually-hidden">{label}</span>
        </button>
    }
}

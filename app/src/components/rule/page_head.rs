//! The head of the pages that list rules.

use crate::site::at;
use crate::words::{t, use_i18n};
use leptos::prelude::*;
use leptos_meta::Title;

/// The title, and the way to a new rule.
#[component]
pub fn RulePageHead(
    /// The page's title.
    title: Signal<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Title text=move || title.get()/>
        <div class="page-head">
            <h1 class="page-head__title">{move || title.get()}</h1>
            <div class="page-head__actions">
                <a class="button" href=at("/rules/new") rel="external">{t!(i18n, rule_form.new_rule)}</a>
            </div>
        </div>
    }
}

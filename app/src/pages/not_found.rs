//! What an address leads to that leads nowhere.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;

/// Says that there is no such page, and where to go. The server answers with status 404.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    let path = use_location().pathname;
    view! {
        <Title text="Not found"/>
        <div class="lost">
            <h1 class="lost__title">"There is no such page"</h1>
            <p>"Nothing is at " <code>{move || path.get()}</code> " on this server."</p>
            <p class="lost__links">
                <a class="button" data-kind="primary" href="/graph">"Query metrics"</a>
                <a class="button" href="/targets">"See targets"</a>
            </p>
        </div>
    }
}

//! Table, graph or plan.

use crate::state::Tab;
use crate::words::{t, t_string, use_i18n};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

#[component]
pub(super) fn Tabs(id: u64, tab: Memo<Tab>, on_pick: Callback<Tab>) -> impl IntoView {
    let i18n = use_i18n();
    let button = move |own: Tab| {
        let selected = move || tab.get() == own;
        let word = move || match own {
            Tab::Table => t_string!(i18n, graph.table),
            Tab::Graph => t_string!(i18n, graph.graph),
            Tab::Explain => t_string!(i18n, graph.explain),
        };
        view! {
            <button
                type="button"
                class="tabs__tab"
                role="tab"
                id=tab_id(id, own)
                aria-controls=format!("result-{id}")
                aria-selected=move || if selected() { "true" } else { "false" }
                tabindex=move || if selected() { "0" } else { "-1" }
                on:click=move |_| on_pick.run(own)
            >
                {word}
            </button>
        }
    };
    let arrows = move |event: web_sys::KeyboardEvent| {
        let by = match event.key().as_str() {
            "ArrowLeft" => Tab::ALL.len() - 1,
            "ArrowRight" => 1,
            _ => return,
        };
        let now = tab.get_untracked();
        let place = Tab::ALL.iter().position(|tab| *tab == now).unwrap_or(0);
        let Some(other) = Tab::ALL.get((place + by) % Tab::ALL.len()).copied() else {
            return;
        };
        on_pick.run(other);
        if let Some(next) = document().get_element_by_id(&tab_id(id, other)) {
            // A tab that cannot be focused is still picked.
            let _ = next
                .dyn_into::<web_sys::HtmlElement>()
                .map(|tab| tab.focus());
        }
    };
    view! {
        <div
            class="tabs"
            role="tablist"
            aria-label=t!(i18n, graph.result_as)
            on:keydown=arrows
        >
            {Tab::ALL.map(button).collect_view()}
        </div>
    }
}

pub(super) fn tab_id(id: u64, tab: Tab) -> String {
    format!("tab-{id}-{}", tab.word())
}

//! The choice of targets to show.

use crate::fmt;
use crate::state::{TargetBoard, TargetFilter};
use api_types::Health;
use leptos::prelude::*;
use std::sync::Arc;

/// Pool, state and search.
#[component]
pub fn TargetFilters(
    /// All targets, for the counts.
    board: Memo<Arc<TargetBoard>>,
    /// What is chosen.
    filter: Memo<TargetFilter>,
    /// Takes the filter as it shall be.
    on_change: Callback<TargetFilter>,
) -> impl IntoView {
    let names = Memo::new(move |_| board.with(|board| board.pool_names()));
    let pools = move || {
        let chosen = filter.with(|f| f.pool.clone());
        let option = |name: String| {
            let (value, selected) = (name.clone(), name == chosen);
            view! { <option value=value selected=selected>{name}</option> }
        };
        names.get().into_iter().map(option).collect_view()
    };
    let state = move |health: Option<Health>, word: &'static str| {
        let pressed = move || {
            if filter.with(|f| f.health == health) {
                "true"
            } else {
                "false"
            }
        };
        view! {
            <button
                type="button"
                class="button"
                data-kind="toggle"
                aria-pressed=pressed
                on:click=move |_| on_change.run(TargetFilter { health, ..filter.get_untracked() })
            >
                {word}
                " "
                <span class="button__count">{move || fmt::count(board.with(|b| b.count(health)))}</span>
            </button>
        }
    };
    view! {
        <div class="filters" role="search" aria-label="Targets">
            <label class="labelled">
                <span>"Pool"</span>
                <select
                    class="field"
                    on:change=move |event| {
                        let pool = event_target_value(&event);
                        on_change.run(TargetFilter { pool, ..filter.get_untracked() });
                    }
                >
                    <option value="" selected=move || filter.with(|f| f.pool.is_empty())>"All pools"</option>
                    {pools}
                </select>
            </label>
            <div class="group" role="group" aria-label="State">
                {state(None, "All")}
                {state(Some(Health::Up), "Up")}
                {state(Some(Health::Down), "Down")}
                {state(Some(Health::Unknown), "Unknown")}
            </div>
            <input
                type="search"
                class="field"
                aria-label="Search addresses and labels"
                placeholder="Search addresses and labels"
                autocomplete="off"
                spellcheck="false"
                value=filter.with_untracked(|f| f.search.clone())
                prop:value=move || filter.get().search
                on:input=move |event| {
                    let search = event_target_value(&event);
                    on_change.run(TargetFilter { search, ..filter.get_untracked() });
                }
            />
        </div>
    }
}

//! The choice of what a list shows: links and a form, so that they work before scripts do.

use super::badge::word;
use crate::fmt;
use crate::state::PageAddress;
use crate::words::{t, t_string, use_i18n};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// One link per state, each adding the state to the choice or taking it out.
#[component]
pub fn ChoiceLinks(
    /// The page.
    address: PageAddress,
    /// The parameter: states between commas.
    parameter: &'static str,
    /// What the choice is about, for those who do not see it.
    #[prop(into)]
    label: Signal<String>,
    /// All states.
    states: &'static [&'static str],
    /// How many there are in each.
    #[prop(into)]
    counts: Signal<BTreeMap<String, usize>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let chosen = move || -> Vec<String> {
        let words = address.get(parameter);
        words
            .split(',')
            .filter(|w| !w.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let link = move |state: &'static str| {
        let is_chosen = move || chosen().iter().any(|one| one == state);
        let href = move || {
            let mut next = chosen();
            if is_chosen() {
                next.retain(|one| one != state);
            } else {
                next.push(state.to_owned());
            }
            address.with(&[(parameter, &next.join(","))])
        };
        let count = move || counts.with(|counts| counts.get(state).copied().unwrap_or(0));
        view! {
            <a
                class="button"
                data-kind="toggle"
                href=href
                aria-current=move || is_chosen().then_some("true")
            >
                {move || word(i18n.get_locale(), state)}
                " "
                <span class="button__count">{move || fmt::count(count())}</span>
            </a>
        }
    };
    let links: Vec<_> = states.iter().copied().map(link).collect();
    view! { <div class="group" role="group" aria-label=move || label.get()>{links}</div> }
}

/// A search that takes effect while it is typed; without scripts, when it is sent.
#[component]
pub fn SearchField(
    /// The page.
    address: PageAddress,
    /// What is searched.
    #[prop(into)]
    label: Signal<String>,
    /// Parameters that stay as they are when the form is sent.
    #[prop(default = &[])]
    keeps: &'static [&'static str],
) -> impl IntoView {
    let kept = keeps.iter().copied().map(move |name| {
        view! {
            <input type="hidden" name=name value=move || address.get(name)/>
        }
    });
    view! {
        <form
            class="search"
            method="get"
            role="search"
            action=address.path()
            on:submit=move |event| event.prevent_default()
        >
            {kept.collect_view()}
            <input
                type="search"
                name="search"
                class="field"
                aria-label=move || label.get()
                placeholder=move || label.get()
                autocomplete="off"
                spellcheck="false"
                value=untrack(|| address.get("search"))
                prop:value=move || address.get("search")
                on:input=move |event| {
                    let search = event_target_value(&event);
                    address.go(&[("search", &search)]);
                }
            />
        </form>
    }
}

/// The choice of one scrape pool or all.
#[component]
pub fn PoolField(
    /// The page.
    address: PageAddress,
    /// The names of all pools.
    #[prop(into)]
    names: Signal<Vec<String>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let options = move || {
        let chosen = address.get("pool");
        let option = |name: String| {
            let (value, selected) = (name.clone(), name == chosen);
            view! { <option value=value selected=selected>{name}</option> }
        };
        names.get().into_iter().map(option).collect_view()
    };
    view! {
        <label class="labelled">
            <span>{t!(i18n, status.pool)}</span>
            <select
                class="field"
                on:change=move |event| {
                    let pool = event_target_value(&event);
                    address.go(&[("pool", &pool)]);
                }
            >
                <option value="" selected=move || address.get("pool").is_empty()>
                    {move || t_string!(i18n, status.all_pools)}
                </option>
                {options}
            </select>
        </label>
    }
}

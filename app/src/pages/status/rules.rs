//! What is computed again and again, and whether that works.

use crate::components::rule::{RuleGroupCard, RulePageHead};
use crate::components::status::{ChoiceLinks, NothingListed, PageLinks, SearchField, live, rows};
use crate::components::use_clock;
use crate::state::{PageAddress, Settings};
use crate::words::{t, t_string, use_i18n};
use api_types::RuleList;
use leptos::prelude::*;
use std::sync::Arc;

/// All groups of rules.
#[component]
pub fn RulesPage() -> impl IntoView {
    let i18n = use_i18n();
    let per_page = expect_context::<Settings>().rule_groups_per_page;
    let address = PageAddress::new("/rules", &["health", "type", "search", "page"]);
    let path = Signal::derive(move || {
        let per_page = per_page.get().to_string();
        address.call("/api/watchfire/rules", &[("per_page", &per_page)])
    });
    view! {
        <RulePageHead title=Signal::derive(move || t_string!(i18n, rules.title).to_owned())/>
        {live::<RuleList>(path, "table", move |list| view! { <Groups list address/> }.into_any())}
    }
}

#[component]
fn Groups(list: Signal<Arc<RuleList>>, address: PageAddress) -> impl IntoView {
    let i18n = use_i18n();
    let clock = use_clock();
    let groups = Memo::new(move |_| list.with(|list| list.groups.clone()));
    let counts = Signal::derive(move || list.with(|list| list.health.clone()));
    let paging = Signal::derive(move || list.with(|list| list.paging));
    let is_empty = Memo::new(move |_| groups.with(Vec::is_empty));
    let none_at_all = Memo::new(move |_| list.with(|list| list.paging.total == 0));
    let kind = move |value: &'static str, word: Signal<String>| {
        let is_chosen = move || address.get("type") == value;
        view! {
            <a
                class="button"
                data-kind="toggle"
                href=move || address.with(&[("type", value)])
                aria-current=move || is_chosen().then_some("true")
            >
                {move || word.get()}
            </a>
        }
    };
    view! {
        <div class="filters">
            <ChoiceLinks
                address
                parameter="health"
                label=Signal::derive(move || t_string!(i18n, rules.health).to_owned())
                states=&["ok", "err", "unknown"]
                counts
            />
            <div class="group" role="group" aria-label=move || t_string!(i18n, rules.kind)>
                {kind("", Signal::derive(move || t_string!(i18n, rules.both).to_owned()))}
                {kind("alert", Signal::derive(move || t_string!(i18n, rules.alerting).to_owned()))}
                {kind("record", Signal::derive(move || t_string!(i18n, rules.recording).to_owned()))}
            </div>
            <SearchField
                address
                label=Signal::derive(move || t_string!(i18n, rules.search).to_owned())
                keeps=&["health", "type"]
            />
            <PageLinks address paging/>
        </div>
        {rows(
            groups,
            |group| group.id.clone(),
            move |group| view! { <RuleGroupCard group clock alerts=false/> }.into_any(),
        )}
        <NothingListed
            is_empty
            none_at_all
            none_title=Signal::derive(move || t_string!(i18n, rules.none_title).to_owned())
            no_match=Signal::derive(move || t_string!(i18n, rules.no_match).to_owned())
            href="/rules"
            all=Signal::derive(move || t_string!(i18n, rules.all).to_owned())
        >
            {t!(i18n, alerts.none_before)}
            <code>"rule_files"</code>
            {t!(i18n, alerts.none_after)}
        </NothingListed>
    }
}

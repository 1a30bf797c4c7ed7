//! What fires, what may soon, and why.

use crate::components::chart::HoverTime;
use crate::components::rule::{RuleGroupCard, RulePageHead};
use crate::components::status::{ChoiceLinks, NothingListed, PageLinks, SearchField, live, rows};
use crate::components::use_clock;
use crate::state::{PageAddress, Settings};
use crate::words::{t, t_string, use_i18n};
use api_types::RuleList;
use leptos::prelude::*;
use std::sync::Arc;

/// Alerting rules, those that fire first.
#[component]
pub fn AlertsPage() -> impl IntoView {
    let i18n = use_i18n();
    HoverTime::provide();
    let per_page = expect_context::<Settings>().alert_groups_per_page;
    let address = PageAddress::new("/alerts", &["state", "search", "page"]);
    let path = Signal::derive(move || {
        let own = [
            ("type", "alert"),
            ("sort", "state"),
            ("per_page", &per_page.get().to_string()),
        ];
        address.call("/api/watchfire/rules", &own)
    });
    view! {
        <RulePageHead title=Signal::derive(move || t_string!(i18n, alerts.title).to_owned())/>
        {live::<RuleList>(path, "table", move |list| view! { <Groups list address/> }.into_any())}
    }
}

#[component]
fn Groups(list: Signal<Arc<RuleList>>, address: PageAddress) -> impl IntoView {
    let i18n = use_i18n();
    let clock = use_clock();
    let groups = Memo::new(move |_| list.with(|list| list.groups.clone()));
    let counts = Signal::derive(move || list.with(|list| list.states.clone()));
    let paging = Signal::derive(move || list.with(|list| list.paging));
    let is_empty = Memo::new(move |_| groups.with(Vec::is_empty));
    let none_at_all = Memo::new(move |_| list.with(|list| list.paging.total == 0));
    view! {
        <div class="filters">
            <ChoiceLinks
                address
                parameter="state"
                label=Signal::derive(move || t_string!(i18n, alerts.state).to_owned())
                states=&["firing", "pending", "unknown", "inactive"]
                counts
            />
            <SearchField
                address
                label=Signal::derive(move || t_string!(i18n, alerts.search).to_owned())
                keeps=&["state"]
            />
            <PageLinks address paging/>
        </div>
        {rows(
            groups,
            |group| group.id.clone(),
            move |group| view! { <RuleGroupCard group clock alerts=true/> }.into_any(),
        )}
        <NothingListed
            is_empty
            none_at_all
            none_title=Signal::derive(move || t_string!(i18n, alerts.none_title).to_owned())
            no_match=Signal::derive(move || t_string!(i18n, alerts.no_match).to_owned())
            href="/alerts"
            all=Signal::derive(move || t_string!(i18n, alerts.all).to_owned())
        >
            {t!(i18n, alerts.none_before)}
            <code>"rule_files"</code>
            {t!(i18n, alerts.none_after)}
        </NothingListed>
    }
}

//! What discovery found, and what relabelling made of it.

use crate::components::EmptyNotice;
use crate::components::LabelList;
use crate::components::status::{
    ChoiceLinks, PageLinks, PoolField, SearchField, StateBadge, live, rows,
};
use crate::components::target::{PoolConfig, PoolRow, RelabelSteps, by_pool, names_of};
use crate::fmt;
use crate::site::at;
use crate::state::PageAddress;
use crate::words::{t, t_string, use_i18n};
use api_types::{DiscoveryList, FoundTarget, PoolSummary};
use leptos::prelude::*;
use leptos_meta::Title;
use std::collections::BTreeMap;
use std::sync::Arc;
use wasm_bindgen::JsCast;

/// Pools and what was found for them.
#[component]
pub fn DiscoveryPage() -> impl IntoView {
    let i18n = use_i18n();
    let address = PageAddress::new("/service-discovery", &["pool", "state", "search", "page"]);
    let path = Signal::derive(move || address.call("/api/watchfire/discovery", &[]));
    view! {
        <Title text=move || t_string!(i18n, targets.discovery)/>
        <div class="page-head">
            <h1 class="page-head__title">{t!(i18n, targets.discovery)}</h1>
        </div>
        {live::<DiscoveryList>(path, "table", move |list| view! { <Pools list address/> }.into_any())}
    }
}

#[component]
fn Pools(list: Signal<Arc<DiscoveryList>>, address: PageAddress) -> impl IntoView {
    let i18n = use_i18n();
    let pools = Memo::new(move |_| {
        list.with(|list| by_pool(&list.pools, &list.targets, |target| &target.pool))
    });
    let names = Memo::new(move |_| list.with(|list| names_of(&list.pools)));
    let counts = Memo::new(move |_| {
        let sum = |of: fn(&PoolSummary) -> usize| {
            list.with(|list| list.pools.iter().map(of).sum::<usize>())
        };
        BTreeMap::from([
            ("active".to_owned(), sum(PoolSummary::active)),
            ("dropped".to_owned(), sum(|pool| pool.dropped)),
        ])
    });
    let paging = Memo::new(move |_| list.with(|list| list.paging));
    let is_empty = Memo::new(move |_| pools.with(Vec::is_empty));
    let nothing = move || {
        is_empty.get().then(|| {
            let title = if paging.get().total == 0 {
                Signal::derive(move || t_string!(i18n, targets.found_none).to_owned())
            } else {
                Signal::derive(move || t_string!(i18n, targets.no_match).to_owned())
            };
            view! {
                <EmptyNotice title>
                    <a href=at("/service-discovery")>{t!(i18n, targets.all)}</a>
                    " · "
                    <a href=at("/config")>{t!(i18n, shell.configuration)}</a>
                </EmptyNotice>
            }
        })
    };
    view! {
        <div class="filters">
            <PoolField address names/>
            <ChoiceLinks
                address
                parameter="state"
                label=Signal::derive(move || t_string!(i18n, targets.state).to_owned())
                states=&["active", "dropped"]
                counts
            />
            <SearchField
                address
                label=Signal::derive(move || t_string!(i18n, targets.search_labels).to_owned())
                keeps=&["pool", "state"]
            />
            <PageLinks address paging/>
        </div>
        {rows(pools, |row| row.pool.name.clone(), |row| view! { <Pool row/> }.into_any())}
        {nothing}
    }
}

#[component]
fn Pool(row: Memo<PoolRow<FoundTarget>>) -> impl IntoView {
    let i18n = use_i18n();
    let name = row.with_untracked(|row| row.pool.name.clone());
    let id = format!("pool-{name}");
    let label = id.clone();
    // Targets of a pool may be found several times with the same labels; the number keeps them apart.
    let targets = Memo::new(move |_| {
        row.with(|row| row.targets.iter().cloned().enumerate().collect::<Vec<_>>())
    });
    let active = move || row.with(|row| row.pool.active());
    let total = move || row.with(|row| row.pool.active() + row.pool.dropped);
    let not_kept = move || row.with(|row| row.pool.not_kept);
    let share = move || {
        t_string!(
            i18n,
            targets.kept,
            n = fmt::count(active()),
            total = fmt::count(total())
        )
    };
    view! {
        <section class="pool" aria-labelledby=label>
            <div class="pool__head">
                <h2 class="pool__name" id=id>{name.clone()}</h2>
                <span class="pool__count">{share}</span>
                <meter class="pool__bar" data-kind="share" min="0" max=total value=active aria-hidden="true"></meter>
            </div>
            <PoolConfig pool=name/>
            <Show when=move || not_kept() != 0>
                <p class="pool__note">
                    {t!(i18n, targets.not_kept, n = move || fmt::count(not_kept()))}
                    " "
                    <code>"keep_dropped_targets"</code>
                </p>
            </Show>
            <div class="scroll-x">
                <table class="table discovery">
                    <thead>
                        <tr>
                            <th scope="col">{t!(i18n, targets.state)}</th>
                            <th scope="col">{t!(i18n, targets.discovered)}</th>
                            <th scope="col">{t!(i18n, targets.target_labels)}</th>
                        </tr>
                    </thead>
                    <tbody>
                        {rows(
                            targets,
                            |(number, target)| format!("{number}\0{}", fmt::series(&target.discovered)),
                            |target| view! { <Found target/> }.into_any(),
                        )}
                    </tbody>
                </table>
            </div>
        </section>
    }
}

#[component]
fn Found(target: Memo<(usize, FoundTarget)>) -> impl IntoView {
    let i18n = use_i18n();
    let (_, first) = target.get_untracked();
    let open = RwSignal::new(false);
    let state = Signal::derive(move || {
        let is_dropped = target.with(|(_, target)| target.labels.is_none());
        if is_dropped { "dropped" } else { "active" }.to_owned()
    });
    let labels = move || {
        target
            .with(|(_, target)| target.labels.clone())
            .map(|labels| {
                view! { <LabelList labels/> }
            })
    };
    let toggled = move |event: leptos::ev::Event| {
        let details = event
            .current_target()
            .and_then(|target| target.dyn_into::<web_sys::HtmlDetailsElement>().ok());
        if let Some(details) = details {
            open.set(details.open());
        }
    };
    let (pool, discovered) = (first.pool.clone(), first.discovered.clone());
    let steps = move || {
        open.get().then(|| {
            view! { <RelabelSteps pool=pool.clone() discovered=discovered.clone()/> }
        })
    };
    view! {
        <tr>
            <td><StateBadge state/></td>
            <td><LabelList labels=first.discovered.clone()/></td>
            <td>
                {labels}
                <details class="targets__discovered" on:toggle=toggled>
                    <summary>{t!(i18n, targets.steps)}</summary>
                    {steps}
                </details>
            </td>
        </tr>
    }
}

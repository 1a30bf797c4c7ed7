//! What is scraped, and whether it answers.

use crate::components::status::{
    ChoiceLinks, NothingListed, PageLinks, PoolField, SearchField, live, rows,
};
use crate::components::target::{PoolConfig, PoolRow, TargetRow, by_pool, names_of};
use crate::components::use_clock;
use crate::components::{Glyph, Icon};
use crate::fmt;
use crate::site::at;
use crate::state::PageAddress;
use crate::words::{t, t_string, use_i18n};
use api_types::{ActiveTarget, PoolSummary, TargetList};
use leptos::prelude::*;
use leptos_meta::Title;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// With more pools than this only the first is shown, until another is asked for.
const MANY_POOLS: usize = 20;

/// Pools and their targets.
#[component]
pub fn TargetsPage() -> impl IntoView {
    let i18n = use_i18n();
    let address = PageAddress::new("/targets", &["pool", "health", "search", "page"]);
    let path = Signal::derive(move || address.call("/api/watchfire/targets", &[]));
    view! {
        <Title text=move || t_string!(i18n, targets.title)/>
        <div class="page-head">
            <h1 class="page-head__title">{t!(i18n, targets.title)}</h1>
        </div>
        {live::<TargetList>(path, "table", move |list| view! { <Pools list address/> }.into_any())}
    }
}

/// Targets of all pools by state.
fn counts(list: &TargetList) -> BTreeMap<String, usize> {
    let sum = |of: fn(&PoolSummary) -> usize| list.pools.iter().map(of).sum();
    [
        ("up".to_owned(), sum(|pool| pool.up)),
        ("down".to_owned(), sum(|pool| pool.down)),
        ("unknown".to_owned(), sum(|pool| pool.unknown)),
    ]
    .into()
}

#[component]
fn Pools(list: Signal<Arc<TargetList>>, address: PageAddress) -> impl IntoView {
    let i18n = use_i18n();
    let clock = use_clock();
    let pools = Memo::new(move |_| {
        list.with(|list| by_pool(&list.pools, &list.targets, |target| &target.scrape_pool))
    });
    let names = Memo::new(move |_| list.with(|list| names_of(&list.pools)));
    let counts = Memo::new(move |_| list.with(|list| counts(list)));
    let paging = Memo::new(move |_| list.with(|list| list.paging));
    let without = Memo::new(move |_| {
        let empty = |pool: &&PoolSummary| pool.active() == 0;
        list.with(|list| {
            let names = list
                .pools
                .iter()
                .filter(empty)
                .map(|pool| pool.name.clone());
            names.collect::<Vec<_>>().join(", ")
        })
    });
    let is_empty = Memo::new(move |_| pools.with(Vec::is_empty));
    let folded = RwSignal::new(BTreeSet::<String>::new());
    let preselected = RwSignal::new(None::<String>);
    Effect::new(move |_| {
        preselected.set(list.with_untracked(|list| preselect(list, address)));
    });
    let is_first = move || {
        let pool = preselected.get();
        pool.is_some_and(|pool| pool == address.get("pool"))
    };
    let fold_all = move |_| {
        folded.set(
            pools.with_untracked(|rows| rows.iter().map(|row| row.pool.name.clone()).collect()),
        );
    };
    let none_at_all = Memo::new(move |_| list.with(|list| list.paging.total == 0));
    view! {
        <div class="filters">
            <PoolField address names/>
            <ChoiceLinks
                address
                parameter="health"
                label=Signal::derive(move || t_string!(i18n, targets.state).to_owned())
                states=&["up", "down", "unknown"]
                counts
            />
            <SearchField
                address
                label=Signal::derive(move || t_string!(i18n, targets.search).to_owned())
                keeps=&["pool", "health"]
            />
            <PageLinks address paging/>
            <div class="group">
                <button type="button" class="button" on:click=fold_all>
                    {t!(i18n, targets.collapse_all)}
                </button>
                <button type="button" class="button" on:click=move |_| folded.set(BTreeSet::new())>
                    {t!(i18n, targets.expand_all)}
                </button>
            </div>
        </div>
        <Show when=is_first>
            <p class="more" role="status">
                {t!(i18n, targets.many_pools, n = move || fmt::count(names.with(Vec::len)))}
                " "
                <a href=at("/targets")>{t!(i18n, targets.all_pools)}</a>
            </p>
        </Show>
        {rows(
            pools,
            |row| row.pool.name.clone(),
            move |row| view! { <Pool row clock folded/> }.into_any(),
        )}
        <NothingListed
            is_empty
            none_at_all
            none_title=Signal::derive(move || t_string!(i18n, targets.none_title).to_owned())
            no_match=Signal::derive(move || t_string!(i18n, targets.no_match).to_owned())
            href="/targets"
            all=Signal::derive(move || t_string!(i18n, targets.all).to_owned())
        >
            {t!(i18n, targets.none_before)}
            <code>"scrape_configs"</code>
            {t!(i18n, targets.none_after)}
        </NothingListed>
        <Show when=move || !without.with(String::is_empty)>
            <p class="more">
                {t!(i18n, targets.without, names = move || without.get())}
                " "
                <a href=at("/service-discovery")>{t!(i18n, targets.look_discovery)}</a>
            </p>
        </Show>
    }
}

/// Goes to the first pool where there are many and none is chosen, and tells its name.
fn preselect(list: &TargetList, address: PageAddress) -> Option<String> {
    let chosen = ["pool", "health", "search"]
        .iter()
        .any(|name| !untrack(|| address.get(name)).is_empty());
    let first = list.pools.first()?;
    if chosen || list.pools.len() <= MANY_POOLS {
        return None;
    }
    address.go(&[("pool", &first.name)]);
    Some(first.name.clone())
}

#[component]
fn Pool(
    row: Memo<PoolRow<ActiveTarget>>,
    clock: Signal<Option<f64>>,
    /// Names of pools of which only the head is shown.
    folded: RwSignal<BTreeSet<String>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let name = row.with_untracked(|row| row.pool.name.clone());
    let own = StoredValue::new(name.clone());
    let is_folded =
        Memo::new(move |_| own.with_value(|name| folded.with(|all| all.contains(name))));
    let fold = move |_| {
        folded.update(|all| {
            let name = own.get_value();
            if !all.remove(&name) {
                all.insert(name);
            }
        });
    };
    let id = format!("pool-{name}");
    let body = format!("pool-body-{name}");
    let controls = body.clone();
    let label = id.clone();
    let targets = Memo::new(move |_| row.with(|row| row.targets.clone()));
    let up = move || row.with(|row| row.pool.up);
    let total = move || row.with(|row| row.pool.active());
    let share = move || {
        t_string!(
            i18n,
            targets.share,
            up = fmt::count(up()),
            total = fmt::count(total())
        )
    };
    view! {
        <section class="pool" aria-labelledby=label>
            <div class="pool__head">
                <h2 class="pool__name" id=id>
                    <button
                        type="button"
                        class="pool__fold"
                        aria-expanded=move || if is_folded.get() { "false" } else { "true" }
                        aria-controls=controls
                        on:click=fold
                    >
                        <Icon glyph=Signal::derive(move || {
                            if is_folded.get() { Glyph::Right } else { Glyph::Down }
                        })/>
                        {name.clone()}
                    </button>
                </h2>
                <span
                    class="pool__count"
                    data-state=move || if up() == total() { "up" } else { "down" }
                >
                    {share}
                </span>
                <meter class="pool__bar" min="0" max=total value=up aria-hidden="true"></meter>
            </div>
            <div id=body hidden=move || is_folded.get()>
            <PoolConfig pool=name/>
            <div class="scroll-x">
                <table class="table targets">
                    <thead>
                        <tr>
                            <th scope="col">{t!(i18n, targets.state)}</th>
                            <th scope="col">{t!(i18n, targets.endpoint)}</th>
                            <th scope="col">{t!(i18n, targets.labels)}</th>
                            <th scope="col" class="targets__number">{t!(i18n, targets.last_scrape)}</th>
                            <th scope="col" class="targets__number">{t!(i18n, targets.duration)}</th>
                        </tr>
                    </thead>
                    <tbody>
                        {rows(
                            targets,
                            |target| format!("{}\0{}", target.scrape_url, fmt::series(&target.labels)),
                            move |target| view! { <TargetRow target clock/> }.into_any(),
                        )}
                    </tbody>
                </table>
            </div>
            </div>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_stand_under_their_pool_with_its_whole_share() {
        let target = |pool: &str, url: &str| ActiveTarget {
            scrape_pool: pool.to_owned(),
            scrape_url: url.to_owned(),
            ..ActiveTarget::default()
        };
        let list = TargetList {
            pools: vec![PoolSummary {
                name: "b".to_owned(),
                up: 7,
                ..PoolSummary::default()
            }],
            targets: vec![target("a", "1"), target("b", "2"), target("b", "3")],
            ..TargetList::default()
        };
        let rows = by_pool(&list.pools, &list.targets, |target| &target.scrape_pool);
        let shape: Vec<_> = rows
            .iter()
            .map(|row| (row.pool.up, row.targets.len()))
            .collect();
        assert_eq!(shape, [(0, 1), (7, 2)]);
        assert_eq!(counts(&list)["up"], 7);
    }
}

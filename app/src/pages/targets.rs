//! What is scraped, and whether it answers.

use crate::components::{EmptyNotice, ErrorNotice, Skeleton, TargetPool, TextField, use_clock};
use crate::data::{UiError, load_targets};
use crate::fmt;
use crate::state::TargetFilter;
use api_types::{ActiveTarget, Health, TargetsData};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use std::sync::Arc;
use std::time::Duration;

/// How often the page asks anew.
const REFRESH: Duration = Duration::from_secs(5);

/// Pools and their targets.
#[component]
pub fn TargetsPage() -> impl IntoView {
    let targets = Resource::new(|| (), |()| load_targets());
    refresh(targets);
    let query = use_query_map();
    let filter =
        Memo::new(move |_| query.with(|query| TargetFilter::parse(|name| query.get(name))));
    let clock = use_clock();
    view! {
        <Title text="Targets"/>
        <div class="page-head">
            <h1 class="page-head__title">"Targets"</h1>
        </div>
        <Transition fallback=|| view! { <Skeleton shape="table"/> }>
            {move || targets.get().map(|loaded| match loaded {
                Ok(data) => view! { <Pools data=Arc::new(data) filter clock/> }.into_any(),
                Err(error) => failed(error, targets),
            })}
        </Transition>
    }
}

fn failed(error: UiError, targets: Resource<Result<TargetsData, UiError>>) -> AnyView {
    view! { <ErrorNotice error on_retry=Callback::new(move |()| targets.refetch())/> }.into_any()
}

/// Asks anew while the page is open and seen.
fn refresh(targets: Resource<Result<TargetsData, UiError>>) {
    Effect::new(move |_| {
        let ask = move || {
            if !document().hidden() {
                targets.refetch();
            }
        };
        let timer = set_interval_with_handle(ask, REFRESH);
        on_cleanup(move || {
            if let Ok(timer) = timer {
                timer.clear();
            }
        });
    });
}

#[component]
fn Pools(
    data: Arc<TargetsData>,
    filter: Memo<TargetFilter>,
    clock: Signal<Option<f64>>,
) -> impl IntoView {
    let filters = view! { <Filters data=data.clone() filter/> };
    let pools = move || {
        let filter = filter.get();
        if data.active_targets.is_empty() {
            return view! {
                <EmptyNotice title="Nothing is scraped">
                    "The configuration has no scrape job whose discovery finds a target. Add one under "
                    <code>"scrape_configs"</code> " and reload."
                </EmptyNotice>
            }
            .into_any();
        }
        let chosen: Vec<_> = by_pool(&data.active_targets)
            .into_iter()
            .filter_map(|(name, all)| {
                let up = all.iter().filter(|t| t.health == Health::Up).count();
                let total = all.len();
                let targets: Vec<ActiveTarget> = all
                    .into_iter()
                    .filter(|t| filter.matches(t))
                    .cloned()
                    .collect();
                (!targets.is_empty())
                    .then(|| view! { <TargetPool name targets up=(up, total) clock/> })
            })
            .collect();
        if chosen.is_empty() {
            return view! {
                <EmptyNotice title="No target matches the filter">
                    <a href="/targets">"Show all targets"</a>
                </EmptyNotice>
            }
            .into_any();
        }
        chosen.into_any()
    };
    view! { {filters} {pools} }
}

/// Targets by pool. Ordering: pools by name, targets as they come.
fn by_pool(targets: &[ActiveTarget]) -> Vec<(String, Vec<&ActiveTarget>)> {
    let mut pools = std::collections::BTreeMap::<&str, Vec<&ActiveTarget>>::new();
    for target in targets {
        pools.entry(&target.scrape_pool).or_default().push(target);
    }
    pools
        .into_iter()
        .map(|(name, targets)| (name.to_owned(), targets))
        .collect()
}

/// A form, so that the filter works without scripts too; with them it takes effect at once.
#[component]
fn Filters(data: Arc<TargetsData>, filter: Memo<TargetFilter>) -> impl IntoView {
    let navigate = use_navigate();
    let write = Callback::new(move |next: TargetFilter| {
        let query = next.query();
        let address = if query.is_empty() {
            "/targets".to_owned()
        } else {
            format!("/targets?{query}")
        };
        navigate(
            &address,
            NavigateOptions {
                scroll: false,
                replace: true,
                ..NavigateOptions::default()
            },
        );
    });
    let pools: Vec<_> = by_pool(&data.active_targets)
        .into_iter()
        .map(|(name, _)| {
            let (own, value) = (name.clone(), name.clone());
            view! {
                <option value=value selected=move || filter.with(|f| f.pool == own)>{name}</option>
            }
        })
        .collect();
    let state = |health: Option<Health>, word: &'static str| {
        let n = data
            .active_targets
            .iter()
            .filter(|t| health.is_none_or(|h| h == t.health))
            .count();
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
                on:click=move |_| write.run(TargetFilter { health, ..filter.get_untracked() })
            >
                {word}
                <span class="button__count">{fmt::count(n)}</span>
            </button>
        }
    };
    let search = Callback::new(move |search: String| {
        write.run(TargetFilter {
            search,
            ..filter.get_untracked()
        });
        true
    });
    view! {
        <div class="filters" role="search" aria-label="Targets">
            <label class="labelled">
                <span>"Pool"</span>
                <select
                    class="field"
                    on:change=move |event| {
                        let pool = event_target_value(&event);
                        write.run(TargetFilter { pool, ..filter.get_untracked() });
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
            <TextField
                label="Search addresses and labels"
                value=Signal::derive(move || filter.get().search)
                placeholder="Search addresses and labels"
                width=32
                on_commit=search
            />
        </div>
    }
}

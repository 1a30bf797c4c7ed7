//! What is scraped, and whether it answers.

use crate::components::{EmptyNotice, ErrorNotice, Skeleton, TargetFilters, TargetPool, use_clock};
use crate::data::{UiError, load_targets};
use crate::state::{PoolView, TargetBoard, TargetFilter};
use api_types::TargetsData;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use std::sync::Arc;
use std::time::Duration;

/// How often the page asks anew.
const REFRESH: Duration = Duration::from_secs(5);

type Targets = Resource<Result<TargetsData, UiError>>;

/// Pools and their targets.
#[component]
pub fn TargetsPage() -> impl IntoView {
    let targets = Resource::new(|| (), |()| load_targets());
    refresh(targets);
    view! {
        <Title text="Targets"/>
        <div class="page-head">
            <h1 class="page-head__title">"Targets"</h1>
        </div>
        <Transition fallback=|| view! { <Skeleton shape="table"/> }>
            <Board targets/>
        </Transition>
    }
}

/// Asks anew while the page is open and seen.
fn refresh(targets: Targets) {
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

/// The last targets there were, above them the error if the newest question failed.
#[component]
fn Board(targets: Targets) -> impl IntoView {
    let query = use_query_map();
    let filter =
        Memo::new(move |_| query.with(|query| TargetFilter::parse(|name| query.get(name))));
    let answer = Memo::new(move |_| targets.get());
    let error = Memo::new(move |_| answer.get().and_then(Result::err));
    let board = Memo::new(
        move |last: Option<&Option<Arc<TargetBoard>>>| match answer.get() {
            Some(Ok(data)) => Some(Arc::new(TargetBoard::new(data))),
            _ => last.cloned().flatten(),
        },
    );
    let known = Memo::new(move |_| board.with(Option::is_some));
    let board = Memo::new(move |_| board.get().unwrap_or_default());
    let retry = Callback::new(move |()| targets.refetch());
    view! {
        {move || error.get().map(|error| view! { <ErrorNotice error on_retry=retry/> })}
        <Show when=move || known.get()>
            <Pools board filter/>
        </Show>
    }
}

#[component]
fn Pools(board: Memo<Arc<TargetBoard>>, filter: Memo<TargetFilter>) -> impl IntoView {
    let clock = use_clock();
    let navigate = use_navigate();
    let write = Callback::new(move |next: TargetFilter| {
        let query = next.query();
        let address = if query.is_empty() {
            "/targets".to_owned()
        } else {
            format!("/targets?{query}")
        };
        let options = NavigateOptions {
            scroll: false,
            replace: true,
            ..NavigateOptions::default()
        };
        navigate(&address, options);
    });
    let chosen = Memo::new(move |_| board.with(|board| board.choose(&filter.get())));
    let names = move || {
        chosen.with(|chosen| {
            chosen
                .iter()
                .map(|pool| pool.name.clone())
                .collect::<Vec<_>>()
        })
    };
    let nothing = Memo::new(move |_| chosen.with(Vec::is_empty));
    let none_at_all = Memo::new(move |_| board.with(|board| board.is_empty()));
    view! {
        <TargetFilters board filter on_change=write/>
        <For each=names key=Clone::clone let:name>
            {
                let own = name.clone();
                let pool = Memo::new(move |last: Option<&PoolView>| {
                    // A pool that is on its way out keeps what it had.
                    let now = chosen.with(|c| c.iter().find(|pool| pool.name == own).cloned());
                    now.or_else(|| last.cloned()).unwrap_or_default()
                });
                view! { <TargetPool name pool board clock/> }
            }
        </For>
        {move || nothing.get().then(|| if none_at_all.get() { nothing_scraped() } else { nothing_matches() })}
    }
}

fn nothing_scraped() -> AnyView {
    view! {
        <EmptyNotice title="Nothing is scraped">
            "The configuration has no scrape job whose discovery finds a target. Add one under "
            <code>"scrape_configs"</code>
            " and start the server again."
        </EmptyNotice>
    }
    .into_any()
}

fn nothing_matches() -> AnyView {
    view! {
        <EmptyNotice title="No target matches the filter">
            <a href="/targets">"Show all targets"</a>
        </EmptyNotice>
    }
    .into_any()
}

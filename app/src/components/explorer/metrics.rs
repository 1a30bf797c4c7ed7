//! All metrics, searchable.

use super::Place;
use crate::components::notice::ErrorNotice;
use crate::components::virtual_list::VirtualList;
use crate::data::{Catalog, Latest, catalog, copy_text, find_metrics, info_of};
use crate::fmt;
use crate::state::rank;
use crate::words::{t, t_string, use_i18n};
use leptos::html::Input;
use leptos::leptos_dom::helpers::debounce;
use leptos::prelude::*;
use std::sync::Arc;
use std::time::Duration;

/// How many names are fetched at once; a search narrows down what there is beyond.
const FETCHED: usize = 5000;
/// How much metadata is fetched.
const KNOWN: usize = 20_000;
const REST: Duration = Duration::from_millis(200);
/// Units: CSS pixels.
const ROW: f64 = 36.0;
const HEIGHT: f64 = 432.0;

#[component]
pub(super) fn MetricExplorer(
    place: RwSignal<Place>,
    on_insert: Callback<String>,
    on_run: Callback<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let names = Latest::<Vec<String>>::new();
    let known = Latest::<Catalog>::new();
    let wanted = RwSignal::new(String::new());
    names.start(|signal| find_metrics(String::new(), FETCHED, signal));
    known.start(|signal| catalog(KNOWN, signal));
    let mut ask = debounce(REST, move |text: String| {
        names.start(move |signal| find_metrics(text, FETCHED, signal));
    });
    let found = Memo::new(move |_| {
        let loaded = names.state.get().loaded;
        let mut found = loaded.map(|loaded| loaded.data.clone()).unwrap_or_default();
        let wanted = wanted.get();
        if !wanted.trim().is_empty() {
            found.retain(|name| rank(&wanted, name).is_some());
            found.sort_by_cached_key(|name| rank(&wanted, name));
        }
        Arc::new(found)
    });
    let count = Signal::derive(move || found.with(|found| found.len()));
    let input = NodeRef::<Input>::new();
    Effect::new(move |_| {
        if let Some(input) = input.get() {
            // A field that cannot have the focus can still be clicked.
            let _ = input.focus();
        }
    });
    let told = move || {
        let n = count.get();
        let text = fmt::count(n);
        if n == 0 && names.state.with(|state| state.loaded.is_some()) {
            t_string!(i18n, graph.no_metrics).to_owned()
        } else if n >= FETCHED {
            t_string!(i18n, graph.metrics_first, n = text)
        } else {
            t_string!(i18n, graph.metrics_found, n = text)
        }
    };
    let row = Callback::new(move |n: usize| {
        // Tracked: the rows in view follow the search.
        let Some(name) = found.with(|found| found.get(n).cloned()) else {
            return ().into_any();
        };
        row(name, known, place, on_insert, on_run)
    });
    let retry = Callback::new(move |()| {
        let text = wanted.get_untracked();
        names.start(move |signal| find_metrics(text, FETCHED, signal));
    });
    view! {
        <h2 class="dialog__title">{t!(i18n, graph.metrics)}</h2>
        <div class="explorer__head">
            <input
                class="field explorer__search"
                type="search"
                node_ref=input
                aria-label=t!(i18n, graph.find_metric)
                placeholder=t!(i18n, graph.find_metric)
                autocomplete="off"
                spellcheck="false"
                on:input=move |event| {
                    let text = event_target_value(&event);
                    wanted.set(text.clone());
                    ask(text);
                }
            />
            <p class="explorer__count" role="status">{told}</p>
        </div>
        {move || names.state.get().error.map(|error| view! { <ErrorNotice error on_retry=retry/> })}
        <VirtualList
            label=Signal::derive(move || t_string!(i18n, graph.metrics).to_owned())
            count
            row_height=ROW
            height=HEIGHT
            row
        />
    }
}

fn row(
    name: String,
    known: Latest<Catalog>,
    place: RwSignal<Place>,
    on_insert: Callback<String>,
    on_run: Callback<String>,
) -> AnyView {
    let i18n = use_i18n();
    let own = name.clone();
    let info = move || {
        known.state.with(|state| {
            let loaded = state.loaded.as_ref()?;
            info_of(&loaded.data, &own).cloned()
        })
    };
    let kind = {
        let info = info.clone();
        move || info().map(|info| info.kind)
    };
    let help = move || info().map(|info| info.help);
    let [used, inserted, copied, explored] = [(); 4].map(|()| name.clone());
    view! {
        <span class="explorer__name" role="gridcell">
            <button
                type="button"
                class="explorer__use"
                title=t!(i18n, graph.use_it)
                on:click=move |_| on_run.run(used.clone())
            >
                {name}
            </button>
        </span>
        <span class="explorer__kind" role="gridcell">{kind}</span>
        <span class="explorer__help" role="gridcell" title=help.clone()>{help.clone()}</span>
        <span class="explorer__actions" role="gridcell">
            <button type="button" class="button" data-kind="tool" on:click=move |_| place.set(Place::Labels(explored.clone()))>
                {t!(i18n, graph.explore_labels)}
            </button>
            <button type="button" class="button" data-kind="tool" on:click=move |_| on_insert.run(inserted.clone())>
                {t!(i18n, graph.insert)}
            </button>
            <button type="button" class="button" data-kind="tool" on:click=move |_| copy_text(&copied)>
                {t!(i18n, graph.copy)}
            </button>
        </span>
    }
    .into_any()
}

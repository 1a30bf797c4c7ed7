//! Search or jump: pages, dashboards, metrics, targets and rules by a few letters.

use super::places::Place;
use crate::components::dialog::Dialog;
use crate::data::{
    FoundDashboard, Latest, find_dashboards, find_metrics, find_rules, find_targets,
};
use crate::state::{encode, query_string, rank, use_go};
use crate::words::{Locale, t, t_string, td_string, use_i18n};
use api_types::{Rule, RuleList, TargetList};
use leptos::html::Input;
use leptos::leptos_dom::helpers::debounce;
use leptos::prelude::*;
use std::time::Duration;

/// How many results are shown.
const SHOWN: usize = 12;
/// How many metrics are asked for, to rank them; of the rest as many as are shown.
const METRICS: usize = 200;
/// How long typing must rest before the server is asked.
const REST: Duration = Duration::from_millis(120);

/// What a result is; also which comes first among equals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Page,
    Dashboard,
    Rule,
    Target,
    Metric,
}

/// Somewhere to go.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Found {
    kind: Kind,
    text: String,
    address: String,
}

/// The dialog.
#[component]
pub(super) fn Palette(open: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Dialog
            open
            kind="palette"
            label=Signal::derive(move || t_string!(i18n, shell.search_label).to_owned())
        >
            <Search open/>
        </Dialog>
    }
}

/// Where results come from, besides the pages: the server looks, among however many there are.
#[derive(Clone, Copy)]
struct Sources {
    dashboards: Latest<Vec<FoundDashboard>>,
    targets: Latest<TargetList>,
    rules: Latest<RuleList>,
    metrics: Latest<Vec<String>>,
}

impl Sources {
    fn new() -> Self {
        Self {
            dashboards: Latest::new(),
            targets: Latest::new(),
            rules: Latest::new(),
            metrics: Latest::new(),
        }
    }

    /// Looks for `text`.
    fn ask(self, text: &str) {
        let text = text.trim();
        if text.is_empty() {
            self.dashboards.clear();
            self.targets.clear();
            self.rules.clear();
            self.metrics.clear();
            return;
        }
        let of = || text.to_owned();
        self.dashboards
            .start(|signal| find_dashboards(of(), SHOWN, signal));
        self.targets
            .start(|signal| find_targets(of(), SHOWN, signal));
        self.rules.start(|signal| find_rules(of(), SHOWN, signal));
        self.metrics
            .start(|signal| find_metrics(of(), METRICS, signal));
    }

    /// What answers `wanted`, the best first.
    fn find(self, wanted: &str, locale: Locale) -> Vec<Found> {
        let mut found: Vec<(u32, Found)> = Vec::new();
        for place in Place::all() {
            let name = place.name(locale);
            let names = place.other_names().iter().copied();
            let english = place.name(Locale::en);
            let best = names
                .chain([name, english])
                .filter_map(|n| rank(wanted, n))
                .min();
            if let Some(rank) = best {
                let (text, address) = (name.to_owned(), place.path().to_owned());
                found.push((
                    rank,
                    Found {
                        kind: Kind::Page,
                        text,
                        address,
                    },
                ));
            }
        }
        if wanted.trim().is_empty() {
            return found.into_iter().map(|(_, found)| found).collect();
        }
        let mut add = |kind, text: String, address: String| {
            if let Some(rank) = rank(wanted, &text) {
                found.push((
                    rank,
                    Found {
                        kind,
                        text,
                        address,
                    },
                ));
            }
        };
        if let Some(loaded) = &self.metrics.state.get().loaded {
            for name in &loaded.data {
                let address = format!(
                    "/graph?{}",
                    query_string([("g0.expr", name.as_str()), ("g0.tab", "graph")])
                );
                add(Kind::Metric, name.clone(), address);
            }
        }
        if let Some(loaded) = &self.dashboards.state.get().loaded {
            for one in &loaded.data {
                add(Kind::Dashboard, one.title.clone(), one.url.clone());
            }
        }
        if let Some(loaded) = &self.targets.state.get().loaded {
            for target in &loaded.data.targets {
                let address = format!("/targets?search={}", encode(&target.scrape_url));
                let text = format!("{} {}", target.scrape_pool, target.scrape_url);
                add(Kind::Target, text, address);
            }
        }
        if let Some(loaded) = &self.rules.state.get().loaded {
            for row in loaded.data.groups.iter().flat_map(|group| &group.rules) {
                let (page, name) = match &row.rule {
                    Rule::Alerting(rule) => ("alerts", &rule.name),
                    Rule::Recording(rule) => ("rules", &rule.name),
                };
                let address = format!("/{page}?search={}", encode(name));
                add(Kind::Rule, name.clone(), address);
            }
        }
        found
            .sort_by(|(a, x), (b, y)| a.cmp(b).then(x.kind.cmp(&y.kind)).then(x.text.cmp(&y.text)));
        found.dedup_by(|(_, a), (_, b)| a == b);
        found.truncate(SHOWN);
        found.into_iter().map(|(_, found)| found).collect()
    }
}

#[component]
fn Search(open: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let leave = use_go();
    let input = NodeRef::<Input>::new();
    let wanted = RwSignal::new(String::new());
    let chosen = RwSignal::new(0usize);
    let sources = Sources::new();
    let found = Memo::new(move |_| sources.find(&wanted.get(), i18n.get_locale()));
    let mut ask = debounce(REST, move |text: String| sources.ask(&text));
    let go = move |index: usize| {
        if let Some(Found { address, .. }) = found.get_untracked().get(index) {
            open.set(false);
            leave.run(address.clone());
        }
    };
    let go = StoredValue::new_local(go);
    let key = move |event: web_sys::KeyboardEvent| {
        if event.is_composing() {
            return;
        }
        let count = found.with_untracked(Vec::len).max(1);
        match event.key().as_str() {
            "ArrowDown" => chosen.update(|n| *n = (*n + 1) % count),
            "ArrowUp" => chosen.update(|n| *n = (*n + count - 1) % count),
            "Enter" => go.with_value(|go| go(chosen.get_untracked())),
            _ => return,
        }
        event.prevent_default();
    };
    let typed = move |event: web_sys::Event| {
        let text = event_target_value(&event);
        chosen.set(0);
        wanted.set(text.clone());
        ask(text);
    };
    Effect::new(move |_| {
        if let Some(input) = input.get() {
            // A field that cannot have the focus can still be clicked.
            let _ = input.focus();
        }
    });
    let item = move |(index, found): (usize, Found)| {
        view! {
            <li
                class="palette__item"
                role="option"
                id=format!("found-{index}")
                aria-selected=move || if chosen.get() == index { "true" } else { "false" }
                on:pointermove=move |_| {
                    if chosen.get_untracked() != index {
                        chosen.set(index);
                    }
                }
                on:click=move |_| go.with_value(|go| go(index))
            >
                <span class="palette__text">{found.text}</span>
                <span class="palette__kind">
                    {move || {
                        let locale = i18n.get_locale();
                        match found.kind {
                            Kind::Page => td_string!(locale, shell.kind_page),
                            Kind::Dashboard => td_string!(locale, shell.kind_dashboard),
                            Kind::Rule => td_string!(locale, shell.kind_rule),
                            Kind::Target => td_string!(locale, shell.kind_target),
                            Kind::Metric => td_string!(locale, shell.kind_metric),
                        }
                    }}
                </span>
            </li>
        }
    };
    let nothing = move || {
        if found.with(Vec::is_empty) {
            t_string!(i18n, shell.nothing_found)
        } else {
            ""
        }
    };
    view! {
        <input
            class="palette__input"
            type="text"
            role="combobox"
            node_ref=input
            aria-label=t!(i18n, shell.search_label)
            aria-controls="found"
            aria-expanded="true"
            aria-autocomplete="list"
            aria-activedescendant=move || format!("found-{}", chosen.get())
            autocomplete="off"
            spellcheck="false"
            placeholder=t!(i18n, shell.more_hint)
            on:input=typed
            on:keydown=key
        />
        <ul class="palette__list" id="found" role="listbox" aria-label=t!(i18n, shell.results)>
            {move || found.get().into_iter().enumerate().map(item).collect_view()}
        </ul>
        <p class="palette__empty" role="status">{nothing}</p>
    }
}

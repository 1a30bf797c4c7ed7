//! Search or jump: pages, metrics, targets and rules by a few letters.

use super::places::Place;
use crate::components::dialog::Dialog;
use crate::data::{Latest, find_metrics, get};
use crate::state::{encode, query_string, rank, use_go};
use crate::words::{Locale, t, t_string, td_string, use_i18n};
use api_types::{Rule, RulesData, TargetsData};
use leptos::html::Input;
use leptos::leptos_dom::helpers::debounce;
use leptos::prelude::*;
use std::time::Duration;

/// How many results are shown.
const SHOWN: usize = 12;
/// How long typing must rest before the server is asked.
const REST: Duration = Duration::from_millis(120);

/// What a result is; also which comes first among equals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Page,
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

/// Where results come from, besides the pages.
#[derive(Clone, Copy)]
struct Sources {
    targets: Latest<TargetsData>,
    rules: Latest<RulesData>,
    metrics: Latest<Vec<String>>,
}

impl Sources {
    fn load() -> Self {
        let sources = Self {
            targets: Latest::new(),
            rules: Latest::new(),
            metrics: Latest::new(),
        };
        sources.targets.start(|signal| async move {
            get("/api/v1/targets?state=active", signal.as_ref()).await
        });
        sources.rules.start(|signal| async move {
            get("/api/v1/rules?exclude_alerts=true", signal.as_ref()).await
        });
        sources
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
        if let Some(loaded) = &self.targets.state.get().loaded {
            for target in &loaded.data.active_targets {
                let address = format!("/targets?search={}", encode(&target.scrape_url));
                let text = format!("{} {}", target.scrape_pool, target.scrape_url);
                add(Kind::Target, text, address);
            }
        }
        if let Some(loaded) = &self.rules.state.get().loaded {
            for rule in loaded.data.groups.iter().flat_map(|group| &group.rules) {
                let (page, name) = match rule {
                    Rule::Alerting(rule) => ("alerts", &rule.name),
                    Rule::Recording(rule) => ("rules", &rule.name),
                };
                add(
                    Kind::Rule,
                    name.clone(),
                    format!("/{page}?search={}", encode(name)),
                );
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
    let sources = Sources::load();
    let found = Memo::new(move |_| sources.find(&wanted.get(), i18n.get_locale()));
    let mut ask = debounce(REST, move |text: String| {
        if text.trim().is_empty() {
            sources.metrics.clear();
        } else {
            sources
                .metrics
                .start(move |signal| find_metrics(text, 200, signal));
        }
    });
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

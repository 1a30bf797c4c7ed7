//! The names that most of the head belongs to.

use crate::components::status::rows;
use crate::data::{Latest, Moment, instant};
use crate::fmt;
use crate::state::PageAddress;
use crate::words::{t, t_string, use_i18n};
use api_types::{NamedValue, QueryData, TsdbStatus};
use leptos::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;

/// Metrics whose growth is asked for at most: the question names them all.
const COMPARED: usize = 50;

/// What a list counts, and where its names lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Metrics,
    Labels,
    Memory,
    Pairs,
}

/// The four lists.
#[component]
pub(super) fn TopLists(status: Signal<Arc<TsdbStatus>>, address: PageAddress) -> impl IntoView {
    let i18n = use_i18n();
    let before = growth(status);
    let list = move |kind: Kind| view! { <TopList kind status address before/> };
    let more = move |limit: &'static str| {
        let is_chosen = move || {
            let now = address.get("limit");
            if now.is_empty() {
                limit == "10"
            } else {
                now == limit
            }
        };
        view! {
            <a
                class="button"
                data-kind="toggle"
                href=move || address.with(&[("limit", limit)])
                aria-current=move || is_chosen().then_some("true")
            >
                {limit}
            </a>
        }
    };
    view! {
        <div class="filters" id="top">
            <span class="labelled">{t!(i18n, tsdb.entries)}</span>
            <div class="group" role="group" aria-label=move || t_string!(i18n, tsdb.entries)>
                {more("10")}
                {more("50")}
                {more("200")}
            </div>
        </div>
        <div class="columns">
            {list(Kind::Metrics)}
            {list(Kind::Pairs)}
            {list(Kind::Labels)}
            {list(Kind::Memory)}
        </div>
    }
}

/// Series per metric a day ago; empty until they are known.
fn growth(status: Signal<Arc<TsdbStatus>>) -> Memo<HashMap<String, u64>> {
    let latest = Latest::<Moment>::new();
    let names = Memo::new(move |_| {
        status.with(|status| {
            let names = status.series_count_by_metric_name.iter().take(COMPARED);
            names.map(|one| one.name.clone()).collect::<Vec<_>>()
        })
    });
    Effect::new(move |_| {
        let names = names.get();
        if names.is_empty() {
            return;
        }
        let pattern: Vec<String> = names.iter().map(|name| quoted_pattern(name)).collect();
        let pattern = fmt::quoted(&pattern.join("|"));
        let query = format!("count by (__name__) ({{__name__=~{pattern}}} offset 1d)");
        latest.start(|signal| instant(query, None, signal));
    });
    Memo::new(move |_| {
        latest.state.with(
            |state| match state.loaded.as_ref().map(|one| &one.data.result) {
                Some(QueryData::Vector(samples)) => samples.iter().filter_map(counted).collect(),
                _ => HashMap::new(),
            },
        )
    })
}

fn counted(sample: &api_types::VectorSample) -> Option<(String, u64)> {
    let name = sample.metric.get("__name__")?.clone();
    #[expect(clippy::cast_possible_truncation, reason = "a count of series")]
    let count = sample.value.map_or(0.0, |pair| pair.value).max(0.0) as u64;
    Some((name, count))
}

/// A name as a pattern that only it matches.
fn quoted_pattern(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for c in name.chars() {
        if !c.is_alphanumeric() && c != '_' && c != ':' {
            text.push('\\');
        }
        text.push(c);
    }
    text
}

#[component]
fn TopList(
    kind: Kind,
    status: Signal<Arc<TsdbStatus>>,
    address: PageAddress,
    before: Memo<HashMap<String, u64>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let entries = Memo::new(move |_| {
        status.with(|status| match kind {
            Kind::Metrics => status.series_count_by_metric_name.clone(),
            Kind::Labels => status.label_value_count_by_label_name.clone(),
            Kind::Memory => status.memory_in_bytes_by_label_name.clone(),
            Kind::Pairs => status.series_count_by_label_value_pair.clone(),
        })
    });
    let largest = Memo::new(move |_| {
        entries.with(|entries| {
            entries
                .iter()
                .map(|one| one.value)
                .max()
                .unwrap_or(1)
                .max(1)
        })
    });
    let title = move || match kind {
        Kind::Metrics => t_string!(i18n, tsdb.top_metrics),
        Kind::Labels => t_string!(i18n, tsdb.top_labels),
        Kind::Memory => t_string!(i18n, tsdb.top_memory),
        Kind::Pairs => t_string!(i18n, tsdb.top_pairs),
    };
    let unit = move || match kind {
        Kind::Metrics | Kind::Pairs => t_string!(i18n, tsdb.series),
        Kind::Labels => t_string!(i18n, tsdb.values),
        Kind::Memory => t_string!(i18n, tsdb.bytes),
    };
    let row = move |entry: Memo<NamedValue>| {
        let name = entry.with_untracked(|entry| entry.name.clone());
        let (first, second) = name.split_once('=').unwrap_or((&name, ""));
        let (first, second) = (first.to_owned(), second.to_owned());
        let shown = name.clone();
        let href = move || match kind {
            Kind::Metrics => address.with(&[("metric", &shown), ("label", ""), ("value", "")]),
            Kind::Pairs => address.with(&[("metric", ""), ("label", &first), ("value", &second)]),
            Kind::Labels | Kind::Memory => {
                address.with(&[("metric", ""), ("label", &first), ("value", "")])
            }
        };
        let value = move || entry.with(|entry| entry.value);
        let text = move || match kind {
            Kind::Memory => fmt::bytes(value() as f64),
            _ => fmt::count(usize::try_from(value()).unwrap_or(usize::MAX)),
        };
        let compared = name.clone();
        let change = move || {
            let before = before.with(|before| before.get(&compared).copied())?;
            let (now, before) = (value() as f64, before as f64);
            Some(format!("{:+}", now - before))
        };
        view! {
            <tr>
                <th scope="row"><a href=href>{name}</a></th>
                {(kind == Kind::Metrics).then(|| view! {
                    <td class="number top__change">{move || change().unwrap_or_else(|| "–".to_owned())}</td>
                })}
                <td class="number">
                    <span class="top__bar" style:width=move || {
                        format!("{:.1}%", 100.0 * value() as f64 / largest.get() as f64)
                    }></span>
                    <span class="top__value">{text}</span>
                </td>
            </tr>
        }
        .into_any()
    };
    view! {
        <section class="card" aria-label=title>
            <div class="card__head"><h2 class="card__title">{title}</h2></div>
            <table class="table top">
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, status.name)}</th>
                        {(kind == Kind::Metrics).then(|| view! {
                            <th scope="col" class="number">{t!(i18n, tsdb.change)}</th>
                        })}
                        <th scope="col" class="number">{unit}</th>
                    </tr>
                </thead>
                <tbody>{rows(entries, |entry| entry.name.clone(), row)}</tbody>
            </table>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_matches_itself_alone() {
        assert_eq!(quoted_pattern("a:b_1.c"), "a:b_1\\.c");
    }
}

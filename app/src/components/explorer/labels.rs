//! The labels of one metric: how many values, which are frequent, and a selector made by clicking.

use super::Place;
use crate::components::icon::{Glyph, Icon};
use crate::components::notice::{ErrorNotice, Skeleton};
use crate::data::{LabelUse, Latest, copy_text, labels_of, series_of};
use crate::fmt;
use crate::words::{t, t_string, use_i18n};
use api_types::LabelMap;
use leptos::prelude::*;

/// Series that are looked at, at most.
const COUNTED: usize = 10_000;
/// Values of a label that are offered at once.
const OFFERED: usize = 5;
/// Values that are listed once all are wanted.
const LISTED: usize = 500;

type Filter = (String, String);

#[component]
pub(super) fn LabelExplorer(
    metric: String,
    place: RwSignal<Place>,
    on_insert: Callback<String>,
    on_run: Callback<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let filters = RwSignal::new(Vec::<Filter>::new());
    let by_name = RwSignal::new(false);
    let series = Latest::<Vec<LabelMap>>::new();
    let name = StoredValue::new(metric);
    let selector = Memo::new(move |_| name.with_value(|name| selector_text(name, &filters.get())));
    Effect::new(move |_| {
        let selector = selector.get();
        series.start(move |signal| series_of(selector, COUNTED, signal));
    });
    let labels = Memo::new(move |_| {
        let loaded = series.state.get().loaded;
        let mut labels = loaded
            .map(|loaded| labels_of(&loaded.data))
            .unwrap_or_default();
        if by_name.get() {
            labels.sort_by(|a, b| a.name.cmp(&b.name));
        }
        labels
    });
    let retry = Callback::new(move |()| {
        let selector = selector.get_untracked();
        series.start(move |signal| series_of(selector, COUNTED, signal));
    });
    let told = move || {
        let loaded = series.state.get().loaded?;
        let n = loaded.data.len();
        Some(if n >= COUNTED {
            t_string!(i18n, graph.counted_first, n = fmt::count(n))
        } else {
            t_string!(i18n, graph.series_count, n = fmt::count(n))
        })
    };
    let pills = move || {
        let pill = |(place, (name, value)): (usize, Filter)| {
            let text = format!("{name}={}", fmt::quoted(&value));
            view! {
                <button
                    type="button"
                    class="button pill"
                    title=t!(i18n, graph.remove_filter)
                    on:click=move |_| filters.update(|all| {
                        if place < all.len() {
                            all.remove(place);
                        }
                    })
                >
                    {text}
                    <Icon glyph=Glyph::Cross/>
                </button>
            }
        };
        filters
            .get()
            .into_iter()
            .enumerate()
            .map(pill)
            .collect_view()
    };
    let body = move || {
        let state = series.state.get();
        if let Some(error) = state.error {
            return view! { <ErrorNotice error on_retry=retry/> }.into_any();
        }
        if state.loaded.is_none() {
            return view! { <Skeleton shape="table"/> }.into_any();
        }
        let cards = labels.get().into_iter().map(|label| card(label, filters));
        view! { <div class="label-cards">{cards.collect_view()}</div> }.into_any()
    };
    view! {
        <div class="explorer__head">
            <button type="button" class="button" on:click=move |_| place.set(Place::Metrics)>
                <Icon glyph=Glyph::Left/>
                {t!(i18n, graph.back)}
            </button>
            <p class="explorer__count" role="status">{told}</p>
            <button
                type="button"
                class="button"
                data-kind="toggle"
                aria-pressed=move || if by_name.get() { "true" } else { "false" }
                on:click=move |_| by_name.update(|on| *on = !*on)
            >
                {t!(i18n, graph.sort_name)}
            </button>
        </div>
        <SelectorLine selector on_insert on_run/>
        <div class="pills">{pills}</div>
        {body}
    }
}

/// The selector so far, and what to do with it.
#[component]
fn SelectorLine(
    selector: Memo<String>,
    on_insert: Callback<String>,
    on_run: Callback<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="explorer__selector">
            <code aria-label=t!(i18n, graph.selector)>{move || selector.get()}</code>
            <button type="button" class="button" data-kind="primary" on:click=move |_| on_run.run(selector.get_untracked())>
                {t!(i18n, graph.use_it)}
            </button>
            <button type="button" class="button" on:click=move |_| on_insert.run(selector.get_untracked())>
                {t!(i18n, graph.insert)}
            </button>
            <button type="button" class="button" on:click=move |_| copy_text(&selector.get_untracked())>
                {t!(i18n, graph.copy)}
            </button>
        </div>
    }
}

fn card(label: LabelUse, filters: RwSignal<Vec<Filter>>) -> impl IntoView {
    let i18n = use_i18n();
    let all = RwSignal::new(false);
    let LabelUse { name, values } = label;
    let total = values.len();
    let title = name.clone();
    let values = StoredValue::new(values);
    let list = move || {
        let most = if all.get() { LISTED } else { OFFERED };
        let item = |(value, n): &(String, usize)| {
            let filter = (name.clone(), value.clone());
            let add = move |_| {
                filters.update(|all| {
                    all.retain(|(other, _)| *other != filter.0);
                    all.push(filter.clone());
                });
            };
            view! {
                <li>
                    <button type="button" class="label-card__value" on:click=add>
                        <span class="label-card__text">{value.clone()}</span>
                        <span class="label-card__count">{fmt::count(*n)}</span>
                    </button>
                </li>
            }
        };
        values.with_value(|values| values.iter().take(most).map(item).collect_view())
    };
    view! {
        <section class="label-card" aria-label=title.clone()>
            <h3 class="label-card__name">
                {title.clone()}
                " "
                <span class="label-card__count">
                    {t!(i18n, graph.values_count, n = fmt::count(total))}
                </span>
            </h3>
            <ul class="label-card__list">{list}</ul>
            {(total > OFFERED).then(|| view! {
                <button type="button" class="button" data-kind="tool" on:click=move |_| all.update(|on| *on = !*on)>
                    {move || if all.get() {
                        t_string!(i18n, graph.show_fewer)
                    } else {
                        t_string!(i18n, graph.show_all)
                    }}
                </button>
            })}
        </section>
    }
}

fn selector_text(metric: &str, filters: &[Filter]) -> String {
    let pairs: Vec<String> = filters
        .iter()
        .map(|(name, value)| model::Matcher::new(name, model::MatchOp::Equal, value).to_string())
        .collect();
    let plain = !metric.is_empty()
        && metric
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == ':');
    match (plain, pairs.is_empty()) {
        (true, true) => metric.to_owned(),
        (true, false) => format!("{metric}{{{}}}", pairs.join(", ")),
        // A name with other letters goes into the braces.
        (false, _) => {
            let mut all = vec![fmt::quoted(metric)];
            all.extend(pairs);
            format!("{{{}}}", all.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors_quote_what_needs_it() {
        let filter = vec![("job".to_owned(), "a\"b".to_owned())];
        assert_eq!(selector_text("up", &[]), "up");
        assert_eq!(selector_text("up", &filter), r#"up{job="a\"b"}"#);
        assert_eq!(
            selector_text("my.metric", &filter),
            r#"{"my.metric", job="a\"b"}"#
        );
    }
}

//! The values of a query at one moment.

use crate::components::series_name::SeriesName;
use crate::data::Moment;
use crate::fmt;
use api_types::{LabelMap, QueryData};
use leptos::prelude::*;
use std::sync::Arc;

/// So many rows are drawn at once.
const ROWS: usize = 10_000;
/// Above so many, names are plain text: elements are what takes time.
const PLAIN: usize = 1000;

/// A table of series and values, or the one value there is.
#[component]
pub fn ResultTable(
    /// The evaluation.
    moment: Arc<crate::data::Loaded<Moment>>,
) -> impl IntoView {
    match &moment.data.result {
        QueryData::Scalar(pair) => lone("Scalar", fmt::value(pair.value)),
        QueryData::String((_, text)) => lone("String", text.clone()),
        QueryData::Vector(_) | QueryData::Matrix(_) => view! { <Rows moment/> }.into_any(),
    }
}

fn lone(kind: &'static str, text: String) -> AnyView {
    view! {
        <table class="table result">
            <thead>
                <tr>
                    <th scope="col">"Result"</th>
                    <th scope="col" class="result__value">"Value"</th>
                </tr>
            </thead>
            <tbody>
                <tr>
                    <th scope="row">{kind}</th>
                    <td class="result__value">{text}</td>
                </tr>
            </tbody>
        </table>
    }
    .into_any()
}

#[component]
fn Rows(moment: Arc<crate::data::Loaded<Moment>>) -> impl IntoView {
    let all = RwSignal::new(false);
    let total = match &moment.data.result {
        QueryData::Vector(samples) => samples.len(),
        QueryData::Matrix(series) => series.len(),
        QueryData::Scalar(_) | QueryData::String(_) => 0,
    };
    let rows = move || {
        let limit = if all.get() { usize::MAX } else { ROWS };
        let plain = total > PLAIN;
        match &moment.data.result {
            QueryData::Vector(samples) => samples
                .iter()
                .take(limit)
                .map(|sample| {
                    row(
                        &sample.metric,
                        fmt::value(sample.value.value).into_any(),
                        plain,
                    )
                })
                .collect_view(),
            QueryData::Matrix(series) => series
                .iter()
                .take(limit)
                .map(|series| {
                    let lines: Vec<_> = series
                        .values
                        .iter()
                        .map(|p| {
                            view! {
                                <li>
                                    {fmt::value(p.value)}
                                    <span class="result__at">" @ " {fmt::time(p.time)}</span>
                                </li>
                            }
                        })
                        .collect();
                    row(
                        &series.metric,
                        view! { <ul class="result__list">{lines}</ul> }.into_any(),
                        plain,
                    )
                })
                .collect_view(),
            QueryData::Scalar(_) | QueryData::String(_) => Vec::new(),
        }
    };
    view! {
        <table class="table result">
            <thead>
                <tr>
                    <th scope="col">"Series"</th>
                    <th scope="col" class="result__value">"Value"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
        <Show when=move || (total > ROWS) && !all.get()>
            <p class="more">
                {format!("The first {} of {} series. ", fmt::count(ROWS), fmt::count(total))}
                <button type="button" class="button" on:click=move |_| all.set(true)>
                    "Show all"
                </button>
            </p>
        </Show>
    }
}

fn row(labels: &LabelMap, value: AnyView, plain: bool) -> impl IntoView + use<> {
    let name = if plain {
        view! { <code class="series">{fmt::series(labels)}</code> }.into_any()
    } else {
        view! { <SeriesName labels=labels.clone()/> }.into_any()
    };
    view! {
        <tr>
            <th scope="row">{name}</th>
            <td class="result__value">{value}</td>
        </tr>
    }
}

//! The values of a query at one moment.

use crate::components::histogram_table::HistogramTable;
use crate::components::series_name::SeriesName;
use crate::components::time_ago::use_zone;
use crate::components::virtual_list::VirtualList;
use crate::data::{Loaded, Moment};
use crate::fmt;
use crate::state::Zone;
use crate::words::{t, t_string, use_i18n};
use api_types::{LabelMap, MatrixSeries, QueryData, VectorSample};
use leptos::prelude::*;
use std::sync::Arc;

/// So many rows are listed at once.
const ROWS: usize = 10_000;
/// Above so many, names are plain text and rows exist only while they are seen.
const PLAIN: usize = 1000;
/// Units: CSS pixels.
const ROW: f64 = 26.0;
const HEIGHT: f64 = 560.0;

/// A table of series and values, or the one value there is.
#[component]
pub fn ResultTable(
    /// The evaluation.
    moment: Arc<Loaded<Moment>>,
) -> impl IntoView {
    let i18n = use_i18n();
    match &moment.data.result {
        QueryData::Scalar(pair) => lone(
            move || t_string!(i18n, graph.scalar),
            fmt::value(pair.value),
        ),
        QueryData::String((_, text)) => lone(move || t_string!(i18n, graph.string), text.clone()),
        QueryData::Vector(samples) if samples.len() > PLAIN => view! { <Many moment/> }.into_any(),
        QueryData::Vector(samples) => few(samples.iter().map(sample_row).collect()),
        QueryData::Matrix(series) => few(series.iter().take(PLAIN).map(series_row).collect()),
    }
}

fn lone(kind: impl Fn() -> &'static str + Send + 'static, text: String) -> AnyView {
    let i18n = use_i18n();
    view! {
        <table class="table result">
            <thead>
                <tr>
                    <th scope="col">{t!(i18n, graph.result)}</th>
                    <th scope="col" class="result__value">{t!(i18n, graph.value)}</th>
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

fn few(rows: Vec<AnyView>) -> AnyView {
    let i18n = use_i18n();
    view! {
        <table class="table result">
            <thead>
                <tr>
                    <th scope="col" title=t!(i18n, graph.copied_matcher)>
                        {t!(i18n, graph.series)}
                    </th>
                    <th scope="col" class="result__value">{t!(i18n, graph.value)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn sample_row(sample: &VectorSample) -> AnyView {
    match (&sample.histogram, sample.value) {
        (Some(pair), _) => {
            let histogram = pair.histogram.clone();
            row(
                &sample.metric,
                view! { <HistogramTable histogram/> }.into_any(),
            )
        }
        (None, value) => row(
            &sample.metric,
            value.map(|pair| fmt::value(pair.value)).into_any(),
        ),
    }
}

fn series_row(series: &MatrixSeries) -> AnyView {
    let zone = use_zone();
    let line = |value: String, time: f64| {
        view! {
            <li>
                {value}
                <span class="result__at">" @ " {move || at(zone.get(), time)}</span>
            </li>
        }
    };
    let values = series
        .values
        .iter()
        .map(|p| line(fmt::value(p.value), p.time));
    let sums = series.histograms.iter().map(|p| {
        let told = format!(
            "{} / {}",
            fmt::value(p.histogram.sum),
            fmt::value(p.histogram.count)
        );
        line(told, p.time)
    });
    let lines: Vec<_> = values.chain(sums).collect();
    row(
        &series.metric,
        view! { <ul class="result__list">{lines}</ul> }.into_any(),
    )
}

fn at(zone: Zone, seconds: f64) -> String {
    let civil = zone.civil(seconds);
    match civil.millisecond {
        0 => civil.to_string(),
        ms => format!("{civil}.{ms:03}"),
    }
}

fn row(labels: &LabelMap, value: AnyView) -> AnyView {
    view! {
        <tr>
            <th scope="row"><SeriesName labels=labels.clone()/></th>
            <td class="result__value">{value}</td>
        </tr>
    }
    .into_any()
}

/// Very many series: plain names, and only the rows in view exist.
#[component]
fn Many(moment: Arc<Loaded<Moment>>) -> impl IntoView {
    let i18n = use_i18n();
    let all = RwSignal::new(false);
    let total = samples(&moment).len();
    let count = Signal::derive(move || if all.get() { total } else { total.min(ROWS) });
    let row = Callback::new(move |n: usize| match samples(&moment).get(n) {
        Some(sample) => view! {
            <code class="series result__name" role="rowheader">{fmt::series(&sample.metric)}</code>
            <span class="result__number" role="gridcell">
                {sample.value.map(|pair| fmt::value(pair.value))}
            </span>
        }
        .into_any(),
        None => ().into_any(),
    });
    view! {
        <p class="more">{t!(i18n, graph.plain_note)}</p>
        <VirtualList
            label=Signal::derive(move || t_string!(i18n, graph.result).to_owned())
            count
            row_height=ROW
            height=HEIGHT
            row
        />
        <Show when=move || (total > ROWS) && !all.get()>
            <p class="more">
                {move || t_string!(
                    i18n, graph.first_of, shown = fmt::count(ROWS), total = fmt::count(total)
                )}
                <button type="button" class="button" on:click=move |_| all.set(true)>
                    {t!(i18n, graph.show_all)}
                </button>
            </p>
        </Show>
    }
}

fn samples(moment: &Loaded<Moment>) -> &[VectorSample] {
    match &moment.data.result {
        QueryData::Vector(samples) => samples,
        _ => &[],
    }
}

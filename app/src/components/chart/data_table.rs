//! The values of a chart as a table, for those who read rather than look.

use super::selection::Selection;
use crate::components::time_ago::use_zone;
use crate::data::{ChartData, Loaded};
use crate::fmt;
use crate::words::{t, use_i18n};
use chart::nearest;
use leptos::html::Details;
use leptos::prelude::*;
use std::sync::Arc;

/// Rows and columns at most: a table to read, not to compute with.
const ROWS: u32 = 60;
const COLUMNS: usize = 12;

/// Times down, series across; made when it is opened.
#[component]
pub(super) fn DataTable(
    data: Signal<Option<Arc<Loaded<ChartData>>>>,
    selection: Selection,
) -> impl IntoView {
    let i18n = use_i18n();
    let zone = use_zone();
    let open = RwSignal::new(false);
    let details = NodeRef::<Details>::new();
    let toggled = move |_| {
        if let Some(details) = details.get_untracked() {
            open.set(details.open());
        }
    };
    let table = move || {
        if !open.get() {
            return None;
        }
        let loaded = data.get()?;
        let chart = &loaded.data;
        let drawn = selection.drawn.get();
        let series: Vec<_> = drawn
            .iter()
            .take(COLUMNS)
            .filter_map(|index| chart.series.get(*index))
            .collect();
        let steps = ((chart.end - chart.start) / chart.step).round().max(1.0);
        let stride = (steps / f64::from(ROWS)).ceil().max(1.0) * chart.step;
        let head: Vec<_> = series
            .iter()
            .map(|s| view! { <th scope="col">{s.short.clone()}</th> })
            .collect();
        let rows: Vec<_> = (0..=ROWS)
            .map(|n| chart.end - f64::from(n) * stride)
            .take_while(|time| *time >= chart.start)
            .map(|time| {
                let cells: Vec<_> = series
                    .iter()
                    .map(|s| {
                        let point = nearest(&s.points, time, chart.step * 0.6);
                        let value = point
                            .and_then(|at| s.points.get(at))
                            .map(|p| fmt::value(p.value));
                        view! { <td>{value.unwrap_or_else(|| "–".to_owned())}</td> }
                    })
                    .collect();
                view! {
                    <tr>
                        <th scope="row">{zone.get().civil(time.round()).to_string()}</th>
                        {cells}
                    </tr>
                }
            })
            .collect();
        Some(view! {
            <div class="scroll-x values">
                <table class="table">
                    <thead><tr><th scope="col">{t!(i18n, graph.time)}</th>{head}</tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        })
    };
    view! {
        <details class="values__fold" node_ref=details on:toggle=toggled>
            <summary>{t!(i18n, graph.as_table)}</summary>
            {table}
        </details>
    }
}

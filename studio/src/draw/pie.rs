//! Slices of a circle.

use super::Drawn;
use super::legend::{Legend, LegendData};
use crate::board::Board;
use dashboard::{LegendRow, Pie, PieSlice};
use leptos::prelude::*;
use render::{pie_label_place, wedge_path};
use std::collections::BTreeSet;

/// A pie, or a ring.
#[component]
pub(crate) fn PieView(drawn: Drawn, board: Board) -> impl IntoView {
    let hidden = RwSignal::new(BTreeSet::new());
    let lifted = RwSignal::new(None);
    let pie = move || {
        let outcome = drawn.get()?;
        Some(board.display(|context| Pie::new(&outcome.data.frames, outcome.options(), context)))
    };
    let legend = Memo::new(move |_| {
        let pie = pie()?;
        let rows = pie
            .slices
            .iter()
            .enumerate()
            .map(|(index, slice)| LegendRow {
                index,
                name: slice.value.name.clone(),
                color: slice.color,
                values: vec![slice.value.shown.clone()],
            });
        let mut options = pie.options.legend.clone();
        options.calcs.clear();
        Some(LegendData {
            rows: rows.collect(),
            options,
        })
    });
    let circle = move || {
        let pie = pie()?;
        let hidden = hidden.get();
        let shown: Vec<&PieSlice> = pie
            .slices
            .iter()
            .filter(|slice| !hidden.contains(&slice.value.name))
            .collect();
        let whole: f64 = shown.iter().map(|slice| slice.part).sum();
        let inner = if pie.options.donut { 55.0 } else { 0.0 };
        let mut start = 0.0;
        let mut paths = Vec::new();
        for slice in shown {
            let part = if whole > 0.0 { slice.part / whole } else { 0.0 };
            let (x, y) = pie_label_place(start + part / 2.0);
            let mut words: Vec<String> = Vec::new();
            for label in &pie.options.labels {
                words.push(match label.as_str() {
                    "name" => slice.value.name.clone(),
                    "value" => slice.value.shown.text.to_string(),
                    _ => slice.percent.clone(),
                });
            }
            let title = format!(
                "{}: {} ({})",
                slice.value.name, slice.value.shown.text, slice.percent
            );
            let label = (part > 0.05 && !words.is_empty()).then(|| {
                view! { <text x=x y=y text-anchor="middle" class="pie__label">{words.join(" ")}</text> }
            });
            paths.push(view! {
                <path d=wedge_path(start, part, inner) fill=slice.color.to_css() fill-rule="evenodd"><title>{title}</title></path>
                {label}
            });
            start += part;
        }
        Some(view! { <svg class="pie" viewBox="0 0 200 200" aria-hidden="true">{paths}</svg> })
    };
    let right =
        move || legend.with(|legend| legend.as_ref().is_some_and(|legend| legend.options.right));
    view! {
        <div class="plot" data-legend=move || if right() { "right" } else { "bottom" }>
            <div class="plot__frame">{circle}</div>
            <Legend data=legend.into() hidden lifted/>
        </div>
    }
}

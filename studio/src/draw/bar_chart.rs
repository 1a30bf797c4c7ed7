//! Bars in groups, and histograms.

use super::Drawn;
use super::canvas::{observe_size, px};
use super::legend::{Legend, LegendData};
use crate::board::Board;
use dashboard::{BarChart, Histogram, LegendOptions, LegendRow};
use leptos::html::Div;
use leptos::prelude::*;
use render::{BARS_BELOW, BARS_LEFT, BarPicture, bars_of, counts_of};
use std::collections::BTreeSet;

/// A bar chart.
#[component]
pub(crate) fn BarChartView(drawn: Drawn, board: Board) -> impl IntoView {
    let chart = move || {
        let outcome = drawn.get()?;
        Some(
            board
                .display(|context| BarChart::new(&outcome.data.frames, outcome.options(), context)),
        )
    };
    let legend = Memo::new(move |_| {
        let chart = chart()?;
        let fields: Vec<&dashboard::Field> =
            chart.series.iter().map(|series| &series.field).collect();
        let options = chart.options.legend.clone();
        let rows = board.display(|context| dashboard::legend_rows(&fields, &options, context));
        Some(LegendData { rows, options })
    });
    let picture = move |hidden: &BTreeSet<String>| {
        let chart = chart()?;
        Some(board.display(|context| bars_of(&chart, hidden, context)))
    };
    view! { <Bars picture=StoredValue::new_local(Box::new(picture) as Make) legend=legend.into()/> }
}

/// A histogram.
#[component]
pub(crate) fn HistogramView(drawn: Drawn, board: Board) -> impl IntoView {
    let histogram =
        move || {
            let outcome = drawn.get()?;
            Some(board.display(|context| {
                Histogram::new(&outcome.data.frames, outcome.options(), context)
            }))
        };
    let legend = Memo::new(move |_| {
        let histogram = histogram()?;
        let rows = histogram
            .series
            .iter()
            .enumerate()
            .map(|(index, series)| LegendRow {
                index,
                name: series.name.clone(),
                color: series.color,
                values: Vec::new(),
            });
        let options = LegendOptions {
            calcs: Vec::new(),
            ..histogram.legend.clone()
        };
        Some(LegendData {
            rows: rows.collect(),
            options,
        })
    });
    let picture = move |hidden: &BTreeSet<String>| {
        let histogram = histogram()?;
        Some(board.display(|context| counts_of(&histogram, hidden, context)))
    };
    view! { <Bars picture=StoredValue::new_local(Box::new(picture) as Make) legend=legend.into()/> }
}

type Make = Box<dyn Fn(&BTreeSet<String>) -> Option<BarPicture>>;

#[component]
fn Bars(
    picture: StoredValue<Make, LocalStorage>,
    legend: Signal<Option<LegendData>>,
) -> impl IntoView {
    let frame = NodeRef::<Div>::new();
    let size = observe_size(frame);
    let hidden = RwSignal::new(BTreeSet::new());
    let lifted = RwSignal::new(None);
    let body = move || {
        let (width, height) = size.get();
        if width < 40.0 || height < 40.0 {
            return None;
        }
        let picture = hidden.with(|hidden| picture.with_value(|make| make(hidden)))?;
        let placed = picture.placed((width, height));
        let bars = placed.bars.into_iter().map(|bar| {
            let rect = bar.rect;
            view! {
                <rect x=rect.left y=rect.top width=rect.width height=rect.height fill=bar.color><title>{bar.title}</title></rect>
            }
        });
        let lines = placed.lines.into_iter().map(|((x0, y0), (x1, y1))| {
            view! { <line class="bars__line" x1=x0 y1=y0 x2=x1 y2=y1></line> }
        });
        let beside = placed.beside.into_iter().map(|(top, label)| {
            view! { <span class="plot__value" data-side="left" style:top=px(top) style:width=px(BARS_LEFT)>{label}</span> }
        });
        let below = placed.below.into_iter().map(|(left, label)| {
            view! { <span class="plot__time" style:left=px(left) style:top=px(height - BARS_BELOW + 4.0)>{label}</span> }
        });
        Some(view! {
            <svg class="bars__ink" viewBox=format!("0 0 {width:.0} {height:.0}") aria-hidden="true">
                {lines.collect_view()}
                {bars.collect_view()}
            </svg>
            <div class="plot__labels">{beside.collect_view()}{below.collect_view()}</div>
        })
    };
    let right =
        move || legend.with(|legend| legend.as_ref().is_some_and(|legend| legend.options.right));
    view! {
        <div class="plot" data-legend=move || if right() { "right" } else { "bottom" }>
            <div class="plot__frame" node_ref=frame>{body}</div>
            <Legend data=legend hidden lifted/>
        </div>
    }
}

//! Dials.

use super::Drawn;
use super::canvas::observe_size;
use crate::board::Board;
use dashboard::{Gauge, GaugeItem};
use leptos::html::Div;
use leptos::prelude::*;
use render::{Dial, grid_of};

/// A panel of dials.
#[component]
pub(crate) fn GaugeView(drawn: Drawn, board: Board) -> impl IntoView {
    let frame = NodeRef::<Div>::new();
    let size = observe_size(frame);
    let items = move || {
        let (outcome, (width, height)) = (drawn.get()?, size.get());
        if width < 10.0 || height < 10.0 {
            return None;
        }
        let gauge =
            board.display(|context| Gauge::new(&outcome.data.frames, outcome.options(), context));
        let count = gauge.items.len().max(1) as f64;
        let (columns, rows) = grid_of(count, width, height, true);
        let room = (width / columns - 4.0, height / rows - 4.0);
        let named = gauge.items.len() > 1;
        let views = gauge
            .items
            .iter()
            .map(|item| dial(item, room, named, &gauge.options));
        Some(view! {
            <div class="stats" style:grid-template-columns=format!("repeat({columns}, 1fr)")>
                {views.collect_view()}
            </div>
        })
    };
    view! { <div class="fill" node_ref=frame>{items}</div> }
}

fn dial(
    item: &GaugeItem,
    (width, height): (f64, f64),
    named: bool,
    options: &dashboard::GaugeOptions,
) -> AnyView {
    let text = item.value.shown.text.to_string();
    let dial = Dial::new(&text, (width, height), named, options.threshold_markers);
    let marks = options.threshold_markers.then(|| {
        let arcs = item.segments.iter().map(|segment| {
            let (from, to) = (segment.from, segment.to);
            let path = dial.arc(dial.mark_radius, from, to);
            view! { <path d=path fill="none" stroke=segment.color.to_css() stroke-width=dial.band></path> }
        });
        arcs.collect_view()
    });
    let labels = options.threshold_labels.then(|| {
        let texts = item.labels.iter().map(|(text, part)| {
            let (x, y) = dial.point(dial.radius + 8.0, *part);
            view! { <text x=x y=y class="dial__label" text-anchor="middle">{text.clone()}</text> }
        });
        texts.collect_view()
    });
    let color = item.value.shown.color.to_css();
    view! {
        <svg class="dial" viewBox=format!("0 0 {width:.0} {height:.0}") role="img" aria-label=format!("{} {text}", item.value.name)>
            <path class="dial__track" d=dial.arc(dial.inner, 0.0, 1.0) fill="none" stroke-width=dial.thick></path>
            <path d=dial.arc(dial.inner, 0.0, item.part) fill="none" stroke=color.clone() stroke-width=dial.thick></path>
            {marks}
            {labels}
            <text x=dial.center.0 y=dial.center.1 + dial.value_size * 0.3 text-anchor="middle" class="dial__value" fill=color font-size=dial.value_size>{text.clone()}</text>
            {named.then(|| view! {
                <text x=dial.center.0 y=height - 4.0 text-anchor="middle" class="dial__name">{item.value.name.clone()}</text>
            })}
        </svg>
    }
    .into_any()
}

//! Dials.

use super::Drawn;
use super::canvas::observe_size;
use super::stat::{fitting, grid_of};
use crate::board::Board;
use dashboard::{Gauge, GaugeItem};
use leptos::html::Div;
use leptos::prelude::*;
use std::f64::consts::PI;

/// The arc goes from a little below the left to a little below the right.
const FROM: f64 = 1.15 * PI;
const TO: f64 = -0.15 * PI;

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
    let name_room = if named { 18.0 } else { 0.0 };
    let radius = (width / 2.0 - 4.0)
        .min((height - name_room) / 1.5 - 2.0)
        .max(8.0);
    let thick = (radius * 0.22).max(4.0);
    let (cx, cy) = (width / 2.0, radius + 4.0);
    let band = (thick * 0.2).max(2.0);
    let marks = options.threshold_markers.then(|| {
        let arcs = item.segments.iter().map(|segment| {
            let (from, to) = (segment.from, segment.to);
            let path = arc(cx, cy, radius - band / 2.0, from, to);
            view! { <path d=path fill="none" stroke=segment.color.to_css() stroke-width=band></path> }
        });
        arcs.collect_view()
    });
    let inner = radius
        - if options.threshold_markers {
            band * 2.0
        } else {
            0.0
        }
        - thick / 2.0;
    let labels = options.threshold_labels.then(|| {
        let texts = item.labels.iter().map(|(text, part)| {
            let (x, y) = point(cx, cy, radius + 8.0, *part);
            view! { <text x=x y=y class="dial__label" text-anchor="middle">{text.clone()}</text> }
        });
        texts.collect_view()
    });
    let text = item.value.shown.text.to_string();
    let size = fitting(&text, inner * 1.5, inner * 0.9)
        .min(inner * 0.6)
        .max(11.0);
    let color = item.value.shown.color.to_css();
    view! {
        <svg class="dial" viewBox=format!("0 0 {width:.0} {height:.0}") role="img" aria-label=format!("{} {text}", item.value.name)>
            <path class="dial__track" d=arc(cx, cy, inner, 0.0, 1.0) fill="none" stroke-width=thick></path>
            <path d=arc(cx, cy, inner, 0.0, item.part) fill="none" stroke=color.clone() stroke-width=thick></path>
            {marks}
            {labels}
            <text x=cx y=cy + size * 0.3 text-anchor="middle" class="dial__value" fill=color font-size=size>{text.clone()}</text>
            {named.then(|| view! {
                <text x=cx y=height - 4.0 text-anchor="middle" class="dial__name">{item.value.name.clone()}</text>
            })}
        </svg>
    }
    .into_any()
}

fn point(cx: f64, cy: f64, radius: f64, part: f64) -> (f64, f64) {
    let angle = FROM + (TO - FROM) * part.clamp(0.0, 1.0);
    (cx + radius * angle.cos(), cy - radius * angle.sin())
}

/// A stretch of the dial, from one part of the way to another.
fn arc(cx: f64, cy: f64, radius: f64, from: f64, to: f64) -> String {
    let radius = radius.max(1.0);
    let (x0, y0) = point(cx, cy, radius, from);
    let (x1, y1) = point(cx, cy, radius, to);
    let large = i32::from((to - from).abs() * (FROM - TO) > PI);
    format!("M{x0:.1} {y0:.1}A{radius:.1} {radius:.1} 0 {large} 1 {x1:.1} {y1:.1}")
}

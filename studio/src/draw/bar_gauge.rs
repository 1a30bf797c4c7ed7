//! Bars with a value each.

use super::Drawn;
use crate::board::Board;
use dashboard::{BarGauge, BarGaugeItem, Orientation};
use leptos::prelude::*;

/// A panel of bars.
#[component]
pub(crate) fn BarGaugeView(drawn: Drawn, board: Board) -> impl IntoView {
    let bars = move || {
        let outcome = drawn.get()?;
        let gauge = board
            .display(|context| BarGauge::new(&outcome.data.frames, outcome.options(), context));
        let upright = gauge.options.orientation == Orientation::Vertical;
        let views = gauge
            .items
            .iter()
            .map(|item| bar(item, &gauge.options, upright));
        Some(view! {
            <div class="bars" data-upright=upright.then_some("true")>{views.collect_view()}</div>
        })
    };
    view! { <div class="fill fill--scroll">{bars}</div> }
}

fn bar(item: &BarGaugeItem, options: &dashboard::BarGaugeOptions, upright: bool) -> AnyView {
    let color = item.value.shown.color;
    let fill = match options.display.as_str() {
        "gradient" => {
            let stops: Vec<String> = item
                .segments
                .iter()
                .map(|segment| segment.color.to_css())
                .collect();
            let way = if upright { "to top" } else { "to right" };
            match stops.as_slice() {
                [] | [_] => color.to_css(),
                many => format!("linear-gradient({way}, {})", many.join(", ")),
            }
        }
        _ => color
            .with_alpha(if options.display == "basic" {
                0.55
            } else {
                0.85
            })
            .to_css(),
    };
    let length = format!("{:.2}%", item.part.clamp(0.0, 1.0) * 100.0);
    let (width, height) = if upright {
        (None, Some(length))
    } else {
        (Some(length), None)
    };
    let name = item.value.name.clone();
    let text = (options.value_mode != "hidden").then(|| item.value.shown.text.to_string());
    let named = options.name_placement != "hidden";
    view! {
        <div class="bar">
            {named.then(|| view! { <span class="bar__name" title=name.clone()>{name.clone()}</span> })}
            <span class="bar__track" data-unfilled=options.show_unfilled.then_some("true")>
                <span class="bar__fill" style:background=fill style:width=width style:height=height></span>
            </span>
            <span class="bar__value">{text}</span>
        </div>
    }
    .into_any()
}

//! Large numbers.

use super::Drawn;
use super::canvas::{observe_size, px};
use crate::board::Board;
use dashboard::{Orientation, Stat, StatItem};
use leptos::html::Div;
use leptos::prelude::*;
use render::{fitting, grid_of, spark_path};

/// A panel of large numbers, each as large as there is room for.
#[component]
pub(crate) fn StatView(drawn: Drawn, board: Board) -> impl IntoView {
    let frame = NodeRef::<Div>::new();
    let size = observe_size(frame);
    let items = move || {
        let (outcome, (width, height)) = (drawn.get()?, size.get());
        if width < 10.0 || height < 10.0 {
            return None;
        }
        let stat =
            board.display(|context| Stat::new(&outcome.data.frames, outcome.options(), context));
        let count = stat.items.len().max(1) as f64;
        let across = match stat.options.orientation {
            Orientation::Vertical => true,
            Orientation::Horizontal => false,
            Orientation::Auto => width > height,
        };
        let (columns, rows) = grid_of(count, width, height, across);
        let room = (width / columns - 16.0, height / rows - 8.0);
        let views = stat
            .items
            .iter()
            .map(|item| number(item, room, &stat.options));
        Some(view! {
            <div class="stats" style:grid-template-columns=format!("repeat({columns}, 1fr)")>
                {views.collect_view()}
            </div>
        })
    };
    view! { <div class="fill" node_ref=frame>{items}</div> }
}

fn number(
    item: &StatItem,
    (width, height): (f64, f64),
    options: &dashboard::StatOptions,
) -> AnyView {
    let name = item.name.clone();
    let for_name = if name.is_some() { 0.3 } else { 0.0 };
    let text = item.text.clone().unwrap_or_default();
    let value_size = options
        .value_size
        .unwrap_or_else(|| fitting(&text, width, height * (1.0 - for_name)));
    let name_size = options
        .title_size
        .unwrap_or((value_size * 0.4).clamp(12.0, 20.0));
    let line = item.value.sparkline.as_ref().filter(|_| options.graph);
    let color = item.value.shown.color;
    let spark =
        line.and_then(|(times, values)| spark_path(times, values, width + 16.0, height * 0.4));
    let graph = spark.map(|(line, area)| {
        view! {
            <svg class="stat__graph" viewBox=format!("0 0 {:.0} {:.0}", width + 16.0, height * 0.4) preserveAspectRatio="none" aria-hidden="true">
                <path d=area fill=color.with_alpha(0.18).to_css()></path>
                <path d=line fill="none" stroke=color.to_css() stroke-width="1"></path>
            </svg>
        }
    });
    let change = item.change.clone().map(|(text, good)| {
        view! { <span class="stat__change" data-good=if good { "true" } else { "false" }>{text}</span> }
    });
    view! {
        <div
            class="stat"
            data-centered=item.is_centered(options).then_some("true")
            style:background=item.background.map(dashboard::Color::to_css)
            style:color=item.text_color.map(dashboard::Color::to_css)
        >
            {graph}
            {name.map(|name| view! { <span class="stat__name" style:font-size=px(name_size) title=name.clone()>{name.clone()}</span> })}
            <span class="stat__value" style:font-size=px(value_size)>{text}</span>
            {change}
        </div>
    }
    .into_any()
}

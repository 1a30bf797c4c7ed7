//! The labels of the axes.

use super::{Picture, ticks_of};
use crate::components::canvas::px;
use leptos::prelude::*;

/// Labels at the ticks, left of and below the plot. The chart's description and legend speak for them.
#[component]
pub(super) fn Axes(picture: Signal<Option<Picture>>) -> impl IntoView {
    let values = move || {
        let picture = picture.get()?;
        let scale = picture.plot.y_scale(&picture.layout);
        let width = picture.layout.plot.left - 8.0;
        let label = |tick: &f64| {
            let top = scale.to_pixel(*tick);
            view! {
                <span class="chart__value" style:top=px(top) style:width=px(width)>
                    {picture.plot.y_label(*tick)}
                </span>
            }
        };
        Some(picture.plot.y_ticks().iter().map(label).collect_view())
    };
    let times = move || {
        let picture = picture.get()?;
        let scale = picture.plot.x_scale(&picture.layout);
        let plot = picture.layout.plot;
        let top = plot.top + plot.height + 6.0;
        let label = |tick: chart::TimeTick| {
            let left = scale.to_pixel(tick.time);
            view! {
                <span class="chart__time" style:left=px(left) style:top=px(top)>
                    {tick.label}
                    {tick.date.map(|date| view! { <span class="chart__date">{date}</span> })}
                </span>
            }
        };
        Some(ticks_of(&picture).into_iter().map(label).collect_view())
    };
    view! {
        <div class="chart__labels" aria-hidden="true">
            {values}
            {times}
            <span class="chart__zone">{move || picture.get().map(|p| p.zone.name(p.data().end))}</span>
        </div>
    }
}

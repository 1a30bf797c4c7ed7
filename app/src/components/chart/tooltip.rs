//! The box that tells the values at the pointed-at time.

use super::Picture;
use super::axes::px;
use super::legend::{split_name, swatch};
use super::pointing::Reading;
use crate::fmt;
use leptos::prelude::*;

/// Series listed at most.
pub(super) const LISTED: usize = 12;

/// Distance from the pointer. Units: CSS pixels.
const AWAY: f64 = 16.0;

/// Values at `time`, beside the pointer and never over it.
pub(super) fn tooltip(
    picture: &Picture,
    time: f64,
    at: (f64, f64),
    readings: &[Reading],
    pinned: bool,
) -> AnyView {
    let data = picture.data();
    let (left, top) = at;
    let layout = picture.layout;
    let on_left = left > layout.width / 2.0;
    let row = |(place, reading): (usize, &Reading)| {
        let series = data.series.get(reading.series)?;
        let (head, tail) = split_name(&series.short);
        Some(view! {
            <li class="tooltip__row" data-nearest=(place == 0).then_some("true")>
                <span class="swatch" style:--swatch=swatch(series.slot)></span>
                <span class="tooltip__name">{head}</span>
                <span class="tooltip__tail">{tail}</span>
                <span class="tooltip__number">{data.unit.format(reading.value)}</span>
            </li>
        })
    };
    let rows: Vec<_> = readings.iter().enumerate().filter_map(row).collect();
    let rest = picture.drawn.len().saturating_sub(readings.len());
    let more = (rest > 0 && readings.len() == LISTED)
        .then(|| view! { <p class="tooltip__more">{format!("and {} more", fmt::count(rest))}</p> });
    // In the lower half it grows upwards, so that it stays on the chart.
    let low = top > layout.height / 2.0;
    view! {
        <div
            class="tooltip"
            data-pinned=pinned.then_some("true")
            style:left=if on_left { "auto".to_owned() } else { px(left + AWAY) }
            style:right=if on_left { px(layout.width - left + AWAY) } else { "auto".to_owned() }
            style:top=if low { "auto".to_owned() } else { px(top) }
            style:bottom=if low { px(layout.height - top) } else { "auto".to_owned() }
        >
            <p class="tooltip__time">
                {fmt::time(time)}
                " UTC"
                {pinned.then(|| view! { <span class="tooltip__pin">"pinned, Esc frees"</span> })}
            </p>
            <ul class="tooltip__list">{rows}</ul>
            {more}
        </div>
    }
    .into_any()
}

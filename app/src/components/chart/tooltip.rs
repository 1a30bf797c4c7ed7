//! The box that tells the values at the pointed-at time.

use super::axes::px;
use super::legend::{split_name, swatch};
use super::pointing::Reading;
use super::{Picture, Refine};
use crate::data::{ChartSeries, copy_text};
use crate::fmt;
use crate::words::{t, use_i18n};
use chart::Cell;
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
    on_refine: Option<Callback<Refine>>,
) -> AnyView {
    let i18n = use_i18n();
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
    let more = (rest > 0 && readings.len() == LISTED).then(
        || view! { <p class="tooltip__more">{t!(i18n, graph.and_more, n = fmt::count(rest))}</p> },
    );
    let wishes = pinned
        .then(|| {
            readings
                .first()
                .and_then(|first| data.series.get(first.series))
        })
        .flatten()
        .map(|series| actions(series, on_refine));
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
                {fmt::time_in(picture.zone, time)}
                {pinned.then(|| view! { <span class="tooltip__pin">{t!(i18n, graph.pinned)}</span> })}
            </p>
            <ul class="tooltip__list">{rows}</ul>
            {more}
            {wishes}
        </div>
    }
    .into_any()
}

/// What a pinned tooltip offers for its nearest series.
fn actions(series: &ChartSeries, on_refine: Option<Callback<Refine>>) -> AnyView {
    let i18n = use_i18n();
    let matchers: Vec<String> = fmt::pairs(&series.labels)
        .map(|(name, value)| format!("{name}={}", fmt::quoted(value)))
        .collect();
    let name = series.name.clone();
    let wish = on_refine.filter(|_| !matchers.is_empty()).map(|on_refine| {
        let other = matchers.clone();
        let only = move |_| {
            on_refine.run(Refine {
                matchers: matchers.clone(),
                exclude: false,
            });
        };
        let but = move |_| {
            on_refine.run(Refine {
                matchers: other.clone(),
                exclude: true,
            });
        };
        view! {
            <button type="button" class="button" data-kind="tool" on:click=only>{t!(i18n, graph.filter_to)}</button>
            <button type="button" class="button" data-kind="tool" on:click=but>{t!(i18n, graph.exclude)}</button>
        }
    });
    view! {
        // The chart keeps the focus, and with it the pin.
        <p class="tooltip__actions" on:pointerdown=move |event| event.prevent_default()>
            {wish}
            <button type="button" class="button" data-kind="tool" on:click=move |_| copy_text(&name)>
                {t!(i18n, shell.copy)}
            </button>
        </p>
    }
    .into_any()
}

/// The cell of a heatmap at the pointer.
pub(super) fn cell_tooltip(picture: &Picture, time: f64, at: (f64, f64), cell: &Cell) -> AnyView {
    let i18n = use_i18n();
    let (left, top) = at;
    let layout = picture.layout;
    let on_left = left > layout.width / 2.0;
    let unit = picture.data().unit;
    view! {
        <div
            class="tooltip"
            style:left=if on_left { "auto".to_owned() } else { px(left + AWAY) }
            style:right=if on_left { px(layout.width - left + AWAY) } else { "auto".to_owned() }
            style:top=px(top)
        >
            <p class="tooltip__time">{fmt::time_in(picture.zone, time)}</p>
            <p class="tooltip__row">
                <span class="tooltip__name">
                    {t!(i18n, graph.bucket)}
                    {format!(" {} – {}", unit.format(cell.lower), unit.format(cell.upper))}
                </span>
                <span class="tooltip__number">{fmt::value(cell.count)}</span>
            </p>
        </div>
    }
    .into_any()
}

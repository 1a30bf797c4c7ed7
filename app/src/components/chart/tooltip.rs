//! The box that tells the values at the pointed-at time.

use super::axes::px;
use super::legend::{split_name, swatch};
use super::pointing::Told;
use super::{Picture, Refine};
use crate::data::{ChartSeries, copy_text};
use crate::fmt;
use crate::words::{t, use_i18n};
use chart::{Cell, Layout};
use leptos::prelude::*;

/// Series listed at most.
pub(super) const LISTED: usize = 12;

/// Distance from the pointer. Units: CSS pixels.
const AWAY: f64 = 16.0;

/// Values at the pointed-at time, beside the pointer and never over it. Its elements stay on the page while
/// the pointer moves; only their words change.
#[component]
pub(super) fn Tooltip(
    picture: Signal<Option<Picture>>,
    told: Memo<Option<Told>>,
    pinned: RwSignal<bool>,
    on_refine: Option<Callback<Refine>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let listed = Memo::new(move |_| told.with(|t| t.as_ref().map_or(0, |t| t.readings.len())));
    let is_cell = Memo::new(move |_| told.with(|t| t.as_ref().is_some_and(|t| t.cell.is_some())));
    let time = move || {
        let time = told.with(|t| t.as_ref().map(|t| t.time))?;
        picture.with(|p| Some(fmt::time_in(p.as_ref()?.zone, time)))
    };
    let rest = Memo::new(move |_| {
        let listed = listed.get();
        let drawn = picture.with(|p| p.as_ref().map_or(0, |p| p.drawn.len()));
        (listed == LISTED)
            .then(|| drawn.saturating_sub(listed))
            .filter(|rest| *rest > 0)
    });
    let more = move || {
        let rest = rest.get()?;
        Some(
            view! { <p class="tooltip__more">{t!(i18n, graph.and_more, n = fmt::count(rest))}</p> },
        )
    };
    let first = Memo::new(move |_| {
        let first = told.with(|t| t.as_ref()?.readings.first().map(|first| first.series));
        first.filter(|_| pinned.get())
    });
    let wishes = move || {
        let picture = picture.get()?;
        let series = picture.data().series.get(first.get()?)?;
        Some(actions(series, on_refine))
    };
    let side = move |side: fn(&Layout, (f64, f64)) -> Option<f64>| {
        let at = told.with(|t| t.as_ref().and_then(|t| t.at));
        let length = picture.with(|p| side(&p.as_ref()?.layout, at?));
        length.map_or_else(|| "auto".to_owned(), px)
    };
    // On the side that has more room; in the lower half it grows upwards, so that it stays on the chart.
    view! {
        <div
            class="tooltip"
            data-pinned=move || pinned.get().then_some("true")
            style:left=move || side(|layout, (left, _)| (left <= layout.width / 2.0).then_some(left + AWAY))
            style:right=move || side(|layout, (left, _)| {
                (left > layout.width / 2.0).then_some(layout.width - left + AWAY)
            })
            style:top=move || side(|layout, (_, top)| (top <= layout.height / 2.0).then_some(top))
            style:bottom=move || side(|layout, (_, top)| {
                (top > layout.height / 2.0).then_some(layout.height - top)
            })
        >
            <p class="tooltip__time">
                {time}
                <Show when=move || pinned.get()>
                    <span class="tooltip__pin">{t!(i18n, graph.pinned)}</span>
                </Show>
            </p>
            <Show
                when=move || is_cell.get()
                fallback=move || view! {
                    <ul class="tooltip__list">
                        <For each=move || 0..listed.get() key=|place| *place children=move |place| row(picture, told, place)/>
                    </ul>
                }
            >
                {move || cell(&picture.get()?, told.with(|t| t.as_ref()?.cell)?)}
            </Show>
            {more}
            {wishes}
        </div>
    }
}

/// The series at a place of the list.
fn row(
    picture: Signal<Option<Picture>>,
    told: Memo<Option<Told>>,
    place: usize,
) -> impl IntoView + use<> {
    let reading = Memo::new(move |_| {
        told.with(|t| {
            let reading = t.as_ref()?.readings.get(place)?;
            Some((reading.series, reading.value))
        })
    });
    let series = Memo::new(move |_| reading.get().map(|(series, _)| series));
    let name = Memo::new(move |_| {
        let series = series.get()?;
        picture.with(|p| {
            let series = p.as_ref()?.data().series.get(series)?;
            Some((split_name(&series.short), series.slot))
        })
    });
    let part = move |part: fn(&(String, String)) -> &String| {
        name.with(|name| name.as_ref().map(|(name, _)| part(name).clone()))
    };
    let value = move || {
        let (_, value) = reading.get()?;
        picture.with(|p| Some(p.as_ref()?.data().unit.format(value)))
    };
    view! {
        <li class="tooltip__row" data-nearest=(place == 0).then_some("true")>
            <span
                class="swatch"
                style:background=move || name.with(|name| name.as_ref().map(|(_, slot)| swatch(*slot)))
            ></span>
            <span class="tooltip__name">{move || part(|(head, _)| head)}</span>
            <span class="tooltip__tail">{move || part(|(_, tail)| tail)}</span>
            <span class="tooltip__number">{value}</span>
        </li>
    }
}

/// The cell of a heatmap at the pointer.
fn cell(picture: &Picture, cell: Cell) -> Option<AnyView> {
    let i18n = use_i18n();
    let unit = picture.data().unit;
    let view = view! {
        <p class="tooltip__row">
            <span class="tooltip__name">
                {t!(i18n, graph.bucket)}
                {format!(" {} – {}", unit.format(cell.lower), unit.format(cell.upper))}
            </span>
            <span class="tooltip__number">{fmt::value(cell.count)}</span>
        </p>
    };
    Some(view.into_any())
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

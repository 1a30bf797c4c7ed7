//! What follows the pointer: crosshair, points, tooltip, and the window being dragged.

use super::axes::px;
use super::gesture::{DRAG, Gesture, Pointer};
use super::legend::swatch;
use super::pointing::{readings, snap};
use super::tooltip::{LISTED, cell_tooltip, tooltip};
use super::{HoverTime, Picture, Refine};
use crate::fmt;
use crate::words::{t, use_i18n};
use chart::Mode;
use leptos::html::Div;
use leptos::prelude::*;
use std::fmt::Write as _;

/// Takes the pointer and the keyboard. Arrows move the crosshair, + and - zoom, Enter pins, Esc frees;
/// a double click undoes a zoom.
#[component]
pub(super) fn Overlay(
    picture: Signal<Option<Picture>>,
    on_zoom: Callback<(f64, f64)>,
    lifted: RwSignal<Option<usize>>,
    on_refine: Option<Callback<Refine>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let surface = NodeRef::<Div>::new();
    let gesture = Gesture::new(picture, expect_context::<HoverTime>().0, on_zoom);
    let Gesture {
        time,
        pointer,
        pinned,
        drag_from,
        panning,
        ..
    } = gesture;
    let geometry = Memo::new(move |_| picture.get().map(|p| p.layout.plot).unwrap_or_default());
    let bound =
        move |bound: fn(&Picture) -> f64| picture.get().map(|p| bound(&p).round().to_string());
    view! {
        {move || marks(&picture.get()?, time.get()?, pointer.get(), lifted.get(), pinned.get(), on_refine)}
        {move || {
            let from = drag_from.get().filter(|_| !panning.get())?;
            brush(&picture.get()?, from, pointer.get()?)
        }}
        <div
            class="chart__surface"
            data-panning=move || panning.get().then_some("true")
            node_ref=surface
            tabindex="0"
            role="slider"
            aria-label=t!(i18n, graph.time_cursor)
            aria-valuemin=move || bound(|p| p.data().start)
            aria-valuemax=move || bound(|p| p.data().end)
            aria-valuenow=move || time.get().map(|t| t.round().to_string()).or_else(|| bound(|p| p.data().end)).unwrap_or_else(|| "0".to_owned())
            aria-valuetext=move || Some(spoken(&picture.get()?, time.get()?))
            style:left=move || px(geometry.get().left)
            style:top=move || px(geometry.get().top)
            style:width=move || px(geometry.get().width)
            style:height=move || px(geometry.get().height)
            on:pointermove=move |event| gesture.moved(&event)
            on:pointerdown=move |event| gesture.pressed(&event, surface)
            on:pointerup=move |event| gesture.released(&event)
            on:pointercancel=move |event| gesture.cancelled(&event)
            on:wheel=move |event| gesture.turned(&event)
            on:pointerleave=move |_| gesture.left()
            on:blur=move |_| gesture.free()
            on:dblclick=move |_| gesture.step_back()
            on:keydown=move |event| gesture.key(&event)
        ></div>
    }
}

/// The time and the greatest values there, in words.
fn spoken(picture: &Picture, time: f64) -> String {
    let data = picture.data();
    let mut text = fmt::time_in(picture.zone, time);
    for reading in readings(picture, time, None, 3) {
        if let Some(series) = data.series.get(reading.series) {
            // Writing to a string cannot fail.
            let _ = write!(
                text,
                ", {} {}",
                series.short,
                data.unit.format(reading.value)
            );
        }
    }
    text
}

/// Crosshair, points and, where the pointer is, the tooltip.
fn marks(
    picture: &Picture,
    time: f64,
    pointer: Option<Pointer>,
    lifted: Option<usize>,
    pinned: bool,
    on_refine: Option<Callback<Refine>>,
) -> Option<AnyView> {
    let data = picture.data();
    // Another chart's pointer may be at a time that this one does not show.
    if time < data.start - data.step || time > data.end + data.step {
        return None;
    }
    let time = snap(picture, time);
    let plot = picture.layout.plot;
    let left = picture.plot.x_scale(&picture.layout).to_pixel(time);
    let line = view! {
        <div
            class="chart__crosshair"
            style:left=px(left)
            style:top=px(plot.top)
            style:height=px(plot.height)
        ></div>
    };
    let Some(pointer) = pointer else {
        return Some(line.into_any());
    };
    if picture.mode == Mode::Heatmap {
        let top = pointer.top.unwrap_or(plot.top + plot.height / 2.0);
        let value = picture.plot.y_scale(&picture.layout).to_value(top);
        let raw = picture.plot.x_scale(&picture.layout).to_value(pointer.left);
        let told = picture
            .plot
            .cell_at(raw, value)
            .map(|cell| cell_tooltip(picture, cell.end, (pointer.left, top), cell));
        return Some(view! { {line} {told} }.into_any());
    }
    let mut found = readings(picture, time, pointer.top, LISTED);
    if let Some(lifted) = lifted {
        found.retain(|reading| reading.series == lifted);
    }
    let dots: Vec<_> = found
        .iter()
        .filter_map(|reading| {
            let series = data.series.get(reading.series)?;
            Some(view! {
                <div
                    class="chart__dot"
                    style:left=px(left)
                    style:top=px(reading.top)
                    style:--swatch=swatch(series.slot)
                ></div>
            })
        })
        .collect();
    let at = (left, pointer.top.unwrap_or(plot.top + plot.height * 0.25));
    let told = tooltip(picture, time, at, &found, pinned, on_refine);
    Some(view! { {line} {dots} {told} }.into_any())
}

/// The window being dragged.
fn brush(picture: &Picture, from: f64, pointer: Pointer) -> Option<AnyView> {
    let plot = picture.layout.plot;
    let width = (pointer.left - from).abs();
    (width >= DRAG).then(|| {
        view! {
            <div
                class="chart__brush"
                style:left=px(from.min(pointer.left))
                style:width=px(width)
                style:top=px(plot.top)
                style:height=px(plot.height)
            ></div>
        }
        .into_any()
    })
}

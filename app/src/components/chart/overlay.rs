//! What follows the pointer: crosshair, points, tooltip, and the window being dragged.

use super::dots::Dots;
use super::gesture::{DRAG, Gesture, Pointer};
use super::pointing::{Told, readings};
use super::tooltip::Tooltip;
use super::{HoverTime, Picture, Refine};
use crate::components::canvas::px;
use crate::fmt;
use crate::words::{t, use_i18n};
use leptos::html::Div;
use leptos::prelude::*;
use std::fmt::Write as _;

/// Takes the pointer and the keyboard. Arrows move the crosshair, + and - zoom, Enter pins, Esc frees;
/// a drag with Alt picks a span of values, a double click undoes a zoom.
#[component]
pub(super) fn Overlay(
    picture: Signal<Option<Picture>>,
    on_zoom: Callback<(f64, f64)>,
    values: RwSignal<Option<(f64, f64)>>,
    lifted: RwSignal<Option<usize>>,
    on_refine: Option<Callback<Refine>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let surface = NodeRef::<Div>::new();
    let gesture = Gesture::new(picture, expect_context::<HoverTime>().0, on_zoom, values);
    let Gesture {
        time,
        pointer,
        pinned,
        drag_from,
        panning,
        rising_from,
        ..
    } = gesture;
    let geometry = Memo::new(move |_| picture.get().map(|p| p.layout.plot).unwrap_or_default());
    let bound =
        move |bound: fn(&Picture) -> f64| picture.get().map(|p| bound(&p).round().to_string());
    let told = Memo::new(move |_| {
        picture.with(|picture| {
            let time = time.get()?;
            Told::of(picture.as_ref()?, time, pointer.get(), lifted.get())
        })
    });
    let pointed = Memo::new(move |_| told.with(Option::is_some));
    // Only the keyboard's places are read out: they have no height.
    let spoken_time = Memo::new(move |_| {
        let by_key = pointer.with(|at| at.is_some_and(|at| at.top.is_none()));
        time.get().filter(|_| by_key)
    });
    let has_tooltip = Memo::new(move |_| told.with(|t| t.as_ref().is_some_and(|t| t.at.is_some())));
    view! {
        <Show when=move || pointed.get()>
            <div
                class="chart__crosshair"
                style:left=move || told.with(|t| t.as_ref().map(|t| px(t.left)))
                style:top=move || px(geometry.get().top)
                style:height=move || px(geometry.get().height)
            >
                <Dots picture told/>
            </div>
        </Show>
        <Show when=move || has_tooltip.get()>
            <Tooltip picture told pinned on_refine/>
        </Show>
        {move || {
            let from = drag_from.get().filter(|_| !panning.get())?;
            brush(&picture.get()?, from, pointer.get()?)
        }}
        {move || band(&picture.get()?, rising_from.get()?, pointer.get()?.top?)}
        <div
            class="chart__surface"
            data-panning=move || panning.get().then_some("true")
            node_ref=surface
            tabindex="0"
            role="slider"
            aria-label=t!(i18n, graph.time_cursor)
            aria-valuemin=move || bound(|p| p.data().start)
            aria-valuemax=move || bound(|p| p.data().end)
            aria-valuenow=move || spoken_time.get().map(|t| t.round().to_string()).or_else(|| bound(|p| p.data().end)).unwrap_or_else(|| "0".to_owned())
            aria-valuetext=move || Some(spoken(&picture.get()?, spoken_time.get()?))
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

/// The span of values being picked.
fn band(picture: &Picture, from: f64, top: f64) -> Option<AnyView> {
    let plot = picture.layout.plot;
    let height = (top - from).abs();
    (height >= DRAG).then(|| {
        view! {
            <div
                class="chart__brush"
                data-kind="values"
                style:left=px(plot.left)
                style:width=px(plot.width)
                style:top=px(from.min(top))
                style:height=px(height)
            ></div>
        }
        .into_any()
    })
}

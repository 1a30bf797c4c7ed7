//! What follows the pointer: crosshair, points, tooltip, and the window being dragged.

use super::axes::px;
use super::pointing::{readings, snap};
use super::tooltip::{LISTED, tooltip};
use super::{HoverTime, Picture};
use crate::fmt;
use leptos::html::Div;
use leptos::prelude::*;
use web_sys::{KeyboardEvent, PointerEvent};

/// Less than so many pixels is a click.
const DRAG: f64 = 5.0;

/// Where the pointer is, in CSS pixels from the box's corner; the keyboard has no height.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Pointer {
    left: f64,
    top: Option<f64>,
}

/// Takes the pointer and the keyboard. Arrows move the crosshair, + and - zoom, Enter pins, Esc frees.
#[component]
pub(super) fn Overlay(
    picture: Signal<Option<Picture>>,
    on_zoom: Callback<(f64, f64)>,
    lifted: RwSignal<Option<usize>>,
) -> impl IntoView {
    let surface = NodeRef::<Div>::new();
    let hover_time = expect_context::<HoverTime>().0;
    let pointer = RwSignal::new(None::<Pointer>);
    let pinned = RwSignal::new(false);
    let drag_from = RwSignal::new(None::<f64>);

    let point = move |to: Option<Pointer>| {
        let time = to.and_then(|p| picture.get_untracked().map(|pic| time_at(&pic, p.left)));
        pointer.set(to);
        hover_time.set(time);
    };
    let place = move |event: &PointerEvent| {
        let picture = picture.get_untracked()?;
        let plot = picture.layout.plot;
        let left =
            (f64::from(event.offset_x()) + plot.left).clamp(plot.left, plot.left + plot.width);
        let top = f64::from(event.offset_y()) + plot.top;
        Some(Pointer {
            left,
            top: Some(top),
        })
    };
    let moved = move |event: PointerEvent| {
        if !pinned.get_untracked() {
            point(place(&event));
        }
    };
    let pressed = move |event: PointerEvent| {
        if event.button() != 0 {
            return;
        }
        if let (Some(surface), Some(at)) = (surface.get_untracked(), place(&event)) {
            // Without capture a drag merely ends at the plot's edge.
            let _ = surface.set_pointer_capture(event.pointer_id());
            drag_from.set(Some(at.left));
            pinned.set(false);
        }
    };
    let released = move |event: PointerEvent| {
        let (Some(from), Some(to), Some(picture)) = (
            drag_from.get_untracked(),
            place(&event),
            picture.get_untracked(),
        ) else {
            return;
        };
        drag_from.set(None);
        if (to.left - from).abs() < DRAG {
            point(Some(to));
            pinned.set(true);
            return;
        }
        let scale = picture.plot.x_scale(&picture.layout);
        on_zoom.run((
            scale.to_value(from.min(to.left)),
            scale.to_value(from.max(to.left)),
        ));
        point(None);
    };
    let key = move |event: KeyboardEvent| {
        if let Some(picture) = picture.get_untracked() {
            if press(
                &event,
                &picture,
                hover_time.get_untracked(),
                pinned,
                point,
                on_zoom,
            ) {
                event.prevent_default();
            }
        }
    };
    let spoken = move || {
        let picture = picture.get()?;
        let time = hover_time.get()?;
        let values = readings(&picture, time, None, 3);
        let words = values.iter().filter_map(|r| {
            let series = picture.data().series.get(r.series)?;
            Some(format!(
                ", {} {}",
                series.short,
                picture.data().unit.format(r.value)
            ))
        });
        Some(format!(
            "{} UTC{}",
            fmt::time(time),
            words.collect::<String>()
        ))
    };
    let geometry = Memo::new(move |_| picture.get().map(|p| p.layout.plot).unwrap_or_default());
    view! {
        {move || marks(&picture.get()?, hover_time.get()?, pointer.get(), lifted.get(), pinned.get())}
        {move || brush(&picture.get()?, drag_from.get()?, pointer.get()?)}
        <div
            class="chart__surface"
            node_ref=surface
            tabindex="0"
            role="slider"
            aria-label="Time cursor"
            aria-valuemin=move || picture.get().map(|p| p.data().start.round().to_string())
            aria-valuemax=move || picture.get().map(|p| p.data().end.round().to_string())
            aria-valuenow=move || hover_time.get().map(|t| t.round().to_string())
            aria-valuetext=spoken
            style:left=move || px(geometry.get().left)
            style:top=move || px(geometry.get().top)
            style:width=move || px(geometry.get().width)
            style:height=move || px(geometry.get().height)
            on:pointermove=moved
            on:pointerdown=pressed
            on:pointerup=released
            on:pointercancel=move |_| drag_from.set(None)
            on:pointerleave=move |_| {
                if !pinned.get_untracked() && drag_from.get_untracked().is_none() {
                    point(None);
                }
            }
            on:blur=move |_| {
                pinned.set(false);
                point(None);
            }
            on:keydown=key
        ></div>
    }
}

fn time_at(picture: &Picture, left: f64) -> f64 {
    snap(
        picture,
        picture.plot.x_scale(&picture.layout).to_value(left),
    )
}

/// Does what a key says; whether it said anything.
fn press(
    event: &KeyboardEvent,
    picture: &Picture,
    at: Option<f64>,
    pinned: RwSignal<bool>,
    point: impl Fn(Option<Pointer>),
    on_zoom: Callback<(f64, f64)>,
) -> bool {
    let data = picture.data();
    let middle = f64::midpoint(data.start, data.end);
    let scale = picture.plot.x_scale(&picture.layout);
    let go = |time: f64| {
        point(Some(Pointer {
            left: scale.to_pixel(time.clamp(data.start, data.end)),
            top: None,
        }));
    };
    let zoom = |factor: f64| {
        let half = (data.end - data.start) / 2.0 * factor;
        let center = at.unwrap_or(middle);
        on_zoom.run((center - half, center + half));
    };
    let step = if event.shift_key() { 10.0 } else { 1.0 } * data.step;
    match event.key().as_str() {
        "ArrowLeft" => go(at.map_or(middle, |t| t - step)),
        "ArrowRight" => go(at.map_or(middle, |t| t + step)),
        "Home" => go(data.start),
        "End" => go(data.end),
        "Enter" => pinned.update(|pinned| *pinned = !*pinned && at.is_some()),
        "Escape" => {
            pinned.set(false);
            point(None);
        }
        "+" | "=" => zoom(0.5),
        "-" | "_" => zoom(2.0),
        _ => return false,
    }
    true
}

/// Crosshair, points and, where the pointer is, the tooltip.
fn marks(
    picture: &Picture,
    time: f64,
    pointer: Option<Pointer>,
    lifted: Option<usize>,
    pinned: bool,
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
                    style:--swatch=super::legend::swatch(series.slot)
                ></div>
            })
        })
        .collect();
    let at = (left, pointer.top.unwrap_or(plot.top + plot.height * 0.25));
    let told = tooltip(picture, time, at, &found, pinned);
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

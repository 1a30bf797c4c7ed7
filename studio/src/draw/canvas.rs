//! Canvases and sizes as panels use them; how a canvas is made is in [`app::components::canvas`].

pub(crate) use app::components::canvas::px;
use app::components::canvas::{self, clear, whole};
use leptos::html::{Canvas, Div};
use leptos::prelude::*;
use web_sys::CanvasRenderingContext2d;

/// The size of an element as it changes; nothing until it is on the page. Units: CSS pixels.
pub(crate) fn observe_size(frame: NodeRef<Div>) -> Signal<(f64, f64)> {
    let size = canvas::observe_size(frame);
    Signal::derive(move || size.get().unwrap_or_default())
}

/// The context of a canvas that was made `width` by `height` CSS pixels large, cleared, one unit a CSS pixel.
pub(crate) fn context_of(
    canvas: NodeRef<Canvas>,
    (width, height): (f64, f64),
) -> Option<CanvasRenderingContext2d> {
    let canvas = canvas.get()?;
    let ratio = window().device_pixel_ratio();
    let size = (whole(width * ratio), whole(height * ratio));
    let context = clear(&canvas, size).ok()?;
    context.scale(ratio, ratio).ok()?;
    Some(context)
}

/// Half the width of a date under a tick. Units: CSS pixels.
const HALF_DATE: f64 = 36.0;

/// Where the words of a tick of the time axis are centred; with a date they stay inside of the picture.
pub(crate) fn time_left(tick: f64, has_date: bool) -> String {
    if has_date {
        format!("clamp({1}, {0}, calc(100% - {1}))", px(tick), px(HALF_DATE))
    } else {
        px(tick)
    }
}

//! Elements' sizes, and canvases that are as sharp as the screen.

use leptos::html::{Canvas, Div};
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{CanvasRenderingContext2d, ResizeObserver};

/// The size of an element as it changes; nothing until it is on the page. Units: CSS pixels.
pub(crate) fn observe_size(frame: NodeRef<Div>) -> Signal<(f64, f64)> {
    let size = RwSignal::new((0.0, 0.0));
    Effect::new(move |_| {
        let Some(element) = frame.get() else { return };
        let watched = element.clone();
        let changed = Closure::<dyn FnMut()>::new(move || {
            let now = (
                f64::from(watched.client_width()),
                f64::from(watched.client_height()),
            );
            if size.try_get_untracked().is_some_and(|then| then != now) {
                size.try_set(now);
            }
        });
        let Ok(observer) = ResizeObserver::new(changed.as_ref().unchecked_ref()) else {
            return;
        };
        observer.observe(&element);
        let kept = SendWrapper::new((observer, changed));
        on_cleanup(move || kept.0.disconnect());
    });
    size.into()
}

/// The context of a canvas that was made `width` by `height` CSS pixels large, cleared, one unit a CSS pixel.
pub(crate) fn context_of(
    canvas: NodeRef<Canvas>,
    (width, height): (f64, f64),
) -> Option<CanvasRenderingContext2d> {
    let canvas = canvas.get()?;
    let ratio = window().device_pixel_ratio();
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the cast saturates, and no screen is as wide"
    )]
    let whole = |length: f64| (length * ratio).round() as u32;
    // Setting the size clears the canvas and its transform.
    canvas.set_width(whole(width));
    canvas.set_height(whole(height));
    let context = canvas.get_context("2d").ok().flatten()?;
    let context: CanvasRenderingContext2d = context.dyn_into().ok()?;
    context.scale(ratio, ratio).ok()?;
    Some(context)
}

/// A length for a style.
pub(crate) fn px(length: f64) -> String {
    format!("{length:.1}px")
}

//! Canvases that are as sharp as the screen and as large as their elements, in the page's own colours.

use chart::{Color, Crowd};
use leptos::html::Div;
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{Clamped, JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData, ResizeObserver};

/// The size of an element as it changes; `None` until it is on the page. Units: CSS pixels.
pub fn observe_size(frame: NodeRef<Div>) -> Signal<Option<(f64, f64)>> {
    let size = RwSignal::new(None);
    Effect::new(move |_| {
        let Some(element) = frame.get() else { return };
        let watched = element.clone();
        let read = move || {
            let now = (
                f64::from(watched.client_width()),
                f64::from(watched.client_height()),
            );
            if size.try_get_untracked().flatten() != Some(now) {
                size.try_set(Some(now));
            }
        };
        // The observer tells it only after the next frame.
        read();
        let changed = Closure::<dyn FnMut()>::new(read);
        let Ok(observer) = ResizeObserver::new(changed.as_ref().unchecked_ref()) else {
            return;
        };
        observer.observe(&element);
        let kept = SendWrapper::new((observer, changed));
        on_cleanup(move || kept.0.disconnect());
    });
    size.into()
}

/// How many pixels of the screen a CSS pixel is; changes when a page is zoomed or moves to another screen.
pub fn pixel_ratio() -> Signal<f64> {
    let ratio = RwSignal::new(1.0);
    let read = move || {
        let now = window().device_pixel_ratio();
        if ratio.get_untracked() != now {
            ratio.set(now);
        }
    };
    Effect::new(move |_| {
        read();
        let handle = window_event_listener(leptos::ev::resize, move |_| read());
        on_cleanup(move || handle.remove());
    });
    ratio.into()
}

/// A new canvas, on no page yet.
///
/// # Errors
/// What the browser fails with.
pub fn sheet() -> Result<HtmlCanvasElement, JsValue> {
    let made = document().create_element("canvas")?;
    Ok(made.dyn_into().map_err(|_| "no canvas")?)
}

/// An empty canvas of this many pixels.
///
/// # Errors
/// What the browser fails with.
pub fn clear(
    canvas: &HtmlCanvasElement,
    (width, height): (u32, u32),
) -> Result<CanvasRenderingContext2d, JsValue> {
    let context: CanvasRenderingContext2d = canvas
        .get_context("2d")?
        .ok_or("no 2d context")?
        .dyn_into()
        .map_err(|_| "no 2d context")?;
    if canvas.width() == width && canvas.height() == height {
        context.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0)?;
        context.clear_rect(0.0, 0.0, f64::from(width), f64::from(height));
    } else {
        // Setting the size clears the canvas and its transform, and costs a new canvas.
        canvas.set_width(width);
        canvas.set_height(height);
    }
    Ok(context)
}

/// Puts ink from memory on a canvas, in place of what is there.
///
/// # Errors
/// What the browser fails with.
pub fn put(context: &CanvasRenderingContext2d, crowd: &Crowd) -> Result<(), JsValue> {
    let (width, _) = crowd.pixels.size();
    let width = u32::try_from(width).unwrap_or(u32::MAX);
    let image = ImageData::new_with_u8_clamped_array(Clamped(&crowd.pixels.rgba()), width)?;
    let (left, top) = crowd.corner;
    context.put_image_data(&image, left, top)
}

/// CSS lengths times the screen's pixels, as a count.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the cast saturates, and no screen is as wide"
)]
pub fn whole(pixels: f64) -> u32 {
    pixels.round() as u32
}

/// The colour of a token of the style sheet, as it is on `element` now.
///
/// # Errors
/// What the browser fails with; the text of what is no colour.
pub fn color_of(element: &HtmlCanvasElement, token: &str) -> Result<Color, JsValue> {
    colors_of(element, &[token]).map(|colors| colors.into_iter().next().unwrap_or_default())
}

/// The colours of several tokens, in their order; reading makes the browser work out its styles.
///
/// # Errors
/// As [`color_of`].
pub fn colors_of(element: &HtmlCanvasElement, tokens: &[&str]) -> Result<Vec<Color>, JsValue> {
    let style = window()
        .get_computed_style(element)?
        .ok_or("no computed style")?;
    let own = web_sys::HtmlElement::style(element);
    let color = |token: &&str| {
        // The browser works out what `light-dark()` and the like mean, but only in a real property.
        own.set_property("color", &format!("var({token})"))?;
        let text = style.get_property_value("color")?;
        parse_rgb(&text).ok_or_else(|| JsValue::from_str(&text))
    };
    let colors = tokens.iter().map(color).collect();
    own.remove_property("color")?;
    colors
}

/// Reads `rgb(1, 2, 3)`, the form in which browsers tell colours.
fn parse_rgb(text: &str) -> Option<Color> {
    let inner = text.strip_prefix("rgb(")?.strip_suffix(')')?;
    let mut parts = inner.split(',').map(|part| part.trim().parse::<u8>().ok());
    Some(Color::new(parts.next()??, parts.next()??, parts.next()??))
}

/// A length for a style.
pub fn px(length: f64) -> String {
    format!("{length:.1}px")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn computed_colours_are_read() {
        assert_eq!(parse_rgb("rgb(1, 20, 255)"), Some(Color::new(1, 20, 255)));
        assert_eq!(parse_rgb("rgba(1, 20, 255, 0.5)"), None);
    }
}

//! A chart as a picture to send around: there, and only there, labels are drawn.

use super::legend::split_name;
use super::{Picture, ticks_of};
use crate::data::save;
use chart::{HUES, SLOTS};
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement};

/// Units: CSS pixels.
const LINE: f64 = 18.0;
const LISTED: usize = 20;
const FONT: &str = "12px ui-monospace, Menlo, Consolas, monospace";

/// Saves the chart of `canvas` with its labels and its legend.
pub(super) fn save_image(canvas: &HtmlCanvasElement, picture: &Picture) {
    if let Err(reason) = compose(canvas, picture) {
        leptos::logging::warn!("the picture cannot be made: {reason:?}");
    }
}

fn compose(canvas: &HtmlCanvasElement, picture: &Picture) -> Result<(), JsValue> {
    let layout = picture.layout;
    let listed = picture.drawn.len().min(LISTED);
    let ratio = f64::from(canvas.width()) / layout.width;
    let height = layout.height + LINE * (listed as f64 + 1.0);
    let sheet: HtmlCanvasElement = document()
        .create_element("canvas")?
        .dyn_into()
        .map_err(|_| "no canvas")?;
    sheet.set_width(canvas.width());
    sheet.set_height(whole(height * ratio));
    let context: CanvasRenderingContext2d = sheet
        .get_context("2d")?
        .ok_or("no 2d context")?
        .dyn_into()
        .map_err(|_| "no 2d context")?;
    let style = window()
        .get_computed_style(canvas)?
        .ok_or("no computed style")?;
    let own = web_sys::HtmlElement::style(canvas);
    let color = |token: &str| -> Result<String, JsValue> {
        own.set_property("color", &format!("var({token})"))?;
        style.get_property_value("color")
    };
    context.set_fill_style_str(&color("--surface")?);
    context.fill_rect(
        0.0,
        0.0,
        f64::from(sheet.width()),
        f64::from(sheet.height()),
    );
    context.draw_image_with_html_canvas_element(canvas, 0.0, 0.0)?;
    context.scale(ratio, ratio)?;
    context.set_font(FONT);
    let ink = color("--ink-soft")?;
    labels(&context, picture, &ink)?;
    for (line, index) in picture.drawn.iter().take(listed).enumerate() {
        let Some(series) = picture.data().series.get(*index) else {
            continue;
        };
        let top = layout.height + LINE * (line as f64 + 0.5);
        let hue = color(&format!("--series-{}", series.slot % HUES))?;
        // As the ink mixes them: white into the second eight, black into the third.
        context.set_fill_style_str(&hue);
        context.fill_rect(12.0, top - 2.0, 12.0, 4.0);
        let veil = match series.slot % SLOTS / HUES {
            0 => None,
            1 => Some("rgb(255 255 255 / 45%)"),
            _ => Some("rgb(0 0 0 / 40%)"),
        };
        if let Some(veil) = veil {
            context.set_fill_style_str(veil);
            context.fill_rect(12.0, top - 2.0, 12.0, 4.0);
        }
        context.set_fill_style_str(&ink);
        let (head, tail) = split_name(&series.name);
        context.fill_text(&format!("{head}{tail}"), 30.0, top)?;
    }
    own.remove_property("color")?;
    let done = Closure::once_into_js(|blob: Option<Blob>| {
        if let Some(blob) = blob {
            save("watchfire.png", &blob);
        }
    });
    sheet.to_blob(done.unchecked_ref())
}

fn labels(context: &CanvasRenderingContext2d, picture: &Picture, ink: &str) -> Result<(), JsValue> {
    let layout = picture.layout;
    context.set_fill_style_str(ink);
    context.set_text_baseline("middle");
    context.set_text_align("right");
    let y = picture.plot.y_scale(&layout);
    for tick in picture.plot.y_ticks() {
        context.fill_text(
            &picture.plot.y_label(*tick),
            layout.plot.left - 8.0,
            y.to_pixel(*tick),
        )?;
    }
    context.set_text_align("center");
    let x = picture.plot.x_scale(&layout);
    let top = layout.plot.top + layout.plot.height;
    for tick in ticks_of(picture) {
        let left = x.to_pixel(tick.time);
        context.fill_text(&tick.label, left, top + 12.0)?;
        if let Some(date) = tick.date {
            context.fill_text(&date, left, top + 26.0)?;
        }
    }
    context.set_text_align("right");
    let zone = picture.zone.name(picture.data().end);
    context.fill_text(&zone, layout.width - 4.0, top + 26.0)?;
    context.set_text_align("left");
    Ok(())
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the cast saturates, and no screen is as high"
)]
fn whole(pixels: f64) -> u32 {
    pixels.round() as u32
}

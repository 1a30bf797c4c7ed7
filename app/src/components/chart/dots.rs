//! A dot on each series that the tooltip lists.

use super::Picture;
use super::canvas::read_theme;
use super::pointing::Told;
use crate::components::canvas::{clear, color_of, whole};
use crate::components::theme_switch::ThemeState;
use chart::{Color, Theme, slot_color};
use leptos::html::Canvas;
use leptos::prelude::*;
use std::f64::consts::TAU;
use wasm_bindgen::JsValue;
use web_sys::HtmlCanvasElement;

/// Width of the strip. Units: CSS pixels.
const WIDE: f64 = 9.0;
/// Radius of a dot with its rim. Units: CSS pixels.
const RADIUS: f64 = 3.5;
/// The rim. Units: CSS pixels.
const RIM: f64 = 1.0;

/// A narrow canvas along the crosshair with the dots: one element to move instead of one for each dot.
#[component]
pub(super) fn Dots(picture: Signal<Option<Picture>>, told: Memo<Option<Told>>) -> impl IntoView {
    let theme = expect_context::<ThemeState>();
    let canvas = NodeRef::<Canvas>::new();
    let colors = StoredValue::new(None::<(u32, Theme, Color)>);
    Effect::new(move |_| {
        let version = theme.changes.get();
        let (Some(canvas), Some(picture)) = (canvas.get(), picture.get()) else {
            return;
        };
        let known = colors.get_value().filter(|(of, ..)| *of == version);
        let read = || {
            Ok((
                version,
                read_theme(&canvas)?,
                color_of(&canvas, "--surface")?,
            ))
        };
        let drawn = known.map_or_else(read, Ok).and_then(|known| {
            colors.set_value(Some(known));
            let (_, theme, rim) = known;
            told.with(|told| draw(&canvas, &picture, told.as_ref(), &theme, rim))
        });
        if let Err(reason) = drawn {
            leptos::logging::warn!("the dots cannot be drawn: {reason:?}");
        }
    });
    view! { <canvas class="chart__dots" node_ref=canvas aria-hidden="true"></canvas> }
}

fn draw(
    canvas: &HtmlCanvasElement,
    picture: &Picture,
    told: Option<&Told>,
    theme: &Theme,
    rim: Color,
) -> Result<(), JsValue> {
    let plot = picture.layout.plot;
    let ratio = window().device_pixel_ratio();
    let context = clear(canvas, (whole(WIDE * ratio), whole(plot.height * ratio)))?;
    context.scale(ratio, ratio)?;
    let readings = told.map_or(&[][..], |told| &told.readings);
    // The nearest lies on top.
    for reading in readings.iter().rev() {
        let Some(series) = picture.data().series.get(reading.series) else {
            continue;
        };
        let top = reading.top - plot.top;
        for (color, radius) in [
            (rim, RADIUS),
            (slot_color(&theme.hues, series.slot), RADIUS - RIM),
        ] {
            let Color { red, green, blue } = color;
            context.set_fill_style_str(&format!("rgb({red},{green},{blue})"));
            context.begin_path();
            context.arc(WIDE / 2.0, top, radius, 0.0, TAU)?;
            context.fill();
        }
    }
    Ok(())
}

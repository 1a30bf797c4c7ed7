//! The canvas: its size in pixels of the screen, its colours, and painting it.

use super::{Picture, ticks_of};
use crate::components::theme_switch::ThemeState;
use chart::{
    Color, FADED, HUES, Ink, Pixels, Theme, draw_crowd, draw_ground, draw_lifted, draw_series,
};
use leptos::html::{Canvas, Div};
use leptos::prelude::*;
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, DrawingBackend, DrawingErrorKind,
};
use plotters_canvas::CanvasBackend;
use send_wrapper::SendWrapper;
use std::sync::Arc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{Clamped, JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData, ResizeObserver};

/// Plotters draws at whole units: so many of them make a pixel of the screen, so that lines run smoothly.
const FINENESS: u32 = 4;

/// The size of an element as it changes; `None` until it is on the page. Units: CSS pixels.
pub(super) fn observe_size(frame: NodeRef<Div>) -> Signal<Option<(f64, f64)>> {
    let size = RwSignal::new(None);
    Effect::new(move |_| {
        let Some(element) = frame.get() else { return };
        let watched = element.clone();
        let changed = Closure::<dyn FnMut()>::new(move || {
            let now = (
                f64::from(watched.client_width()),
                f64::from(watched.client_height()),
            );
            if size.try_get_untracked().flatten() != Some(now) {
                size.try_set(Some(now));
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

/// How many pixels of the screen a CSS pixel is; changes when a page is zoomed or moves to another screen.
fn pixel_ratio() -> Signal<f64> {
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

/// Repaints whenever the picture, the colours or the screen change.
pub(super) fn paint(
    canvas: NodeRef<Canvas>,
    picture: Signal<Option<Picture>>,
    lifted: RwSignal<Option<usize>>,
) {
    let theme = expect_context::<ThemeState>();
    let ratio = pixel_ratio();
    // Reading colours makes the browser work out its styles: once per change of the theme.
    let colors = StoredValue::new(None::<(u32, Theme)>);
    let kept = StoredValue::new_local(None::<SeriesSheet>);
    Effect::new(move |_| {
        let version = theme.changes.get();
        let (Some(canvas), Some(picture), ratio) = (canvas.get(), picture.get(), ratio.get())
        else {
            return;
        };
        let highlight = lifted
            .get()
            .and_then(|series| picture.drawn.iter().position(|i| *i == series));
        let known = colors.get_value().filter(|(of, _)| *of == version);
        let read = known.map_or_else(|| read_theme(&canvas), |(_, theme)| Ok(theme));
        let painted = read.and_then(|theme| {
            colors.set_value(Some((version, theme)));
            let view = View {
                picture,
                ratio,
                theme,
            };
            let sheet = match kept.try_update_value(Option::take).flatten() {
                Some(sheet) if sheet.view.shows_the_same(&view) => sheet,
                old => SeriesSheet::draw(view, old)?,
            };
            let done = sheet.show_on(&canvas, highlight);
            kept.set_value(Some(sheet));
            done
        });
        if let Err(reason) = painted {
            leptos::logging::warn!("the chart cannot be drawn: {reason:?}");
        }
    });
}

/// All that decides what a chart looks like, but for the lifted series.
struct View {
    picture: Picture,
    ratio: f64,
    theme: Theme,
}

impl View {
    fn shows_the_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.picture.plot, &other.picture.plot)
            && self.picture.layout == other.picture.layout
            && self.ratio == other.ratio
            && self.theme == other.theme
    }

    /// Units: pixels of the screen.
    fn size(&self) -> (u32, u32) {
        let layout = self.picture.layout;
        (
            whole(layout.width * self.ratio),
            whole(layout.height * self.ratio),
        )
    }

    fn ink<'a>(&'a self, times: &'a [f64], highlight: Option<usize>) -> Ink<'a> {
        let fine = f64::from(FINENESS);
        Ink {
            plot: &self.picture.plot,
            layout: self.picture.layout,
            time_ticks: times,
            theme: &self.theme,
            visible: &[],
            highlight,
            scale: self.ratio * fine,
            device_pixel: fine,
        }
    }
}

/// The series on a canvas of their own, beside the page: while the pointer runs over the legend, the chart is
/// put together from it and the one series that is lifted.
struct SeriesSheet {
    view: View,
    canvas: HtmlCanvasElement,
}

impl SeriesSheet {
    fn draw(view: View, old: Option<Self>) -> Result<Self, JsValue> {
        let canvas = match old {
            Some(old) => old.canvas,
            None => document()
                .create_element("canvas")?
                .dyn_into()
                .map_err(|_| "no canvas")?,
        };
        let (width, height) = view.size();
        let context = clear(&canvas, (width, height))?;
        let ink = view.ink(&[], None);
        if ink.is_crowd() {
            let mut pixels = Pixels::new(width, height, FINENESS);
            draw_crowd(&mut pixels, &ink).map_err(told)?;
            let image = ImageData::new_with_u8_clamped_array(Clamped(pixels.rgba()), width)?;
            context.put_image_data(&image, 0.0, 0.0)?;
        } else {
            draw_series(Fine::on(&canvas, &context)?, &ink).map_err(told)?;
        }
        Ok(Self { view, canvas })
    }

    /// Where only a span of the values is shown, the others lie outside of the plot.
    fn clip(&self, context: &CanvasRenderingContext2d) {
        let (plot, ratio) = (self.view.picture.layout.plot, self.view.ratio);
        context.begin_path();
        context.rect(
            (plot.left - BLEED) * ratio,
            (plot.top - BLEED) * ratio,
            (plot.width + 2.0 * BLEED) * ratio,
            (plot.height + 2.0 * BLEED) * ratio,
        );
        context.clip();
    }

    /// Grid, series and the lifted series, on the page.
    fn show_on(&self, canvas: &HtmlCanvasElement, highlight: Option<usize>) -> Result<(), JsValue> {
        let context = clear(canvas, self.view.size())?;
        context.save();
        self.clip(&context);
        let shown = self.put_together(canvas, &context, highlight);
        context.restore();
        shown
    }

    fn put_together(
        &self,
        canvas: &HtmlCanvasElement,
        context: &CanvasRenderingContext2d,
        highlight: Option<usize>,
    ) -> Result<(), JsValue> {
        let times: Vec<f64> = ticks_of(&self.view.picture)
            .into_iter()
            .map(|tick| tick.time)
            .collect();
        let ink = self.view.ink(&times, highlight);
        draw_ground(Fine::on(canvas, context)?, &ink).map_err(told)?;
        context.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0)?;
        context.set_global_alpha(if highlight.is_some() { FADED } else { 1.0 });
        context.draw_image_with_html_canvas_element(&self.canvas, 0.0, 0.0)?;
        context.set_global_alpha(1.0);
        if highlight.is_some() {
            draw_lifted(Fine::on(canvas, context)?, &ink).map_err(told)?;
        }
        Ok(())
    }
}

/// How far ink may reach over the edge of the plot: half a line. Units: CSS pixels.
const BLEED: f64 = 2.0;

/// An empty canvas of this many pixels.
pub(super) fn clear(
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

fn told(error: impl std::fmt::Display) -> JsValue {
    JsValue::from_str(&error.to_string())
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the cast saturates, and no screen is as wide"
)]
pub(super) fn whole(pixels: f64) -> u32 {
    pixels.round() as u32
}

/// The colours of the page's style sheet, as they are on `element` now.
pub(super) fn read_theme(element: &HtmlCanvasElement) -> Result<Theme, JsValue> {
    let style = window()
        .get_computed_style(element)?
        .ok_or("no computed style")?;
    let own = web_sys::HtmlElement::style(element);
    // The browser works out what `light-dark()` and the like mean, but only in a real property.
    let color = |token: &str| {
        own.set_property("color", &format!("var({token})"))?;
        let text = style.get_property_value("color")?;
        parse_rgb(&text).ok_or_else(|| JsValue::from_str(&text))
    };
    let mut hues = [Color::default(); HUES];
    for (n, hue) in hues.iter_mut().enumerate() {
        *hue = color(&format!("--series-{n}"))?;
    }
    let theme = Theme {
        grid: color("--chart-grid")?,
        zero: color("--chart-zero")?,
        hues,
    };
    own.remove_property("color")?;
    Ok(theme)
}

/// The colour of a token of the style sheet, as it is on `element` now.
pub(super) fn color_of(element: &HtmlCanvasElement, token: &str) -> Result<Color, JsValue> {
    let style = window()
        .get_computed_style(element)?
        .ok_or("no computed style")?;
    let own = web_sys::HtmlElement::style(element);
    own.set_property("color", &format!("var({token})"))?;
    let text = style.get_property_value("color")?;
    own.remove_property("color")?;
    parse_rgb(&text).ok_or_else(|| JsValue::from_str(&text))
}

/// Reads `rgb(1, 2, 3)`, the form in which browsers tell colours.
fn parse_rgb(text: &str) -> Option<Color> {
    let inner = text.strip_prefix("rgb(")?.strip_suffix(')')?;
    let mut parts = inner.split(',').map(|part| part.trim().parse::<u8>().ok());
    Some(Color::new(parts.next()??, parts.next()??, parts.next()??))
}

/// A canvas whose units are finer than its pixels; the context's transform makes up for it.
struct Fine {
    inner: CanvasBackend,
    size: (u32, u32),
}

impl Fine {
    fn on(canvas: &HtmlCanvasElement, context: &CanvasRenderingContext2d) -> Result<Self, JsValue> {
        let fine = 1.0 / f64::from(FINENESS);
        context.set_transform(fine, 0.0, 0.0, fine, 0.0, 0.0)?;
        // Round corners cost three times as much, and on lines as thin as these nobody sees them.
        context.set_line_join("bevel");
        let inner = CanvasBackend::with_canvas_object(canvas.clone()).ok_or("no canvas backend")?;
        let (width, height) = inner.get_size();
        Ok(Self {
            inner,
            size: (width * FINENESS, height * FINENESS),
        })
    }
}

type Done = Result<(), DrawingErrorKind<<CanvasBackend as DrawingBackend>::ErrorType>>;

impl DrawingBackend for Fine {
    type ErrorType = <CanvasBackend as DrawingBackend>::ErrorType;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Done {
        self.inner.ensure_prepared()
    }

    fn present(&mut self) -> Done {
        self.inner.present()
    }

    fn draw_pixel(&mut self, point: BackendCoord, color: BackendColor) -> Done {
        self.inner.draw_pixel(point, color)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Done {
        self.inner.draw_path(path, style)
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        center: BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Done {
        self.inner.draw_circle(center, radius, style, fill)
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        vert: I,
        style: &S,
    ) -> Done {
        self.inner.fill_polygon(vert, style)
    }
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

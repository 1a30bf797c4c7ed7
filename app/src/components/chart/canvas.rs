//! The canvas: its size in pixels of the screen, its colours, and painting it.

use super::{Picture, ticks_of};
use crate::components::theme_switch::ThemeState;
use chart::{Color, HUES, Ink, Theme, draw};
use leptos::html::{Canvas, Div};
use leptos::prelude::*;
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, DrawingBackend, DrawingErrorKind,
};
use plotters_canvas::CanvasBackend;
use send_wrapper::SendWrapper;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ResizeObserver};

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
    Effect::new(move |_| {
        let version = theme.changes.get();
        let (Some(canvas), Some(picture), ratio) = (canvas.get(), picture.get(), ratio.get())
        else {
            return;
        };
        let lifted = lifted
            .get()
            .and_then(|series| picture.drawn.iter().position(|i| *i == series));
        let known = colors.get_value().filter(|(of, _)| *of == version);
        let read = known.map_or_else(|| read_theme(&canvas), |(_, theme)| Ok(theme));
        let painted = read.and_then(|theme| {
            colors.set_value(Some((version, theme)));
            paint_once(&canvas, &picture, lifted, ratio, &theme)
        });
        if let Err(reason) = painted {
            leptos::logging::warn!("the chart cannot be drawn: {reason:?}");
        }
    });
}

fn paint_once(
    canvas: &HtmlCanvasElement,
    picture: &Picture,
    highlight: Option<usize>,
    ratio: f64,
    theme: &Theme,
) -> Result<(), JsValue> {
    let (width, height) = (
        whole(picture.layout.width * ratio),
        whole(picture.layout.height * ratio),
    );
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
    let fine = f64::from(FINENESS);
    context.scale(1.0 / fine, 1.0 / fine)?;
    // Round corners cost three times as much, and on lines as thin as these nobody sees them.
    context.set_line_join("bevel");
    let backend = CanvasBackend::with_canvas_object(canvas.clone()).ok_or("no canvas backend")?;
    let times: Vec<f64> = ticks_of(picture)
        .into_iter()
        .map(|tick| tick.time)
        .collect();
    let ink = Ink {
        plot: &picture.plot,
        layout: picture.layout,
        time_ticks: &times,
        theme,
        visible: &[],
        highlight,
        scale: ratio * fine,
        device_pixel: fine,
    };
    draw(
        Fine {
            inner: backend,
            size: (width * FINENESS, height * FINENESS),
        },
        &ink,
    )
    .map_err(|error| JsValue::from_str(&error.to_string()))
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the cast saturates, and no screen is as wide"
)]
fn whole(pixels: f64) -> u32 {
    pixels.round() as u32
}

/// The colours of the page's style sheet, as they are on `element` now.
fn read_theme(element: &HtmlCanvasElement) -> Result<Theme, JsValue> {
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

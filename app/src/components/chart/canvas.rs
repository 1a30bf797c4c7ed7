//! Painting a chart on its canvas.

use super::{Picture, ticks_of};
use crate::components::canvas::{clear, colors_of, pixel_ratio, put, sheet, whole};
use crate::components::theme_switch::ThemeState;
use chart::{Crowd, FADED, HUES, Ink, Part, Theme, draw, draw_crowd};
use leptos::html::Canvas;
use leptos::prelude::*;
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, DrawingBackend, DrawingErrorKind,
};
use plotters_canvas::CanvasBackend;
use std::sync::Arc;
use wasm_bindgen::JsValue;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// Plotters draws at whole units: so many of them make a pixel of the screen, so that lines run smoothly.
const FINENESS: u32 = 4;

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
    let kept = StoredValue::new_local(None::<Painted>);
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
            let old = kept.try_update_value(Option::take).flatten();
            let mut shown = old
                .filter(|old| old.view.shows_the_same(&view))
                .unwrap_or_else(|| Painted::new(view));
            let done = shown.show_on(&canvas, highlight);
            kept.set_value(Some(shown));
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

/// A chart on the page, and what is kept of it: while the pointer runs over the legend, it is put together
/// anew from its series and the one that is lifted.
struct Painted {
    view: View,
    /// The series, where there are very many points.
    crowd: Option<Crowd>,
    /// The series on a canvas beside the page, as soon as one of them was lifted.
    series: Option<HtmlCanvasElement>,
}

impl Painted {
    fn new(view: View) -> Self {
        let ink = view.ink(&[], None);
        let crowd = ink.is_crowd().then(|| draw_crowd(&ink));
        Self {
            view,
            crowd,
            series: None,
        }
    }

    /// Draws on the page.
    fn show_on(
        &mut self,
        canvas: &HtmlCanvasElement,
        highlight: Option<usize>,
    ) -> Result<(), JsValue> {
        if highlight.is_some() && self.series.is_none() {
            self.series = Some(self.series_alone()?);
        }
        let times: Vec<f64> = ticks_of(&self.view.picture)
            .into_iter()
            .map(|tick| tick.time)
            .collect();
        let ink = self.view.ink(&times, highlight);
        let context = clear(canvas, self.view.size())?;
        match (&self.crowd, &self.series) {
            (_, Some(series)) if highlight.is_some() => {
                self.draw(canvas, &context, &ink, &[Part::Ground])?;
                context.set_global_alpha(FADED);
                context.draw_image_with_html_canvas_element(series, 0.0, 0.0)?;
                context.set_global_alpha(1.0);
                self.draw(canvas, &context, &ink, &[Part::Lifted])
            }
            (Some(crowd), _) => {
                put(&context, crowd)?;
                // Ink from memory replaces what was there: the grid comes after it, and goes under it.
                context.set_global_composite_operation("destination-over")?;
                self.draw(canvas, &context, &ink, &[Part::Ground])?;
                context.set_global_composite_operation("source-over")
            }
            (None, _) => self.draw(canvas, &context, &ink, &[Part::Ground, Part::Series]),
        }
    }

    /// The series on a canvas of their own.
    fn series_alone(&self) -> Result<HtmlCanvasElement, JsValue> {
        let canvas = sheet()?;
        let context = clear(&canvas, self.view.size())?;
        if let Some(crowd) = &self.crowd {
            put(&context, crowd)?;
        } else {
            let ink = self.view.ink(&[], None);
            self.draw(&canvas, &context, &ink, &[Part::Series])?;
        }
        Ok(canvas)
    }

    /// Draws parts of the chart; where only a span of the values is shown, the others lie outside of the plot.
    fn draw(
        &self,
        canvas: &HtmlCanvasElement,
        context: &CanvasRenderingContext2d,
        ink: &Ink<'_>,
        parts: &[Part],
    ) -> Result<(), JsValue> {
        let (plot, ratio) = (self.view.picture.layout.plot, self.view.ratio);
        context.save();
        context.begin_path();
        context.rect(
            (plot.left - BLEED) * ratio,
            (plot.top - BLEED) * ratio,
            (plot.width + 2.0 * BLEED) * ratio,
            (plot.height + 2.0 * BLEED) * ratio,
        );
        context.clip();
        let done = Fine::on(canvas, context).and_then(|fine| {
            draw(fine, ink, parts).map_err(|error| JsValue::from_str(&error.to_string()))
        });
        // The clip and the units go with it.
        context.restore();
        done
    }
}

/// How far ink may reach over the edge of the plot: half a line. Units: CSS pixels.
const BLEED: f64 = 2.0;

/// Reads the colours of the style sheet, as they are on `element` now.
pub(super) fn read_theme(element: &HtmlCanvasElement) -> Result<Theme, JsValue> {
    let hue_tokens: Vec<String> = (0..HUES).map(|n| format!("--series-{n}")).collect();
    let mut tokens = vec!["--chart-grid", "--chart-zero"];
    tokens.extend(hue_tokens.iter().map(String::as_str));
    let mut colors = colors_of(element, &tokens)?.into_iter();
    let mut next = || colors.next().unwrap_or_default();
    Ok(Theme {
        grid: next(),
        zero: next(),
        hues: std::array::from_fn(|_| next()),
    })
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

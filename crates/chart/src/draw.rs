//! Ink on a plotters backend.

use crate::downsample::per_column;
use crate::layout::Layout;
use crate::palette::{Color, HUES, slot_color};
use crate::plot::{Mode, Plot};
use crate::scale::Scale;
use crate::segments::Point;
use crate::stack::Layer;
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind, IntoDrawingArea};
use plotters::element::{Circle, PathElement, Polygon, Rectangle};
use plotters::style::{Color as _, RGBAColor, RGBColor, ShapeStyle};
use plotters_backend::DrawingBackend;

/// Colours of a theme.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Theme {
    /// Hairlines at the ticks.
    pub grid: Color,
    /// The line at zero.
    pub zero: Color,
    /// Series.
    pub hues: [Color; HUES],
}

/// What to draw, and how large.
#[derive(Debug, Clone, Copy)]
pub struct Ink<'a> {
    /// Series and value ticks.
    pub plot: &'a Plot,
    /// The box.
    pub layout: Layout,
    /// Where vertical hairlines go. Units: seconds since the epoch.
    pub time_ticks: &'a [f64],
    /// Colours.
    pub theme: &'a Theme,
    /// Which series are drawn; an empty slice means all. Shape: one entry per series.
    pub visible: &'a [bool],
    /// A series to lift above the others, which fade.
    pub highlight: Option<usize>,
    /// Backend units per CSS pixel.
    pub scale: f64,
    /// Backend units per pixel of the screen; hairlines are one pixel of the screen wide.
    pub device_pixel: f64,
}

/// Widths of lines and radius of lone points. Units: CSS pixels.
const LINE: f64 = 1.5;
const LIFTED: f64 = 2.5;
pub(crate) const DOT: f64 = 2.0;

/// With more points than this in all, lines are one pixel of the screen wide: canvases draw such lines ten
/// times as quickly, and between so many a finer one reads better.
pub const CROWD: usize = 30_000;

/// How much of the other series shows while one is lifted.
pub const FADED: f64 = 0.18;

/// How much of a series' colour shows.
const AREA: f64 = 0.08;
const LAYER: f64 = 0.35;
/// A cell with one observation among very many.
const FAINTEST: f64 = 0.08;

impl Ink<'_> {
    /// Whether there are so many points, all of lines, that [`crate::draw_crowd`] should draw them.
    pub fn is_crowd(&self) -> bool {
        let layers = &self.plot.layers;
        self.plot.mode == Mode::Lines && layers.len() > 1 && self.points() > CROWD
    }

    /// The visible series as they are drawn, the lifted one last.
    pub(crate) fn order(&self) -> impl Iterator<Item = usize> {
        (0..self.plot.layers.len())
            .filter(|index| Some(*index) != self.highlight)
            .chain(self.highlight)
            .filter(|index| self.visible.get(*index).copied().unwrap_or(true))
    }

    fn points(&self) -> usize {
        self.plot.layers.iter().map(|layer| layer.top.len()).sum()
    }

    fn brush(&self) -> Brush<'_> {
        Brush {
            ink: self,
            line: if self.points() > CROWD {
                self.device_pixel / self.scale
            } else {
                LINE
            },
            x: self.plot.x_scale(&self.layout),
            y: self.plot.y_scale(&self.layout),
            lone: self.plot.layers.len() == 1,
        }
    }
}

/// What of a chart is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// What is behind the series: the cells of a heatmap, and the grid.
    Ground,
    /// All visible series, the lifted one last.
    Series,
    /// The lifted series alone.
    Lifted,
}

/// Draws parts of a chart, in their order.
///
/// # Errors
/// Whatever the backend fails with.
pub fn draw<B: DrawingBackend>(
    backend: B,
    ink: &Ink<'_>,
    parts: &[Part],
) -> Result<(), DrawingAreaErrorKind<B::ErrorType>> {
    let area = backend.into_drawing_area();
    let brush = ink.brush();
    for part in parts {
        match (part, ink.highlight) {
            (Part::Ground, _) => {
                brush.cells(&area)?;
                brush.grid(&area)?;
            }
            (Part::Series, _) => brush.all(&area)?,
            (Part::Lifted, Some(lifted)) => brush.series(&area, lifted)?,
            (Part::Lifted, None) => {}
        }
    }
    area.present()
}

struct Brush<'a> {
    ink: &'a Ink<'a>,
    /// Width of a line. Units: CSS pixels.
    line: f64,
    x: Scale,
    y: Scale,
    /// Whether there is one series only.
    lone: bool,
}

type Drawn<B> = Result<(), DrawingAreaErrorKind<<B as DrawingBackend>::ErrorType>>;

impl Brush<'_> {
    fn grid<B: DrawingBackend>(&self, area: &DrawingArea<B, Shift>) -> Drawn<B> {
        let plot = self.ink.layout.plot;
        let (left, right) = (plot.left, plot.left + plot.width);
        let (top, bottom) = (plot.top, plot.top + plot.height);
        let theme = self.ink.theme;
        for time in self.ink.time_ticks {
            let x = self.hairline(self.x.to_pixel(*time));
            let path = vec![(x, self.unit(top)), (x, self.unit(bottom))];
            area.draw(&PathElement::new(path, self.hair(theme.grid)))?;
        }
        for tick in self.ink.plot.y_ticks() {
            let color = if *tick == 0.0 { theme.zero } else { theme.grid };
            let y = self.hairline(self.y.to_pixel(*tick));
            let path = vec![(self.unit(left), y), (self.unit(right), y)];
            area.draw(&PathElement::new(path, self.hair(color)))?;
        }
        Ok(())
    }

    fn cells<B: DrawingBackend>(&self, area: &DrawingArea<B, Shift>) -> Drawn<B> {
        let hue = slot_color(&self.ink.theme.hues, 1);
        let hue = RGBColor(hue.red, hue.green, hue.blue);
        let plot = self.ink.layout.plot;
        let (left, right) = (plot.left, plot.left + plot.width);
        for cell in &self.ink.plot.cells {
            let from = self.x.to_pixel(cell.start).clamp(left, right);
            let to = self.x.to_pixel(cell.end).clamp(left, right);
            let corners = [
                (self.unit(from), self.unit(self.y.to_pixel(cell.upper))),
                (self.unit(to), self.unit(self.y.to_pixel(cell.lower))),
            ];
            let style = hue.mix(FAINTEST + (1.0 - FAINTEST) * cell.part).filled();
            area.draw(&Rectangle::new(corners, style))?;
        }
        Ok(())
    }

    /// All visible series, the lifted one last.
    fn all<B: DrawingBackend>(&self, area: &DrawingArea<B, Shift>) -> Drawn<B> {
        for index in self.ink.order() {
            self.series(area, index)?;
        }
        Ok(())
    }

    fn series<B: DrawingBackend>(&self, area: &DrawingArea<B, Shift>, index: usize) -> Drawn<B> {
        let plot = self.ink.plot;
        let (Some(layer), Some(slot)) = (plot.layers.get(index), plot.slots.get(index)) else {
            return Ok(());
        };
        let color = slot_color(&self.ink.theme.hues, *slot);
        let (shown, width) = match self.ink.highlight {
            Some(lifted) if lifted == index => (1.0, LIFTED),
            Some(_) => (FADED, self.line),
            None => (1.0, self.line),
        };
        let color = RGBColor(color.red, color.green, color.blue);
        if plot.mode == Mode::Points {
            return self.dots(area, &layer.top, color.mix(shown));
        }
        for run in layer.runs.iter().cloned() {
            let Some(points) = layer.top.get(run.clone()) else {
                continue;
            };
            let edge = self.path(points);
            if let Some(floor) = self.floor(layer, run, points) {
                let part = if plot.mode == Mode::Stacked {
                    LAYER
                } else {
                    AREA
                };
                let outline = edge
                    .iter()
                    .copied()
                    .chain(floor.into_iter().rev())
                    .collect::<Vec<_>>();
                area.draw(&Polygon::new(outline, color.mix(part * shown)))?;
            }
            if let [only] = edge.as_slice() {
                self.dot(area, *only, color.mix(shown))?;
            } else {
                area.draw(&PathElement::new(
                    edge,
                    self.stroke(color.mix(shown), width),
                ))?;
            }
        }
        Ok(())
    }

    fn dots<B: DrawingBackend>(
        &self,
        area: &DrawingArea<B, Shift>,
        points: &[Point],
        color: RGBAColor,
    ) -> Drawn<B> {
        let drawable = |p: &Point| p.value.is_finite() && self.y.to_pixel(p.value).is_finite();
        let points: Vec<Point> = points.iter().copied().filter(drawable).collect();
        for place in self.path(&points) {
            self.dot(area, place, color)?;
        }
        Ok(())
    }

    fn dot<B: DrawingBackend>(
        &self,
        area: &DrawingArea<B, Shift>,
        place: (i32, i32),
        color: RGBAColor,
    ) -> Drawn<B> {
        let style = ShapeStyle {
            filled: true,
            ..self.stroke(color, 1.0)
        };
        area.draw(&Circle::new(place, self.unit(DOT), style))
    }

    /// The lower edge of the area under a run of points, if there is an area.
    fn floor(
        &self,
        layer: &Layer,
        run: std::ops::Range<usize>,
        points: &[Point],
    ) -> Option<Vec<(i32, i32)>> {
        if let Some(base) = layer.base.get(run) {
            let lower: Vec<Point> = points
                .iter()
                .zip(base)
                .map(|(p, &value)| Point {
                    time: p.time,
                    value,
                })
                .collect();
            return Some(self.path(&lower));
        }
        if !self.lone || points.len() < 2 {
            return None;
        }
        // Down to zero where zero shows, else to the nearer end of the axis.
        let (lo, hi) = self.y.domain();
        let ground = 0.0_f64.clamp(lo, hi);
        let ends = [points.first()?, points.last()?];
        Some(ends.map(|p| self.place(p.time, ground)).to_vec())
    }

    fn path(&self, points: &[Point]) -> Vec<(i32, i32)> {
        let path: Vec<(f64, f64)> = points
            .iter()
            .map(|p| (self.x.to_pixel(p.time), self.y.to_pixel(p.value)))
            .collect();
        let column = self.ink.device_pixel / self.ink.scale;
        per_column(&path, column)
            .into_iter()
            .map(|(x, y)| (self.unit(x), self.unit(y)))
            .collect()
    }

    fn place(&self, time: f64, value: f64) -> (i32, i32) {
        (
            self.unit(self.x.to_pixel(time)),
            self.unit(self.y.to_pixel(value)),
        )
    }

    /// CSS pixels to backend units.
    fn unit(&self, css: f64) -> i32 {
        whole(css * self.ink.scale)
    }

    /// CSS pixels to the middle of a pixel of the screen, so that a hairline is sharp.
    fn hairline(&self, css: f64) -> i32 {
        let pixel = self.ink.device_pixel;
        whole(((css * self.ink.scale / pixel).floor() + 0.5) * pixel)
    }

    fn hair(&self, color: Color) -> ShapeStyle {
        let width = whole(self.ink.device_pixel).max(1).unsigned_abs();
        ShapeStyle {
            color: RGBColor(color.red, color.green, color.blue).to_rgba(),
            filled: false,
            stroke_width: width,
        }
    }

    fn stroke(&self, color: RGBAColor, css: f64) -> ShapeStyle {
        ShapeStyle {
            color,
            filled: false,
            stroke_width: self.unit(css).max(1).unsigned_abs(),
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the cast saturates: far outside stays far outside"
)]
fn whole(value: f64) -> i32 {
    // Not `round`, for which WebAssembly has no instruction: this runs for every point.
    (value + 0.5).floor() as i32
}

#[cfg(test)]
mod tests;

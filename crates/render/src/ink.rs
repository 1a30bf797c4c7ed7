//! The ink of a time series panel, on whatever takes ink: a canvas, or SVG.

use crate::plot::Plot;
use crate::svg::Tones;
use chart::{CROWD, Crowd, FADED, Pen, Point};
use dashboard::{
    Color, DrawStyle, Interpolation, LineStyle, ShowPoints, SpanNulls, Theme, TimeSeriesLine,
};

/// A place. Units: CSS pixels.
type Place = (f64, f64);

/// What takes ink, as a canvas does: a path is begun, traced, and then stroked or filled.
pub trait Ink {
    /// Sets colour and width of lines. Units: CSS pixels.
    fn pen(&mut self, color: &str, width: f64);
    /// Sets the colour of areas.
    fn brush(&mut self, color: &str);
    /// Sets how opaque everything is from now on. Bounds: 0 to 1.
    fn alpha(&mut self, alpha: f64);
    /// Sets lengths of dashes and gaps; none for whole lines. Round dashes of no length are dots.
    fn dash(&mut self, lengths: &[f64], round: bool);
    /// Begins a path.
    fn begin(&mut self);
    /// Goes to a place without ink.
    fn move_to(&mut self, to: Place);
    /// Goes on to a place.
    fn line_to(&mut self, to: Place);
    /// Goes on to a place in a curve, drawn towards two others.
    fn curve_to(&mut self, first: Place, second: Place, to: Place);
    /// Goes back to where the path began.
    fn close(&mut self);
    /// Draws the path as a line.
    fn stroke(&mut self);
    /// Fills what the path is around.
    fn fill(&mut self);
    /// Fills a rectangle.
    fn rect(&mut self, left_top: Place, width: f64, height: f64);
    /// Fills a circle.
    fn dot(&mut self, center: Place, radius: f64);
    /// Lets ink be seen only inside of a rectangle until [`Self::unclip`].
    fn clip(&mut self, left_top: Place, width: f64, height: f64);
    /// Ends [`Self::clip`], and brings back how opaque things were.
    fn unclip(&mut self);
    /// Pixels of the screen for one of CSS; `None` where there are no pixels, and every line is traced.
    fn pixel_ratio(&self) -> Option<f64> {
        None
    }
    /// Lays pixels drawn in memory over what is there, and says whether it could. Units: CSS pixels.
    fn crowd(&mut self, _crowd: &Crowd, _size: (f64, f64), _ratio: f64) -> bool {
        false
    }
}

/// Colours of what is no series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shades {
    /// Lines of ticks.
    pub grid: String,
    /// The line of zero.
    pub zero: String,
    /// What names of colours mean.
    pub theme: Theme,
}

impl Shades {
    /// Those of a theme.
    pub fn of(theme: Theme) -> Self {
        let tones = Tones::of(theme);
        Self {
            grid: tones.grid.to_owned(),
            zero: tones.zero.to_owned(),
            theme,
        }
    }
}

/// Draws a panel; `lifted` is the line to raise above the others.
pub fn paint(ink: &mut impl Ink, plot: &Plot, shades: &Shades, lifted: Option<usize>) {
    grid(ink, plot, shades);
    let rect = plot.rect;
    ink.clip((rect.left, rect.top - 2.0), rect.width, rect.height + 4.0);
    thresholds(ink, plot, shades.theme);
    let ratio = ink.pixel_ratio().filter(|_| is_crowd(plot));
    if ratio.is_some_and(|ratio| ink.crowd(&crowd_of(plot, lifted, ratio), plot.size, ratio)) {
        ink.unclip();
        return;
    }
    for (index, line) in plot.series.lines.iter().enumerate() {
        let faded = lifted.is_some_and(|lifted| lifted != index);
        ink.alpha(if faded { FADED } else { 1.0 });
        draw_line(ink, plot, line);
    }
    ink.unclip();
}

/// Whether there are so many points, all of plain lines, that they are drawn in memory.
fn is_crowd(plot: &Plot) -> bool {
    let lines = &plot.series.lines;
    let is_plain = |line: &TimeSeriesLine| {
        let style = &line.style;
        matches!(style.draw, DrawStyle::Line)
            && style.line_width > 0.0
            && style.fill_opacity <= 0.0
            && style.show_points != ShowPoints::Always
            && style.dash.is_empty()
            && !style.dots
    };
    let points: usize = lines.iter().map(|line| line.times.len()).sum();
    points > CROWD && lines.iter().all(is_plain)
}

/// All lines as pixels, the lifted one above the others.
fn crowd_of(plot: &Plot, lifted: Option<usize>, ratio: f64) -> Crowd {
    let mut crowd = Crowd::new(plot.rect, ratio);
    let mut points = Vec::new();
    let others = (0..plot.series.lines.len()).filter(|index| Some(*index) != lifted);
    for index in others.chain(lifted) {
        let Some(line) = plot.series.lines.get(index) else {
            continue;
        };
        let Some(axis) = plot.axes.get(line.axis) else {
            continue;
        };
        let is_faded = lifted.is_some_and(|lifted| lifted != index);
        #[expect(clippy::cast_possible_truncation, reason = "parts of one, and a width")]
        let pen = Pen {
            color: chart::Color::new(line.color.red, line.color.green, line.color.blue),
            opacity: (line.color.alpha * if is_faded { FADED } else { 1.0 }) as f32,
            size: if lifted == Some(index) {
                (line.style.line_width * ratio) as f32
            } else {
                1.0
            },
        };
        for run in runs(line) {
            points.clear();
            points.extend(run.iter().filter_map(|index| {
                let (time, value) = (*line.times.get(*index)?, *line.values.get(*index)?);
                Some(Point { time, value })
            }));
            crowd.line(&points, (&plot.x, &axis.scale), pen);
        }
    }
    crowd
}

fn grid(ink: &mut impl Ink, plot: &Plot, shades: &Shades) {
    let rect = plot.rect;
    let hair = |pixel: f64| pixel.floor() + 0.5;
    let mut stroke = |from: Place, to: Place, color: &str| {
        ink.pen(color, 1.0);
        ink.begin();
        ink.move_to(from);
        ink.line_to(to);
        ink.stroke();
    };
    for tick in &plot.ticks {
        let x = hair(plot.x.to_pixel(tick.time * 1e3));
        stroke((x, rect.top), (x, rect.top + rect.height), &shades.grid);
    }
    for (number, axis) in plot.axes.iter().enumerate() {
        for (value, _) in &axis.ticks {
            // Of further axes only zero has a line: two grids are none.
            if number > 0 && *value != 0.0 {
                continue;
            }
            let y = hair(axis.scale.to_pixel(*value));
            let color = if *value == 0.0 {
                &shades.zero
            } else {
                &shades.grid
            };
            stroke((rect.left, y), (rect.left + rect.width, y), color);
        }
    }
}

fn thresholds(ink: &mut impl Ink, plot: &Plot, theme: Theme) {
    let rect = plot.rect;
    for (axis, placed) in plot.series.axes.iter().zip(&plot.axes) {
        let style = axis.threshold_style.as_str();
        if style == "off" {
            continue;
        }
        let bottom = rect.top + rect.height;
        let y_of = |value: f64| {
            if value.is_finite() {
                placed
                    .scale
                    .to_pixel(value)
                    .clamp(rect.top - 2.0, bottom + 2.0)
            } else {
                bottom
            }
        };
        for (index, step) in axis.thresholds.iter().enumerate() {
            let color = Color::named(&step.color, theme);
            let y = y_of(step.value);
            if style.contains("area") {
                let top = axis
                    .thresholds
                    .get(index + 1)
                    .map_or(rect.top, |next| y_of(next.value));
                ink.brush(&color.with_alpha(0.1).to_css());
                ink.rect((rect.left, top), rect.width, (y - top).max(0.0));
            }
            if step.value.is_finite() && (style.contains("line") || style.contains("dashed")) {
                let is_dashed = style.contains("dashed");
                ink.dash(if is_dashed { &[8.0, 8.0] } else { &[] }, false);
                ink.pen(&color.with_alpha(0.8).to_css(), 1.0);
                ink.begin();
                ink.move_to((rect.left, y));
                ink.line_to((rect.left + rect.width, y));
                ink.stroke();
                ink.dash(&[], false);
            }
        }
    }
}

fn draw_line(ink: &mut impl Ink, plot: &Plot, line: &TimeSeriesLine) {
    let Some(axis) = plot.axes.get(line.axis) else {
        return;
    };
    let style = &line.style;
    let (low, high) = axis.scale.domain();
    let ground = axis
        .scale
        .to_pixel(0.0_f64.clamp(low.min(high), high.max(low)));
    let below = style.fill_below_to.as_deref().and_then(|name| {
        let other = plot.series.lines.iter().find(|other| other.name == name)?;
        (other.values.len() == line.values.len()).then_some(&other.values)
    });
    let base = line.base.as_ref().or(below);
    for run in runs(line) {
        let top: Vec<Place> = run
            .iter()
            .filter_map(|index| {
                let (time, value) = (line.times.get(*index)?, line.values.get(*index)?);
                Some((plot.x.to_pixel(*time), axis.scale.to_pixel(*value)))
            })
            .collect();
        let floor: Vec<Place> = run
            .iter()
            .zip(&top)
            .map(|(index, (x, _))| {
                let value = base
                    .and_then(|base| base.get(*index))
                    .filter(|value| value.is_finite());
                (
                    *x,
                    value.map_or(ground, |value| axis.scale.to_pixel(*value)),
                )
            })
            .collect();
        match style.draw {
            DrawStyle::Bars => bars(ink, plot, line, &top, &floor),
            DrawStyle::Points => dots(ink, line, &top),
            DrawStyle::Line => {
                area(ink, line, &top, &floor);
                stroke(ink, line, &top);
                let sparse =
                    top.len() == 1 && style.show_points != ShowPoints::Never || top.len() == 1;
                if sparse || style.show_points == ShowPoints::Always {
                    dots(ink, line, &top);
                }
            }
        }
    }
}

/// Indices of points that are joined.
fn runs(line: &TimeSeriesLine) -> Vec<Vec<usize>> {
    let mut runs: Vec<Vec<usize>> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut last: Option<f64> = None;
    let mut had_gap = false;
    for (index, (time, value)) in line.times.iter().zip(&line.values).enumerate() {
        if !value.is_finite() {
            had_gap = true;
            continue;
        }
        let joins = match (had_gap, line.style.span_nulls) {
            (false, _) | (true, SpanNulls::Always) => true,
            (true, SpanNulls::Never) => false,
            (true, SpanNulls::Below(limit)) => last.is_some_and(|last| time - last <= limit),
        };
        let apart = line.style.insert_nulls;
        let far = apart
            .zip(last)
            .is_some_and(|(limit, last)| time - last > limit);
        if (!joins || far) && !open.is_empty() {
            runs.push(std::mem::take(&mut open));
        }
        open.push(index);
        last = Some(*time);
        had_gap = false;
    }
    if !open.is_empty() {
        runs.push(open);
    }
    runs
}

fn trace(ink: &mut impl Ink, style: &LineStyle, places: &[Place]) {
    let mut before: Option<Place> = None;
    for (x, y) in places.iter().copied() {
        match (before, style.interpolation) {
            (None, _) | (_, Interpolation::Linear) => ink.line_to((x, y)),
            (Some((_, old)), Interpolation::StepAfter) => {
                ink.line_to((x, old));
                ink.line_to((x, y));
            }
            (Some((left, _)), Interpolation::StepBefore) => {
                ink.line_to((left, y));
                ink.line_to((x, y));
            }
            (Some((left, old)), Interpolation::Smooth) => {
                let middle = f64::midpoint(left, x);
                ink.curve_to((middle, old), (middle, y), (x, y));
            }
        }
        before = Some((x, y));
    }
}

fn stroke(ink: &mut impl Ink, line: &TimeSeriesLine, places: &[Place]) {
    let style = &line.style;
    let Some(first) = places.first().filter(|_| style.line_width > 0.0) else {
        return;
    };
    let dash: &[f64] = if style.dots { &[0.0, 6.0] } else { &style.dash };
    ink.dash(dash, style.dots);
    ink.pen(&line.color.to_css(), style.line_width.max(0.5));
    ink.begin();
    ink.move_to(*first);
    trace(ink, style, places);
    ink.stroke();
    ink.dash(&[], false);
}

fn area(ink: &mut impl Ink, line: &TimeSeriesLine, top: &[Place], floor: &[Place]) {
    let style = &line.style;
    let (Some(first), true) = (floor.first(), style.fill_opacity > 0.0 && top.len() > 1) else {
        return;
    };
    let alpha = (style.fill_opacity / 100.0).clamp(0.0, 1.0);
    ink.brush(&line.color.with_alpha(alpha).to_css());
    ink.begin();
    ink.move_to(*first);
    trace(ink, style, top);
    let back: Vec<Place> = floor.iter().rev().copied().collect();
    if let Some(last) = back.first() {
        ink.line_to(*last);
    }
    trace(ink, style, &back);
    ink.close();
    ink.fill();
}

fn bars(ink: &mut impl Ink, plot: &Plot, line: &TimeSeriesLine, top: &[Place], floor: &[Place]) {
    let style = &line.style;
    let per_step = (plot.x.to_pixel(plot.step) - plot.x.to_pixel(0.0)).abs();
    let most = style.bar_max_width.unwrap_or(200.0);
    let width = (per_step * style.bar_width).clamp(1.0, most.max(1.0));
    let alpha = if style.fill_opacity > 0.0 {
        style.fill_opacity / 100.0
    } else {
        0.6
    };
    ink.brush(&line.color.with_alpha(alpha.clamp(0.0, 1.0)).to_css());
    let shift = match style.bar_alignment {
        -1 => -width,
        1 => 0.0,
        _ => -width / 2.0,
    };
    for ((x, y), (_, base)) in top.iter().zip(floor) {
        ink.rect((x + shift, y.min(*base)), width, (y - base).abs().max(1.0));
    }
}

fn dots(ink: &mut impl Ink, line: &TimeSeriesLine, places: &[Place]) {
    ink.brush(&line.color.to_css());
    let radius = (line.style.point_size / 2.0).clamp(1.0, 20.0);
    for (x, y) in places {
        ink.dot((*x, *y), radius);
    }
}

//! The ink of a time series panel on a canvas.

use super::plot::Plot;
use app::components::canvas::{clear, put, sheet, whole};
use chart::{CROWD, Crowd, FADED, Pen, Point};
use dashboard::{
    Color, DrawStyle, Interpolation, LineStyle, ShowPoints, SpanNulls, TimeSeriesLine,
};
use js_sys::Array;
use wasm_bindgen::JsValue;
use web_sys::CanvasRenderingContext2d;

/// A place on the canvas. Units: CSS pixels.
type Place = (f64, f64);

/// Colours of what is no series.
pub(crate) struct Shades {
    pub(crate) grid: String,
    pub(crate) zero: String,
}

/// Draws a panel; `lifted` is the line to raise above the others.
pub(crate) fn paint(
    ink: &CanvasRenderingContext2d,
    plot: &Plot,
    shades: &Shades,
    lifted: Option<usize>,
) {
    grid(ink, plot, shades);
    let rect = plot.rect;
    ink.save();
    ink.begin_path();
    ink.rect(rect.left, rect.top - 2.0, rect.width, rect.height + 4.0);
    ink.clip();
    thresholds(ink, plot);
    if is_crowd(plot) && crowd(ink, plot, lifted).is_ok() {
        ink.restore();
        return;
    }
    ink.set_line_join("round");
    for (index, line) in plot.series.lines.iter().enumerate() {
        let faded = lifted.is_some_and(|lifted| lifted != index);
        ink.set_global_alpha(if faded { FADED } else { 1.0 });
        draw_line(ink, plot, line);
    }
    ink.restore();
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

/// Draws very many points in memory, and lays them over what is there.
fn crowd(
    ink: &CanvasRenderingContext2d,
    plot: &Plot,
    lifted: Option<usize>,
) -> Result<(), JsValue> {
    let ratio = leptos::prelude::window().device_pixel_ratio();
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
    let sheet = sheet()?;
    let size = (whole(plot.size.0 * ratio), whole(plot.size.1 * ratio));
    put(&clear(&sheet, size)?, &crowd)?;
    ink.save();
    let laid = ink
        .set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
        .and_then(|()| ink.draw_image_with_html_canvas_element(&sheet, 0.0, 0.0));
    ink.restore();
    laid
}

fn grid(ink: &CanvasRenderingContext2d, plot: &Plot, shades: &Shades) {
    let rect = plot.rect;
    ink.set_line_width(1.0);
    let hair = |pixel: f64| pixel.floor() + 0.5;
    let stroke = |from: Place, to: Place, color: &str| {
        ink.set_stroke_style_str(color);
        ink.begin_path();
        ink.move_to(from.0, from.1);
        ink.line_to(to.0, to.1);
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

fn thresholds(ink: &CanvasRenderingContext2d, plot: &Plot) {
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
        let theme = dashboard::Theme::Dark;
        for (index, step) in axis.thresholds.iter().enumerate() {
            let color = Color::named(&step.color, theme);
            let y = y_of(step.value);
            if style.contains("area") {
                let top = axis
                    .thresholds
                    .get(index + 1)
                    .map_or(rect.top, |next| y_of(next.value));
                ink.set_fill_style_str(&color.with_alpha(0.1).to_css());
                ink.fill_rect(rect.left, top, rect.width, (y - top).max(0.0));
            }
            if step.value.is_finite() && (style.contains("line") || style.contains("dashed")) {
                set_dash(
                    ink,
                    if style.contains("dashed") {
                        &[8.0, 8.0]
                    } else {
                        &[]
                    },
                );
                ink.set_stroke_style_str(&color.with_alpha(0.8).to_css());
                ink.set_line_width(1.0);
                ink.begin_path();
                ink.move_to(rect.left, y);
                ink.line_to(rect.left + rect.width, y);
                ink.stroke();
                set_dash(ink, &[]);
            }
        }
    }
}

fn set_dash(ink: &CanvasRenderingContext2d, lengths: &[f64]) {
    let list: Array = lengths
        .iter()
        .map(|length| JsValue::from_f64(*length))
        .collect();
    // Lengths that are no lengths leave the line whole.
    let _ = ink.set_line_dash(&list);
}

fn draw_line(ink: &CanvasRenderingContext2d, plot: &Plot, line: &TimeSeriesLine) {
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

fn trace(ink: &CanvasRenderingContext2d, style: &LineStyle, places: &[Place]) {
    let mut before: Option<Place> = None;
    for (x, y) in places.iter().copied() {
        match (before, style.interpolation) {
            (None, _) | (_, Interpolation::Linear) => ink.line_to(x, y),
            (Some((_, old)), Interpolation::StepAfter) => {
                ink.line_to(x, old);
                ink.line_to(x, y);
            }
            (Some((left, _)), Interpolation::StepBefore) => {
                ink.line_to(left, y);
                ink.line_to(x, y);
            }
            (Some((left, old)), Interpolation::Smooth) => {
                let middle = f64::midpoint(left, x);
                ink.bezier_curve_to(middle, old, middle, y, x, y);
            }
        }
        before = Some((x, y));
    }
}

fn stroke(ink: &CanvasRenderingContext2d, line: &TimeSeriesLine, places: &[Place]) {
    let style = &line.style;
    let Some(first) = places.first().filter(|_| style.line_width > 0.0) else {
        return;
    };
    let dash: &[f64] = if style.dots { &[0.0, 6.0] } else { &style.dash };
    set_dash(ink, dash);
    ink.set_line_cap(if style.dots { "round" } else { "butt" });
    ink.set_stroke_style_str(&line.color.to_css());
    ink.set_line_width(style.line_width.max(0.5));
    ink.begin_path();
    ink.move_to(first.0, first.1);
    trace(ink, style, places);
    ink.stroke();
    set_dash(ink, &[]);
}

fn area(ink: &CanvasRenderingContext2d, line: &TimeSeriesLine, top: &[Place], floor: &[Place]) {
    let style = &line.style;
    let (Some(first), true) = (floor.first(), style.fill_opacity > 0.0 && top.len() > 1) else {
        return;
    };
    let alpha = (style.fill_opacity / 100.0).clamp(0.0, 1.0);
    ink.set_fill_style_str(&line.color.with_alpha(alpha).to_css());
    ink.begin_path();
    ink.move_to(first.0, first.1);
    trace(ink, style, top);
    let back: Vec<Place> = floor.iter().rev().copied().collect();
    if let Some(last) = back.first() {
        ink.line_to(last.0, last.1);
    }
    trace(ink, style, &back);
    ink.close_path();
    ink.fill();
}

fn bars(
    ink: &CanvasRenderingContext2d,
    plot: &Plot,
    line: &TimeSeriesLine,
    top: &[Place],
    floor: &[Place],
) {
    let style = &line.style;
    let per_step = (plot.x.to_pixel(plot.step) - plot.x.to_pixel(0.0)).abs();
    let most = style.bar_max_width.unwrap_or(200.0);
    let width = (per_step * style.bar_width).clamp(1.0, most.max(1.0));
    let alpha = if style.fill_opacity > 0.0 {
        style.fill_opacity / 100.0
    } else {
        0.6
    };
    ink.set_fill_style_str(&line.color.with_alpha(alpha.clamp(0.0, 1.0)).to_css());
    let shift = match style.bar_alignment {
        -1 => -width,
        1 => 0.0,
        _ => -width / 2.0,
    };
    for ((x, y), (_, base)) in top.iter().zip(floor) {
        ink.fill_rect(x + shift, y.min(*base), width, (y - base).abs().max(1.0));
    }
}

fn dots(ink: &CanvasRenderingContext2d, line: &TimeSeriesLine, places: &[Place]) {
    ink.set_fill_style_str(&line.color.to_css());
    let radius = (line.style.point_size / 2.0).clamp(1.0, 20.0);
    for (x, y) in places {
        ink.begin_path();
        // A radius below zero would be refused, and this one is not.
        let _ = ink.arc(*x, *y, radius, 0.0, std::f64::consts::TAU);
        ink.fill();
    }
}

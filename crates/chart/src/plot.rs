//! Series, made ready to be drawn and pointed at.

use crate::heat::{Cell, Column, cells};
use crate::layout::Layout;
use crate::scale::Scale;
use crate::segments::{Point, segments};
use crate::stack::{Layer, stack};
use crate::ticks::{linear_ticks, log_ticks};
use crate::unit::Unit;

/// How series share the plot.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mode {
    /// Each on its own, from its own values.
    #[default]
    Lines,
    /// On top of each other, from zero.
    Stacked,
    /// A dot for every sample.
    Points,
    /// Cells of native histograms.
    Heatmap,
}

/// How values become heights.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Axis {
    /// What the values measure.
    pub unit: Unit,
    /// Whether zero is shown in any case.
    pub from_zero: bool,
    /// Whether equal ratios are equal heights; values that are not above zero are not drawn then.
    pub log: bool,
}

impl From<Unit> for Axis {
    fn from(unit: Unit) -> Self {
        Self {
            unit,
            ..Self::default()
        }
    }
}

/// A series to draw.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    /// Ordering: times rise.
    pub points: &'a [Point],
    /// Colour, as [`crate::assign_slots`] gives them.
    pub slot: usize,
}

/// Series with their domain and ticks.
#[derive(Debug, Clone)]
pub struct Plot {
    pub(crate) layers: Vec<Layer>,
    pub(crate) slots: Vec<usize>,
    pub(crate) mode: Mode,
    pub(crate) step: f64,
    pub(crate) cells: Vec<Cell>,
    window: (f64, f64),
    domain: (f64, f64),
    ticks: Vec<f64>,
    axis: Axis,
}

impl Plot {
    /// Prepares lines for the time window `window` (seconds, both ends shown) with `step` seconds between points.
    pub fn prepare(
        lines: &[Line<'_>],
        window: (f64, f64),
        step: f64,
        mode: Mode,
        axis: impl Into<Axis>,
    ) -> Self {
        let axis = axis.into();
        let mut layers = match mode {
            Mode::Stacked => {
                let points: Vec<&[Point]> = lines.iter().map(|line| line.points).collect();
                stack(&points, window.0, step)
            }
            _ => lines
                .iter()
                .map(|line| Layer::alone(line.points, axis.log))
                .collect(),
        };
        for layer in &mut layers {
            layer.runs = segments(&layer.top, step);
        }
        let domain = domain(&layers, mode, axis);
        Self {
            slots: lines.iter().map(|line| line.slot).collect(),
            layers,
            ..Self::empty(window, step, mode, domain, axis)
        }
    }

    /// Prepares the histograms of `columns`: one cell for every bucket at every time.
    pub fn heatmap(
        columns: &[Column],
        window: (f64, f64),
        step: f64,
        axis: impl Into<Axis>,
    ) -> Self {
        let axis = axis.into();
        let (cells, domain) = cells(columns, step, axis.log);
        Self {
            cells,
            ..Self::empty(window, step, Mode::Heatmap, domain, axis)
        }
    }

    /// The same series with only the values of `span` shown. What is not a span leaves everything as it is.
    #[must_use]
    pub fn showing(mut self, (lo, hi): (f64, f64)) -> Self {
        let fits = lo.is_finite() && hi.is_finite() && lo < hi && (!self.axis.log || lo > 0.0);
        if fits {
            self.domain = (lo, hi);
            self.ticks = ticks(self.domain, self.axis);
        }
        self
    }

    fn empty(window: (f64, f64), step: f64, mode: Mode, domain: (f64, f64), axis: Axis) -> Self {
        Self {
            layers: Vec::new(),
            slots: Vec::new(),
            cells: Vec::new(),
            mode,
            step,
            window,
            domain,
            ticks: ticks(domain, axis),
            axis,
        }
    }

    /// Round values on the value axis. Ordering: rising.
    pub fn y_ticks(&self) -> &[f64] {
        &self.ticks
    }

    /// The label of a tick.
    pub fn y_label(&self, tick: f64) -> String {
        if self.axis.log {
            return self.axis.unit.format(tick);
        }
        let step = match self.ticks.as_slice() {
            [a, b, ..] => b - a,
            _ => self.domain.1 - self.domain.0,
        };
        self.axis.unit.format_tick(tick, step)
    }

    /// Characters in the longest value label.
    pub fn y_label_chars(&self) -> usize {
        self.ticks
            .iter()
            .map(|t| self.y_label(*t).chars().count())
            .max()
            .unwrap_or(1)
    }

    /// Time to pixels of the box.
    pub fn x_scale(&self, layout: &Layout) -> Scale {
        let plot = layout.plot;
        Scale::new(self.window, (plot.left, plot.left + plot.width))
    }

    /// Value to pixels of the box; greater values are higher up.
    pub fn y_scale(&self, layout: &Layout) -> Scale {
        let plot = layout.plot;
        let range = (plot.top + plot.height, plot.top);
        if self.axis.log {
            Scale::logarithmic(self.domain, range)
        } else {
            Scale::new(self.domain, range)
        }
    }

    /// The cell of a heatmap at a time and a value.
    pub fn cell_at(&self, time: f64, value: f64) -> Option<&Cell> {
        self.cells.iter().find(|cell| cell.holds(time, value))
    }

    /// Where the upper edge of series `series` is at its point `index`: its value, or what it is stacked to.
    pub fn drawn_point(&self, series: usize, time: f64) -> Option<Point> {
        let line = &self.layers.get(series)?.top;
        line.get(crate::segments::nearest(line, time, self.step * 0.75)?)
            .copied()
    }
}

fn ticks((lo, hi): (f64, f64), axis: Axis) -> Vec<f64> {
    if axis.log {
        log_ticks(lo, hi)
    } else {
        linear_ticks(lo, hi, axis.unit)
    }
}

/// The values to show: those of the data with 5 % head room, zero included when stacked or asked for.
fn domain(layers: &[Layer], mode: Mode, axis: Axis) -> (f64, f64) {
    let mut lo = f64::INFINITY;
    let mut hi = f64::NEG_INFINITY;
    let finite = layers
        .iter()
        .flat_map(|l| l.top.iter())
        .map(|p| p.value)
        .filter(|v| v.is_finite() && (!axis.log || *v > 0.0));
    for value in finite {
        lo = lo.min(value);
        hi = hi.max(value);
    }
    if axis.log {
        return log_domain(lo, hi);
    }
    if lo > hi {
        return (0.0, 1.0);
    }
    if mode == Mode::Stacked || axis.from_zero {
        (lo, hi) = (lo.min(0.0), hi.max(0.0));
    }
    // One value alone: show zero with it, so that its height means something.
    if lo == hi {
        return match lo {
            0.0 => (-0.05, 1.0),
            v if v > 0.0 => (0.0, v * 1.25),
            v => (v * 1.25, 0.0),
        };
    }
    let room = (hi - lo) * 0.05;
    // Data that never goes below zero needs no axis below zero.
    let floor = if lo >= 0.0 {
        (lo - room).max(0.0)
    } else {
        lo - room
    };
    let roof = if hi <= 0.0 {
        (hi + room).min(0.0)
    } else {
        hi + room
    };
    // A whisper of room under a line at zero, so that it is not cut in half.
    let floor = if floor == 0.0 && lo == 0.0 && mode != Mode::Stacked {
        -room * 0.3
    } else {
        floor
    };
    (floor, roof)
}

/// The values to show on a logarithmic axis: a little more than those of the data.
pub(crate) fn log_domain(lo: f64, hi: f64) -> (f64, f64) {
    if lo > hi {
        return (0.1, 10.0);
    }
    if lo == hi {
        return (lo / 10.0, hi * 10.0);
    }
    let room = (hi / lo).powf(0.05);
    (lo / room, hi * room)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prepare(series: &[&[f64]], mode: Mode) -> Plot {
        let points: Vec<Vec<Point>> = series
            .iter()
            .map(|s| {
                s.iter()
                    .enumerate()
                    .map(|(i, &value)| Point {
                        time: i as f64,
                        value,
                    })
                    .collect()
            })
            .collect();
        let lines: Vec<Line<'_>> = points.iter().map(|p| Line { points: p, slot: 0 }).collect();
        Plot::prepare(&lines, (0.0, 10.0), 1.0, mode, Unit::Number)
    }

    #[test]
    fn lines_use_the_values_span_with_head_room() {
        let plot = prepare(&[&[100.0, 200.0]], Mode::Lines);
        assert_eq!(plot.domain, (95.0, 205.0));
    }

    #[test]
    fn stacks_begin_at_zero_and_reach_the_sum() {
        let plot = prepare(&[&[10.0, 20.0], &[10.0, 20.0]], Mode::Stacked);
        assert_eq!(plot.domain, (0.0, 42.0));
        assert_eq!(plot.drawn_point(1, 1.2).map(|p| p.value), Some(40.0));
    }

    #[test]
    fn only_a_span_of_the_values_may_be_shown() {
        let plot = prepare(&[&[10.0, 20.0]], Mode::Lines);
        let narrow = plot.clone().showing((12.0, 14.0));
        assert_eq!(narrow.domain, (12.0, 14.0));
        assert!(narrow.y_ticks().iter().all(|t| (12.0..=14.0).contains(t)));
        assert_eq!(plot.clone().showing((14.0, 14.0)).domain, plot.domain);
        assert_eq!(plot.clone().showing((f64::NAN, 1.0)).domain, plot.domain);
    }

    #[test]
    fn a_constant_is_shown_above_zero() {
        assert_eq!(prepare(&[&[4.0, 4.0]], Mode::Lines).domain, (0.0, 5.0));
    }

    #[test]
    fn nothing_at_all_still_has_an_axis() {
        let plot = prepare(&[], Mode::Lines);
        assert!(plot.y_ticks().len() >= 2);
        assert_eq!(prepare(&[&[f64::NAN]], Mode::Lines).domain, (0.0, 1.0));
    }

    #[test]
    fn axis_never_dips_below_zero_for_data_that_does_not() {
        assert_eq!(prepare(&[&[1.0, 100.0]], Mode::Lines).domain.0, 0.0);
    }
}

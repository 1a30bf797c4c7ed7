//! Where lines, axes and labels of a time series panel go.

use chart::{Rect, Scale, TimeTick, Unit, linear_ticks, log_ticks, time_ticks};
use dashboard::{Axis, AxisSide, DisplayContext, ScaleKind, TimeSeries, Zone};

/// Room for a character of a label. Units: CSS pixels.
const CHAR: f64 = 6.6;
/// Room for a label of time. Units: CSS pixels.
const TIME_LABEL: f64 = 72.0;
/// Room below the plot: one line of times, and of dates. Units: CSS pixels.
const BELOW: f64 = 32.0;
/// Room above the plot: half a line. Units: CSS pixels.
const ABOVE: f64 = 8.0;

/// An axis on the page.
#[derive(Debug, Clone)]
pub struct PlacedAxis {
    /// Values to pixels from the top.
    pub scale: Scale,
    /// Values and their labels.
    pub ticks: Vec<(f64, String)>,
    /// Its name; empty for none.
    pub label: String,
    /// Where it stands.
    pub side: AxisSide,
    /// Where its labels begin. Units: CSS pixels.
    pub left: f64,
    /// Room that its labels have. Units: CSS pixels.
    pub width: f64,
    /// Colour of its labels, where the panel says one.
    pub color: Option<String>,
}

/// A panel's plot.
#[derive(Debug, Clone)]
pub struct Plot {
    /// What is drawn.
    pub series: TimeSeries,
    /// Its axes, in the order of those of `series`.
    pub axes: Vec<PlacedAxis>,
    /// Where lines are. Units: CSS pixels.
    pub rect: Rect,
    /// Units: milliseconds since the epoch to CSS pixels.
    pub x: Scale,
    /// Width and height of all. Units: CSS pixels.
    pub size: (f64, f64),
    /// Labels of times.
    pub ticks: Vec<TimeTick>,
    /// Distance of points. Units: milliseconds.
    pub step: f64,
}

impl Plot {
    /// Lays out a panel of `size` CSS pixels for a window in milliseconds.
    pub fn new(
        series: TimeSeries,
        window: (i64, i64),
        step: f64,
        size: (f64, f64),
        context: &DisplayContext<'_>,
    ) -> Self {
        let (width, height) = size;
        let ticks: Vec<Vec<(f64, String)>> = series
            .axes
            .iter()
            .map(|axis| axis_ticks(axis, context))
            .collect();
        let room = |axis: &Axis, ticks: &[(f64, String)]| {
            if axis.side == AxisSide::Hidden {
                return 0.0;
            }
            let chars = ticks.iter().map(|(_, label)| label.chars().count()).max();
            let title = if axis.label.is_empty() { 0.0 } else { 16.0 };
            (chars.unwrap_or(1) as f64 * CHAR + 12.0 + title).min(width * 0.3)
        };
        let rooms: Vec<f64> = series
            .axes
            .iter()
            .zip(&ticks)
            .map(|(axis, ticks)| room(axis, ticks))
            .collect();
        let sum = |side: AxisSide| -> f64 {
            let pairs = series.axes.iter().zip(&rooms);
            pairs
                .filter(|(axis, _)| axis.side == side)
                .map(|(_, room)| *room)
                .sum()
        };
        let (left, right) = (
            sum(AxisSide::Left).max(20.0),
            sum(AxisSide::Right).max(16.0),
        );
        let rect = Rect {
            left,
            top: ABOVE,
            width: (width - left - right).max(1.0),
            height: (height - ABOVE - BELOW).max(1.0),
        };
        let (mut next_left, mut next_right) = (0.0, rect.left + rect.width);
        let axes = series
            .axes
            .iter()
            .zip(ticks)
            .zip(rooms)
            .map(|((axis, ticks), room)| {
                let at = if axis.side == AxisSide::Right {
                    &mut next_right
                } else {
                    &mut next_left
                };
                let place = *at;
                *at += room;
                PlacedAxis {
                    scale: scale_of(axis, rect),
                    ticks,
                    label: axis.label.clone(),
                    side: axis.side,
                    left: place,
                    width: room,
                    color: axis.color.map(dashboard::Color::to_css),
                }
            })
            .collect();
        let (from, to) = (window.0 as f64, window.1 as f64);
        Self {
            series,
            axes,
            rect,
            x: Scale::new(
                (from, to.max(from + 1.0)),
                (rect.left, rect.left + rect.width),
            ),
            size,
            ticks: zone_ticks(window, rect.width, context.dates.zone),
            step,
        }
    }

    /// The time at a pixel. Units: milliseconds since the epoch.
    pub fn time_at(&self, left: f64) -> f64 {
        self.x
            .to_value(left.clamp(self.rect.left, self.rect.left + self.rect.width))
    }
}

/// Ticks of time that there is room for, at round times of the reader's clocks.
pub fn zone_ticks(window: (i64, i64), width: f64, clocks: &dyn Zone) -> Vec<TimeTick> {
    #[expect(clippy::cast_possible_truncation, reason = "clamped to a few")]
    let most = (width / TIME_LABEL).floor().clamp(1.0, 14.0) as usize;
    let (start, end) = (window.0 as f64 / 1e3, window.1 as f64 / 1e3);
    let ahead = clocks.offset_at(window.1) as f64 / 1e3;
    let mut ticks = time_ticks(start + ahead, end + ahead, most);
    for tick in &mut ticks {
        tick.time -= ahead;
    }
    ticks
}

fn scale_of(axis: &Axis, rect: Rect) -> Scale {
    let (low, high) = axis.limits();
    let range = (rect.top + rect.height, rect.top);
    match axis.scale {
        ScaleKind::Log(_) if high > 0.0 => {
            let low = if low > 0.0 { low } else { high / 1e6 };
            Scale::logarithmic((low, high), range)
        }
        _ => Scale::new((low, high), range),
    }
}

fn axis_ticks(axis: &Axis, context: &DisplayContext<'_>) -> Vec<(f64, String)> {
    let (low, high) = axis.limits();
    let format = axis.unit_format();
    let unit = if format.is_binary() {
        Unit::Bytes
    } else if axis.unit == "s" {
        Unit::Seconds
    } else {
        Unit::Number
    };
    let values = match axis.scale {
        ScaleKind::Log(_) if high > 0.0 => {
            log_ticks(if low > 0.0 { low } else { high / 1e6 }, high)
        }
        _ => linear_ticks(low, high, unit),
    };
    // A tick at zero may come out as a hair beside it.
    let hair = (high - low).abs() * 1e-9;
    let said: Vec<f64> = values
        .iter()
        .map(|value| if value.abs() < hair { 0.0 } else { *value })
        .collect();
    let texts = format.format_ticks(&said, axis.decimals, &context.dates);
    values.into_iter().zip(texts).collect()
}

//! Lines, bars and points over time, with their axes.

use super::legend::{LegendOptions, LegendRow, TooltipOptions, legend_rows};
use super::line_style::{AxisPlacement, LineStyle, ScaleKind, StackMode};
use super::stack::stack;
use crate::color::Color;
use crate::field::Threshold;
use crate::frame::{Column, DisplayContext, Field, Frame, NULL, is_null};
use crate::units::UnitFormat;
use serde_json::Value;

/// Which side an axis is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AxisSide {
    /// Left.
    Left,
    /// Right.
    Right,
    /// Nowhere; its series have a scale all the same.
    Hidden,
}

/// A scale of values.
#[derive(Debug, Clone)]
pub struct Axis {
    /// Which side it is on.
    pub side: AxisSide,
    /// Id of the unit.
    pub unit: String,
    /// Decimals of its numbers.
    pub decimals: Option<u8>,
    /// What stands beside it.
    pub label: String,
    /// How values are spread.
    pub scale: ScaleKind,
    /// Where it begins, whatever the values are.
    pub min: Option<f64>,
    /// Where it ends, whatever the values are.
    pub max: Option<f64>,
    /// The least that it shows from its values and soft ends; `None` without values.
    pub extent: Option<(f64, f64)>,
    /// Whether zero is in the middle.
    pub centered_zero: bool,
    /// Whether something stands on something, so that zero is an end.
    pub stacked: bool,
    /// Colour, if it has that of its series.
    pub color: Option<Color>,
    /// Borders to draw: where, in which colour, and how.
    pub thresholds: Vec<Threshold>,
    /// `off`, `line`, `dashed`, `area`, `line+area`, `dashed+area`.
    pub threshold_style: String,
}

/// A series as it is drawn.
#[derive(Debug, Clone)]
pub struct TimeSeriesLine {
    /// Name.
    pub name: String,
    /// Its number among the fields of [`TimeSeries::fields`].
    pub field: usize,
    /// Colour.
    pub color: Color,
    /// How it looks.
    pub style: LineStyle,
    /// Its number among the axes.
    pub axis: usize,
    /// Units: milliseconds since the epoch.
    pub times: Vec<f64>,
    /// Where it is drawn: turned round and stacked already; [`NULL`] is a gap.
    pub values: Vec<f64>,
    /// Where its area begins, if it stands on others.
    pub base: Option<Vec<f64>>,
}

/// What a time series panel draws.
#[derive(Debug, Clone)]
pub struct TimeSeries {
    /// The lines, first to last.
    pub lines: Vec<TimeSeriesLine>,
    /// The scales.
    pub axes: Vec<Axis>,
    /// The fields of the lines, with their own values, for legends and pointers.
    pub fields: Vec<Field>,
    /// How the legend is shown.
    pub legend: LegendOptions,
    /// What is said under the pointer.
    pub tooltip: TooltipOptions,
}

impl TimeSeries {
    /// Computes what is drawn.
    pub fn new(frames: &[Frame], options: &Value, context: &DisplayContext<'_>) -> Self {
        let mut panel = Self {
            lines: Vec::new(),
            axes: Vec::new(),
            fields: Vec::new(),
            legend: LegendOptions::read(options),
            tooltip: TooltipOptions::read(options),
        };
        let mut keys = Vec::new();
        for frame in frames {
            let Some(Column::Time(times)) = frame.time_field().map(|field| &field.column) else {
                continue;
            };
            for field in &frame.fields {
                let Column::Number(values) = &field.column else {
                    continue;
                };
                if field.options.hidden_from("viz") {
                    continue;
                }
                panel.add(field, times, values, context, &mut keys);
            }
        }
        stack(&mut panel.lines);
        panel.measure();
        panel
    }

    fn add(
        &mut self,
        field: &Field,
        times: &[f64],
        values: &[f64],
        context: &DisplayContext<'_>,
        keys: &mut Vec<AxisKey>,
    ) {
        let style = LineStyle::read(&field.options.custom);
        let color = field.color(context);
        let mut values = values.to_vec();
        if style.negative {
            for value in values.iter_mut().filter(|value| !is_null(**value)) {
                *value = -*value;
            }
        }
        if style.constant {
            let first = values
                .iter()
                .copied()
                .find(|value| !is_null(*value))
                .unwrap_or(NULL);
            values.fill(first);
        }
        let key = AxisKey::of(field, &style);
        let axis = keys
            .iter()
            .position(|known| *known == key)
            .unwrap_or_else(|| {
                self.axes.push(self.new_axis(field, &style, color));
                keys.push(key);
                keys.len() - 1
            });
        if let Some(axis) = self.axes.get_mut(axis) {
            axis.stacked |= style.stack != StackMode::None;
            if style.thresholds != "off" && axis.thresholds.is_empty() {
                let (low, high) = field.range.unwrap_or((0.0, 100.0));
                axis.thresholds = field
                    .options
                    .thresholds
                    .clone()
                    .unwrap_or_default()
                    .on_scale(low, high);
                axis.threshold_style.clone_from(&style.thresholds);
            }
            if axis.label.is_empty() {
                axis.label.clone_from(&style.axis_label);
            }
        }
        self.lines.push(TimeSeriesLine {
            name: field.label().to_owned(),
            field: self.fields.len(),
            color,
            style,
            axis,
            times: times.to_vec(),
            values,
            base: None,
        });
        self.fields.push(field.clone());
    }

    fn new_axis(&self, field: &Field, style: &LineStyle, color: Color) -> Axis {
        let side = match style.axis {
            AxisPlacement::Right => AxisSide::Right,
            AxisPlacement::Hidden => AxisSide::Hidden,
            AxisPlacement::Auto if self.axes.iter().any(|axis| axis.side == AxisSide::Left) => {
                AxisSide::Right
            }
            AxisPlacement::Left | AxisPlacement::Auto => AxisSide::Left,
        };
        let percent = style.stack == StackMode::Percent;
        Axis {
            side,
            unit: if percent {
                "percent".into()
            } else {
                field.options.unit.clone().unwrap_or_default()
            },
            decimals: field.options.decimals,
            label: style.axis_label.clone(),
            scale: style.scale,
            min: field.options.min,
            max: field.options.max.or(percent.then_some(100.0)),
            extent: match (style.soft_min, style.soft_max) {
                (None, None) => None,
                (low, high) => {
                    let one = low.or(high).unwrap_or(0.0);
                    Some((low.unwrap_or(one), high.unwrap_or(one)))
                }
            },
            centered_zero: style.centered_zero,
            stacked: false,
            color: style.axis_in_color.then_some(color),
            thresholds: Vec::new(),
            threshold_style: "off".into(),
        }
    }

    /// Stretches the axes to what stands on them.
    fn measure(&mut self) {
        for line in &self.lines {
            let Some(axis) = self.axes.get_mut(line.axis) else {
                continue;
            };
            let all = line.values.iter().chain(line.base.iter().flatten());
            for value in all.filter(|value| value.is_finite()) {
                let (low, high) = axis.extent.unwrap_or((*value, *value));
                axis.extent = Some((low.min(*value), high.max(*value)));
            }
        }
        for axis in &mut self.axes {
            if axis.centered_zero
                && let Some((low, high)) = axis.extent
            {
                let reach = low.abs().max(high.abs());
                axis.extent = Some((-reach, reach));
            }
        }
    }

    /// The rows of the legend.
    pub fn legend_rows(&self, context: &DisplayContext<'_>) -> Vec<LegendRow> {
        let fields: Vec<&Field> = self.fields.iter().collect();
        legend_rows(&fields, &self.legend, context)
    }
}

impl Axis {
    /// Where the axis begins and ends: its hard ends, else its values, with a twentieth of room and zero where
    /// something stands on it.
    pub fn limits(&self) -> (f64, f64) {
        let (mut low, mut high) = self.extent.unwrap_or((0.0, 1.0));
        if self.stacked {
            low = low.min(0.0);
            high = high.max(0.0);
        }
        let room = if high > low {
            (high - low) * 0.05
        } else {
            low.abs().max(1.0) * 0.5
        };
        let padded_low = if low == 0.0 || low > 0.0 && low < room {
            0.0
        } else {
            low - room
        };
        let padded_high = if high == 0.0 { 0.0 } else { high + room };
        let log = !matches!(self.scale, ScaleKind::Linear);
        let low = self.min.unwrap_or(if log { low } else { padded_low });
        let high = self.max.unwrap_or(if log { high } else { padded_high });
        if high > low {
            (low, high)
        } else {
            (low, low + 1.0)
        }
    }

    /// What writes its numbers.
    pub fn unit_format(&self) -> UnitFormat {
        UnitFormat::new(&self.unit)
    }
}

/// Series with the same key share an axis.
#[derive(Debug, PartialEq)]
struct AxisKey {
    unit: Option<String>,
    placement: AxisPlacement,
    scale: ScaleKind,
    ends: [Option<f64>; 4],
    percent: bool,
}

impl AxisKey {
    fn of(field: &Field, style: &LineStyle) -> Self {
        Self {
            unit: field.options.unit.clone(),
            placement: style.axis,
            scale: style.scale,
            ends: [
                field.options.min,
                field.options.max,
                style.soft_min,
                style.soft_max,
            ],
            percent: style.stack == StackMode::Percent,
        }
    }
}

//! Bars in groups, one group for each name or time.

use super::legend::{LegendOptions, TooltipOptions};
use super::line_style::{LineStyle, StackMode};
use super::shared::{Orientation, ShowValue};
use crate::color::Color;
use crate::frame::{Column, DisplayContext, Field, Frame, Shown};
use crate::json::Reading;
use serde_json::Value;

/// The options of the panel.
#[derive(Debug, Clone)]
pub struct BarChartOptions {
    /// Name of the field of groups.
    pub x_field: Option<String>,
    /// In which direction bars grow.
    pub orientation: Orientation,
    /// Turn of the names of groups. Units: degrees.
    pub x_rotation: f64,
    /// Longest name of a group. Units: characters.
    pub x_max_length: Option<usize>,
    /// Whether bars stand on each other.
    pub stacking: StackMode,
    /// Whether values are written.
    pub show_value: ShowValue,
    /// Part of its room that a bar takes. Bounds: 0 to 1.
    pub bar_width: f64,
    /// Part of its room that a group takes. Bounds: 0 to 1.
    pub group_width: f64,
    /// Bounds: 0 to 0.5.
    pub bar_radius: f64,
    /// Field whose colours the bars have.
    pub color_by: Option<String>,
    /// How the legend is shown.
    pub legend: LegendOptions,
    /// What is said under the pointer.
    pub tooltip: TooltipOptions,
}

impl BarChartOptions {
    /// Reads the options.
    pub fn read(options: &Value) -> Self {
        let number = |key: &str, default: f64| options.number(key).unwrap_or(default);
        Self {
            x_field: options.text("xField").filter(|name| !name.is_empty()),
            orientation: Orientation::read(options),
            x_rotation: number("xTickLabelRotation", 0.0).clamp(-90.0, 90.0),
            x_max_length: options
                .number("xTickLabelMaxLength")
                .filter(|length| *length > 0.0)
                .map(crate::number::to_usize),
            stacking: match options.str("stacking") {
                Some("normal") => StackMode::Normal,
                Some("percent") => StackMode::Percent,
                _ => StackMode::None,
            },
            show_value: ShowValue::read(options),
            bar_width: number("barWidth", 0.97).clamp(0.0, 1.0),
            group_width: number("groupWidth", 0.7).clamp(0.0, 1.0),
            bar_radius: number("barRadius", 0.0).clamp(0.0, 0.5),
            color_by: options.text("colorByField").filter(|name| !name.is_empty()),
            legend: LegendOptions::read(options),
            tooltip: TooltipOptions::read(options),
        }
    }
}

/// A group of bars.
#[derive(Debug, Clone, PartialEq)]
pub struct XCategory {
    /// Its name, shortened.
    pub label: String,
    /// Its name.
    pub full: String,
}

/// A bar of each group.
#[derive(Debug, Clone)]
pub struct BarSeries {
    /// Name.
    pub name: String,
    /// Colour of the series.
    pub color: Color,
    /// How bars look.
    pub style: LineStyle,
    /// Values as text. Shape: one for each group.
    pub shown: Vec<Shown>,
    /// Colours of the bars. Shape: one for each group.
    pub colors: Vec<Color>,
    /// Where bars begin and end, stacked already; `None` where there is no bar. Shape: one for each group.
    pub bars: Vec<Option<(f64, f64)>>,
    /// The field, for legends and links.
    pub field: Field,
}

/// What the panel draws.
#[derive(Debug, Clone)]
pub struct BarChart {
    /// Its options.
    pub options: BarChartOptions,
    /// The groups.
    pub categories: Vec<XCategory>,
    /// The bars of groups.
    pub series: Vec<BarSeries>,
}

impl BarChart {
    /// Computes what is drawn from the first frame; several series become one frame by their times.
    pub fn new(frames: &[Frame], options: &Value, context: &DisplayContext<'_>) -> Self {
        let options = BarChartOptions::read(options);
        let joined = crate::transform::align(frames);
        let Some(frame) = joined.first() else {
            return Self {
                options,
                categories: Vec::new(),
                series: Vec::new(),
            };
        };
        let x = x_field(frame, options.x_field.as_deref());
        let rows = frame.rows();
        let categories = (0..rows)
            .map(|row| category(x, row, &options, context))
            .collect();
        let fields: Vec<&Field> = frame
            .fields
            .iter()
            .filter(|field| {
                field.column.is_number()
                    && !field.options.hidden_from("viz")
                    && !x.is_some_and(|x| std::ptr::eq(x, *field))
            })
            .collect();
        let by = options
            .color_by
            .as_deref()
            .and_then(|name| frame.fields.iter().find(|field| field.label() == name));
        let mut stacks = Stacks::new(&fields, rows, options.stacking);
        let series = fields
            .iter()
            .map(|field| {
                let display = field.display(context);
                let shown: Vec<Shown> = (0..rows)
                    .map(|row| display.show(&field.column.cell(row)))
                    .collect();
                let colors = (0..rows)
                    .map(|row| match by {
                        Some(by) => by.display(context).show(&by.column.cell(row)).color,
                        None => shown.get(row).map_or(Color::FALLBACK, |shown| shown.color),
                    })
                    .collect();
                BarSeries {
                    name: field.label().to_owned(),
                    color: field.color(context),
                    style: LineStyle::read(&field.options.custom),
                    shown,
                    colors,
                    bars: (0..rows)
                        .map(|row| stacks.bar(row, field.column.number(row)))
                        .collect(),
                    field: (*field).clone(),
                }
            })
            .collect();
        Self {
            options,
            categories,
            series,
        }
    }
}

fn x_field<'a>(frame: &'a Frame, name: Option<&str>) -> Option<&'a Field> {
    let named = name.and_then(|name| {
        frame
            .fields
            .iter()
            .find(|field| field.label() == name || field.name == name)
    });
    named
        .or_else(|| {
            frame
                .fields
                .iter()
                .find(|field| matches!(field.column, Column::Text(_)))
        })
        .or_else(|| frame.time_field())
}

fn category(
    x: Option<&Field>,
    row: usize,
    options: &BarChartOptions,
    context: &DisplayContext<'_>,
) -> XCategory {
    let full = match x {
        Some(x) => x
            .display(context)
            .show(&x.column.cell(row))
            .text
            .to_string(),
        None => (row + 1).to_string(),
    };
    let label = match options.x_max_length {
        Some(length) if full.chars().count() > length => {
            full.chars().take(length).chain(['…']).collect()
        }
        _ => full.clone(),
    };
    XCategory { label, full }
}

/// How high the bars of each group are so far.
struct Stacks {
    mode: StackMode,
    above: Vec<f64>,
    below: Vec<f64>,
    totals: Vec<f64>,
}

impl Stacks {
    fn new(fields: &[&Field], rows: usize, mode: StackMode) -> Self {
        let totals = (0..rows).map(|row| {
            fields
                .iter()
                .filter_map(|field| field.column.number(row))
                .filter(|value| value.is_finite())
                .map(f64::abs)
                .sum()
        });
        Self {
            mode,
            above: vec![0.0; rows],
            below: vec![0.0; rows],
            totals: totals.collect(),
        }
    }

    fn bar(&mut self, row: usize, value: Option<f64>) -> Option<(f64, f64)> {
        let value = value.filter(|value| value.is_finite())?;
        let value = match self.mode {
            StackMode::None => return Some((0.0, value)),
            StackMode::Normal => value,
            StackMode::Percent => {
                let total = self.totals.get(row).copied().filter(|total| *total > 0.0)?;
                value / total * 100.0
            }
        };
        let side = if value < 0.0 {
            &mut self.below
        } else {
            &mut self.above
        };
        let height = side.get_mut(row)?;
        let from = *height;
        *height += value;
        Some((from, *height))
    }
}

//! Slices of a circle.

use super::legend::{LegendOptions, TooltipOptions};
use super::shared::ReduceOptions;
use super::single::{SingleValue, single_values};
use crate::color::{Color, palette_color};
use crate::field::ColorMode;
use crate::frame::{DisplayContext, Frame};
use crate::json::Reading;
use serde_json::Value;

/// The options of the panel.
#[derive(Debug, Clone)]
pub struct PieOptions {
    /// Which values.
    pub reduce: ReduceOptions,
    /// Whether the middle is left open.
    pub donut: bool,
    /// What is written on slices: `name`, `value`, `percent`.
    pub labels: Vec<String>,
    /// How the legend is shown.
    pub legend: LegendOptions,
    /// What is said under the pointer.
    pub tooltip: TooltipOptions,
    /// Greatest first, least first, or as they come.
    pub sort_descending: Option<bool>,
}

impl PieOptions {
    /// Reads the options.
    pub fn read(options: &Value) -> Self {
        Self {
            reduce: ReduceOptions::read(options),
            donut: options.str("pieType") == Some("donut"),
            labels: options.texts("displayLabels"),
            legend: LegendOptions::read(options),
            tooltip: TooltipOptions::read(options),
            sort_descending: match options.str("sort") {
                Some("asc") => Some(false),
                Some("none") => None,
                _ => Some(true),
            },
        }
    }
}

/// A slice.
#[derive(Debug, Clone)]
pub struct PieSlice {
    /// The value.
    pub value: SingleValue,
    /// Its colour.
    pub color: Color,
    /// Part of the whole. Bounds: 0 to 1.
    pub part: f64,
    /// Where it begins, as part of the circle from the top clockwise. Bounds: 0 to 1.
    pub start: f64,
    /// Part of the whole as text.
    pub percent: String,
}

/// What the panel draws.
#[derive(Debug, Clone)]
pub struct Pie {
    /// Its options.
    pub options: PieOptions,
    /// The slices, from the top clockwise.
    pub slices: Vec<PieSlice>,
}

impl Pie {
    /// Computes what is drawn; what is not above zero has no slice.
    pub fn new(frames: &[Frame], options: &Value, context: &DisplayContext<'_>) -> Self {
        let options = PieOptions::read(options);
        let mut values: Vec<(SingleValue, f64, Color)> =
            single_values(frames, &options.reduce, context)
                .into_iter()
                .enumerate()
                .filter_map(|(index, value)| {
                    let number = value
                        .shown
                        .number
                        .filter(|number| *number > 0.0 && number.is_finite())?;
                    let mode = value.field.options.color.clone().unwrap_or_default().mode;
                    // Rows of one field would all have that field's colour.
                    let color = if value.row.is_some() && mode == ColorMode::PaletteClassic {
                        palette_color(index, context.theme)
                    } else {
                        value.shown.color
                    };
                    Some((value, number, color))
                })
                .collect();
        if let Some(descending) = options.sort_descending {
            values.sort_by(|a, b| {
                let order = a.1.total_cmp(&b.1);
                if descending { order.reverse() } else { order }
            });
        }
        let total: f64 = values.iter().map(|(_, number, _)| number).sum();
        let mut start = 0.0;
        let slices = values
            .into_iter()
            .map(|(value, number, color)| {
                let part = number / total;
                let slice = PieSlice {
                    value,
                    color,
                    part,
                    start,
                    percent: crate::units::format_value("percentunit", part, Some(0)),
                };
                start += part;
                slice
            })
            .collect();
        Self { options, slices }
    }
}

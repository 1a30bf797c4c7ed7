//! Bars with a value each.

use super::gauge::{GaugeSegment, part, segments};
use super::legend::LegendOptions;
use super::shared::{Orientation, ReduceOptions};
use super::single::{SingleValue, single_values};
use crate::frame::{DisplayContext, Frame};
use crate::json::Reading;
use serde_json::Value;

/// The options of the panel.
#[derive(Debug, Clone)]
pub struct BarGaugeOptions {
    /// Which values.
    pub reduce: ReduceOptions,
    /// `basic`, `gradient` or `lcd`.
    pub display: String,
    /// `color`, `text` or `hidden`.
    pub value_mode: String,
    /// `auto`, `top`, `left` or `hidden`.
    pub name_placement: String,
    /// Whether the rest of the scale is seen.
    pub show_unfilled: bool,
    /// In which direction bars grow.
    pub orientation: Orientation,
    /// How the legend is shown.
    pub legend: LegendOptions,
    /// Whether the sizes below are meant.
    pub manual_size: bool,
    /// Least width of a bar. Units: pixels.
    pub min_width: f64,
    /// Least height of a bar. Units: pixels.
    pub min_height: f64,
    /// Most height of a bar. Units: pixels.
    pub max_height: f64,
}

impl BarGaugeOptions {
    /// Reads the options.
    pub fn read(options: &Value) -> Self {
        let text = |key: &str, default: &str| options.str(key).unwrap_or(default).to_owned();
        let mut legend = LegendOptions::read(options);
        legend.show &= options.field("legend").is_some();
        Self {
            reduce: ReduceOptions::read(options),
            display: text("displayMode", "gradient"),
            value_mode: text("valueMode", "color"),
            name_placement: text("namePlacement", "auto"),
            show_unfilled: options.flag("showUnfilled").unwrap_or(true),
            orientation: Orientation::read(options),
            legend,
            manual_size: options.str("sizing") == Some("manual"),
            min_width: options.number("minVizWidth").unwrap_or(8.0),
            min_height: options.number("minVizHeight").unwrap_or(16.0),
            max_height: options.number("maxVizHeight").unwrap_or(300.0),
        }
    }
}

/// A bar.
#[derive(Debug, Clone)]
pub struct BarGaugeItem {
    /// The value.
    pub value: SingleValue,
    /// Least and greatest of the scale.
    pub scale: (f64, f64),
    /// How far the bar goes. Bounds: 0 to 1.
    pub part: f64,
    /// The scale in its colours, for displays that show them.
    pub segments: Vec<GaugeSegment>,
}

/// What the panel draws.
#[derive(Debug, Clone)]
pub struct BarGauge {
    /// Its options.
    pub options: BarGaugeOptions,
    /// The bars.
    pub items: Vec<BarGaugeItem>,
}

impl BarGauge {
    /// Computes what is drawn. Scales go over all values where nobody says otherwise.
    pub fn new(frames: &[Frame], options: &Value, context: &DisplayContext<'_>) -> Self {
        let options = BarGaugeOptions::read(options);
        let items = single_values(frames, &options.reduce, context)
            .into_iter()
            .map(|value| {
                let (low, high) = value.field.range.unwrap_or((0.0, 100.0));
                let scale = (low, if high > low { high } else { low + 1.0 });
                BarGaugeItem {
                    part: value.shown.number.map_or(0.0, |number| part(number, scale)),
                    segments: segments(&value.field, scale, context.theme),
                    scale,
                    value,
                }
            })
            .collect();
        Self { options, items }
    }
}

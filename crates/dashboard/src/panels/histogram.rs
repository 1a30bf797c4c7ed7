//! How often values are in buckets.

use super::legend::{LegendOptions, TooltipOptions};
use crate::color::Color;
use crate::frame::{Column, DisplayContext, Field, Frame};
use crate::transform::{HistogramOptions, histogram_buckets};
use serde_json::Value;

/// A bar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HistogramBar {
    /// Lower end of the bucket. Bounds: included.
    pub low: f64,
    /// Upper end of the bucket. Bounds: excluded.
    pub high: f64,
    /// How many values are in it.
    pub count: f64,
}

/// The bars of a series.
#[derive(Debug, Clone)]
pub struct HistogramSeries {
    /// Name.
    pub name: String,
    /// Colour.
    pub color: Color,
    /// Bounds: 0 to 100.
    pub fill_opacity: f64,
    /// The bars, lowest first.
    pub bars: Vec<HistogramBar>,
}

/// What the panel draws.
#[derive(Debug, Clone)]
pub struct Histogram {
    /// The series.
    pub series: Vec<HistogramSeries>,
    /// Id of the unit of buckets.
    pub unit: String,
    /// How the legend is shown.
    pub legend: LegendOptions,
    /// What is said under the pointer.
    pub tooltip: TooltipOptions,
}

impl Histogram {
    /// Computes what is drawn; frames that are buckets already (`xMin`, `xMax`) stay what they are.
    pub fn new(frames: &[Frame], options: &Value, context: &DisplayContext<'_>) -> Self {
        let settings = HistogramOptions::read(options);
        let fields: Vec<&Field> = frames
            .iter()
            .flat_map(|frame| &frame.fields)
            .filter(|field| {
                field.column.is_number()
                    && !field.options.hidden_from("viz")
                    && !matches!(field.name.as_str(), "xMin" | "xMax")
            })
            .collect();
        let ready = frames.iter().find_map(|frame| {
            let column =
                |name: &str| match &frame.fields.iter().find(|field| field.name == name)?.column {
                    Column::Number(values) => Some(values.clone()),
                    _ => None,
                };
            Some((column("xMin")?, column("xMax")?))
        });
        let values: Vec<&[f64]> = fields
            .iter()
            .filter_map(|field| match &field.column {
                Column::Number(values) => Some(values.as_slice()),
                _ => None,
            })
            .collect();
        let (low, high, counts) = if let Some((low, high)) = ready {
            let counts: Vec<Vec<f64>> = values.iter().map(|values| values.to_vec()).collect();
            (low, high, counts)
        } else {
            let buckets = histogram_buckets(&values, &settings);
            (buckets.low, buckets.high, buckets.counts)
        };
        let series = counts
            .iter()
            .zip(&fields)
            .map(|(counts, field)| HistogramSeries {
                name: if settings.combine {
                    "Count".into()
                } else {
                    field.label().to_owned()
                },
                color: field.color(context),
                fill_opacity: fill_opacity(field),
                bars: low
                    .iter()
                    .zip(&high)
                    .zip(counts)
                    .map(|((low, high), count)| HistogramBar {
                        low: *low,
                        high: *high,
                        count: *count,
                    })
                    .collect(),
            })
            .collect();
        Self {
            series,
            unit: fields
                .first()
                .and_then(|field| field.options.unit.clone())
                .unwrap_or_default(),
            legend: LegendOptions::read(options),
            tooltip: TooltipOptions::read(options),
        }
    }
}

fn fill_opacity(field: &Field) -> f64 {
    use crate::json::Reading;
    field.options.custom.number("fillOpacity").unwrap_or(80.0)
}

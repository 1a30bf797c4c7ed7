//! Dials.

use super::shared::{Orientation, ReduceOptions};
use super::single::{SingleValue, single_values};
use crate::color::{Color, Theme};
use crate::frame::{DisplayContext, Field, Frame};
use crate::json::Reading;
use serde_json::Value;

/// The options of the panel.
#[derive(Debug, Clone)]
pub struct GaugeOptions {
    /// Which values.
    pub reduce: ReduceOptions,
    /// Whether borders are written.
    pub threshold_labels: bool,
    /// Whether borders are drawn around the dial.
    pub threshold_markers: bool,
    /// In which direction dials follow each other.
    pub orientation: Orientation,
    /// Whether the sizes below are meant.
    pub manual_size: bool,
    /// Units: pixels.
    pub min_width: f64,
    /// Units: pixels.
    pub min_height: f64,
}

impl GaugeOptions {
    /// Reads the options.
    pub fn read(options: &Value) -> Self {
        Self {
            reduce: ReduceOptions::read(options),
            threshold_labels: options.is("showThresholdLabels"),
            threshold_markers: options.flag("showThresholdMarkers").unwrap_or(true),
            orientation: Orientation::read(options),
            manual_size: options.str("sizing") == Some("manual"),
            min_width: options.number("minVizWidth").unwrap_or(75.0),
            min_height: options.number("minVizHeight").unwrap_or(75.0),
        }
    }
}

/// A stretch of a scale in one colour. Bounds: 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GaugeSegment {
    /// Where it begins.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
    /// Its colour.
    pub color: Color,
}

/// A dial.
#[derive(Debug, Clone)]
pub struct GaugeItem {
    /// The value.
    pub value: SingleValue,
    /// Least and greatest of the scale.
    pub scale: (f64, f64),
    /// How far the value is. Bounds: 0 to 1.
    pub part: f64,
    /// The scale in its colours.
    pub segments: Vec<GaugeSegment>,
    /// Borders as text, and where they are.
    pub labels: Vec<(String, f64)>,
}

/// What the panel draws.
#[derive(Debug, Clone)]
pub struct Gauge {
    /// Its options.
    pub options: GaugeOptions,
    /// The dials.
    pub items: Vec<GaugeItem>,
}

impl Gauge {
    /// Computes what is drawn.
    pub fn new(frames: &[Frame], options: &Value, context: &DisplayContext<'_>) -> Self {
        let options = GaugeOptions::read(options);
        let frames = with_scales(frames);
        let items = single_values(&frames, &options.reduce, context)
            .into_iter()
            .map(|value| {
                let scale = value.field.range.unwrap_or((0.0, 100.0));
                let display = value.field.display(context);
                let thresholds = value.field.options.thresholds.clone().unwrap_or_default();
                let labels = if options.threshold_labels {
                    thresholds
                        .on_scale(scale.0, scale.1)
                        .iter()
                        .filter(|step| step.value.is_finite())
                        .map(|step| {
                            let cell = crate::frame::Cell::Number(step.value);
                            (
                                display.show(&cell).text.to_string(),
                                part(step.value, scale),
                            )
                        })
                        .collect()
                } else {
                    Vec::new()
                };
                GaugeItem {
                    part: value.shown.number.map_or(0.0, |number| part(number, scale)),
                    segments: segments(&value.field, scale, context.theme),
                    scale,
                    labels,
                    value,
                }
            })
            .collect();
        Self { options, items }
    }
}

/// Dials go from 0 to 100 (or to 1) where nobody says otherwise.
fn with_scales(frames: &[Frame]) -> Vec<Frame> {
    let mut frames = frames.to_vec();
    for field in frames.iter_mut().flat_map(|frame| &mut frame.fields) {
        let top = if field.options.unit.as_deref() == Some("percentunit") {
            1.0
        } else {
            100.0
        };
        let low = field.options.min.unwrap_or(0.0);
        let high = field.options.max.unwrap_or(top);
        field.range = Some((low, if high > low { high } else { low + 1.0 }));
    }
    frames
}

/// How far a number is on a scale. Bounds: 0 to 1.
pub(super) fn part(number: f64, (low, high): (f64, f64)) -> f64 {
    if number.is_nan() || high <= low {
        return 0.0;
    }
    ((number - low) / (high - low)).clamp(0.0, 1.0)
}

/// A scale in the colours of its thresholds.
pub(super) fn segments(field: &Field, scale: (f64, f64), theme: Theme) -> Vec<GaugeSegment> {
    let steps = field
        .options
        .thresholds
        .clone()
        .unwrap_or_default()
        .on_scale(scale.0, scale.1);
    let ends = steps
        .iter()
        .skip(1)
        .map(|step| part(step.value, scale))
        .chain([1.0]);
    steps
        .iter()
        .zip(ends)
        .map(|(step, to)| GaugeSegment {
            from: if step.value.is_finite() {
                part(step.value, scale)
            } else {
                0.0
            },
            to,
            color: Color::named(&step.color, theme),
        })
        .filter(|segment| segment.to > segment.from)
        .collect()
}

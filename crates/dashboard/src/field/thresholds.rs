//! Borders between colours.

use crate::json::{Reading, number_of};
use serde_json::Value;

/// What borders are measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ThresholdMode {
    /// Values.
    #[default]
    Absolute,
    /// Percent of the way from least to greatest.
    Percentage,
}

/// A border.
#[derive(Debug, Clone, PartialEq)]
pub struct Threshold {
    /// From here on; the first is minus infinity.
    pub value: f64,
    /// Name or code of the colour.
    pub color: String,
}

/// Borders between colours.
#[derive(Debug, Clone, PartialEq)]
pub struct Thresholds {
    /// What they are measured in.
    pub mode: ThresholdMode,
    /// Ordering: by value, ascending; never empty.
    pub steps: Vec<Threshold>,
}

impl Default for Thresholds {
    /// Green, and red from 80 on.
    fn default() -> Self {
        let step = |value, color: &str| Threshold {
            value,
            color: color.to_owned(),
        };
        Self {
            mode: ThresholdMode::Absolute,
            steps: vec![step(f64::NEG_INFINITY, "green"), step(80.0, "red")],
        }
    }
}

impl Thresholds {
    /// Reads thresholds; none if there are no steps.
    pub fn read(value: &Value) -> Option<Self> {
        let mode = match value.str("mode") {
            Some("percentage") => ThresholdMode::Percentage,
            _ => ThresholdMode::Absolute,
        };
        let mut steps: Vec<Threshold> = value
            .list("steps")
            .iter()
            .enumerate()
            .map(|(i, step)| Threshold {
                value: match step.field("value").and_then(number_of) {
                    Some(value) if i > 0 || value.is_finite() => value,
                    _ => f64::NEG_INFINITY,
                },
                color: step.str("color").unwrap_or("green").to_owned(),
            })
            .collect();
        // The first colour also holds below its border.
        if let Some(first) = steps.first_mut() {
            first.value = f64::NEG_INFINITY;
        }
        steps.sort_by(|a, b| a.value.total_cmp(&b.value));
        (!steps.is_empty()).then_some(Self { mode, steps })
    }

    /// The border at or below a value. `percent` is how far the value is from least to greatest. Bounds: 0 to 1.
    pub fn active(&self, value: f64, percent: f64) -> Option<&Threshold> {
        let measure = match self.mode {
            ThresholdMode::Absolute => value,
            ThresholdMode::Percentage => percent * 100.0,
        };
        self.steps
            .iter()
            .rev()
            .find(|step| step.value <= measure)
            .or(self.steps.first())
    }

    /// The borders as values, for a scale from `min` to `max`.
    pub fn on_scale(&self, min: f64, max: f64) -> Vec<Threshold> {
        self.steps
            .iter()
            .map(|step| Threshold {
                value: match self.mode {
                    ThresholdMode::Percentage if step.value.is_finite() => {
                        min + (max - min) * step.value / 100.0
                    }
                    _ => step.value,
                },
                color: step.color.clone(),
            })
            .collect()
    }
}

//! How often values fall into buckets.

use super::{TransformContext, names, table};
use crate::frame::{Column, Field, Frame, is_null};
use crate::json::Reading;
use serde_json::Value;

/// Bounds: buckets of one histogram.
const MAX_BUCKETS: usize = 10_000;
/// How many buckets there are if nobody says.
const DEFAULT_COUNT: f64 = 30.0;

/// How buckets are made.
#[derive(Debug, Clone, Default)]
pub(crate) struct HistogramOptions {
    /// Width of buckets; `None` finds one.
    pub(crate) size: Option<f64>,
    /// Where buckets begin.
    pub(crate) offset: f64,
    /// About how many buckets, if their width is not said.
    pub(crate) count: Option<f64>,
    /// Whether all series are counted together.
    pub(crate) combine: bool,
}

impl HistogramOptions {
    pub(crate) fn read(options: &Value) -> Self {
        Self {
            size: options.number("bucketSize").filter(|size| *size > 0.0),
            offset: options.number("bucketOffset").unwrap_or(0.0),
            count: options.number("bucketCount").filter(|count| *count > 0.0),
            combine: options.is("combine"),
        }
    }
}

/// Buckets and how many values of each series are in them.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Buckets {
    /// Lower ends. Bounds: included.
    pub(crate) low: Vec<f64>,
    /// Upper ends. Bounds: excluded.
    pub(crate) high: Vec<f64>,
    /// Shape: `counts[series][bucket]`.
    pub(crate) counts: Vec<Vec<f64>>,
}

/// Counts values into buckets of a round width.
pub(crate) fn histogram_buckets(series: &[&[f64]], options: &HistogramOptions) -> Buckets {
    let values = || {
        series
            .iter()
            .flat_map(|values| values.iter().copied())
            .filter(|value| value.is_finite() && !is_null(*value))
    };
    let Some((low, high)) = values().fold(None, |found: Option<(f64, f64)>, value| {
        let (low, high) = found.unwrap_or((value, value));
        Some((low.min(value), high.max(value)))
    }) else {
        return Buckets::default();
    };
    let size = options
        .size
        .unwrap_or_else(|| round_size((high - low) / options.count.unwrap_or(DEFAULT_COUNT)));
    let floor = |value: f64| ((value - options.offset) / size).floor();
    let (first, last) = (floor(low), floor(high));
    let count = crate::number::to_usize(last - first)
        .saturating_add(1)
        .min(MAX_BUCKETS);
    let edge = |i: usize| (first + i as f64) * size + options.offset;
    let count_of = |values: &[f64], counts: &mut Vec<f64>| {
        for value in values
            .iter()
            .filter(|value| value.is_finite() && !is_null(**value))
        {
            let bucket = crate::number::to_usize(floor(*value) - first);
            if let Some(slot) = counts.get_mut(bucket.min(count - 1)) {
                *slot += 1.0;
            }
        }
    };
    let mut counts: Vec<Vec<f64>> = Vec::new();
    for values in series {
        if counts.is_empty() || !options.combine {
            counts.push(vec![0.0; count]);
        }
        if let Some(counts) = counts.last_mut() {
            count_of(values, counts);
        }
    }
    Buckets {
        low: (0..count).map(edge).collect(),
        high: (1..=count).map(edge).collect(),
        counts,
    }
}

/// The least of 1, 2, 2.5, 4, 5 times a power of ten that is not below.
fn round_size(raw: f64) -> f64 {
    if raw <= 0.0 || !raw.is_finite() {
        return 1.0;
    }
    let power = 10f64.powf(raw.log10().floor());
    [1.0, 2.0, 2.5, 4.0, 5.0, 10.0]
        .iter()
        .map(|step| step * power)
        .find(|size| *size >= raw * (1.0 - 1e-9))
        .unwrap_or(10.0 * power)
}

/// `bucketSize`, `bucketOffset`, `bucketCount`, `combine`.
pub(super) fn histogram(
    frames: Vec<Frame>,
    options: &Value,
    _: &TransformContext<'_>,
) -> Vec<Frame> {
    let options = HistogramOptions::read(options);
    let mut series: Vec<&[f64]> = Vec::new();
    let mut titles: Vec<String> = Vec::new();
    for frame in &frames {
        for (field, name) in frame.fields.iter().zip(names(frame, &frames)) {
            if let Column::Number(values) = &field.column {
                series.push(values);
                titles.push(name);
            }
        }
    }
    let buckets = histogram_buckets(&series, &options);
    let mut fields = vec![
        Field::new("xMin", Column::Number(buckets.low)),
        Field::new("xMax", Column::Number(buckets.high)),
    ];
    for (i, counts) in buckets.counts.into_iter().enumerate() {
        let name = if options.combine {
            "Count".to_owned()
        } else {
            titles.get(i).cloned().unwrap_or_default()
        };
        fields.push(Field::new(name, Column::Number(counts)));
    }
    vec![table(fields)]
}

//! Answers of `/api/v1/query` and `/api/v1/query_range`, as a client reads them.

use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;

/// Label names and values, the metric name under `__name__`.
pub type LabelMap = BTreeMap<String, String>;

/// The `data` of a query's answer.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "resultType", content = "result", rename_all = "lowercase")]
pub enum QueryData {
    /// One sample per series, all at the evaluation time.
    Vector(Vec<VectorSample>),
    /// Samples over time per series.
    Matrix(Vec<MatrixSeries>),
    /// One number.
    Scalar(SamplePair),
    /// One text with its time.
    String((f64, String)),
}

/// One element of a vector.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct VectorSample {
    /// Labels.
    pub metric: LabelMap,
    /// Time and value, unless it is a histogram.
    #[serde(default)]
    pub value: Option<SamplePair>,
    /// Time and native histogram.
    #[serde(default)]
    pub histogram: Option<HistogramPair>,
}

/// One series of a matrix.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct MatrixSeries {
    /// Labels.
    pub metric: LabelMap,
    /// Times and values. Ordering: times rise.
    #[serde(default)]
    pub values: Vec<SamplePair>,
    /// Times and native histograms. Ordering: times rise.
    #[serde(default)]
    pub histograms: Vec<HistogramPair>,
}

/// A time in seconds and a native histogram; on the wire `[1435781451.781,{"count":"3",...}]`.
#[derive(Debug, Clone, PartialEq)]
pub struct HistogramPair {
    /// Units: seconds since the epoch.
    pub time: f64,
    /// The histogram.
    pub histogram: HistogramValue,
}

impl<'de> Deserialize<'de> for HistogramPair {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (time, histogram) = Deserialize::deserialize(deserializer)?;
        Ok(Self { time, histogram })
    }
}

/// A native histogram.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct HistogramValue {
    /// Observations.
    #[serde(deserialize_with = "number")]
    pub count: f64,
    /// Their sum.
    #[serde(deserialize_with = "number")]
    pub sum: f64,
    /// Buckets with observations. Ordering: bounds rise.
    #[serde(default)]
    pub buckets: Vec<HistogramBucket>,
}

/// A bucket; on the wire `[0,"0.5","1","3"]`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HistogramBucket {
    /// Which bounds belong to it: 0 the upper, 1 the lower, 2 neither, 3 both.
    pub bounds: u8,
    /// Lower bound.
    pub lower: f64,
    /// Upper bound.
    pub upper: f64,
    /// Observations.
    pub count: f64,
}

impl<'de> Deserialize<'de> for HistogramBucket {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (bounds, lower, upper, count) =
            <(u8, Number, Number, Number)>::deserialize(deserializer)?;
        Ok(Self {
            bounds,
            lower: lower.0,
            upper: upper.0,
            count: count.0,
        })
    }
}

/// A number in quotes.
struct Number(f64);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        number(deserializer).map(Self)
    }
}

fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
    text.parse().map_err(serde::de::Error::custom)
}

/// A time in seconds and a value; on the wire `[1435781451.781,"1"]`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SamplePair {
    /// Units: seconds since the epoch.
    pub time: f64,
    /// Value; `NaN`, `+Inf` and `-Inf` are read from their words.
    pub value: f64,
}

impl<'de> Deserialize<'de> for SamplePair {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (time, text) = <(f64, std::borrow::Cow<'de, str>)>::deserialize(deserializer)?;
        let value = text.parse().map_err(serde::de::Error::custom)?;
        Ok(Self { time, value })
    }
}

/// The `stats` of a query's answer, as far as the browser shows them.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct QueryStats {
    /// Samples that the query looked at.
    pub total_queryable_samples: u64,
    /// Most samples held at once.
    pub peak_samples: u64,
}

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
    /// Time and value.
    pub value: SamplePair,
}

/// One series of a matrix.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct MatrixSeries {
    /// Labels.
    pub metric: LabelMap,
    /// Times and values. Ordering: times rise.
    #[serde(default)]
    pub values: Vec<SamplePair>,
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

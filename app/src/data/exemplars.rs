//! Exemplars: single observations with what was known about them, such as a trace.

use crate::data::{Answer, UiError, post};
use api_types::LabelMap;
use serde::{Deserialize, Deserializer};
use web_sys::AbortSignal;

/// One observation.
#[derive(Debug, Clone, PartialEq)]
pub struct Exemplar {
    /// The labels of the series that it belongs to.
    pub series: LabelMap,
    /// Its own labels.
    pub labels: LabelMap,
    /// What was observed.
    pub value: f64,
    /// Units: seconds since the epoch.
    pub time: f64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OfSeries {
    series_labels: LabelMap,
    #[serde(default)]
    exemplars: Vec<OnWire>,
}

#[derive(Deserialize)]
struct OnWire {
    #[serde(default)]
    labels: LabelMap,
    #[serde(deserialize_with = "number")]
    value: f64,
    timestamp: f64,
}

fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
    text.parse().map_err(serde::de::Error::custom)
}

/// The exemplars of all series that `expr` selects in a window. Units: seconds.
///
/// # Errors
/// As [`UiError`] tells them.
pub async fn exemplars(
    expr: String,
    (start, end): (f64, f64),
    signal: Option<AbortSignal>,
) -> Result<Answer<Vec<Exemplar>>, UiError> {
    let (start, end) = (start.to_string(), end.to_string());
    let form = [("query", expr.as_str()), ("start", &start), ("end", &end)];
    let answer = post::<Vec<OfSeries>>("/api/v1/query_exemplars", &form, signal.as_ref()).await?;
    let found = answer.data.into_iter().flat_map(|one| {
        let series = one.series_labels;
        one.exemplars.into_iter().map(move |exemplar| Exemplar {
            series: series.clone(),
            labels: exemplar.labels,
            value: exemplar.value,
            time: exemplar.timestamp,
        })
    });
    Ok(Answer {
        data: found.collect(),
        warnings: answer.warnings,
        infos: answer.infos,
    })
}

//! What there is to ask for: metrics with their types and help, series with their labels.

use crate::data::{Answer, UiError, get};
use crate::state::query_string;
use api_types::LabelMap;
use serde::Deserialize;
use std::collections::BTreeMap;
use web_sys::AbortSignal;

/// What a target tells of a metric.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct MetricInfo {
    /// `counter`, `gauge`, `histogram`...
    #[serde(rename = "type")]
    pub kind: String,
    /// What it counts.
    #[serde(default)]
    pub help: String,
    /// What it is measured in.
    #[serde(default)]
    pub unit: String,
}

/// Metadata by metric.
pub type Catalog = BTreeMap<String, Vec<MetricInfo>>;

/// The metadata of at most `limit` metrics.
///
/// # Errors
/// As [`UiError`] tells them.
pub async fn catalog(
    limit: usize,
    signal: Option<AbortSignal>,
) -> Result<Answer<Catalog>, UiError> {
    let address = format!("/api/v1/metadata?limit={limit}&limit_per_metric=1");
    get(&address, signal.as_ref()).await
}

/// What is known of `metric`; parts of histograms and summaries are found under the whole's name.
pub fn info_of<'a>(catalog: &'a Catalog, metric: &str) -> Option<&'a MetricInfo> {
    let of = |name: &str| catalog.get(name).and_then(|infos| infos.first());
    of(metric).or_else(|| {
        let parts = ["_bucket", "_count", "_sum", "_total", "_created"];
        parts.iter().find_map(|part| of(metric.strip_suffix(part)?))
    })
}

/// The labels of at most `limit` series of `selector`.
///
/// # Errors
/// As [`UiError`] tells them.
pub async fn series_of(
    selector: String,
    limit: usize,
    signal: Option<AbortSignal>,
) -> Result<Answer<Vec<LabelMap>>, UiError> {
    let limit = limit.to_string();
    let pairs = [("match[]", selector.as_str()), ("limit", &limit)];
    get(
        &format!("/api/v1/series?{}", query_string(pairs)),
        signal.as_ref(),
    )
    .await
}

/// A label of many series: its values and in how many series each is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelUse {
    /// Name.
    pub name: String,
    /// Values and their series. Ordering: the most frequent first.
    pub values: Vec<(String, usize)>,
}

/// The labels of `series`, those with the most values first.
pub fn labels_of(series: &[LabelMap]) -> Vec<LabelUse> {
    let mut uses: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    for (name, value) in series
        .iter()
        .flatten()
        .filter(|(name, _)| *name != "__name__")
    {
        *uses.entry(name).or_default().entry(value).or_default() += 1;
    }
    let mut labels: Vec<LabelUse> = uses
        .into_iter()
        .map(|(name, values)| {
            let mut values: Vec<_> = values.into_iter().map(|(v, n)| (v.to_owned(), n)).collect();
            values.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            LabelUse {
                name: name.to_owned(),
                values,
            }
        })
        .collect();
    labels.sort_by_key(|label| std::cmp::Reverse(label.values.len()));
    labels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_histogram_have_its_help() {
        let info = MetricInfo {
            kind: "histogram".into(),
            ..MetricInfo::default()
        };
        let catalog = Catalog::from([("x_seconds".into(), vec![info])]);
        assert!(info_of(&catalog, "x_seconds_bucket").is_some());
        assert!(info_of(&catalog, "y_bucket").is_none());
    }

    #[test]
    fn labels_with_many_values_come_first() {
        let series = |a: &str, b: &str| {
            LabelMap::from([
                ("__name__".into(), "m".into()),
                ("a".into(), a.into()),
                ("b".into(), b.into()),
            ])
        };
        let labels = labels_of(&[series("1", "x"), series("1", "y"), series("2", "z")]);
        assert_eq!(labels[0].name, "b");
        assert_eq!(labels[1].values, [("1".to_owned(), 2), ("2".to_owned(), 1)]);
    }
}

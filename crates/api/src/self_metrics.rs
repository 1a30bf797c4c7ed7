//! `/api/v1/status/self_metrics`: the server's own metrics as JSON, for pages that have no scraper at hand.
//!
//! Source: Prometheus 3.14; the JSON form of `io/prometheus/client/metrics.proto`.

use crate::error::ApiError;
use crate::params::Params;
use crate::response::success;
use crate::state::ApiState;
use axum::extract::State;
use axum::response::Response;
use model::{
    BUCKET_LABEL, Labels, METRIC_NAME, MatchOp, Matcher, MetricFamily, MetricKind, Point,
    QUANTILE_LABEL,
};
use serde_json::{Map, Value, json};
use std::sync::Arc;
use storage::Matchers;

/// `/api/v1/status/self_metrics`
pub(crate) async fn list(
    State(state): State<Arc<ApiState>>,
    params: Params,
) -> Result<Response, ApiError> {
    const PATTERN: &str = "metric_name_pattern";
    let wanted = params.get(PATTERN).map(|pattern| {
        let matcher = Matcher::new(METRIC_NAME, MatchOp::Regex, pattern);
        Matchers::compile(&[matcher]).map_err(|error| ApiError::parameter(PATTERN, error))
    });
    let wanted = wanted.transpose()?;
    let is_wanted = |family: &MetricFamily| {
        let name = Labels::from_pairs([(METRIC_NAME, family.name.as_str())]);
        wanted.as_ref().is_none_or(|wanted| wanted.matches(&name))
    };
    let families = state.registry.gather();
    let shown: Vec<Value> = families
        .iter()
        .filter(|family| is_wanted(family))
        .map(family)
        .collect();
    Ok(success(shown))
}

fn family(family: &MetricFamily) -> Value {
    let kind = match family.kind {
        MetricKind::Counter => "COUNTER",
        MetricKind::Histogram => "HISTOGRAM",
        MetricKind::GaugeHistogram => "GAUGE_HISTOGRAM",
        MetricKind::Summary => "SUMMARY",
        MetricKind::Gauge | MetricKind::Info | MetricKind::StateSet => "GAUGE",
        MetricKind::Unknown => "UNTYPED",
    };
    let mut metrics: Vec<(Labels, Vec<&Point>)> = Vec::new();
    for point in &family.points {
        let own = point
            .labels
            .filtered(|name| name != BUCKET_LABEL && name != QUANTILE_LABEL);
        match metrics.iter_mut().find(|(labels, _)| *labels == own) {
            Some((_, points)) => points.push(point),
            None => metrics.push((own, vec![point])),
        }
    }
    let metrics: Vec<Value> = metrics
        .iter()
        .map(|(labels, points)| metric(family.kind, labels, points))
        .collect();
    json!({ "name": family.name, "help": family.help, "type": kind, "metric": metrics })
}

fn metric(kind: MetricKind, labels: &Labels, points: &[&Point]) -> Value {
    let pairs: Vec<Value> = labels
        .iter()
        .map(|(name, value)| json!({ "name": name, "value": value }))
        .collect();
    let plain = || {
        let value = points.first().map_or(0.0, |point| point.value);
        json!({ "value": number(value) })
    };
    let (field, value) = match kind {
        MetricKind::Counter => ("counter", plain()),
        MetricKind::Unknown => ("untyped", plain()),
        MetricKind::Gauge | MetricKind::Info | MetricKind::StateSet => ("gauge", plain()),
        MetricKind::Summary => ("summary", distribution(points, QUANTILE_LABEL)),
        MetricKind::Histogram | MetricKind::GaugeHistogram => {
            ("histogram", distribution(points, BUCKET_LABEL))
        }
    };
    let mut metric = Map::new();
    if !pairs.is_empty() {
        metric.insert("label".to_owned(), pairs.into());
    }
    metric.insert(field.to_owned(), value);
    metric.into()
}

/// Count, sum, and the parts by the label `le` or `quantile`.
fn distribution(points: &[&Point], by: &str) -> Value {
    let mut all = Map::new();
    let mut parts = Vec::new();
    for point in points {
        let bound = point
            .labels
            .get(by)
            .and_then(|bound| bound.parse::<f64>().ok());
        match (point.suffix, bound) {
            ("_count", _) => {
                all.insert("sampleCount".to_owned(), whole(point.value));
            }
            ("_sum", _) => {
                all.insert("sampleSum".to_owned(), number(point.value));
            }
            (_, Some(bound)) if by == QUANTILE_LABEL => {
                parts.push(json!({ "quantile": number(bound), "value": number(point.value) }));
            }
            (_, Some(bound)) => {
                let count = whole(point.value);
                parts.push(json!({ "cumulativeCount": count, "upperBound": number(bound) }));
            }
            _ => {}
        }
    }
    if !parts.is_empty() {
        let name = if by == QUANTILE_LABEL {
            "quantile"
        } else {
            "bucket"
        };
        all.insert(name.to_owned(), parts.into());
    }
    all.into()
}

/// Whole numbers of 64 bits are texts in this form of JSON.
fn whole(value: f64) -> Value {
    format!("{value:.0}").into()
}

/// What JSON has no number for has a name.
fn number(value: f64) -> Value {
    match value {
        value if value.is_nan() => "NaN".into(),
        f64::INFINITY => "Infinity".into(),
        f64::NEG_INFINITY => "-Infinity".into(),
        value => value.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_have_the_form_of_protobuf_in_json() {
        let mut counter = MetricFamily::new("c_total", MetricKind::Counter, "C.");
        counter.push(Labels::from_pairs([("a", "b")]), 2.5);
        let label = json!([{ "name": "a", "value": "b" }]);
        let expected = json!({
            "name": "c_total", "help": "C.", "type": "COUNTER",
            "metric": [{ "label": label, "counter": { "value": 2.5 } }],
        });
        assert_eq!(family(&counter), expected);

        let mut histogram = MetricFamily::new("h", MetricKind::Histogram, "H.");
        for (suffix, bound, value) in [
            ("_bucket", "0.5", 1.0),
            ("_bucket", "+Inf", 3.0),
            ("_sum", "", f64::NAN),
            ("_count", "", 3.0),
        ] {
            let labels = Labels::from_pairs([(BUCKET_LABEL, bound)]);
            histogram.points.push(Point {
                suffix,
                labels,
                value,
            });
        }
        let expected = json!({
            "sampleCount": "3", "sampleSum": "NaN", "bucket": [
                { "cumulativeCount": "1", "upperBound": 0.5 },
                { "cumulativeCount": "3", "upperBound": "Infinity" },
            ],
        });
        assert_eq!(
            family(&histogram)["metric"],
            json!([{ "histogram": expected }])
        );
    }
}

//! Tests, ready to run.

use crate::wire;
use crate::{Result, when};
use model::{DurationMs, Labels, TimestampMs};
use rules::Pairs;
use std::collections::BTreeMap;

/// One test of a file.
#[derive(Debug, Clone)]
pub(crate) struct Test {
    pub(crate) name: String,
    pub(crate) interval: DurationMs,
    pub(crate) start: TimestampMs,
    /// Series and values, as they are written.
    pub(crate) series: Vec<(String, String)>,
    pub(crate) alerts: Vec<AlertCase>,
    pub(crate) exprs: Vec<ExprCase>,
    pub(crate) external_labels: Labels,
    pub(crate) external_url: String,
}

/// Alerts that must fire, and no others of that name.
#[derive(Debug, Clone)]
pub(crate) struct AlertCase {
    pub(crate) at: DurationMs,
    pub(crate) name: String,
    pub(crate) expected: Vec<ExpectedAlert>,
}

/// What is compared of an alert. Ordering: as promtool lists alerts, by labels.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ExpectedAlert {
    pub(crate) labels: Labels,
    pub(crate) annotations: Pairs,
}

/// What an expression must give.
#[derive(Debug, Clone)]
pub(crate) struct ExprCase {
    pub(crate) expr: String,
    pub(crate) at: DurationMs,
    pub(crate) expected: Vec<ExpectedSample>,
}

/// A sample as it is written.
#[derive(Debug, Clone)]
pub(crate) struct ExpectedSample {
    pub(crate) labels: String,
    pub(crate) value: f64,
    pub(crate) histogram: Option<String>,
}

impl Test {
    pub(crate) fn new(wire: wire::Test, default_interval: DurationMs) -> Result<Self> {
        let interval = when::duration(wire.interval.as_deref(), DurationMs(0))?;
        let series = wire.input_series.unwrap_or_default().into_iter();
        let alerts = wire.alert_rule_test.unwrap_or_default().into_iter();
        let exprs = wire.promql_expr_test.unwrap_or_default().into_iter();
        Ok(Self {
            name: wire.name.unwrap_or_default(),
            interval: if interval.0 > 0 {
                interval
            } else {
                default_interval
            },
            start: match &wire.start_timestamp {
                Some(text) => when::timestamp(&text.0)?,
                None => TimestampMs(0),
            },
            series: series
                .map(|one| {
                    (
                        one.series.unwrap_or_default(),
                        one.values.unwrap_or_default(),
                    )
                })
                .collect(),
            alerts: alerts.map(AlertCase::new).collect::<Result<_>>()?,
            exprs: exprs.map(ExprCase::new).collect::<Result<_>>()?,
            external_labels: Labels::from_pairs(filled(wire.external_labels)),
            external_url: wire.external_url.unwrap_or_default(),
        })
    }

    /// The last moment that the test looks at, from its start.
    pub(crate) fn length(&self) -> DurationMs {
        let alerts = self.alerts.iter().map(|case| case.at);
        let exprs = self.exprs.iter().map(|case| case.at);
        alerts.chain(exprs).max().unwrap_or_default()
    }
}

impl AlertCase {
    fn new(wire: wire::AlertTest) -> Result<Self> {
        let name = wire.alertname.unwrap_or_default();
        let alerts = wire.exp_alerts.unwrap_or_default().into_iter();
        let mut expected: Vec<ExpectedAlert> = alerts
            .map(Option::unwrap_or_default)
            .map(|alert| {
                let labels = Labels::from_pairs(filled(alert.exp_labels));
                let mut builder = labels.to_builder();
                ExpectedAlert {
                    labels: builder.set("alertname", &name).build(),
                    annotations: filled(alert.exp_annotations).into_iter().collect(),
                }
            })
            .collect();
        expected.sort();
        Ok(Self {
            at: when::duration(wire.eval_time.as_deref(), DurationMs(0))?,
            name,
            expected,
        })
    }
}

impl ExprCase {
    fn new(wire: wire::ExprTest) -> Result<Self> {
        let samples = wire.exp_samples.unwrap_or_default().into_iter();
        let expected = samples.map(|sample| ExpectedSample {
            labels: sample.labels.unwrap_or_default(),
            value: sample.value.unwrap_or(0.0),
            histogram: sample.histogram.filter(|text| !text.is_empty()),
        });
        Ok(Self {
            at: when::duration(wire.eval_time.as_deref(), DurationMs(0))?,
            expected: expected.collect(),
            expr: wire.expr.unwrap_or_default(),
        })
    }
}

fn filled(pairs: Option<wire::Pairs>) -> BTreeMap<String, String> {
    let all = pairs.unwrap_or_default().into_iter();
    all.map(|(name, value)| (name, value.unwrap_or_default()))
        .collect()
}

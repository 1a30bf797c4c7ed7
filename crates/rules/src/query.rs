//! Questions of rules to the engine.

use crate::deps::RuleDeps;
use crate::metrics::Metrics;
use crate::{Error, Result};
use model::{Histogram, Labels, TimestampMs};
use promql::{QueryContext, Value, VectorElement, histogram_buckets};
use promql_syntax::Expr;
use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;
use template::{Environment, QueryError, Sample, format_general};

/// Asks for the rules of one group.
pub(crate) struct Asker<'d> {
    pub(crate) deps: &'d RuleDeps,
    pub(crate) metrics: &'d Metrics,
    /// Set when the group is to stop.
    pub(crate) cancel: &'d Arc<AtomicBool>,
}

impl Asker<'_> {
    /// The vector that `expr` gives at `at`; a scalar is a vector of one element without labels.
    pub(crate) fn vector(&self, expr: &Expr, at: TimestampMs) -> Result<Vec<VectorElement>> {
        let ctx = QueryContext {
            deadline: Instant::now().checked_add(self.deps.query_timeout),
            cancel: Some(Arc::clone(self.cancel)),
            ..QueryContext::default()
        };
        let storage = &*self.deps.storage;
        let output = self.deps.engine.get().instant(storage, expr, at, &ctx)?;
        vector_of(output.value)
    }

    fn text(&self, expr: &str, at: TimestampMs) -> Result<Vec<VectorElement>> {
        let expr = promql::parse(expr, self.deps.parse_options)?;
        self.vector(&expr, at)
    }
}

/// The vector that a result is; a scalar is a vector of one element without labels.
pub(crate) fn vector_of(value: Value) -> Result<Vec<VectorElement>> {
    match value {
        Value::Vector(elements) => Ok(elements),
        Value::Scalar { time, value } => Ok(vec![VectorElement {
            labels: Labels::empty(),
            time,
            value,
            histogram: None,
        }]),
        Value::String { .. } | Value::Matrix(_) => Err(Error::NotVector),
    }
}

/// The world of a template: what can be asked at one time.
pub(crate) struct World<'d> {
    pub(crate) asker: &'d Asker<'d>,
    pub(crate) at: TimestampMs,
    pub(crate) external_url: &'d str,
    /// Whether nobody is to be told of what fails, as the rule is only tried.
    pub(crate) is_trial: bool,
}

impl Environment for World<'_> {
    fn query(&self, expr: &str) -> std::result::Result<Vec<Sample>, QueryError> {
        let elements = self.asker.text(expr, self.at)?;
        let samples = elements.into_iter().map(|element| Sample {
            value: template_value(&element),
            labels: element.labels,
        });
        Ok(samples.collect())
    }

    fn now(&self) -> TimestampMs {
        self.at
    }

    fn external_url(&self) -> &str {
        self.external_url
    }
}

/// The value of an element where only a number is shown: 0 for a histogram.
pub(crate) fn element_value(element: &VectorElement) -> f64 {
    if element.histogram.is_some() {
        0.0
    } else {
        element.value
    }
}

/// The value of an element for templates.
pub(crate) fn template_value(element: &VectorElement) -> template::Value {
    match &element.histogram {
        Some(histogram) => {
            let text = histogram_text(histogram).into();
            template::Value::Histogram(Arc::clone(histogram), text)
        }
        None => template::Value::Float(element.value),
    }
}

/// `{count:3, sum:2.5, (1,2]:2}`: as Prometheus shows histograms in texts.
fn histogram_text(histogram: &Histogram) -> String {
    let mut out = format!(
        "{{count:{}, sum:{}",
        format_general(histogram.count),
        format_general(histogram.sum)
    );
    for bucket in histogram_buckets(histogram) {
        if bucket.count == 0.0 {
            continue;
        }
        let open = if bucket.includes_lower { '[' } else { '(' };
        let close = if bucket.includes_upper { ']' } else { ')' };
        let (lower, upper) = (format_general(bucket.lower), format_general(bucket.upper));
        let count = format_general(bucket.count);
        // Writing to a text cannot fail.
        let _ = write!(out, ", {open}{lower},{upper}{close}:{count}");
    }
    out.push('}');
    out
}

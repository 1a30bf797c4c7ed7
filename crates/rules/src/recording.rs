//! Recording rules: the result under another name.

use crate::file::RuleDefinition;
use crate::query::Asker;
use crate::{Error, Result};
use model::{Labels, METRIC_NAME, TimestampMs};
use promql::VectorElement;
use std::collections::HashSet;

/// The result of the rule at `at`, with its name and labels on it.
pub(crate) fn evaluate(
    rule: &RuleDefinition,
    asker: &Asker<'_>,
    at: TimestampMs,
    limit: usize,
) -> Result<Vec<VectorElement>> {
    let mut elements = asker.vector(&rule.expr, at)?;
    for element in &mut elements {
        element.labels = labels(rule, &element.labels);
    }
    let mut seen = HashSet::with_capacity(elements.len());
    if !elements.iter().all(|element| seen.insert(&element.labels)) {
        return Err(Error::SameLabelset { what: "rule" });
    }
    let got = elements.len();
    if limit > 0 && got > limit {
        let what = "series";
        return Err(Error::Limit { limit, got, what });
    }
    Ok(elements)
}

/// The labels of what the rule records of a series.
pub(crate) fn labels(rule: &RuleDefinition, own: &Labels) -> Labels {
    let mut builder = own.to_builder();
    builder.set(METRIC_NAME, rule.name());
    for (name, value) in &rule.labels {
        builder.set(name, value);
    }
    builder.build()
}

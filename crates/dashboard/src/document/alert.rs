//! An alert rule made of a panel.

use super::Panel;
use crate::field::{ThresholdMode, Thresholds};
use crate::interval::Intervals;
use crate::variables::{Format, Scope, VariableValues, inject_filters, interpolate};

/// The window of functions over time where the panel leaves it to the page. Units: milliseconds.
const WINDOW: i64 = 300_000;

/// What a rule begins with that is made of a panel.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AlertProposal {
    /// The expression of the panel's first query, values of variables put in.
    pub expr: String,
    /// A name.
    pub name: String,
    /// `>` or `<`, where the panel has a threshold.
    pub op: String,
    /// The threshold, as it is written.
    pub threshold: String,
    /// What the panel says of itself.
    pub description: String,
}

impl AlertProposal {
    /// The proposal of a panel; `None` if no query of it is shown. A variable that stands for all of its values
    /// matches everything: a rule is there for series of later times, too.
    pub fn of(panel: &Panel<'_>, scope: &Scope<'_>) -> Option<Self> {
        let targets = panel.targets();
        let target = targets
            .iter()
            .find(|target| !target.hidden() && !target.expr().trim().is_empty())?;
        let values = open_ended(scope.values);
        let scope = Scope {
            values: &values,
            ..scope.clone()
        }
        .with_intervals(Intervals {
            step: 60_000,
            rate: WINDOW,
            range: 3_600_000,
        });
        let expr = interpolate(target.expr(), &scope, &Format::Promql);
        let expr = inject_filters(&expr, &values.filters()).unwrap_or(expr);
        let plain = |text: &str| interpolate(text, &scope, &Format::Text);
        let legend = words_of(&plain(target.legend()));
        let title = plain(panel.title());
        let name = match (title.trim(), legend.as_str()) {
            ("", legend) => legend.to_owned(),
            (title, "") => title.to_owned(),
            (title, legend) if targets.len() > 1 => format!("{title} {legend}"),
            (title, _) => title.to_owned(),
        };
        let (op, threshold) = condition(*panel).unwrap_or_default();
        Some(Self {
            expr,
            name,
            op,
            threshold,
            description: plain(panel.description()),
        })
    }
}

/// The values, those that stand for all others free to be anything.
fn open_ended(values: &VariableValues) -> VariableValues {
    let mut values = values.clone();
    for value in values.iter_mut().filter(|value| value.is_all()) {
        value
            .variable
            .all_value
            .get_or_insert_with(|| ".*".to_owned());
    }
    values
}

/// A legend without its labels.
fn words_of(legend: &str) -> String {
    let mut words = String::new();
    let mut rest = legend;
    while let Some((before, from)) = rest.split_once("{{") {
        words.push_str(before);
        rest = from.split_once("}}").map_or("", |(_, after)| after);
    }
    words.push_str(rest);
    let trimmed = words.trim_matches(|c: char| !c.is_alphanumeric());
    if trimmed == "auto" { "" } else { trimmed }.to_owned()
}

/// The condition that the thresholds say: above the last one, or below the first where little is bad.
fn condition(panel: Panel<'_>) -> Option<(String, String)> {
    let defaults = panel
        .json()
        .get("fieldConfig")
        .and_then(|config| config.get("defaults"))?;
    let thresholds = Thresholds::read(defaults.get("thresholds")?)?;
    let base = thresholds.steps.first()?;
    let above: Vec<f64> = thresholds
        .steps
        .iter()
        .map(|step| step.value)
        .filter(|value| value.is_finite())
        .collect();
    let is_bad = |color: &str| color.contains("red") || color.contains("orange");
    let (op, value) = if is_bad(&base.color) {
        ("<", *above.first()?)
    } else {
        (">", *above.last()?)
    };
    let value = match thresholds.mode {
        ThresholdMode::Absolute => value,
        ThresholdMode::Percentage => {
            let end = |name: &str| defaults.get(name).and_then(crate::json::number_of);
            let (low, high) = (end("min")?, end("max")?);
            low + (high - low) * value / 100.0
        }
    };
    Some((op.to_owned(), value.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Globals, import};
    use std::collections::BTreeMap;

    fn proposal(panel: &str) -> Option<AlertProposal> {
        let text = format!(
            r#"{{"title": "x", "panels": [{panel}], "templating": {{"list": [
            {{"name": "job", "type": "custom", "query": "a.b,c", "includeAll": true, "multi": true,
              "current": {{"text": ["All"], "value": ["$__all"]}}}},
            {{"name": "node", "type": "custom", "query": "n1,n2", "current": {{"text": "n2", "value": "n2"}}}},
            {{"name": "f", "type": "adhoc", "filters": [{{"key": "zone", "operator": "=", "value": "z"}}]}}]}}}}"#
        );
        let dashboard = import(&text, &BTreeMap::new()).unwrap().dashboard;
        let values = VariableValues::new(dashboard.variables(&mut Vec::new()));
        let globals = Globals::default();
        AlertProposal::of(&dashboard.panels()[0], &Scope::new(&values, &globals))
    }

    #[test]
    fn variables_become_matchers_or_their_values() {
        let made = proposal(
            r#"{"type": "timeseries", "title": "Load of $node", "targets": [{"expr": "x", "hide": true},
            {"expr": "rate(a{job=~\"$job\", node=\"$node\"}[$__rate_interval])", "legendFormat": "{{job}} load"}],
            "fieldConfig": {"defaults": {"thresholds": {"mode": "absolute", "steps":
              [{"color": "green", "value": null}, {"color": "orange", "value": 5}, {"color": "red", "value": 0.5}]}}}}"#,
        )
        .unwrap();
        assert_eq!(made.expr, r#"rate(a{job=~".*",node="n2",zone="z"}[5m])"#);
        assert_eq!(made.name, "Load of n2 load");
        assert_eq!((made.op.as_str(), made.threshold.as_str()), (">", "5"));
    }

    #[test]
    fn where_little_is_bad_the_first_threshold_counts_from_above() {
        let made = proposal(
            r#"{"type": "stat", "title": "", "targets": [{"expr": "free", "legendFormat": "{{a}} - free {{b}}"}],
            "fieldConfig": {"defaults": {"min": 0, "max": 200, "thresholds": {"mode": "percentage", "steps":
              [{"color": "dark-red", "value": null}, {"color": "green", "value": 10}]}}}}"#,
        )
        .unwrap();
        assert_eq!(
            (
                made.name.as_str(),
                made.op.as_str(),
                made.threshold.as_str()
            ),
            ("free", "<", "20")
        );
        assert_eq!(proposal(r#"{"type": "text", "title": "t"}"#), None);
    }
}

//! What must come out against what came out, told in promtool's words.

use crate::case::{AlertCase, ExpectedAlert, ExprCase};
use model::{Labels, quote_label_value};
use promql::VectorElement;
use std::fmt::Write;

/// One sample, expected or got.
#[derive(Debug, Clone)]
pub(crate) struct Got {
    labels: Labels,
    value: f64,
    /// A histogram in the notation of scripts.
    histogram: Option<String>,
}

impl Got {
    pub(crate) fn of(element: VectorElement) -> Self {
        let histogram = element.histogram.as_deref();
        Self {
            value: if histogram.is_some() {
                0.0
            } else {
                element.value
            },
            histogram: histogram.map(promqltest::show_histogram),
            labels: element.labels,
        }
    }

    pub(crate) fn scalar(value: f64) -> Self {
        Self {
            labels: Labels::empty(),
            value,
            histogram: None,
        }
    }

    fn shown(&self) -> String {
        let labels = braced(&self.labels);
        match &self.histogram {
            Some(histogram) => format!("{labels} {histogram}"),
            None => format!(
                "{labels} {}",
                template::format_exponent(self.value).to_uppercase()
            ),
        }
    }
}

/// How values are compared.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Comparison {
    /// Whether the neighbouring floats are the same too.
    pub(crate) fuzzy: bool,
}

impl Comparison {
    fn same_value(self, a: f64, b: f64) -> bool {
        a == b
            || (a.is_nan() && b.is_nan())
            || (self.fuzzy && (a.next_up() == b || a.next_down() == b))
    }

    /// What is wrong with the alerts of `case`; both lists are sorted.
    pub(crate) fn alerts(test: &str, case: &AlertCase, got: &[ExpectedAlert]) -> Option<String> {
        if case.expected == got {
            return None;
        }
        let name = if test.is_empty() {
            String::new()
        } else {
            format!("    name: {test},\n")
        };
        Some(format!(
            "{name}    alertname: {}, time: {}, \n        exp:{}, \n        got:{}",
            case.name,
            case.at,
            alert_list(&case.expected),
            alert_list(got)
        ))
    }

    /// The words for an expression that gives nothing.
    pub(crate) fn failed_expr(case: &ExprCase, words: &str) -> String {
        format!("    expr: {:?}, time: {}, err: {words}", case.expr, case.at)
    }

    /// What is wrong with the samples of `case`.
    pub(crate) fn samples(self, case: &ExprCase, mut got: Vec<Got>) -> Option<String> {
        let mut expected = match expected(case) {
            Ok(expected) => expected,
            Err(words) => return Some(Self::failed_expr(case, &words)),
        };
        expected.sort_by(|a, b| a.labels.cmp(&b.labels));
        got.sort_by(|a, b| a.labels.cmp(&b.labels));
        let same = expected.len() == got.len()
            && expected.iter().zip(&got).all(|(a, b)| {
                a.labels == b.labels
                    && a.histogram == b.histogram
                    && self.same_value(a.value, b.value)
            });
        if same {
            return None;
        }
        Some(format!(
            "    expr: {:?}, time: {},\n        exp: {}\n        got: {}",
            case.expr,
            case.at,
            sample_list(&expected),
            sample_list(&got)
        ))
    }
}

fn expected(case: &ExprCase) -> Result<Vec<Got>, String> {
    let one = |sample: &crate::case::ExpectedSample| {
        let named = |words: String| format!("labels {:?}: {words}", sample.labels);
        let labels = if sample.labels.trim().is_empty() {
            Labels::empty()
        } else {
            let parsed = promql_syntax::parse_metric(&sample.labels);
            parsed.map_err(|error| named(error.to_string()))?
        };
        let histogram = match &sample.histogram {
            Some(text) => {
                let parsed = promqltest::parse_histogram(text);
                let parsed = parsed.map_err(|error| named(error.to_string()))?;
                Some(promqltest::show_histogram(&parsed))
            }
            None => None,
        };
        Ok(Got {
            value: if histogram.is_some() {
                0.0
            } else {
                sample.value
            },
            labels,
            histogram,
        })
    };
    case.expected.iter().map(one).collect()
}

fn sample_list(samples: &[Got]) -> String {
    if samples.is_empty() {
        return "nil".to_owned();
    }
    let all: Vec<String> = samples.iter().map(Got::shown).collect();
    all.join(", ")
}

/// All labels in braces, the metric name among them.
fn braced(labels: &Labels) -> String {
    pairs(labels.iter())
}

fn pairs<'p>(all: impl Iterator<Item = (&'p str, &'p str)>) -> String {
    let all: Vec<String> = all
        .map(|(name, value)| {
            let name = if model::is_legacy_label_name(name) {
                name.to_owned()
            } else {
                quote_label_value(name)
            };
            format!("{name}={}", quote_label_value(value))
        })
        .collect();
    format!("{{{}}}", all.join(", "))
}

fn alert_list(alerts: &[ExpectedAlert]) -> String {
    if alerts.is_empty() {
        return "[]".to_owned();
    }
    let mut out = "[".to_owned();
    for (index, alert) in alerts.iter().enumerate() {
        let annotations = alert.annotations.iter();
        let annotations = pairs(annotations.map(|(name, value)| (name.as_str(), value.as_str())));
        let comma = if index > 0 { "," } else { "" };
        // Writing to a text cannot fail.
        let _ = write!(
            out,
            "{comma}\n            {index}:\n              Labels:{}\n              Annotations:{annotations}",
            braced(&alert.labels)
        );
    }
    out.push_str("\n            ]");
    out
}

//! The test file as it is written.

use serde::de::{Deserialize, Deserializer, Visitor};
use std::collections::BTreeMap;
use std::fmt;

pub(crate) type Pairs = BTreeMap<String, Option<String>>;

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct File {
    pub(crate) rule_files: Option<Vec<String>>,
    pub(crate) evaluation_interval: Option<String>,
    pub(crate) group_eval_order: Option<Vec<String>>,
    pub(crate) fuzzy_compare: bool,
    pub(crate) tests: Option<Vec<Option<Test>>>,
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(clippy::struct_field_names, reason = "the file's own names")]
pub(crate) struct Test {
    pub(crate) name: Option<String>,
    pub(crate) interval: Option<String>,
    pub(crate) start_timestamp: Option<Scalar>,
    pub(crate) input_series: Option<Vec<Series>>,
    pub(crate) alert_rule_test: Option<Vec<AlertTest>>,
    pub(crate) promql_expr_test: Option<Vec<ExprTest>>,
    pub(crate) external_labels: Option<Pairs>,
    pub(crate) external_url: Option<String>,
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Series {
    pub(crate) series: Option<String>,
    pub(crate) values: Option<String>,
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct AlertTest {
    pub(crate) eval_time: Option<String>,
    pub(crate) alertname: Option<String>,
    pub(crate) exp_alerts: Option<Vec<Option<Alert>>>,
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Alert {
    pub(crate) exp_labels: Option<Pairs>,
    pub(crate) exp_annotations: Option<Pairs>,
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ExprTest {
    pub(crate) expr: Option<String>,
    pub(crate) eval_time: Option<String>,
    pub(crate) exp_samples: Option<Vec<Sample>>,
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Sample {
    pub(crate) labels: Option<String>,
    pub(crate) value: Option<f64>,
    pub(crate) histogram: Option<String>,
}

/// A number or a text, as a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Scalar(pub(crate) String);

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl Visitor<'_> for ScalarVisitor {
    type Value = Scalar;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number or a text")
    }

    fn visit_str<E>(self, text: &str) -> Result<Scalar, E> {
        Ok(Scalar(text.to_owned()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Scalar, E> {
        Ok(Scalar(number.to_string()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Scalar, E> {
        Ok(Scalar(number.to_string()))
    }
}

/// The name of a struct in promtool's errors, known by the fields that it has.
pub(crate) fn type_name(fields: &[&str]) -> &'static str {
    let has = |field: &str| fields.contains(&field);
    if has("tests") {
        "main.unitTestFile"
    } else if has("input_series") {
        "main.testGroup"
    } else if has("series") {
        "main.series"
    } else if has("alertname") {
        "main.alertTestCase"
    } else if has("exp_labels") {
        "main.alert"
    } else if has("exp_samples") {
        "main.promqlTestCase"
    } else {
        "main.sample"
    }
}

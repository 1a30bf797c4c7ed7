//! The file as it is written.

use serde_saphyr::Spanned;
use std::collections::BTreeMap;

/// A text and its place.
pub(crate) type Text = Option<Spanned<String>>;
/// Texts by name; a value that is not there is the empty text.
pub(crate) type Pairs = Option<BTreeMap<String, Option<String>>>;

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct File {
    pub(crate) groups: Option<Vec<Spanned<Group>>>,
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Group {
    pub(crate) name: Option<String>,
    pub(crate) interval: Text,
    pub(crate) query_offset: Text,
    pub(crate) limit: Option<i64>,
    pub(crate) labels: Pairs,
    pub(crate) rules: Option<Vec<Rule>>,
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Rule {
    pub(crate) record: Text,
    pub(crate) alert: Text,
    pub(crate) expr: Text,
    #[serde(rename = "for")]
    pub(crate) hold: Text,
    pub(crate) keep_firing_for: Text,
    pub(crate) labels: Pairs,
    pub(crate) annotations: Pairs,
}

/// The name of a struct in Prometheus' errors, known by the fields that it has.
pub(crate) fn type_name(fields: &[&str]) -> &'static str {
    if fields.contains(&"groups") {
        "rulefmt.RuleGroups"
    } else if fields.contains(&"rules") {
        "rulefmt.RuleGroup"
    } else {
        "rulefmt.Rule"
    }
}

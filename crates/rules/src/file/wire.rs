//! The file as it is written.

use serde_saphyr::Spanned;
use std::collections::BTreeMap;

/// A text and its place.
pub(super) type Text = Option<Spanned<String>>;
/// Texts by name; a value that is not there is the empty text.
pub(super) type Pairs = Option<BTreeMap<String, Option<String>>>;

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct File {
    pub(super) groups: Option<Vec<Spanned<Group>>>,
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Group {
    pub(super) name: Option<String>,
    pub(super) interval: Text,
    pub(super) query_offset: Text,
    pub(super) limit: Option<i64>,
    pub(super) labels: Pairs,
    pub(super) rules: Option<Vec<Rule>>,
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Rule {
    pub(super) record: Text,
    pub(super) alert: Text,
    pub(super) expr: Text,
    #[serde(rename = "for")]
    pub(super) hold: Text,
    pub(super) keep_firing_for: Text,
    pub(super) labels: Pairs,
    pub(super) annotations: Pairs,
}

/// The name of a struct in Prometheus' errors, known by the fields that it has.
pub(super) fn type_name(fields: &[&str]) -> &'static str {
    if fields.contains(&"groups") {
        "rulefmt.RuleGroups"
    } else if fields.contains(&"rules") {
        "rulefmt.RuleGroup"
    } else {
        "rulefmt.Rule"
    }
}

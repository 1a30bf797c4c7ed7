//! `/api/v1/rules`, `/api/v1/alerts`, `/api/v1/alertmanagers`.

use crate::LabelMap;
use serde::{Deserialize, Serialize};

/// Data of `/api/v1/rules`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RulesData {
    /// Groups that still have a rule. Ordering: by file, then by name.
    pub groups: Vec<RuleGroup>,
    /// What asks for the groups that follow, if there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_next_token: Option<String>,
}

/// Rules that are evaluated together.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RuleGroup {
    /// Name.
    pub name: String,
    /// The file that it is from.
    pub file: String,
    /// Rules. Ordering: as in the file.
    pub rules: Vec<Rule>,
    /// Units: seconds.
    pub interval: f64,
    /// Most series or alerts of one rule; 0 is without limit.
    pub limit: u64,
    /// How long the last evaluation took. Units: seconds.
    pub evaluation_time: f64,
    /// When it began, in RFC 3339; the year 1 if there was none.
    pub last_evaluation: String,
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Rule {
    /// Its results are alerts.
    Alerting(AlertingRule),
    /// Its results are series.
    Recording(RecordingRule),
}

/// A rule whose results are alerts.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AlertingRule {
    /// The greatest state of its alerts: `inactive`, `pending`, `firing`; `unknown` before the first evaluation.
    pub state: String,
    /// Name.
    pub name: String,
    /// Expression.
    pub query: String,
    /// How long a series must be there before its alert fires. Units: seconds.
    pub duration: f64,
    /// How long an alert fires on after its series has gone. Units: seconds.
    pub keep_firing_for: f64,
    /// Labels, as they are written.
    pub labels: LabelMap,
    /// Annotations, as they are written.
    pub annotations: LabelMap,
    /// Alerts that are pending or firing.
    pub alerts: Vec<Alert>,
    /// `ok`, `err` or `unknown`.
    pub health: String,
    /// Why the last evaluation failed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub last_error: String,
    /// How long the last evaluation took. Units: seconds.
    pub evaluation_time: f64,
    /// When it began, in RFC 3339; the year 1 if there was none.
    pub last_evaluation: String,
}

/// A rule whose results are series.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordingRule {
    /// Name of the series.
    pub name: String,
    /// Expression.
    pub query: String,
    /// Labels that results get.
    #[serde(default, skip_serializing_if = "LabelMap::is_empty")]
    pub labels: LabelMap,
    /// `ok`, `err` or `unknown`.
    pub health: String,
    /// Why the last evaluation failed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub last_error: String,
    /// How long the last evaluation took. Units: seconds.
    pub evaluation_time: f64,
    /// When it began, in RFC 3339; the year 1 if there was none.
    pub last_evaluation: String,
}

/// One alert.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Alert {
    /// Labels.
    pub labels: LabelMap,
    /// Annotations, expanded.
    pub annotations: LabelMap,
    /// `pending` or `firing`.
    pub state: String,
    /// Since when its series is there, in RFC 3339.
    pub active_at: String,
    /// Since when it fires although its series has gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keep_firing_since: Option<String>,
    /// Value of its series, such as `1e+00`.
    pub value: String,
}

/// Data of `/api/v1/alerts`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct AlertsData {
    /// Alerts that are pending or firing.
    pub alerts: Vec<Alert>,
}

/// Data of `/api/v1/alertmanagers`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AlertmanagersData {
    /// Those that alerts are sent to.
    pub active_alertmanagers: Vec<Alertmanager>,
    /// Those that relabelling dropped.
    pub dropped_alertmanagers: Vec<Alertmanager>,
}

/// An Alertmanager.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Alertmanager {
    /// Where alerts are posted.
    pub url: String,
}

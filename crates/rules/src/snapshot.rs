//! Groups and rules at one moment, for whoever shows them.

use crate::alert::{Alert, AlertState};
use crate::file::Pairs;
use model::{DurationMs, TimestampMs};
use std::fmt;
use std::time::Duration;

/// How the last evaluation of a rule went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Health {
    /// There was none yet.
    #[default]
    Unknown,
    /// It brought a result.
    Good,
    /// It failed.
    Bad,
}

impl Health {
    /// The word of the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Good => "ok",
            Self::Bad => "err",
        }
    }
}

impl fmt::Display for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A group at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupSnapshot {
    /// Name.
    pub name: String,
    /// The file that it is from.
    pub file: String,
    /// Time between evaluations.
    pub interval: DurationMs,
    /// How far in the past the rules look.
    pub query_offset: DurationMs,
    /// Most series or alerts of one rule; 0 is without limit.
    pub limit: usize,
    /// The rules, in order.
    pub rules: Vec<RuleSnapshot>,
    /// How long the last evaluation took.
    pub evaluation_time: Duration,
    /// When it began.
    pub last_evaluation: Option<TimestampMs>,
}

/// A rule at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleSnapshot {
    /// The name that it records or alerts under.
    pub name: String,
    /// The expression, as the engine prints it.
    pub query: String,
    /// Labels as they are written. Ordering: by name.
    pub labels: Pairs,
    /// How the last evaluation went.
    pub health: Health,
    /// Why it failed.
    pub last_error: Option<String>,
    /// How long the last evaluation took.
    pub evaluation_time: Duration,
    /// When it began.
    pub last_evaluation: Option<TimestampMs>,
    /// What only one kind of rules has.
    pub detail: RuleDetail,
}

/// What only one kind of rules has.
#[derive(Debug, Clone, PartialEq)]
pub enum RuleDetail {
    /// Of recording rules: nothing.
    Recording,
    /// Of alerting rules.
    Alerting {
        /// The greatest state of the alerts.
        state: AlertState,
        /// How long a series must be there before its alert fires.
        hold: DurationMs,
        /// How long an alert fires on after its series has gone.
        keep_firing_for: DurationMs,
        /// Annotations as they are written. Ordering: by name.
        annotations: Pairs,
        /// Alerts that are pending or firing. Ordering: by labels.
        alerts: Vec<Alert>,
    },
}

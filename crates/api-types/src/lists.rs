//! Answers of `/api/watchfire/{rules,targets,discovery}`: long lists, chosen and cut into pages by the server.

use crate::{ActiveTarget, LabelMap, Rule};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Which part of a list an answer holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paging {
    /// The page, counted from 1.
    pub page: usize,
    /// How many pages there are, at least 1.
    pub pages: usize,
    /// How many entries the filters chose, on all pages.
    pub matched: usize,
    /// How many entries there are without filters.
    pub total: usize,
}

/// Groups of rules.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RuleList {
    /// Alerting rules by state, whatever the filters say.
    pub states: BTreeMap<String, usize>,
    /// Rules by health, whatever the filters say.
    pub health: BTreeMap<String, usize>,
    /// Groups that have a rule that the filters chose, with those rules.
    pub groups: Vec<GroupRow>,
    /// Counts groups.
    pub paging: Paging,
}

/// A group of rules.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct GroupRow {
    /// What tells it from the others.
    pub id: String,
    /// Name.
    pub name: String,
    /// The file that it is from.
    pub file: String,
    /// Units: seconds.
    pub interval: f64,
    /// How long the last evaluation took. Units: seconds.
    pub evaluation_time: f64,
    /// When it began, in RFC 3339; the year 1 if there was none.
    pub last_evaluation: String,
    /// Its alerting rules by state, whatever the filters say.
    pub states: BTreeMap<String, usize>,
    /// The chosen rules. Ordering: as in the file.
    pub rules: Vec<RuleRow>,
}

/// A rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RuleRow {
    /// What tells it from the others.
    pub id: String,
    /// The rule, with its first alerts.
    pub rule: Rule,
    /// How many of its alerts are pending.
    pub pending: usize,
    /// How many of its alerts fire.
    pub firing: usize,
}

/// What one scrape pool holds, whatever the filters say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PoolSummary {
    /// The job.
    pub name: String,
    /// Targets whose last scrape worked.
    pub up: usize,
    /// Targets whose last scrape failed.
    pub down: usize,
    /// Targets not scraped yet.
    pub unknown: usize,
    /// Targets that relabelling dropped, those not kept included.
    pub dropped: usize,
    /// Dropped targets that were not kept, so that nobody can look at them.
    pub not_kept: usize,
}

impl PoolSummary {
    /// Targets that are scraped.
    pub fn active(&self) -> usize {
        self.up + self.down + self.unknown
    }
}

/// Targets that are scraped.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct TargetList {
    /// All pools. Ordering: by name.
    pub pools: Vec<PoolSummary>,
    /// The chosen targets. Ordering: by pool, then as they were found.
    pub targets: Vec<ActiveTarget>,
    /// Counts targets.
    pub paging: Paging,
}

/// What discovery found.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct DiscoveryList {
    /// All pools. Ordering: by name.
    pub pools: Vec<PoolSummary>,
    /// The chosen targets. Ordering: by pool, active ones first.
    pub targets: Vec<FoundTarget>,
    /// Counts targets.
    pub paging: Paging,
}

/// A target as discovery found it, and what relabelling made of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundTarget {
    /// The job.
    pub pool: String,
    /// Labels before relabelling.
    pub discovered: LabelMap,
    /// Labels after it; absent where it dropped the target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub labels: Option<LabelMap>,
}

/// Data of `/api/v1/targets/relabel_steps`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelabelSteps {
    /// One per rule.
    pub steps: Vec<RelabelStep>,
}

/// What one rule of relabelling did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelabelStep {
    /// The rule's fields under their names in the file.
    pub rule: BTreeMap<String, serde_json::Value>,
    /// Labels after it; none where the target was dropped.
    pub output: LabelMap,
    /// Whether the target is still there after it.
    pub keep: bool,
}

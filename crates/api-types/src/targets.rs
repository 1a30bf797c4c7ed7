//! The answer of `/api/v1/targets`.

use crate::LabelMap;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// All targets.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TargetsData {
    /// Targets that are scraped. Ordering: by pool, then in configuration order.
    pub active_targets: Vec<ActiveTarget>,
    /// Targets that relabelling dropped.
    pub dropped_targets: Vec<DroppedTarget>,
    /// Dropped targets per pool, those not listed included.
    pub dropped_target_counts: BTreeMap<String, u64>,
}

/// Whether the last scrape worked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Health {
    /// Not scraped yet.
    #[default]
    Unknown,
    /// The last scrape worked.
    Up,
    /// The last scrape failed.
    Down,
}

/// A target that is scraped.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ActiveTarget {
    /// Labels before relabelling.
    pub discovered_labels: LabelMap,
    /// Labels that its series get.
    pub labels: LabelMap,
    /// The job.
    pub scrape_pool: String,
    /// The address that is asked.
    pub scrape_url: String,
    /// The address for a browser elsewhere.
    pub global_url: String,
    /// Why the last scrape failed, or empty.
    pub last_error: String,
    /// RFC 3339; `0001-01-01T00:00:00Z` before the first scrape.
    pub last_scrape: String,
    /// Units: seconds.
    pub last_scrape_duration: f64,
    /// Whether the last scrape worked.
    pub health: Health,
    /// As `15s`.
    pub scrape_interval: String,
    /// As `10s`.
    pub scrape_timeout: String,
}

/// A target that relabelling dropped.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DroppedTarget {
    /// Labels before relabelling.
    pub discovered_labels: LabelMap,
    /// The job.
    pub scrape_pool: String,
}

//! What is known of a target from outside.

use crate::metadata::MetadataCache;
use crate::target::Target;
use model::{DurationMs, Labels, TimestampMs};
use parking_lot::Mutex;
use std::sync::Arc;

/// Whether the last scrape worked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// Not scraped yet.
    Unknown,
    /// The last scrape worked.
    Up,
    /// The last scrape failed.
    Down,
}

/// A target and how its last scrape went.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetStatus {
    /// The job.
    pub pool: String,
    /// Labels before relabelling.
    pub discovered_labels: Labels,
    /// Labels that its series get.
    pub labels: Labels,
    /// The address that is asked.
    pub url: String,
    /// Time between scrapes.
    pub scrape_interval: DurationMs,
    /// When a scrape is given up.
    pub scrape_timeout: DurationMs,
    /// Whether the last scrape worked.
    pub health: Health,
    /// Why the last scrape failed or could not be stored, or empty.
    pub last_error: String,
    /// Start of the last scrape.
    pub last_scrape: Option<TimestampMs>,
    /// How long it took. Units: seconds.
    pub last_scrape_duration: f64,
}

/// A target that relabelling dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DroppedTarget {
    /// The job.
    pub pool: String,
    /// Labels before relabelling.
    pub discovered_labels: Labels,
}

/// A status that its loop changes and others read.
#[derive(Debug, Clone)]
pub(crate) struct SharedStatus {
    status: Arc<Mutex<TargetStatus>>,
    metadata: Arc<Mutex<MetadataCache>>,
}

impl SharedStatus {
    pub(crate) fn new(target: &Target) -> Self {
        let status = TargetStatus {
            pool: target.pool.clone(),
            discovered_labels: target.discovered.clone(),
            labels: target.labels.clone(),
            url: target.url.to_string(),
            scrape_interval: target.interval,
            scrape_timeout: target.timeout,
            health: Health::Unknown,
            last_error: String::new(),
            last_scrape: None,
            last_scrape_duration: 0.0,
        };
        Self {
            status: Arc::new(Mutex::new(status)),
            metadata: Arc::default(),
        }
    }

    pub(crate) fn get(&self) -> TargetStatus {
        self.status.lock().clone()
    }

    pub(crate) fn update(&self, change: impl FnOnce(&mut TargetStatus)) {
        change(&mut self.status.lock());
    }

    pub(crate) fn metadata(&self) -> &Mutex<MetadataCache> {
        &self.metadata
    }
}

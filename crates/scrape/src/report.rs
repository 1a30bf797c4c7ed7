//! The series that a scrape writes about itself.

use crate::error::ScrapeError;
use config::ScrapeConfig;
use model::{DurationMs, Labels, METRIC_NAME};

/// Always written.
const BASE: [&str; 5] = [
    "up",
    "scrape_duration_seconds",
    "scrape_samples_scraped",
    "scrape_samples_post_metric_relabeling",
    "scrape_series_added",
];
/// Written where `extra_scrape_metrics` says so.
const EXTRA: [&str; 3] = [
    "scrape_timeout_seconds",
    "scrape_sample_limit",
    "scrape_body_size_bytes",
];

/// What one scrape has to say about itself.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Report {
    pub(crate) up: bool,
    pub(crate) duration_seconds: f64,
    pub(crate) scraped: u64,
    pub(crate) post_relabel: u64,
    pub(crate) added: u64,
    /// Bytes of the page after decompression; -1 if it was too large.
    pub(crate) body_bytes: f64,
}

impl Report {
    /// Writes down that nothing of the page counts.
    pub(crate) fn fail(&mut self, error: &ScrapeError) {
        self.added = 0;
        if matches!(error, ScrapeError::BodySize { .. }) {
            self.body_bytes = -1.0;
        }
    }
}

/// Label sets of the report series of a target. Ordering: as in [`values`].
pub(crate) fn series(config: &ScrapeConfig, target: &Labels) -> Vec<Labels> {
    let extra: &[&str] = if config.extra_scrape_metrics {
        &EXTRA
    } else {
        &[]
    };
    let named = |name: &&str| target.to_builder().set(METRIC_NAME, name).build();
    BASE.iter().chain(extra).map(named).collect()
}

/// Values in the order of [`series`]; those of the extra series come last and may be cut off.
pub(crate) fn values(report: &Report, timeout: DurationMs, sample_limit: u64) -> [f64; 8] {
    [
        if report.up { 1.0 } else { 0.0 },
        report.duration_seconds,
        report.scraped as f64,
        report.post_relabel as f64,
        report.added as f64,
        timeout.as_seconds(),
        sample_limit as f64,
        report.body_bytes,
    ]
}

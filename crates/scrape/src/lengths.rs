//! How long things took, as histograms and as summaries. Names and labels are Prometheus'.

use selfmon::{Histogram, HistogramVec, Registry, SummaryVec};

const QUANTILES: [f64; 5] = [0.01, 0.05, 0.5, 0.9, 0.99];
const BOUNDS: [f64; 9] = [0.01, 0.1, 1.0, 5.0, 10.0, 15.0, 30.0, 60.0, 300.0];
const INTERVAL: &str = "Time between the starts of two scrapes of a target, in seconds.";
const SYNC: &str = "How long it took to settle the targets of a job, in seconds.";

/// How long things took. Units: seconds.
#[derive(Debug, Clone)]
pub(crate) struct Lengths {
    interval_histogram: HistogramVec,
    intervals: SummaryVec,
    sync_histogram: HistogramVec,
    syncs: SummaryVec,
    reloads: SummaryVec,
    scrapes: Histogram,
}

impl Lengths {
    pub(crate) fn new(registry: &Registry) -> Self {
        let summary = |name, help, label| registry.summary_vec(name, help, &[label], &QUANTILES);
        let histogram = |name, help, label| registry.histogram_vec(name, help, &BOUNDS, &[label]);
        Self {
            interval_histogram: histogram(
                "prometheus_target_interval_length_histogram_seconds",
                INTERVAL,
                "interval",
            ),
            intervals: summary(
                "prometheus_target_interval_length_seconds",
                INTERVAL,
                "interval",
            ),
            sync_histogram: histogram(
                "prometheus_target_sync_length_histogram_seconds",
                SYNC,
                "scrape_job",
            ),
            syncs: summary("prometheus_target_sync_length_seconds", SYNC, "scrape_job"),
            reloads: summary(
                "prometheus_target_reload_length_seconds",
                "How long it took to take over a new configuration, in seconds.",
                "interval",
            ),
            scrapes: registry.histogram(
                "prometheus_target_scrape_duration_seconds",
                "How long scrapes took, in seconds.",
                &BOUNDS,
                &[],
            ),
        }
    }

    /// Notes the time between two scrapes of a target with this interval.
    pub(crate) fn note_interval(&self, interval: &str, seconds: f64) {
        self.interval_histogram.with(&[interval]).observe(seconds);
        self.intervals.observe(&[interval], seconds);
    }

    /// Notes how long it took to settle the targets of a job.
    pub(crate) fn note_sync(&self, job: &str, seconds: f64) {
        self.sync_histogram.with(&[job]).observe(seconds);
        self.syncs.observe(&[job], seconds);
    }

    /// Notes how long a job with this interval took for a new configuration.
    pub(crate) fn note_reload(&self, interval: &str, seconds: f64) {
        self.reloads.observe(&[interval], seconds);
    }

    /// Notes how long a scrape took.
    pub(crate) fn note_scrape(&self, seconds: f64) {
        self.scrapes.observe(seconds);
    }

    /// Forgets a job that is gone.
    pub(crate) fn forget(&self, job: &str) {
        self.sync_histogram.remove(&[job]);
        self.syncs.remove(&[job]);
    }
}

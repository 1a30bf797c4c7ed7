//! What scraping tells about itself. Names, types and labels are Prometheus'.

use crate::lengths::Lengths;
use crate::scan::{LeftOut, ReadCounts};
use selfmon::{Counter, CounterVec, GaugeVec, Registry};
use storage::FrameOutcome;

/// Handles on all families of this crate. Clones share them.
#[derive(Debug, Clone)]
pub(crate) struct ScrapeMetrics {
    pub(crate) pools: Counter,
    pub(crate) pool_targets: GaugeVec,
    pub(crate) pool_target_limit: GaugeVec,
    pub(crate) pool_syncs: CounterVec,
    pub(crate) sync_failures: CounterVec,
    pub(crate) exceeded_target_limit: Counter,
    pub(crate) exceeded_label_limits: Counter,
    pub(crate) exceeded_sample_limit: Counter,
    pub(crate) exceeded_bucket_limit: Counter,
    pub(crate) exceeded_body_size: Counter,
    pub(crate) duplicates: Counter,
    pub(crate) out_of_order: Counter,
    pub(crate) out_of_bounds: Counter,
    pub(crate) exemplars_out_of_order: Counter,
    pub(crate) series_refused: Counter,
    samples_predicted: Counter,
    samples_known: Counter,
    samples_new: Counter,
    pub(crate) lengths: Lengths,
    pub(crate) pool_reloads: Counter,
}

impl ScrapeMetrics {
    pub(crate) fn new(registry: &Registry) -> Self {
        let counter = |name: &str, help: &str| registry.counter(name, help, &[]);
        let samples = |read: &str| {
            registry.counter(
                "watchfire_scrape_samples_total",
                "Samples of pages by how they were read: in a line that was predicted from the page \
                 before, in a line that was parsed, of a series that was new.",
                &[("read", read)],
            )
        };
        never_counted(registry);
        Self {
            pools: counter(
                "prometheus_target_scrape_pools_total",
                "Jobs that scraping was begun for.",
            ),
            pool_targets: registry.gauge_vec(
                "prometheus_target_scrape_pool_targets",
                "Targets of each job.",
                &["scrape_job"],
            ),
            pool_target_limit: registry.gauge_vec(
                "prometheus_target_scrape_pool_target_limit",
                "Targets that each job may have; 0 for no limit.",
                &["scrape_job"],
            ),
            pool_syncs: registry.counter_vec(
                "prometheus_target_scrape_pool_sync_total",
                "Times that the targets of each job were settled.",
                &["scrape_job"],
            ),
            sync_failures: registry.counter_vec(
                "prometheus_target_sync_failed_total",
                "Targets that could not be settled.",
                &["scrape_job"],
            ),
            exceeded_target_limit: counter(
                "prometheus_target_scrape_pool_exceeded_target_limit_total",
                "Times that a job had more targets than it may.",
            ),
            exceeded_label_limits: counter(
                "prometheus_target_scrape_pool_exceeded_label_limits_total",
                "Scrapes that failed at a limit on labels.",
            ),
            exceeded_sample_limit: counter(
                "prometheus_target_scrapes_exceeded_sample_limit_total",
                "Scrapes that failed at the sample limit.",
            ),
            exceeded_bucket_limit: counter(
                "prometheus_target_scrapes_exceeded_native_histogram_bucket_limit_total",
                "Scrapes that failed at the limit of buckets of a native histogram.",
            ),
            exceeded_body_size: counter(
                "prometheus_target_scrapes_exceeded_body_size_limit_total",
                "Scrapes that failed at the body size limit.",
            ),
            duplicates: counter(
                "prometheus_target_scrapes_sample_duplicate_timestamp_total",
                "Samples not stored because their series had another value at that time.",
            ),
            out_of_order: counter(
                "prometheus_target_scrapes_sample_out_of_order_total",
                "Samples not stored because their series had a newer one.",
            ),
            out_of_bounds: counter(
                "prometheus_target_scrapes_sample_out_of_bounds_total",
                "Samples not stored because their time is too far away.",
            ),
            exemplars_out_of_order: counter(
                "prometheus_target_scrapes_exemplar_out_of_order_total",
                "Exemplars not stored because their series had a newer one.",
            ),
            series_refused: counter(
                "watchfire_scrape_series_refused_total",
                "Samples not stored because their target has as many series as it may.",
            ),
            samples_predicted: samples("predicted"),
            samples_known: samples("known"),
            samples_new: samples("new"),
            lengths: Lengths::new(registry),
            pool_reloads: counter(
                "prometheus_target_scrape_pool_reloads_total",
                "Times that a job took over a new configuration.",
            ),
        }
    }

    /// Forgets a job that is gone.
    pub(crate) fn forget_pool(&self, job: &str) {
        self.pool_targets.remove(&[job]);
        self.pool_target_limit.remove(&[job]);
        self.lengths.forget(job);
    }

    /// Counts the samples that the storage did not take.
    pub(crate) fn count(&self, outcome: FrameOutcome) {
        self.duplicates.add(outcome.duplicate as f64);
        self.out_of_order
            .add((outcome.out_of_order + outcome.too_old) as f64);
        self.out_of_bounds.add(outcome.out_of_bounds as f64);
    }

    /// Counts the samples of a page.
    pub(crate) fn count_read(&self, counts: ReadCounts, left_out: LeftOut) {
        self.duplicates.add(left_out.duplicates as f64);
        self.out_of_bounds.add(left_out.out_of_bounds as f64);
        self.samples_predicted.add(counts.predicted as f64);
        self.samples_known.add(counts.known as f64);
        self.samples_new.add(counts.new as f64);
    }
}

/// What cannot happen here is there for the rules that watch it.
fn never_counted(registry: &Registry) {
    for (name, help) in [
        (
            "prometheus_target_scrape_pools_failed_total",
            "Jobs that scraping could not be begun for.",
        ),
        (
            "prometheus_target_scrape_pool_reloads_failed_total",
            "Times that a job could not take over a new configuration.",
        ),
        (
            "prometheus_target_scrapes_cache_flush_forced_total",
            "Times that what is known of a target was forgotten while its scrapes failed.",
        ),
    ] {
        registry.counter(name, help, &[]);
    }
}

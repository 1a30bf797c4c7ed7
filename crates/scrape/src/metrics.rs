//! What scraping tells about itself. Names, types and labels are Prometheus'.

use crate::scan::{LeftOut, ReadCounts};
use model::{Labels, MetricFamily, MetricKind, Point, QUANTILE_LABEL};
use parking_lot::Mutex;
use selfmon::{Counter, CounterVec, GaugeVec, HistogramVec, Registry};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use storage::FrameOutcome;

const INTERVAL_NAME: &str = "prometheus_target_interval_length_seconds";
const INTERVAL_HELP: &str = "Time between the starts of two scrapes of a target, in seconds.";
const INTERVAL_BOUNDS: [f64; 9] = [0.01, 0.1, 1.0, 5.0, 10.0, 15.0, 30.0, 60.0, 300.0];
const QUANTILES: [f64; 5] = [0.01, 0.05, 0.5, 0.9, 0.99];
/// Observations that quantiles are computed from, the newest ones.
const WINDOW: usize = 512;

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
    interval_histogram: HistogramVec,
    intervals: Arc<Mutex<BTreeMap<String, Intervals>>>,
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
        let metrics = Self {
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
            interval_histogram: registry.histogram_vec(
                "prometheus_target_interval_length_histogram_seconds",
                INTERVAL_HELP,
                &INTERVAL_BOUNDS,
                &["interval"],
            ),
            intervals: Arc::default(),
        };
        let intervals = Arc::clone(&metrics.intervals);
        registry.collect(move || vec![interval_family(&intervals.lock())]);
        metrics
    }

    /// Notes the time between two scrapes of a target with this interval.
    pub(crate) fn observe_interval(&self, interval: &str, seconds: f64) {
        self.interval_histogram.with(&[interval]).observe(seconds);
        self.intervals
            .lock()
            .entry(interval.to_owned())
            .or_default()
            .observe(seconds);
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

/// Lengths of the intervals between scrapes.
#[derive(Debug, Default)]
struct Intervals {
    recent: VecDeque<f64>,
    sum: f64,
    count: f64,
}

impl Intervals {
    fn observe(&mut self, seconds: f64) {
        self.sum += seconds;
        self.count += 1.0;
        if self.recent.len() == WINDOW {
            self.recent.pop_front();
        }
        self.recent.push_back(seconds);
    }

    /// Values at [`QUANTILES`].
    fn quantiles(&self) -> Vec<f64> {
        let mut sorted: Vec<f64> = self.recent.iter().copied().collect();
        sorted.sort_by(f64::total_cmp);
        let last = sorted.len().saturating_sub(1);
        #[expect(clippy::cast_possible_truncation, reason = "a share of WINDOW")]
        let at = |quantile: f64| (last as f64 * quantile).round() as usize;
        QUANTILES
            .iter()
            .map(|quantile| sorted.get(at(*quantile)).copied().unwrap_or(f64::NAN))
            .collect()
    }
}

fn interval_family(intervals: &BTreeMap<String, Intervals>) -> MetricFamily {
    let mut family = MetricFamily::new(INTERVAL_NAME, MetricKind::Summary, INTERVAL_HELP);
    for (interval, lengths) in intervals {
        let labels = Labels::from_pairs([("interval", interval)]);
        for (quantile, value) in QUANTILES.iter().zip(lengths.quantiles()) {
            let mut builder = labels.to_builder();
            let labels = builder.set(QUANTILE_LABEL, &quantile.to_string()).build();
            family.push(labels, value);
        }
        for (suffix, value) in [("_sum", lengths.sum), ("_count", lengths.count)] {
            family.points.push(Point {
                suffix,
                labels: labels.clone(),
                value,
            });
        }
    }
    family
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interval_lengths_become_a_summary() {
        let registry = Registry::default();
        let metrics = ScrapeMetrics::new(&registry);
        for seconds in 1..=100 {
            metrics.observe_interval("15s", f64::from(seconds));
        }
        let families = registry.gather();
        let family = families
            .iter()
            .find(|family| family.name == INTERVAL_NAME)
            .unwrap();
        let values: Vec<(&str, f64)> = family
            .points
            .iter()
            .map(|point| (point.suffix, point.value))
            .collect();
        assert_eq!(
            values,
            [
                ("", 2.0),
                ("", 6.0),
                ("", 51.0),
                ("", 90.0),
                ("", 99.0),
                ("_sum", 5050.0),
                ("_count", 100.0)
            ]
        );
        assert_eq!(
            family.points[0].labels.to_string(),
            r#"{interval="15s", quantile="0.01"}"#
        );
    }
}

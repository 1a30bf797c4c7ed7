//! What sending tells about itself, under Prometheus' names.

use model::{Labels, MetricFamily, MetricKind, Point};
use selfmon::{Counter, CounterVec, Gauge, GaugeVec, Histogram, HistogramVec, Registry};
use std::time::Duration;

const ALERTMANAGER: &str = "alertmanager";
/// Upper bounds of the latency's histogram. Units: seconds.
const BOUNDS: [f64; 7] = [0.01, 0.1, 1.0, 10.0, 60.0, 600.0, 3600.0];

/// The metrics of all Alertmanagers.
#[derive(Clone)]
pub(crate) struct Metrics {
    sent: CounterVec,
    errors: CounterVec,
    dropped: CounterVec,
    queue_length: GaugeVec,
    latency: HistogramVec,
    pub(crate) discovered: Gauge,
}

/// The metrics of one Alertmanager.
#[derive(Clone)]
pub(crate) struct SenderMetrics {
    pub(crate) sent: Counter,
    pub(crate) errors: Counter,
    pub(crate) dropped: Counter,
    pub(crate) queue_length: Gauge,
    latency: Histogram,
    latency_sum: Counter,
}

impl SenderMetrics {
    pub(crate) fn took(&self, duration: Duration) {
        self.latency.observe(duration.as_secs_f64());
        self.latency_sum.add(duration.as_secs_f64());
    }

    /// Sum and number of the durations.
    pub(crate) fn latency(&self, url: &str) -> [Point; 2] {
        let labels = Labels::from_pairs([(ALERTMANAGER, url)]);
        let count = self.latency.count() as f64;
        [("_sum", self.latency_sum.get()), ("_count", count)].map(|(suffix, value)| Point {
            suffix,
            labels: labels.clone(),
            value,
        })
    }
}

/// The family of the durations that [`SenderMetrics::latency`] gives.
pub(crate) fn latency_family(points: Vec<Point>) -> MetricFamily {
    let help = "Duration of sending alert notifications.";
    let name = "prometheus_notifications_latency_seconds";
    let mut family = MetricFamily::new(name, MetricKind::Summary, help);
    family.points = points;
    family
}

impl Metrics {
    pub(crate) fn new(registry: &Registry, capacity: usize) -> Self {
        let capacity_gauge = registry.gauge(
            "prometheus_notifications_queue_capacity",
            "The capacity of the queue of alert notifications.",
            &[],
        );
        capacity_gauge.set(capacity as f64);
        let labels = &[ALERTMANAGER];
        Self {
            sent: registry.counter_vec(
                "prometheus_notifications_sent_total",
                "Total number of alerts sent.",
                labels,
            ),
            errors: registry.counter_vec(
                "prometheus_notifications_errors_total",
                "Total number of alerts that could not be sent.",
                labels,
            ),
            dropped: registry.counter_vec(
                "prometheus_notifications_dropped_total",
                "Total number of alerts dropped, for a full queue or an error of sending.",
                labels,
            ),
            queue_length: registry.gauge_vec(
                "prometheus_notifications_queue_length",
                "The number of alert notifications in the queue.",
                labels,
            ),
            latency: registry.histogram_vec(
                "prometheus_notifications_latency_histogram_seconds",
                "Duration of sending alert notifications.",
                &BOUNDS,
                labels,
            ),
            discovered: registry.gauge(
                "prometheus_notifications_alertmanagers_discovered",
                "The number of Alertmanagers discovered and active.",
                &[],
            ),
        }
    }

    pub(crate) fn sender(&self, url: &str) -> SenderMetrics {
        let url = &[url];
        SenderMetrics {
            sent: self.sent.with(url),
            errors: self.errors.with(url),
            dropped: self.dropped.with(url),
            queue_length: self.queue_length.with(url),
            latency: self.latency.with(url),
            latency_sum: Counter::default(),
        }
    }

    /// Forgets an Alertmanager that is gone.
    pub(crate) fn forget(&self, url: &str) {
        let url = &[url];
        self.sent.remove(url);
        self.errors.remove(url);
        self.dropped.remove(url);
        self.queue_length.remove(url);
        self.latency.remove(url);
    }
}

//! What discovery tells about itself. Names, types and labels are Prometheus'.

use selfmon::{Counter, GaugeVec, Histogram, Registry};

const DURATION_BOUNDS: [f64; 9] = [0.01, 0.1, 1.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0];

/// Families of a manager.
#[derive(Debug, Clone)]
pub(crate) struct ManagerMetrics {
    pub(crate) discovered: GaugeVec,
    pub(crate) received: Counter,
    pub(crate) updates: Counter,
    pub(crate) delayed: Counter,
}

impl ManagerMetrics {
    pub(crate) fn new(registry: &Registry, name: &str) -> Self {
        let counter = |family: &str, help: &str| registry.counter(family, help, &[("name", name)]);
        // There since the start, as a reader of alerts on it expects.
        registry
            .gauge(
                "prometheus_sd_failed_configs",
                "Service discoveries that could not be begun.",
                &[("name", name)],
            )
            .set(0.0);
        Self {
            discovered: registry.gauge_vec(
                "prometheus_sd_discovered_targets",
                "Targets that were discovered for each job.",
                &["name", "config"],
            ),
            received: counter(
                "prometheus_sd_received_updates_total",
                "Updates that came from service discoveries.",
            ),
            updates: counter(
                "prometheus_sd_updates_total",
                "Updates that were passed on to those who use the targets.",
            ),
            delayed: counter(
                "prometheus_sd_updates_delayed_total",
                "Updates that waited because another one had just been passed on.",
            ),
        }
    }
}

/// Families of a discovery that asks again and again.
#[derive(Debug, Clone)]
pub(crate) struct RefreshMetrics {
    pub(crate) mechanism: &'static str,
    pub(crate) config: String,
    pub(crate) failures: Counter,
    pub(crate) duration: Histogram,
}

impl RefreshMetrics {
    pub(crate) fn new(registry: &Registry, mechanism: &'static str, config: &str) -> Self {
        let labels = [("mechanism", mechanism), ("config", config)];
        Self {
            mechanism,
            config: config.to_owned(),
            failures: registry.counter(
                "prometheus_sd_refresh_failures_total",
                "Looks of service discoveries that failed.",
                &labels,
            ),
            duration: registry.histogram(
                "prometheus_sd_refresh_duration_histogram_seconds",
                "How long looks of service discoveries took, in seconds.",
                &DURATION_BOUNDS,
                &labels,
            ),
        }
    }
}

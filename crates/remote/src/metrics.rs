//! What the receiver tells about itself. Names that Prometheus has are Prometheus'.

use selfmon::{Counter, Gauge, Registry};
use storage::FrameOutcome;

#[derive(Debug)]
pub(crate) struct Metrics {
    pub(crate) invalid_labels: Counter,
    pub(crate) without_metadata: Counter,
    pub(crate) samples: Counter,
    pub(crate) histograms: Counter,
    pub(crate) exemplars: Counter,
    pub(crate) cached: Gauge,
    pub(crate) cached_bytes: Gauge,
    out_of_order: Counter,
    too_old: Counter,
    out_of_bounds: Counter,
    duplicate: Counter,
}

impl Metrics {
    pub(crate) fn new(registry: &Registry) -> Self {
        let written = |kind| {
            registry.counter(
                "watchfire_remote_write_written_total",
                "What was received by remote write and stored, or was stored before.",
                &[("type", kind)],
            )
        };
        let refused = |reason| {
            registry.counter(
                "watchfire_remote_write_refused_samples_total",
                "Samples and histograms received by remote write that were not stored.",
                &[("reason", reason)],
            )
        };
        Self {
            invalid_labels: registry.counter(
                "prometheus_api_remote_write_invalid_labels_samples_total",
                "Samples received by remote write that were refused for their labels.",
                &[],
            ),
            without_metadata: registry.counter(
                "prometheus_api_remote_write_without_metadata_appended_samples_total",
                "Samples received by remote write without metadata, and stored.",
                &[],
            ),
            samples: written("float"),
            histograms: written("histogram"),
            exemplars: written("exemplar"),
            cached: registry.gauge(
                "watchfire_remote_write_cached_series",
                "Series that the receiver of remote write knows by the bytes of their labels.",
                &[],
            ),
            cached_bytes: registry.gauge(
                "watchfire_remote_write_cache_bytes",
                "Memory for the series that the receiver of remote write knows.",
                &[],
            ),
            out_of_order: refused("out_of_order"),
            too_old: refused("too_old"),
            out_of_bounds: refused("out_of_bounds"),
            duplicate: refused("duplicate"),
        }
    }

    pub(crate) fn refused(&self, outcome: FrameOutcome) {
        self.out_of_order.add(outcome.out_of_order as f64);
        self.too_old.add(outcome.too_old as f64);
        self.out_of_bounds.add(outcome.out_of_bounds as f64);
        self.duplicate.add(outcome.duplicate as f64);
    }
}

//! What queries take, under the names that dashboards for Prometheus read.

use promql::QueryStats;
use selfmon::{Counter, Gauge, Histogram, Registry, SummaryVec};
use std::time::Duration;

/// Bounds in seconds.
const SECONDS: [f64; 8] = [0.01, 0.1, 0.5, 1.0, 5.0, 10.0, 30.0, 120.0];

/// Instruments of queries.
pub struct QueryMetrics {
    running: Gauge,
    samples: Counter,
    samples_read: Counter,
    queued: Histogram,
    evaluated: Histogram,
    slices: SummaryVec,
}

impl QueryMetrics {
    /// Makes the instruments in `registry`; at most `max_concurrency` queries run at once.
    pub fn new(registry: &Registry, max_concurrency: usize) -> Self {
        let help = "Queries that may run at once.";
        let most = registry.gauge("prometheus_engine_queries_concurrent_max", help, &[]);
        most.set(max_concurrency as f64);
        let help = "Time that the parts of queries took.";
        let summary = "prometheus_engine_query_duration_seconds";
        let slices = registry.summary_vec(summary, help, &["slice"], &[0.5, 0.9, 0.99]);
        let slice = |name| {
            let family = "prometheus_engine_query_duration_histogram_seconds";
            registry.histogram(family, help, &SECONDS, &[("slice", name)])
        };
        let counter = |name, help| registry.counter(name, help, &[]);
        Self {
            running: registry.gauge(
                "prometheus_engine_queries",
                "Queries running or waiting.",
                &[],
            ),
            samples: counter(
                "prometheus_engine_query_samples_total",
                "Samples that queries looked at.",
            ),
            samples_read: counter(
                "prometheus_engine_query_samples_read_total",
                "Samples that queries read from the storage.",
            ),
            queued: slice("queue_time"),
            evaluated: slice("inner_eval"),
            slices,
        }
    }

    /// Counts a query for as long as the answer lives.
    pub(crate) fn begin(&self) -> Running {
        self.running.inc();
        Running(self.running.clone())
    }

    /// Counts what a query took.
    pub(crate) fn ended(&self, queued: Duration, evaluated: Duration, stats: QueryStats) {
        self.queued.observe(queued.as_secs_f64());
        self.evaluated.observe(evaluated.as_secs_f64());
        self.slices.observe(&["queue_time"], queued.as_secs_f64());
        self.slices
            .observe(&["inner_eval"], evaluated.as_secs_f64());
        self.samples.add(stats.total_samples as f64);
        self.samples_read.add(stats.samples_read as f64);
    }
}

/// A query that runs or waits.
pub(crate) struct Running(Gauge);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.dec();
    }
}

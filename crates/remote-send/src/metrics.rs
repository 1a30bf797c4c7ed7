//! What sending tells about itself, under Prometheus' names.

use selfmon::{Counter, CounterVec, Gauge, GaugeVec, Histogram, HistogramVec, Registry};

const LABELS: [&str; 2] = ["remote_name", "url"];
const WITH_REASON: [&str; 3] = ["remote_name", "url", "reason"];
/// Units: seconds.
const BOUNDS: [f64; 14] = [
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 25.0, 60.0, 120.0,
];

/// Kinds of what is sent, in the order of [`Kind`].
const KINDS: [&str; 4] = ["samples", "histograms", "exemplars", "metadata"];

/// Kinds of what is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Sample,
    Histogram,
    Exemplar,
    Metadata,
}

/// What is counted for each kind.
#[derive(Debug, Clone)]
pub(crate) struct PerKind<T>([T; 4]);

impl<T> PerKind<T> {
    fn new(make: impl FnMut(&'static str) -> T) -> Self {
        Self(KINDS.map(make))
    }

    pub(crate) fn of(&self, kind: Kind) -> &T {
        let [samples, histograms, exemplars, metadata] = &self.0;
        match kind {
            Kind::Sample => samples,
            Kind::Histogram => histograms,
            Kind::Exemplar => exemplars,
            Kind::Metadata => metadata,
        }
    }
}

/// Why something was not sent.
pub(crate) const TOO_OLD: &str = "too_old";
pub(crate) const DROPPED_SERIES: &str = "dropped_series";
pub(crate) const CUSTOM_BUCKETS: &str = "nhcb_in_rw1_not_supported";
const REASONS: [&str; 3] = [TOO_OLD, DROPPED_SERIES, CUSTOM_BUCKETS];

/// The families, shared by all receivers.
#[derive(Clone)]
pub(crate) struct Families {
    sent: PerKind<CounterVec>,
    failed: PerKind<CounterVec>,
    retried: PerKind<CounterVec>,
    dropped: PerKind<CounterVec>,
    pending: PerKind<GaugeVec>,
    gauges: Vec<GaugeVec>,
    counters: Vec<CounterVec>,
    duration: HistogramVec,
    pub(crate) samples_in: Counter,
}

/// Names and helps of gauges, in the order of the fields of [`Metrics`].
const GAUGES: [(&str, &str); 8] = [
    ("shards", "Queues that send at once."),
    ("shards_min", "Fewest queues."),
    ("shards_max", "Most queues."),
    ("shards_desired", "Queues that the load asks for."),
    ("shard_capacity", "What one queue can hold."),
    ("max_samples_per_send", "Most samples of a request."),
    (
        "queue_highest_timestamp_seconds",
        "Newest time of what came to be sent.",
    ),
    (
        "queue_highest_sent_timestamp_seconds",
        "Newest time of what was sent.",
    ),
];

const COUNTERS: [(&str, &str); 3] = [
    (
        "bytes_total",
        "Bytes of requests that were taken, without metadata.",
    ),
    (
        "metadata_bytes_total",
        "Bytes of requests of metadata that were taken.",
    ),
    (
        "enqueue_retries_total",
        "How often something found its queue full.",
    ),
];

fn name(what: &str) -> String {
    format!("prometheus_remote_storage_{what}")
}

impl Families {
    pub(crate) fn new(registry: &Registry) -> Self {
        let counted = |end: &'static str, help: &'static str, labels: &'static [&'static str]| {
            PerKind::new(move |kind| {
                registry.counter_vec(&name(&format!("{kind}_{end}")), help, labels)
            })
        };
        Self {
            sent: counted("total", "What was given to requests.", &LABELS),
            failed: counted("failed_total", "What the receiver refused.", &LABELS),
            retried: counted("retried_total", "What had to be sent again.", &LABELS),
            dropped: counted("dropped_total", "What was not sent.", &WITH_REASON),
            pending: PerKind::new(|kind| {
                let help = "What waits in queues or for an answer.";
                registry.gauge_vec(&name(&format!("{kind}_pending")), help, &LABELS)
            }),
            gauges: GAUGES
                .map(|(what, help)| registry.gauge_vec(&name(what), help, &LABELS))
                .into(),
            counters: COUNTERS
                .map(|(what, help)| registry.counter_vec(&name(what), help, &LABELS))
                .into(),
            duration: registry.histogram_vec(
                &name("sent_batch_duration_seconds"),
                "Time that requests took, retries included.",
                &BOUNDS,
                &LABELS,
            ),
            samples_in: registry.counter(
                &name("samples_in_total"),
                "Samples that came to be sent, once for each receiver.",
                &[],
            ),
        }
    }

    /// Those of one receiver.
    pub(crate) fn of(&self, remote: &str, url: &str) -> Metrics {
        let values = [remote, url];
        let gauge = |at: usize| {
            let found = self.gauges.get(at).map(|family| family.with(&values));
            found.unwrap_or_default()
        };
        let counter = |at: usize| {
            let found = self.counters.get(at).map(|family| family.with(&values));
            found.unwrap_or_default()
        };
        let each = |families: &PerKind<CounterVec>| {
            PerKind([0, 1, 2, 3].map(|at: usize| {
                let found = families.0.get(at).map(|family| family.with(&values));
                found.unwrap_or_default()
            }))
        };
        Metrics {
            sent: each(&self.sent),
            failed: each(&self.failed),
            retried: each(&self.retried),
            pending: PerKind([0, 1, 2, 3].map(|at: usize| {
                let found = self.pending.0.get(at).map(|family| family.with(&values));
                found.unwrap_or_default()
            })),
            dropped: self.dropped.clone(),
            labels: values.map(str::to_owned),
            shards: gauge(0),
            shards_min: gauge(1),
            shards_max: gauge(2),
            shards_desired: gauge(3),
            shard_capacity: gauge(4),
            max_samples_per_send: gauge(5),
            newest: gauge(6),
            newest_sent: gauge(7),
            bytes: counter(0),
            metadata_bytes: counter(1),
            enqueue_retries: counter(2),
            duration: self.duration.with(&values),
            samples_in: self.samples_in.clone(),
        }
    }

    /// Forgets a receiver.
    pub(crate) fn remove(&self, remote: &str, url: &str) {
        let values = [remote, url];
        for families in [&self.sent, &self.failed, &self.retried] {
            families.0.iter().for_each(|family| family.remove(&values));
        }
        for family in &self.dropped.0 {
            for reason in REASONS {
                family.remove(&[remote, url, reason]);
            }
        }
        let gauges = self.pending.0.iter().chain(&self.gauges);
        gauges.for_each(|family| family.remove(&values));
        self.counters
            .iter()
            .for_each(|family| family.remove(&values));
        self.duration.remove(&values);
    }
}

/// What is counted for one receiver.
pub(crate) struct Metrics {
    pub(crate) sent: PerKind<Counter>,
    pub(crate) failed: PerKind<Counter>,
    pub(crate) retried: PerKind<Counter>,
    pub(crate) pending: PerKind<Gauge>,
    dropped: PerKind<CounterVec>,
    labels: [String; 2],
    pub(crate) shards: Gauge,
    pub(crate) shards_min: Gauge,
    pub(crate) shards_max: Gauge,
    pub(crate) shards_desired: Gauge,
    pub(crate) shard_capacity: Gauge,
    pub(crate) max_samples_per_send: Gauge,
    pub(crate) newest: Gauge,
    pub(crate) newest_sent: Gauge,
    pub(crate) bytes: Counter,
    pub(crate) metadata_bytes: Counter,
    pub(crate) enqueue_retries: Counter,
    pub(crate) duration: Histogram,
    pub(crate) samples_in: Counter,
}

impl Metrics {
    /// Counts what is not sent.
    pub(crate) fn drop(&self, kind: Kind, reason: &'static str, count: usize) {
        let [remote, url] = &self.labels;
        let family = self.dropped.of(kind);
        family.with(&[remote, url, reason]).add(count as f64);
    }

    /// Shows `time`, in milliseconds, if it is newer than what is shown.
    pub(crate) fn newer(gauge: &Gauge, time: i64) {
        let seconds = time as f64 / 1e3;
        if seconds > gauge.get() {
            gauge.set(seconds);
        }
    }
}

//! Metric families: what one `# TYPE` line heads on a metrics page.

use crate::Labels;

/// The type of a metric family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MetricKind {
    /// Only grows, but for restarts.
    Counter,
    /// Goes up and down.
    Gauge,
    /// Buckets by upper bound, with sum and count.
    Histogram,
    /// Buckets of a gauge (OpenMetrics).
    GaugeHistogram,
    /// Quantiles, with sum and count.
    Summary,
    /// Constant 1 with labels that tell facts (OpenMetrics).
    Info,
    /// One series per state (OpenMetrics).
    StateSet,
    /// Not said: `untyped` in text 0.0.4, `unknown` in OpenMetrics and in the API.
    Unknown,
}

impl MetricKind {
    /// The word that the HTTP API and OpenMetrics use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
            Self::GaugeHistogram => "gaugehistogram",
            Self::Summary => "summary",
            Self::Info => "info",
            Self::StateSet => "stateset",
            Self::Unknown => "unknown",
        }
    }
}

/// A family that this process exposes: `node` and `selfmon` make them, `exposition` writes them.
#[derive(Debug, Clone, PartialEq)]
pub struct MetricFamily {
    /// Family name, without `_bucket`, `_sum`, `_count`.
    pub name: String,
    /// One line of help.
    pub help: String,
    /// Type.
    pub kind: MetricKind,
    /// Samples in the order to write them.
    pub points: Vec<Point>,
}

impl MetricFamily {
    /// A family without points yet.
    pub fn new(name: impl Into<String>, kind: MetricKind, help: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            help: help.into(),
            kind,
            points: Vec::new(),
        }
    }

    /// Adds a sample without suffix.
    pub fn push(&mut self, labels: Labels, value: f64) -> &mut Self {
        self.points.push(Point {
            suffix: "",
            labels,
            value,
        });
        self
    }
}

/// One sample of a family.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// `_bucket`, `_sum`, `_count`, or nothing.
    pub suffix: &'static str,
    /// Labels without the metric name.
    pub labels: Labels,
    /// Value.
    pub value: f64,
}

//! Messages as lines of OpenMetrics.

use super::messages::{self, Exemplar, Metric, MetricFamily, Timestamp};
use crate::encode::{InQuotes, push_escaped, push_labels, push_name, push_series};
use crate::number::format_open_metrics;
use model::{Labels, MetricKind, TimestampMs, is_legacy_metric_name};
use std::fmt::Write as _;

/// The labels of a message.
pub(super) fn labels(pairs: &[messages::Label]) -> Labels {
    Labels::from_pairs(pairs.iter().map(|pair| (&pair.name, &pair.value)))
}

/// The time, in milliseconds.
pub(super) fn time(time: Timestamp) -> TimestampMs {
    let seconds = time.seconds.saturating_mul(1_000);
    TimestampMs(seconds.saturating_add(i64::from(time.nanos / 1_000_000)))
}

/// The time that the page gives for a sample.
pub(super) fn own_time(metric: &Metric) -> Option<TimestampMs> {
    (metric.timestamp_ms != 0).then_some(TimestampMs(metric.timestamp_ms))
}

/// The series as a page writes it.
pub(super) fn series_id(name: &str, pairs: &[messages::Label]) -> String {
    let mut id = String::new();
    push_series(&mut id, name, "", &labels(pairs));
    id
}

/// Writes a page.
#[derive(Debug, Default)]
pub(super) struct Writer {
    text: String,
}

impl Writer {
    /// The page.
    pub(super) fn finish(mut self) -> Vec<u8> {
        self.text.push_str("# EOF\n");
        self.text.into_bytes()
    }

    /// What is known of a family.
    pub(super) fn head(&mut self, family: &MetricFamily, kind: MetricKind) {
        for (word, text) in [
            ("TYPE", kind.as_str()),
            ("HELP", &family.help),
            ("UNIT", &family.unit),
        ] {
            // A unit that is not the end of the name is no OpenMetrics.
            let fits = word != "UNIT" || family.name.ends_with(&format!("_{text}"));
            if text.is_empty() || !fits {
                continue;
            }
            self.text.push_str("# ");
            self.text.push_str(word);
            self.text.push(' ');
            push_name(&mut self.text, &family.name, is_legacy_metric_name);
            self.text.push(' ');
            push_escaped(&mut self.text, text, InQuotes::Yes);
            self.text.push('\n');
        }
    }

    /// A metric that is no histogram.
    pub(super) fn metric(&mut self, name: &str, metric: &Metric) {
        let own = labels(&metric.label);
        let time = own_time(metric);
        if let Some(counter) = &metric.counter {
            let exemplar = counter.exemplar.as_ref();
            self.sample(name, "", &own, counter.value, time, exemplar);
        } else if let Some(plain) = metric.gauge.or(metric.untyped) {
            self.sample(name, "", &own, plain.value, time, None);
        } else if let Some(summary) = &metric.summary {
            let count = summary.sample_count as f64;
            self.sample(name, "_count", &own, count, time, None);
            self.sample(name, "_sum", &own, summary.sample_sum, time, None);
            for one in &summary.quantile {
                let quantile = format_open_metrics(one.quantile);
                let with = own.to_builder().set("quantile", &quantile).build();
                self.sample(name, "", &with, one.value, time, None);
            }
        }
    }

    /// When the series of a metric began, if the message tells.
    pub(super) fn created(&mut self, name: &str, metric: &Metric) {
        let of_counter = metric.counter.as_ref().and_then(|one| one.created);
        let of_summary = || metric.summary.as_ref().and_then(|one| one.created);
        let of_histogram = || metric.histogram.as_ref().and_then(|one| one.created);
        let created = of_counter.or_else(of_summary).or_else(of_histogram);
        if let Some(created) = created {
            let seconds = time(created).as_seconds();
            let own = labels(&metric.label);
            self.sample(name, "_created", &own, seconds, None, None);
        }
    }

    /// The classic buckets of a histogram.
    pub(super) fn classic(&mut self, name: &str, metric: &Metric, histogram: &messages::Histogram) {
        let own = labels(&metric.label);
        let time = own_time(metric);
        let whole = |float: f64, count: u64| if float > 0.0 { float } else { count as f64 };
        let count = whole(histogram.sample_count_float, histogram.sample_count);
        self.sample(name, "_count", &own, count, time, None);
        self.sample(name, "_sum", &own, histogram.sample_sum, time, None);
        let mut is_whole = false;
        for bucket in &histogram.bucket {
            is_whole |= bucket.upper_bound == f64::INFINITY;
            let bound = format_open_metrics(bucket.upper_bound);
            let with = own.to_builder().set("le", &bound).build();
            let count = whole(bucket.cumulative_count_float, bucket.cumulative_count);
            let exemplar = bucket.exemplar.as_ref();
            self.sample(name, "_bucket", &with, count, time, exemplar);
        }
        if !is_whole {
            let with = own.to_builder().set("le", "+Inf").build();
            self.sample(name, "_bucket", &with, count, time, None);
        }
    }

    fn sample(
        &mut self,
        name: &str,
        suffix: &str,
        labels: &Labels,
        value: f64,
        time: Option<TimestampMs>,
        exemplar: Option<&Exemplar>,
    ) {
        push_series(&mut self.text, name, suffix, labels);
        self.text.push(' ');
        self.text.push_str(&format_open_metrics(value));
        if let Some(time) = time {
            self.push_time(time);
        }
        if let Some(exemplar) = exemplar {
            self.text.push_str(" # {");
            push_labels(&mut self.text, &self::labels(&exemplar.label), true);
            self.text.push('}');
            self.text.push(' ');
            self.text.push_str(&format_open_metrics(exemplar.value));
            if let Some(time) = exemplar.timestamp {
                self.push_time(self::time(time));
            }
        }
        self.text.push('\n');
    }

    /// A time in seconds, to the millisecond.
    fn push_time(&mut self, time: TimestampMs) {
        let sign = if time.0 < 0 { "-" } else { "" };
        let ms = time.0.unsigned_abs();
        // Writing into a text does not fail.
        let _ = write!(self.text, " {sign}{}.{:03}", ms / 1_000, ms % 1_000);
    }
}

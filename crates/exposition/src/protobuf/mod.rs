//! Pages in protobuf: their families as an OpenMetrics page, and their native histograms, which no text has.
//!
//! Such pages are read by way of text because everything behind it, the prediction of lines above all, is
//! made for text; and a target that is asked for protobuf has few series beside its histograms.
//!
//! Source: `io/prometheus/client/metrics.proto` of Prometheus' client model, and what Prometheus 3.14 makes
//! of it.

mod messages;
mod native;
mod write;

use crate::Format;
use crate::event::{Place, Sample};
use messages::{Metric, MetricFamily, kind};
use model::{Histogram, Labels, MetricKind, TimestampMs};
use prost::Message;
use write::Writer;

/// What is read of histograms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Histograms {
    /// Their classic buckets.
    Classic,
    /// Native ones; classic buckets where a histogram has nothing else.
    Native,
    /// Both.
    Both,
}

/// A page that came in protobuf.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ProtobufPage {
    /// An OpenMetrics page of everything but native histograms.
    pub text: Vec<u8>,
    /// Native histograms. Ordering: as on the page.
    pub histograms: Vec<NativeHistogram>,
}

/// One sample of a native histogram.
#[derive(Debug, Clone, PartialEq)]
pub struct NativeHistogram {
    /// The series, as an OpenMetrics page writes it. Equal bytes are the same series.
    pub id: Vec<u8>,
    /// Value.
    pub histogram: Histogram,
    /// The time that the page gives, if it gives one.
    pub timestamp: Option<TimestampMs>,
    /// Exemplars that have a time.
    pub exemplars: Vec<NativeExemplar>,
    kind: MetricKind,
}

/// An example of an observation.
#[derive(Debug, Clone, PartialEq)]
pub struct NativeExemplar {
    /// Labels.
    pub labels: Labels,
    /// Value.
    pub value: f64,
    /// Time.
    pub timestamp: TimestampMs,
}

impl NativeHistogram {
    pub(crate) fn new(
        id: Vec<u8>,
        histogram: Histogram,
        timestamp: Option<TimestampMs>,
        exemplars: Vec<NativeExemplar>,
        kind: MetricKind,
    ) -> Self {
        Self {
            id,
            histogram,
            timestamp,
            exemplars,
            kind,
        }
    }

    /// A sample of the series, for its labels; the value says nothing.
    pub fn sample(&self) -> Sample<'_> {
        Sample {
            id: &self.id,
            value: self.histogram.sum,
            timestamp: self.timestamp,
            exemplar: None,
            place: Place {
                page: &self.id,
                offset: 0,
                format: Format::OpenMetrics,
                kind: self.kind,
            },
        }
    }
}

/// The first fault of a page in protobuf.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("protobuf message {number}{}: {reason}", in_family(.family))]
pub struct ProtobufError {
    /// Message, counted from 1.
    pub number: usize,
    /// Its family; empty if it could not be read.
    pub family: String,
    /// What is wrong.
    pub reason: String,
}

fn in_family(family: &str) -> String {
    if family.is_empty() {
        String::new()
    } else {
        format!(" (`{family}`)")
    }
}

/// Reads a page.
///
/// # Errors
/// [`ProtobufError`] when the bytes are no messages, or a native histogram contradicts itself.
pub fn read_protobuf(page: &[u8], histograms: Histograms) -> Result<ProtobufPage, ProtobufError> {
    read(page, histograms, Created::LeftOut)
}

/// The same, with `_created` lines in the text where the page says when its series began; those of native
/// histograms too.
///
/// # Errors
/// As for [`read_protobuf`].
pub fn read_protobuf_with_created(
    page: &[u8],
    histograms: Histograms,
) -> Result<ProtobufPage, ProtobufError> {
    read(page, histograms, Created::Told)
}

/// Whether it is told when series began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Created {
    Told,
    LeftOut,
}

fn read(
    page: &[u8],
    histograms: Histograms,
    created: Created,
) -> Result<ProtobufPage, ProtobufError> {
    let mut writer = Writer::default();
    let mut native = Vec::new();
    let mut rest = page;
    let mut number = 0;
    while !rest.is_empty() {
        number += 1;
        let family = MetricFamily::decode_length_delimited(&mut rest);
        let family = family.map_err(|error| ProtobufError {
            number,
            family: String::new(),
            reason: error.to_string(),
        })?;
        let kind = kind_of(&family);
        writer.head(&family, kind);
        for metric in &family.metric {
            let read = read_metric(&family.name, kind, metric, histograms, &mut writer);
            let read = read.map_err(|reason| ProtobufError {
                number,
                family: family.name.clone(),
                reason: reason.to_owned(),
            })?;
            native.extend(read);
            if created == Created::Told {
                writer.created(&family.name, metric);
            }
        }
    }
    Ok(ProtobufPage {
        text: writer.finish(),
        histograms: native,
    })
}

fn kind_of(family: &MetricFamily) -> MetricKind {
    match family.kind {
        kind::COUNTER => MetricKind::Counter,
        kind::GAUGE => MetricKind::Gauge,
        kind::SUMMARY => MetricKind::Summary,
        kind::HISTOGRAM => MetricKind::Histogram,
        kind::GAUGE_HISTOGRAM => MetricKind::GaugeHistogram,
        _ => MetricKind::Unknown,
    }
}

fn read_metric(
    name: &str,
    kind: MetricKind,
    metric: &Metric,
    histograms: Histograms,
    writer: &mut Writer,
) -> Result<Option<NativeHistogram>, &'static str> {
    let Some(histogram) = &metric.histogram else {
        writer.metric(name, metric);
        return Ok(None);
    };
    let is_native = histograms != Histograms::Classic && native::is_native(histogram);
    if !is_native || (histograms == Histograms::Both && !histogram.bucket.is_empty()) {
        writer.classic(name, metric, histogram);
    }
    if !is_native {
        return Ok(None);
    }
    let with_time = |exemplar: &messages::Exemplar| {
        Some(NativeExemplar {
            labels: write::labels(&exemplar.label),
            value: exemplar.value,
            timestamp: write::time(exemplar.timestamp?),
        })
    };
    // Old clients have them beside the classic buckets.
    let all = if histogram.exemplars.is_empty() {
        let buckets = histogram.bucket.iter();
        let own = buckets.filter_map(|bucket| bucket.exemplar.as_ref());
        own.filter_map(with_time).collect()
    } else {
        histogram.exemplars.iter().filter_map(with_time).collect()
    };
    Ok(Some(NativeHistogram {
        id: write::series_id(name, &metric.label).into_bytes(),
        histogram: native::read(histogram, kind == MetricKind::GaugeHistogram)?,
        timestamp: write::own_time(metric),
        exemplars: all,
        kind,
    }))
}

#[cfg(test)]
mod tests;

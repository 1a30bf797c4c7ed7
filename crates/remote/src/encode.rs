//! Write requests as senders make them, in both versions.
//!
//! One [`WriteRequest`] can be encoded as either message. [`Series::histogram`] writes float counts,
//! [`Series::integer_histogram`] whole ones.

use crate::negotiate::Message;
use hashbrown::HashMap;
use model::{Histogram, MetricKind, ResetHint, Span};
use storage::Metadata;

/// A request to encode.
#[derive(Debug, Clone, Default)]
pub struct WriteRequest {
    series: Vec<Series>,
    metadata: Vec<Metadata>,
}

/// Names and values in the order to send them.
type Pairs = Vec<(String, String)>;

/// One series of a request.
#[derive(Debug, Clone, Default)]
pub struct Series {
    labels: Pairs,
    samples: Vec<(i64, f64)>,
    histograms: Vec<(i64, Histogram, Counts)>,
    exemplars: Vec<(i64, f64, Pairs)>,
    metadata: Option<(MetricKind, String, String)>,
}

/// How a histogram's counts are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Counts {
    Float,
    Integer,
}

impl Series {
    /// A series without samples. Labels are sent in the order given.
    pub fn new<N: Into<String>, V: Into<String>>(labels: impl IntoIterator<Item = (N, V)>) -> Self {
        Self {
            labels: owned(labels),
            ..Self::default()
        }
    }

    /// Adds a sample. Units: `time` in milliseconds.
    #[must_use]
    pub fn sample(mut self, time: i64, value: f64) -> Self {
        self.samples.push((time, value));
        self
    }

    /// Adds a histogram with float counts. Units: `time` in milliseconds.
    #[must_use]
    pub fn histogram(mut self, time: i64, histogram: Histogram) -> Self {
        self.histograms.push((time, histogram, Counts::Float));
        self
    }

    /// Adds a histogram whose counts are sent as whole numbers, fractions cut off. Units: `time` in
    /// milliseconds.
    #[must_use]
    pub fn integer_histogram(mut self, time: i64, histogram: Histogram) -> Self {
        self.histograms.push((time, histogram, Counts::Integer));
        self
    }

    /// Adds an exemplar. Units: `time` in milliseconds.
    #[must_use]
    pub fn exemplar<N: Into<String>, V: Into<String>>(
        mut self,
        time: i64,
        value: f64,
        labels: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        self.exemplars.push((time, value, owned(labels)));
        self
    }

    /// Says what the series is about: kind, help, unit. Only version 2 sends it with the series.
    #[must_use]
    pub fn about(mut self, kind: MetricKind, help: &str, unit: &str) -> Self {
        self.metadata = Some((kind, help.to_owned(), unit.to_owned()));
        self
    }
}

fn owned<N: Into<String>, V: Into<String>>(labels: impl IntoIterator<Item = (N, V)>) -> Pairs {
    labels
        .into_iter()
        .map(|(name, value)| (name.into(), value.into()))
        .collect()
}

impl WriteRequest {
    /// A request without series.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a series.
    #[must_use]
    pub fn series(mut self, series: Series) -> Self {
        self.series.push(series);
        self
    }

    /// Adds metadata of a family. Only version 1 sends it beside the series.
    #[must_use]
    pub fn metadata(mut self, metadata: Metadata) -> Self {
        self.metadata.push(metadata);
        self
    }

    /// The message, compressed with snappy.
    ///
    /// # Errors
    /// When the message is longer than 4 GiB.
    pub fn encode(&self, message: Message) -> Result<Vec<u8>, snap::Error> {
        snap::raw::Encoder::new().compress_vec(&self.to_bytes(message))
    }

    /// The message, not compressed.
    pub fn to_bytes(&self, message: Message) -> Vec<u8> {
        match message {
            Message::V1 => self.to_v1(),
            Message::V2 => self.to_v2(),
        }
    }

    fn to_v1(&self) -> Vec<u8> {
        let mut out = Writer::default();
        for series in &self.series {
            let mut one = Writer::default();
            one.labels(pairs(&series.labels));
            for (time, value) in &series.samples {
                one.message(2, &sample(*time, *value));
            }
            for (time, value, labels) in &series.exemplars {
                let mut exemplar = Writer::default();
                exemplar.labels(pairs(labels));
                exemplar.double(2, *value);
                exemplar.int(3, *time);
                one.message(3, &exemplar);
            }
            for (time, value, counts) in &series.histograms {
                one.message(4, &histogram(*time, value, *counts));
            }
            out.message(1, &one);
        }
        for metadata in &self.metadata {
            let mut one = Writer::default();
            one.uint(1, number_of(metadata.kind));
            one.bytes(2, metadata.family.as_bytes());
            one.bytes(4, metadata.help.as_bytes());
            one.bytes(5, metadata.unit.as_bytes());
            out.message(3, &one);
        }
        out.bytes
    }

    fn to_v2(&self) -> Vec<u8> {
        let mut symbols = Symbols::default();
        symbols.number("");
        let mut all = Writer::default();
        for series in &self.series {
            let mut one = Writer::default();
            one.packed(1, &symbols.numbers(&series.labels));
            for (time, value) in &series.samples {
                one.message(2, &sample(*time, *value));
            }
            for (time, value, counts) in &series.histograms {
                one.message(3, &histogram(*time, value, *counts));
            }
            for (time, value, labels) in &series.exemplars {
                let mut exemplar = Writer::default();
                exemplar.packed(1, &symbols.numbers(labels));
                exemplar.double(2, *value);
                exemplar.int(3, *time);
                one.message(4, &exemplar);
            }
            if let Some((kind, help, unit)) = &series.metadata {
                let mut about = Writer::default();
                about.uint(1, number_of(*kind));
                about.uint(3, symbols.number(help));
                about.uint(4, symbols.number(unit));
                one.message(5, &about);
            }
            all.message(5, &one);
        }
        let mut out = Writer::default();
        symbols.put(&mut out);
        out.bytes.extend_from_slice(&all.bytes);
        out.bytes
    }
}

/// Texts of a version 2 request, each once.
#[derive(Default)]
pub(crate) struct Symbols<'t> {
    texts: Vec<&'t str>,
    numbers: HashMap<&'t str, u64>,
}

impl<'t> Symbols<'t> {
    pub(crate) fn number(&mut self, text: &'t str) -> u64 {
        let next = self.texts.len() as u64;
        *self.numbers.entry(text).or_insert_with(|| {
            self.texts.push(text);
            next
        })
    }

    fn numbers(&mut self, labels: &'t [(String, String)]) -> Vec<u64> {
        self.numbers_of(pairs(labels))
    }

    pub(crate) fn numbers_of(
        &mut self,
        labels: impl Iterator<Item = (&'t str, &'t str)>,
    ) -> Vec<u64> {
        labels
            .flat_map(|(name, value)| [self.number(name), self.number(value)])
            .collect()
    }

    /// Writes all texts.
    pub(crate) fn put(&self, out: &mut Writer) {
        for symbol in &self.texts {
            out.bytes(4, symbol.as_bytes());
        }
    }
}

fn pairs(labels: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> {
    labels
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
}

fn number_of(kind: MetricKind) -> u64 {
    match kind {
        MetricKind::Unknown => 0,
        MetricKind::Counter => 1,
        MetricKind::Gauge => 2,
        MetricKind::Histogram => 3,
        MetricKind::GaugeHistogram => 4,
        MetricKind::Summary => 5,
        MetricKind::Info => 6,
        MetricKind::StateSet => 7,
    }
}

pub(crate) fn sample(time: i64, value: f64) -> Writer {
    let mut out = Writer::default();
    out.double(1, value);
    out.int(2, time);
    out
}

pub(crate) fn histogram(time: i64, histogram: &Histogram, counts: Counts) -> Writer {
    let mut out = Writer::default();
    let is_float = counts == Counts::Float;
    if is_float {
        out.double(2, histogram.count);
    } else {
        out.uint(1, whole(histogram.count));
    }
    out.double(3, histogram.sum);
    out.sint(4, i64::from(histogram.schema));
    out.double(5, histogram.zero_threshold);
    if is_float {
        out.double(7, histogram.zero_count);
    } else {
        out.uint(6, whole(histogram.zero_count));
    }
    out.side(
        8,
        &histogram.negative_spans,
        &histogram.negative_buckets,
        counts,
    );
    out.side(
        11,
        &histogram.positive_spans,
        &histogram.positive_buckets,
        counts,
    );
    out.uint(
        14,
        match histogram.reset_hint {
            ResetHint::Unknown => 0,
            ResetHint::Reset => 1,
            ResetHint::NotReset => 2,
            ResetHint::Gauge => 3,
        },
    );
    out.int(15, time);
    out.doubles(16, &histogram.custom_values);
    out
}

/// Fields of one message.
#[derive(Default)]
pub(crate) struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    #[expect(clippy::cast_possible_truncation, reason = "7 bits are left")]
    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.bytes.push((value & 0x7f) as u8 | 0x80);
            value >>= 7;
        }
        self.bytes.push(value as u8);
    }

    fn tag(&mut self, field: u64, wire_type: u64) {
        self.varint(field << 3 | wire_type);
    }

    fn uint(&mut self, field: u64, value: u64) {
        self.tag(field, 0);
        self.varint(value);
    }

    pub(crate) fn int(&mut self, field: u64, value: i64) {
        self.uint(field, value as u64);
    }

    fn sint(&mut self, field: u64, value: i64) {
        self.uint(field, zigzag(value));
    }

    pub(crate) fn double(&mut self, field: u64, value: f64) {
        self.tag(field, 1);
        self.bytes.extend_from_slice(&value.to_bits().to_le_bytes());
    }

    fn bytes(&mut self, field: u64, bytes: &[u8]) {
        self.tag(field, 2);
        self.varint(bytes.len() as u64);
        self.bytes.extend_from_slice(bytes);
    }

    pub(crate) fn message(&mut self, field: u64, message: &Self) {
        self.bytes(field, &message.bytes);
    }

    pub(crate) fn packed(&mut self, field: u64, numbers: &[u64]) {
        let mut list = Self::default();
        for number in numbers {
            list.varint(*number);
        }
        self.message(field, &list);
    }

    fn doubles(&mut self, field: u64, numbers: &[f64]) {
        let mut list = Self::default();
        for number in numbers {
            let bits = number.to_bits().to_le_bytes();
            list.bytes.extend_from_slice(&bits);
        }
        self.message(field, &list);
    }

    pub(crate) fn labels<'t>(&mut self, labels: impl Iterator<Item = (&'t str, &'t str)>) {
        for (name, value) in labels {
            let mut one = Self::default();
            one.bytes(1, name.as_bytes());
            one.bytes(2, value.as_bytes());
            self.message(1, &one);
        }
    }

    /// Spans at `field`, deltas or counts at the two fields after it.
    fn side(&mut self, field: u64, spans: &[Span], buckets: &[f64], counts: Counts) {
        for span in spans {
            let mut one = Self::default();
            one.sint(1, i64::from(span.offset));
            one.uint(2, u64::from(span.length));
            self.message(field, &one);
        }
        if counts == Counts::Float {
            self.doubles(field + 2, buckets);
            return;
        }
        let mut last = 0;
        let deltas: Vec<u64> = buckets
            .iter()
            .map(|count| {
                let count = whole(*count) as i64;
                let delta = count - last;
                last = count;
                zigzag(delta)
            })
            .collect();
        self.packed(field + 1, &deltas);
    }
}

/// A count without its fraction; what no count can be becomes the nearest one.
#[expect(clippy::cast_possible_truncation, reason = "the cast saturates")]
fn whole(count: f64) -> u64 {
    count as u64
}

/// Zigzag form: 0, -1, 1, -2 become 0, 1, 2, 3.
fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

//! A receiver on a storage that can forget, fail and refuse.

use clock::ManualClock;
use model::{DurationMs, Labels, Matcher, TimeRange, TimestampMs};
use parking_lot::Mutex;
use remote::encode::WriteRequest;
use remote::{Answer, Message, Receiver, ReceiverOptions, WriteHeaders};
use selfmon::Registry;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering::Relaxed};
use storage::{
    Appender, Column, Error, Exemplar, Frame, FrameOutcome, HistogramSample, LayoutId, LooseSample,
    Matchers, MemStorage, Metadata, Queryable, Result, SeriesId,
};

/// Now, on the clock of the tests.
pub(crate) const NOW: i64 = 1_700_000_000_000;
/// Ids of one epoch.
const EPOCH: u32 = 1_000_000;

/// A storage in memory that misbehaves on demand.
#[derive(Default)]
pub(crate) struct Store {
    pub(crate) mem: MemStorage,
    epoch: AtomicU32,
    pub(crate) registered: AtomicUsize,
    pub(crate) float_calls: AtomicUsize,
    pub(crate) metadata: Mutex<Vec<Metadata>>,
    pub(crate) exemplars: Mutex<Vec<Exemplar>>,
    /// What the next calls answer instead of storing anything.
    pub(crate) outcome: Mutex<Option<FrameOutcome>>,
    /// Whether nothing can be written.
    pub(crate) broken: Mutex<bool>,
    /// Series that are taken at most.
    pub(crate) limit: Mutex<Option<usize>>,
}

impl Store {
    /// Forgets all ids given so far.
    pub(crate) fn forget(&self) {
        self.epoch.fetch_add(1, Relaxed);
    }

    fn own(&self, series: SeriesId) -> Result<SeriesId> {
        if series.0 / EPOCH == self.epoch.load(Relaxed) {
            Ok(SeriesId(series.0 % EPOCH))
        } else {
            Err(Error::UnknownSeries(series.0))
        }
    }

    fn check(&self) -> Result<()> {
        if *self.broken.lock() {
            let reason = "disk full".to_owned();
            return Err(Error::ReadOnly { reason });
        }
        Ok(())
    }

    /// Samples of the series named `metric`, label sets as text.
    pub(crate) fn samples(&self, metric: &str) -> Vec<(String, Vec<(i64, f64)>)> {
        let matchers = Matchers::compile(&[Matcher::metric(metric)]).unwrap();
        let selected = self.mem.select(&matchers, TimeRange::ALL).unwrap();
        let mut column = Column::default();
        (0..selected.len())
            .map(|at| {
                let mut reader = selected.reader();
                reader.read(at, TimeRange::ALL, &mut column).unwrap();
                let times = column.times.iter().copied();
                let samples = times.zip(column.values.iter().copied()).collect();
                (selected.labels(at).to_string(), samples)
            })
            .collect()
    }

    /// The column of the only series named `metric`.
    pub(crate) fn column(&self, metric: &str) -> Column {
        let matchers = Matchers::compile(&[Matcher::metric(metric)]).unwrap();
        let selected = self.mem.select(&matchers, TimeRange::ALL).unwrap();
        assert_eq!(selected.len(), 1);
        let mut column = Column::default();
        let mut reader = selected.reader();
        reader.read(0, TimeRange::ALL, &mut column).unwrap();
        column
    }
}

impl Appender for Store {
    fn register(&self, series: &[Labels]) -> Result<Vec<Result<SeriesId>>> {
        self.check()?;
        self.registered.fetch_add(series.len(), Relaxed);
        let epoch = self.epoch.load(Relaxed) * EPOCH;
        let limit = *self.limit.lock();
        let ids = self
            .mem
            .register(series)?
            .into_iter()
            .map(|id| match (id?, limit) {
                (id, Some(limit)) if id.0 as usize >= limit => Err(Error::SeriesLimit { limit }),
                (id, _) => Ok(SeriesId(id.0 + epoch)),
            });
        Ok(ids.collect())
    }

    fn layout(&self, series: &[SeriesId]) -> Result<LayoutId> {
        self.mem.layout(series)
    }

    fn release(&self, layout: LayoutId) {
        self.mem.release(layout);
    }

    fn append_frame(&self, frame: Frame<'_>) -> Result<FrameOutcome> {
        self.mem.append_frame(frame)
    }

    fn append_loose(&self, samples: &[LooseSample]) -> Result<FrameOutcome> {
        self.check()?;
        self.float_calls.fetch_add(1, Relaxed);
        let own = |sample: &LooseSample| {
            let series = self.own(sample.series)?;
            Ok(LooseSample { series, ..*sample })
        };
        let own = samples.iter().map(own).collect::<Result<Vec<_>>>()?;
        match *self.outcome.lock() {
            Some(outcome) => Ok(outcome),
            None => self.mem.append_loose(&own),
        }
    }

    fn append_histograms(&self, samples: &[HistogramSample]) -> Result<FrameOutcome> {
        self.check()?;
        let own = |sample: &HistogramSample| {
            let mut sample = sample.clone();
            sample.series = self.own(sample.series)?;
            Ok(sample)
        };
        let own = samples.iter().map(own).collect::<Result<Vec<_>>>()?;
        self.mem.append_histograms(&own)
    }

    fn append_exemplars(&self, exemplars: &[(SeriesId, Exemplar)]) -> Result<usize> {
        self.check()?;
        for (series, exemplar) in exemplars {
            self.own(*series)?;
            self.exemplars.lock().push(exemplar.clone());
        }
        Ok(exemplars.len())
    }

    fn set_metadata(&self, metadata: &[Metadata]) -> Result<()> {
        self.check()?;
        self.metadata.lock().extend_from_slice(metadata);
        Ok(())
    }
}

/// A receiver and all that it stands on.
pub(crate) struct World {
    pub(crate) store: Arc<Store>,
    pub(crate) clock: ManualClock,
    pub(crate) registry: Registry,
    pub(crate) receiver: Receiver,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with(ReceiverOptions::default())
    }

    pub(crate) fn with(options: ReceiverOptions) -> Self {
        let store = Arc::new(Store::default());
        let clock = ManualClock::at(TimestampMs(NOW));
        let registry = Registry::default();
        let appender: Arc<dyn Appender> = Arc::clone(&store) as _;
        let receiver = Receiver::new(appender, Arc::new(clock.clone()), &registry, options);
        Self {
            store,
            clock,
            registry,
            receiver,
        }
    }

    pub(crate) fn send(&self, message: Message, request: &WriteRequest) -> Answer {
        self.send_bytes(message, &request.to_bytes(message))
    }

    /// Sends a message that is not compressed yet.
    pub(crate) fn send_bytes(&self, message: Message, bytes: &[u8]) -> Answer {
        let body = snap::raw::Encoder::new().compress_vec(bytes).unwrap();
        let headers = WriteHeaders {
            content_type: message.content_type(),
            content_encoding: "snappy",
        };
        self.receiver.write(headers, &body)
    }

    pub(crate) fn minutes_pass(&self, minutes: i64) {
        self.clock.advance(DurationMs(minutes * 60_000));
    }

    /// The sum of all points of a metric.
    pub(crate) fn metric(&self, name: &str) -> f64 {
        let families = self.registry.gather();
        let family = families.iter().find(|family| family.name == name);
        family.map_or(0.0, |family| {
            family.points.iter().map(|point| point.value).sum()
        })
    }
}

/// The counts in the headers: samples, histograms, exemplars.
pub(crate) fn written(answer: &Answer) -> Option<[usize; 3]> {
    let count = |what: &str| {
        let wanted = format!("X-Prometheus-Remote-Write-{what}-Written");
        let found = answer.headers.iter().find(|(name, _)| *name == wanted);
        found?.1.parse().ok()
    };
    Some([count("Samples")?, count("Histograms")?, count("Exemplars")?])
}

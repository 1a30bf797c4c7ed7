//! The receiver: from a request's body to storage.

use crate::answer::{Answer, Written};
use crate::batch::Batch;
use crate::body::decompress;
use crate::error::Result;
use crate::key::Hasher;
use crate::metadata::Told;
use crate::metrics::Metrics;
use crate::negotiate::{Message, WriteHeaders, negotiate};
use crate::read::{Reading, Trust};
use crate::table::{Cursor, Table};
use crate::{v1, v2};
use clock::Clock;
use model::{DurationMs, Labels, TimestampMs};
use parking_lot::{Mutex, RwLock};
use selfmon::Registry;
use std::mem;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering::Relaxed};
use storage::{Appender, FrameOutcome};

/// Buffers that are kept for the next requests.
const KEPT_BUFFERS: usize = 4;
/// Decoded bytes that a kept buffer may hold, and samples.
const KEPT_BYTES: usize = 4 << 20;
const KEPT_SAMPLES: usize = 50_000;
/// Minutes between two looks for series that are not used any more.
const SWEEP_MINUTES: u16 = 2;

/// How a [`Receiver`] behaves.
#[derive(Debug, Clone)]
pub struct ReceiverOptions {
    /// Messages that are taken.
    pub accepted: Vec<Message>,
    /// Units: bytes of a decoded body. Prometheus takes 32 MiB.
    pub max_decoded: usize,
    /// How far ahead of the clock a sample may be. Prometheus takes 10 minutes.
    pub max_ahead: DurationMs,
    /// Units: minutes after which a series that is not sent any more is forgotten.
    pub idle_minutes: u16,
    /// Series that are remembered at most, at about 35 bytes each; more only make the receiver slower.
    pub max_cached: usize,
}

impl Default for ReceiverOptions {
    fn default() -> Self {
        Self {
            accepted: vec![Message::V1, Message::V2],
            max_decoded: 32 << 20,
            max_ahead: DurationMs(10 * 60_000),
            idle_minutes: 15,
            max_cached: 4_000_000,
        }
    }
}

/// Takes remote write requests of all connections and writes them to one storage.
///
/// It remembers series by a hash of their labels as sent, and the order in which they come: of a series
/// that came before, the labels are not read again.
pub struct Receiver {
    appender: Arc<dyn Appender>,
    clock: Arc<dyn Clock>,
    options: ReceiverOptions,
    hasher: Hasher,
    table: RwLock<Table>,
    /// Minute of the last look for idle series.
    swept: AtomicU16,
    told: Told,
    buffers: Mutex<Vec<Buffers>>,
    metrics: Metrics,
}

/// Memory for one request.
#[derive(Default)]
struct Buffers {
    decoder: snap::raw::Decoder,
    body: Vec<u8>,
    batch: Batch,
}

/// The parts of a batch that are written one after the other.
#[derive(Debug, Clone, Copy)]
enum Part {
    Floats,
    Histograms,
    Exemplars,
}

impl std::fmt::Debug for Receiver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Receiver")
            .field("options", &self.options)
            .field("cached_series", &self.cached_series())
            .finish_non_exhaustive()
    }
}

impl Receiver {
    /// A receiver that knows no series yet.
    pub fn new(
        appender: Arc<dyn Appender>,
        clock: Arc<dyn Clock>,
        registry: &Registry,
        options: ReceiverOptions,
    ) -> Self {
        let swept = AtomicU16::new(minute_of(clock.now()));
        Self {
            appender,
            clock,
            options,
            hasher: Hasher::random(),
            table: RwLock::default(),
            swept,
            told: Told::default(),
            buffers: Mutex::default(),
            metrics: Metrics::new(registry),
        }
    }

    /// Series that are remembered now.
    pub fn cached_series(&self) -> usize {
        self.table.read().len()
    }

    /// Takes one request.
    ///
    /// What cannot be read is refused as a whole. Of what can be read everything is stored that storage
    /// takes; the rest is named in the answer, with status 400, so that the sender does not try again.
    /// Source: Prometheus' `storage/remote` write handler, which stores nothing of a version 1 request
    /// in that case: its samples are lost for both.
    pub fn write(&self, headers: WriteHeaders<'_>, body: &[u8]) -> Answer {
        let message = match negotiate(headers, &self.options.accepted) {
            Ok(message) => message,
            Err(error) => return Answer::unreadable(&error),
        };
        let mut buffers = self.buffers.lock().pop().unwrap_or_default();
        let answer = self.write_with(&mut buffers, message, body);
        buffers.batch.clear(KEPT_SAMPLES);
        if buffers.body.len() > KEPT_BYTES {
            buffers.body = Vec::new();
        }
        let mut kept = self.buffers.lock();
        if kept.len() < KEPT_BUFFERS {
            kept.push(buffers);
        }
        answer
    }

    fn write_with(&self, buffers: &mut Buffers, message: Message, body: &[u8]) -> Answer {
        let now = self.clock.now();
        self.sweep(minute_of(now));
        let Buffers {
            decoder,
            body: decoded,
            batch,
        } = buffers;
        let read =
            decompress(decoder, body, self.options.max_decoded, decoded).and_then(|request| {
                Ok((
                    request,
                    self.read(message, request, now, Trust::Cache, batch)?,
                ))
            });
        match read {
            Ok((request, ())) => self
                .store(message, request, now, batch)
                .unwrap_or_else(|error| Answer::storage_failed(message, &error)),
            Err(error) => Answer::unreadable(&error),
        }
    }

    /// Reads a decoded request into `batch`.
    fn read(
        &self,
        message: Message,
        request: &[u8],
        now: TimestampMs,
        trust: Trust,
        batch: &mut Batch,
    ) -> Result<()> {
        batch.clear(KEPT_SAMPLES);
        let table = self.table.read();
        let mut reading = Reading {
            table: &table,
            hasher: &self.hasher,
            batch,
            cursor: Cursor::new(minute_of(now)),
            trust,
            latest: now.0.saturating_add(self.options.max_ahead.0),
        };
        match message {
            Message::V1 => v1::read(&mut reading, request),
            Message::V2 => v2::read(&mut reading, request),
        }
    }

    /// Writes what `batch` holds; `request` is read again if the storage forgot series.
    fn store(
        &self,
        message: Message,
        request: &[u8],
        now: TimestampMs,
        batch: &mut Batch,
    ) -> storage::Result<Answer> {
        let mut written = Written::default();
        let mut outcome = FrameOutcome::default();
        let mut refused = self.register(batch, minute_of(now))?;
        let mut may_retry = true;
        let mut parts = [Part::Floats, Part::Histograms, Part::Exemplars].into_iter();
        let mut part = parts.next();
        while let Some(current) = part {
            match self.write_part(current, batch, &mut written, &mut outcome) {
                Ok(()) => part = parts.next(),
                Err(storage::Error::UnknownSeries(_)) if may_retry => {
                    may_retry = false;
                    let again = self.read(message, request, now, Trust::Nothing, batch);
                    debug_assert!(again.is_ok(), "the same bytes were read before");
                    refused = self.register(batch, minute_of(now))?;
                }
                Err(error) => return Err(error),
            }
        }
        let told = self
            .told
            .tell(&*self.appender, &self.hasher, &mut batch.metadata);
        if told.is_err() {
            // The samples are stored: the sender need not come again. The next request tells it.
            self.table.write().forget_metadata();
        }
        outcome.out_of_bounds += batch.out_of_bounds;
        self.count(batch, written, outcome, refused);
        // The batch has the complaint already, with the reason.
        outcome.out_of_bounds -= batch.out_of_bounds;
        let problems = mem::take(&mut batch.problems);
        Ok(Answer::stored(message, written, outcome, problems))
    }

    fn write_part(
        &self,
        part: Part,
        batch: &Batch,
        written: &mut Written,
        outcome: &mut FrameOutcome,
    ) -> storage::Result<()> {
        match part {
            Part::Floats if !batch.floats.is_empty() => {
                let floats = self.appender.append_loose(&batch.floats)?;
                // A sample that is there already counts as written, as with Prometheus.
                written.samples = batch.floats.len().saturating_sub(floats.refused());
                outcome.add(floats);
            }
            Part::Histograms if !batch.histograms.is_empty() => {
                let histograms = self.appender.append_histograms(&batch.histograms)?;
                written.histograms = batch.histograms.len().saturating_sub(histograms.refused());
                outcome.add(histograms);
            }
            Part::Exemplars if !batch.exemplars.is_empty() => {
                written.exemplars = self.appender.append_exemplars(&batch.exemplars)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// Registers the series that the cache does not have; gives the number of samples whose series was
    /// refused.
    fn register(&self, batch: &mut Batch, minute: u16) -> storage::Result<usize> {
        if batch.unknown.is_empty() {
            return Ok(0);
        }
        let labels: Vec<Labels> = batch
            .unknown
            .iter()
            .map(|unknown| unknown.labels.clone())
            .collect();
        for (at, registered) in self.appender.register(&labels)?.into_iter().enumerate() {
            match registered {
                Ok(series) => batch.settle(at, series),
                Err(error @ storage::Error::SeriesLimit { .. }) => {
                    batch.problems.add(|| error.to_string());
                }
                Err(error) => return Err(error),
            }
        }
        let known = batch.unknown.iter().map(|unknown| unknown.fresh);
        let mut table = self.table.write();
        table.insert(known.filter(|one| one.series != Batch::unsettled()), minute);
        if table.len() > self.options.max_cached {
            table.sweep(minute, self.options.idle_minutes, self.options.max_cached);
        }
        self.show_size(&table);
        drop(table);
        Ok(batch.drop_unsettled())
    }

    fn sweep(&self, minute: u16) {
        let swept = self.swept.load(Relaxed);
        let since = minute.wrapping_sub(swept);
        if since.min(since.wrapping_neg()) < SWEEP_MINUTES {
            return;
        }
        let mine = self
            .swept
            .compare_exchange(swept, minute, Relaxed, Relaxed)
            .is_ok();
        if mine {
            let mut table = self.table.write();
            table.sweep(minute, self.options.idle_minutes, self.options.max_cached);
            self.show_size(&table);
        }
    }

    fn show_size(&self, table: &Table) {
        self.metrics.cached.set(table.len() as f64);
        self.metrics.cached_bytes.set(table.heap_bytes() as f64);
    }

    fn count(&self, batch: &Batch, written: Written, outcome: FrameOutcome, refused: usize) {
        let metrics = &self.metrics;
        metrics.invalid_labels.add(batch.invalid_labels as f64);
        let without = batch.without_metadata.saturating_sub(refused);
        metrics.without_metadata.add(without as f64);
        metrics.samples.add(written.samples as f64);
        metrics.histograms.add(written.histograms as f64);
        metrics.exemplars.add(written.exemplars as f64);
        metrics.refused(outcome);
    }
}

/// The minute of `time`, modulo 2^16.
#[expect(clippy::cast_possible_truncation, reason = "the modulo is meant")]
fn minute_of(time: TimestampMs) -> u16 {
    time.0.div_euclid(60_000) as u16
}

//! The thread that follows the log and fills the shards.

use crate::metrics::{CUSTOM_BUCKETS, DROPPED_SERIES, Kind, Metrics, TOO_OLD};
use crate::queue::Shared;
use crate::series::OutSeries;
use crate::shard;
use model::{Histogram, Labels};
use remote::{Message, Outgoing, OutgoingValue};
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use storage::Exemplar;
use tokio::runtime::Handle;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::mpsc::{Sender, channel};
use tokio::task::JoinHandle;
use tsdb::{LogPosition, LogSink, LogTail};

/// Time between two looks at the end of the log.
const LOOK: Duration = Duration::from_millis(100);
/// Wait after the log could not be read.
const TROUBLE: Duration = Duration::from_secs(5);
/// Time between two thoughts about the number of shards.
const RESHARD: Duration = Duration::from_secs(10);
/// More of the time than this spent waiting for full queues asks for more shards.
const BLOCKED: f64 = 0.3;

/// One shard as the feeder sees it.
struct Shard {
    sender: Sender<Outgoing>,
    task: JoinHandle<()>,
    /// What was put in.
    put: u64,
    /// What of it needs not be sent any more.
    done: Arc<AtomicU64>,
}

/// A place in the log, and what was put into each shard before it.
struct Mark {
    position: LogPosition,
    put: Vec<u64>,
}

pub(crate) struct Feeder {
    tail: LogTail,
    sink: Distributor,
    runtime: Handle,
    marks: VecDeque<Mark>,
}

/// Gives what the log holds to shards.
struct Distributor {
    shared: Arc<Shared>,
    /// By the number in the segment; none for those that are not sent.
    series: Vec<Option<OutSeries>>,
    shards: Vec<Shard>,
    /// Time spent waiting for full queues.
    blocked: Duration,
    /// Whether anything was put in since the last look.
    has_put: bool,
}

impl Feeder {
    pub(crate) fn new(shared: Arc<Shared>, tail: LogTail, runtime: Handle) -> Self {
        Self {
            tail,
            sink: Distributor {
                shared,
                series: Vec::new(),
                shards: Vec::new(),
                blocked: Duration::ZERO,
                has_put: false,
            },
            runtime,
            marks: VecDeque::new(),
        }
    }

    /// Sends until the queue is stopped, and what waits then.
    pub(crate) fn run(mut self) {
        let least = usize::try_from(self.sink.shared.config.queue.min_shards).unwrap_or(1);
        self.open_shards(least.max(1));
        let mut since = Instant::now();
        let mut was_behind = false;
        while !self.sink.shared.is_stopping() {
            match self.tail.read(&mut self.sink) {
                Ok(true) => {
                    was_behind = true;
                    self.mark();
                }
                Ok(false) => std::thread::park_timeout(LOOK),
                Err(error) => {
                    tracing::error!(%error, "write-ahead log cannot be followed");
                    std::thread::park_timeout(TROUBLE);
                }
            }
            self.commit();
            if since.elapsed() >= RESHARD {
                self.reshard(since.elapsed(), was_behind);
                was_behind = false;
                since = Instant::now();
            }
        }
        self.close_shards();
        self.commit();
    }

    fn mark(&mut self) {
        let put = self.sink.shards.iter().map(|shard| shard.put).collect();
        let position = self.tail.position();
        // Nothing more was put in: the place is further, for the same wait.
        if !std::mem::take(&mut self.sink.has_put)
            && let Some(last) = self.marks.back_mut()
        {
            last.position = position;
            return;
        }
        self.marks.push_back(Mark { position, put });
    }

    /// Notes how far everything is sent.
    fn commit(&mut self) {
        let shards = &self.sink.shards;
        let done: Vec<u64> = shards
            .iter()
            .map(|shard| shard.done.load(Ordering::Acquire))
            .collect();
        let is_done = |mark: &Mark| mark.put.iter().zip(&done).all(|(put, done)| put <= done);
        while let Some(mark) = self.marks.front()
            && is_done(mark)
        {
            *self.sink.shared.committed.lock() = mark.position;
            self.marks.pop_front();
        }
    }

    /// More shards where queues were full, fewer where there was little to do.
    fn reshard(&mut self, time: Duration, was_behind: bool) {
        let shared = Arc::clone(&self.sink.shared);
        let queue = &shared.config.queue;
        let now = self.sink.shards.len();
        let share = self.sink.blocked.as_secs_f64() / time.as_secs_f64().max(1e-3);
        self.sink.blocked = Duration::ZERO;
        // More at once would not help a receiver that fails.
        if shared.is_failing() {
            return;
        }
        let (least, most) = (
            usize::try_from(queue.min_shards).unwrap_or(1).max(1),
            usize::try_from(queue.max_shards).unwrap_or(usize::MAX),
        );
        let wanted = if share > BLOCKED {
            now.saturating_mul(2)
        } else if share == 0.0 && !was_behind {
            now / 2
        } else {
            now
        };
        let wanted = wanted.clamp(least, most.max(least));
        shared.metrics.shards_desired.set(wanted as f64);
        if wanted != now {
            tracing::info!(
                remote_name = shared.name,
                from = now,
                to = wanted,
                "remote write resharded"
            );
            // What is in the queues goes out first, so that the samples of a series stay in order.
            self.close_shards();
            self.commit();
            if !shared.is_stopping() {
                self.open_shards(wanted);
            }
        }
    }

    fn open_shards(&mut self, count: usize) {
        let shared = &self.sink.shared;
        let capacity = usize::try_from(shared.config.queue.capacity).unwrap_or(usize::MAX);
        let capacity = capacity.clamp(1, 1 << 24);
        self.sink.shards = (0..count)
            .map(|_| {
                let (sender, waiting) = channel(capacity);
                let done = Arc::<AtomicU64>::default();
                let run = shard::run(Arc::clone(shared), waiting, Arc::clone(&done));
                Shard {
                    sender,
                    task: self.runtime.spawn(run),
                    put: 0,
                    done,
                }
            })
            .collect();
        let tasks = self
            .sink
            .shards
            .iter()
            .map(|shard| shard.task.abort_handle());
        *shared.sending.lock() = tasks.collect();
        shared.metrics.shards.set(count as f64);
        shared.metrics.shards_desired.set(count as f64);
        // None is left, unless a shard ended too early: then its samples are sent after a restart.
        self.marks.clear();
    }

    /// Lets all shards send what they have, and end.
    fn close_shards(&mut self) {
        for shard in &mut self.sink.shards {
            let (closed, _) = channel(1);
            shard.sender = closed;
        }
        for shard in &mut self.sink.shards {
            // One that was aborted or panicked has not done what it had.
            let _ = self.runtime.block_on(&mut shard.task);
        }
    }
}

impl Distributor {
    fn put(&mut self, series: u32, kind: Kind, time: i64, value: OutgoingValue) {
        let metrics = &self.shared.metrics;
        let Some(Some(series)) = self.series.get(series as usize) else {
            metrics.drop(kind, DROPPED_SERIES, 1);
            return;
        };
        if self.shared.is_too_old(time) {
            metrics.drop(kind, TOO_OLD, 1);
            return;
        }
        Metrics::newer(&metrics.newest, time);
        let count = self.shards.len().max(1) as u64;
        let index = usize::try_from(series.hash % count).unwrap_or(0);
        let Some(shard) = self.shards.get_mut(index) else {
            return;
        };
        let item = Outgoing {
            labels: series.labels.clone(),
            value,
        };
        shard.put += 1;
        self.has_put = true;
        metrics.pending.of(kind).inc();
        if let Err(TrySendError::Full(item)) = shard.sender.try_send(item) {
            metrics.enqueue_retries.inc();
            let began = Instant::now();
            // A closed queue belongs to a shard that was stopped: the place in the log stays before it.
            let _ = shard.sender.blocking_send(item);
            self.blocked += began.elapsed();
        }
    }
}

impl LogSink for Distributor {
    fn segment(&mut self) {
        self.series.clear();
    }

    fn series(&mut self, labels: Labels) -> u32 {
        let config = &self.shared.config;
        let external = &self.shared.external;
        self.series.push(OutSeries::new(
            &labels,
            external,
            &config.write_relabel_configs,
        ));
        u32::try_from(self.series.len() - 1).unwrap_or(u32::MAX)
    }

    fn float(&mut self, series: u32, time: i64, value: f64) {
        self.shared.metrics.samples_in.inc();
        self.put(
            series,
            Kind::Sample,
            time,
            OutgoingValue::Float { time, value },
        );
    }

    fn histogram(&mut self, series: u32, time: i64, histogram: Arc<Histogram>) {
        let is_v1 = self.shared.poster.message == Message::V1;
        if is_v1 && !self.shared.config.send_native_histograms {
            return;
        }
        if is_v1 && histogram.has_custom_buckets() {
            self.shared.metrics.drop(Kind::Histogram, CUSTOM_BUCKETS, 1);
            return;
        }
        let value = OutgoingValue::Histogram { time, histogram };
        self.put(series, Kind::Histogram, time, value);
    }

    fn exemplar(&mut self, series: u32, exemplar: Exemplar) {
        if self.shared.config.send_exemplars {
            let time = exemplar.time;
            self.put(
                series,
                Kind::Exemplar,
                time,
                OutgoingValue::Exemplar(exemplar),
            );
        }
    }
}

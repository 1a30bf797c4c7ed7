//! One receiver with everything that leads to it.

use crate::feeder::Feeder;
use crate::metadata;
use crate::metrics::{Families, Metrics};
use crate::post::Poster;
use clock::Clock;
use config::RemoteWriteConfig;
use http::Uri;
use model::Labels;
use parking_lot::Mutex;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinSet};
use tsdb::{Db, LogPosition};

/// One of so many failures in a row is told.
const TOLD: u32 = 10;

/// What the parts of a queue share.
pub(crate) struct Shared {
    pub(crate) config: RemoteWriteConfig,
    pub(crate) external: Labels,
    /// In metrics and in the log.
    pub(crate) name: String,
    /// The address without a password.
    pub(crate) shown_url: String,
    pub(crate) poster: Poster,
    pub(crate) metrics: Metrics,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) stopping: watch::Sender<bool>,
    /// Whether the receiver does not take what it gets at the moment.
    is_failing: AtomicBool,
    /// Everything before it needs not be sent any more.
    pub(crate) committed: Mutex<LogPosition>,
    /// The tasks that send now.
    pub(crate) sending: Mutex<Vec<AbortHandle>>,
}

impl Shared {
    pub(crate) fn is_stopping(&self) -> bool {
        *self.stopping.borrow()
    }

    pub(crate) fn is_failing(&self) -> bool {
        self.is_failing.load(Ordering::Relaxed)
    }

    pub(crate) fn recovered(&self) {
        if self.is_failing.swap(false, Ordering::Relaxed) {
            let (remote_name, url) = (&self.name, &self.shown_url);
            tracing::info!(remote_name, url, "remote write goes on");
        }
    }

    pub(crate) fn failed(&self, attempt: u32, error: &str) {
        let is_first = !self.is_failing.swap(true, Ordering::Relaxed);
        if is_first || (attempt > 0 && attempt.is_multiple_of(TOLD)) {
            let (remote_name, url) = (&self.name, &self.shown_url);
            tracing::warn!(
                remote_name,
                url,
                attempt,
                error,
                "failed to send, it is tried again"
            );
        }
    }
}

/// A running queue.
pub(crate) struct Queue {
    pub(crate) shared: Arc<Shared>,
    /// By what it is known over restarts and changes of its settings.
    pub(crate) key: String,
    feeder: Option<JoinHandle<()>>,
    _metadata: JoinSet<()>,
}

/// What a queue is made of.
pub(crate) struct QueueParts<'p> {
    pub(crate) config: &'p RemoteWriteConfig,
    pub(crate) external: &'p Labels,
    pub(crate) name: String,
    pub(crate) key: String,
    pub(crate) url: Uri,
    pub(crate) shown_url: String,
    pub(crate) from: LogPosition,
}

impl Queue {
    /// Begins to send. Needs a tokio runtime.
    pub(crate) fn start(
        parts: QueueParts<'_>,
        db: &Arc<Db>,
        families: &Families,
        clock: &Arc<dyn Clock>,
    ) -> std::io::Result<Self> {
        let metrics = families.of(&parts.name, &parts.shown_url);
        let queue = &parts.config.queue;
        metrics.shards_min.set(queue.min_shards as f64);
        metrics.shards_max.set(queue.max_shards as f64);
        metrics.shard_capacity.set(queue.capacity as f64);
        metrics
            .max_samples_per_send
            .set(queue.max_samples_per_send as f64);
        let shared = Arc::new(Shared {
            poster: Poster::new(parts.config, parts.url, Arc::clone(clock)),
            config: parts.config.clone(),
            external: parts.external.clone(),
            name: parts.name,
            shown_url: parts.shown_url,
            metrics,
            clock: Arc::clone(clock),
            stopping: watch::Sender::new(false),
            is_failing: AtomicBool::new(false),
            committed: Mutex::new(parts.from),
            sending: Mutex::default(),
        });
        let feeder = Feeder::new(
            Arc::clone(&shared),
            db.tail_log(parts.from),
            tokio::runtime::Handle::current(),
        );
        let thread = std::thread::Builder::new().name("remote-write".to_owned());
        let feeder = thread.spawn(move || feeder.run())?;
        let mut tasks = JoinSet::new();
        if shared.config.metadata.send && shared.poster.message == remote::Message::V1 {
            tasks.spawn(metadata::run(Arc::clone(&shared), Arc::downgrade(db)));
        }
        Ok(Self {
            shared,
            key: parts.key,
            feeder: Some(feeder),
            _metadata: tasks,
        })
    }

    /// Stops: what waits is still sent, for so long at most; not at all where the receiver does not answer.
    /// Gives the place in the log that sending can go on at.
    pub(crate) async fn stop(mut self, deadline: Duration) -> LogPosition {
        self.shared.stopping.send_replace(true);
        if let Some(feeder) = self.feeder.take() {
            feeder.thread().unpark();
            let mut ending = tokio::task::spawn_blocking(move || feeder.join());
            if tokio::time::timeout(deadline, &mut ending).await.is_err() {
                let (remote_name, url) = (&self.shared.name, &self.shared.shown_url);
                tracing::error!(remote_name, url, "not all could be sent before the end");
                for task in self.shared.sending.lock().iter() {
                    task.abort();
                }
                // A panic in there was told by the panic hook.
                let _ = ending.await;
            }
        }
        *self.shared.committed.lock()
    }
}

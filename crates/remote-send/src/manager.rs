//! All receivers, through changes of the configuration.

use crate::metrics::Families;
use crate::positions::{self, Positions};
use crate::queue::{Queue, QueueParts};
use clock::Clock;
use config::RemoteWriteConfig;
use http::Uri;
use model::Labels;
use parking_lot::Mutex;
use selfmon::Registry;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use tsdb::{Db, LogPosition};

/// Time between two writes of the places in the log.
const STORE: Duration = Duration::from_secs(1);
/// How long a queue whose settings change may take to send what it has.
const CHANGE: Duration = Duration::from_secs(10);

/// What sending needs from outside.
pub struct SendDeps {
    /// Whose log is sent.
    pub db: Arc<Db>,
    /// Where sending counts what it does.
    pub registry: Registry,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// The file that says how far each receiver is.
    pub positions: PathBuf,
    /// How long queues may take to empty when the server stops (`--storage.remote.flush-deadline`).
    pub flush_deadline: Duration,
}

/// The first segment of the log that a receiver still needs, by the file of the last run; `u64::MAX` if
/// none does. What the database is to be opened with.
pub fn held_segment(positions: &Path) -> u64 {
    let positions = positions::load(positions);
    let segments = positions.values().map(|position| position.segment);
    segments.min().unwrap_or(u64::MAX)
}

/// Sends to all receivers of the configuration. Needs a tokio runtime with time and I/O.
pub struct Manager {
    shared: Arc<Shared>,
    tasks: Mutex<JoinSet<()>>,
}

struct Shared {
    deps: SendDeps,
    families: Families,
    queues: Mutex<Vec<Queue>>,
    stored: Mutex<Positions>,
    /// One change at a time; meanwhile the queues are not where they belong.
    changing: tokio::sync::Mutex<()>,
}

impl Manager {
    /// No receivers yet.
    pub fn new(deps: SendDeps) -> Self {
        let stored = positions::load(&deps.positions);
        let shared = Shared {
            families: Families::new(&deps.registry),
            deps,
            queues: Mutex::default(),
            stored: Mutex::new(stored),
            changing: tokio::sync::Mutex::default(),
        };
        Self {
            shared: Arc::new(shared),
            tasks: Mutex::default(),
        }
    }

    /// Sends to these receivers from now on. One whose settings stay the same is not touched; another goes
    /// on where it was; a new one begins with what is stored from now on.
    pub async fn apply(&self, configs: &[RemoteWriteConfig], external: &Labels) {
        let _change = self.shared.changing.lock().await;
        let shared = &self.shared;
        let keys = keys(configs);
        let mut running = std::mem::take(&mut *shared.queues.lock());
        let mut kept = Vec::new();
        let mut places = shared.stored.lock().clone();
        let mut stopping = JoinSet::new();
        let mut gone = BTreeSet::new();
        for queue in running.drain(..) {
            let at = keys.iter().position(|key| *key == queue.key);
            let config = at.and_then(|at| configs.get(at));
            let old = &queue.shared;
            if config == Some(&old.config) && old.external == *external {
                kept.push(queue);
                continue;
            }
            gone.insert((old.name.clone(), old.shown_url.clone()));
            let key = queue.key.clone();
            stopping.spawn(async move { (key, queue.stop(CHANGE).await) });
        }
        while let Some(stopped) = stopping.join_next().await {
            // A panic in there was told by the panic hook.
            if let Ok((key, place)) = stopped {
                places.insert(key, place);
            }
        }
        let end = shared.deps.db.log_end();
        let mut queues = Vec::new();
        for (config, key) in configs.iter().zip(&keys) {
            if let Some(at) = kept.iter().position(|queue: &Queue| queue.key == *key) {
                queues.push(kept.swap_remove(at));
                continue;
            }
            // A log that is shorter is another one.
            let from = places.get(key).copied().unwrap_or(end).min(end);
            if let Some(queue) = self.start(config, key, external, from) {
                gone.remove(&(queue.shared.name.clone(), queue.shared.shown_url.clone()));
                queues.push(queue);
            }
        }
        for (name, url) in gone {
            shared.families.remove(&name, &url);
        }
        *shared.queues.lock() = queues;
        shared.store();
        self.watch();
    }

    fn start(
        &self,
        config: &RemoteWriteConfig,
        key: &str,
        external: &Labels,
        from: LogPosition,
    ) -> Option<Queue> {
        let shown_url = config.shown_url();
        let url: Uri = match config.url.parse() {
            Ok(url) => url,
            Err(error) => {
                tracing::error!(url = shown_url, %error, "no remote write to this address");
                return None;
            }
        };
        if config.sigv4.is_some() || config.azuread.is_some() || config.google_iam.is_some() {
            tracing::error!(
                url = shown_url,
                "no remote write: sigv4, azuread and google_iam are not supported"
            );
            return None;
        }
        let parts = QueueParts {
            config,
            external,
            name: name(config, key),
            key: key.to_owned(),
            url,
            shown_url,
            from,
        };
        let deps = &self.shared.deps;
        match Queue::start(parts, &deps.db, &self.shared.families, &deps.clock) {
            Ok(queue) => Some(queue),
            Err(error) => {
                tracing::error!(%error, "no thread for remote write");
                None
            }
        }
    }

    /// Notes from time to time how far the receivers are.
    fn watch(&self) {
        let mut tasks = self.tasks.lock();
        if !tasks.is_empty() {
            return;
        }
        let weak = Arc::downgrade(&self.shared);
        tasks.spawn(async move {
            loop {
                tokio::time::sleep(STORE).await;
                let Some(shared) = weak.upgrade() else {
                    return;
                };
                if let Ok(_unchanged) = shared.changing.try_lock() {
                    shared.store();
                }
            }
        });
    }

    /// Sends what waits, up to the deadline, and stops. What could not be sent is sent after the next start.
    pub async fn shutdown(&self) {
        let _change = self.shared.changing.lock().await;
        self.tasks.lock().abort_all();
        let queues = std::mem::take(&mut *self.shared.queues.lock());
        let mut places = Positions::new();
        let mut stopping = JoinSet::new();
        for queue in queues {
            let deadline = self.shared.deps.flush_deadline;
            stopping.spawn(async move { (queue.key.clone(), queue.stop(deadline).await) });
        }
        while let Some(stopped) = stopping.join_next().await {
            if let Ok((key, place)) = stopped {
                places.insert(key, place);
            }
        }
        self.shared.note(places);
    }
}

impl Shared {
    fn store(&self) {
        let queues = self.queues.lock();
        let place = |queue: &Queue| (queue.key.clone(), *queue.shared.committed.lock());
        let places = queues.iter().map(place).collect();
        drop(queues);
        self.note(places);
    }

    fn note(&self, places: Positions) {
        let segments = places.values().map(|place| place.segment);
        self.deps.db.hold_log(segments.min().unwrap_or(u64::MAX));
        let mut stored = self.stored.lock();
        if *stored == places {
            return;
        }
        match positions::store(&self.deps.positions, &places) {
            Ok(()) => *stored = places,
            Err(error) => {
                tracing::error!(%error, "places of remote write not written; it is tried again");
            }
        }
    }
}

/// By what each section is known: its address and name; where several have the same, a number too.
fn keys(configs: &[RemoteWriteConfig]) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    for config in configs {
        let plain = match &*config.name {
            "" => config.shown_url(),
            name => format!("{} {name}", config.shown_url()),
        };
        let mut key = plain.clone();
        let mut number = 1;
        while keys.contains(&key) {
            number += 1;
            key = format!("{plain} #{number}");
        }
        keys.push(key);
    }
    keys
}

/// The name that was given, or six digits that stand for the key.
fn name(config: &RemoteWriteConfig, key: &str) -> String {
    use std::hash::{DefaultHasher, Hash, Hasher};
    if !config.name.is_empty() {
        return config.name.clone();
    }
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    format!("{:06x}", hasher.finish() & 0xff_ffff)
}

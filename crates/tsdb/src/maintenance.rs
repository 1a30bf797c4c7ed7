//! What happens by itself: forcing the log to the disk each second, dropping what is too old.

use crate::SyncPolicy;
use crate::db::Shared;
use crate::stats::count;
use parking_lot::{Condvar, Mutex};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

const SYNC_EVERY: Duration = Duration::from_secs(1);
/// In syncs.
const RETENTION_EVERY: u32 = 60;

/// The thread that does it; stops when dropped.
#[derive(Debug)]
pub(crate) struct Maintenance {
    stop: Arc<(Mutex<bool>, Condvar)>,
    thread: Option<JoinHandle<()>>,
}

impl Maintenance {
    pub(crate) fn start(shared: Arc<Shared>) -> std::io::Result<Self> {
        let stop = Arc::new((Mutex::new(false), Condvar::new()));
        let told = Arc::clone(&stop);
        let work = move || {
            let (stopped, changed) = &*told;
            let mut rounds = 0u32;
            loop {
                let mut stopped = stopped.lock();
                if !*stopped {
                    changed.wait_for(&mut stopped, SYNC_EVERY);
                }
                if *stopped {
                    return;
                }
                drop(stopped);
                if shared.options.sync == SyncPolicy::EverySecond {
                    sync(&shared);
                }
                rounds = rounds.wrapping_add(1);
                if rounds.is_multiple_of(RETENTION_EVERY) {
                    apply_retention(&shared);
                }
            }
        };
        let thread = std::thread::Builder::new()
            .name("tsdb-maintenance".to_owned())
            .spawn(work)?;
        Ok(Self {
            stop,
            thread: Some(thread),
        })
    }
}

impl Drop for Maintenance {
    fn drop(&mut self) {
        *self.stop.0.lock() = true;
        self.stop.1.notify_all();
        if let Some(thread) = self.thread.take() {
            // A panic in there was already told by the panic hook.
            let _ = thread.join();
        }
    }
}

/// Forces the log to the disk.
pub(crate) fn sync(shared: &Shared) {
    // Appends go on meanwhile: the log is only locked to take the handle.
    let syncer = shared.wal.lock().take_syncer();
    if let Some(Err(error)) = syncer.map(|syncer| syncer.sync()) {
        count(&shared.counters.wal_sync_failures, 1);
        tracing::error!(%error, "write-ahead log not forced to the disk");
        shared.wal.lock().abandon_segment();
    }
}

/// Drops samples older than the retention, and log segments that only hold such.
pub(crate) fn apply_retention(shared: &Shared) {
    let cutoff = shared.clock.now() - shared.options.retention;
    match shared.wal.lock().truncate(cutoff.0) {
        Ok(removed) => count(&shared.counters.wal_segments_removed, removed),
        Err(error) => tracing::error!(%error, "old segment of the write-ahead log not removed"),
    }
    shared.head.write().drop_before(cutoff.0);
}

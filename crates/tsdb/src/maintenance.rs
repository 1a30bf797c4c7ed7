//! What happens by itself: forcing the log to the disk each second; beginning new generations, sealing
//! old ones, compacting blocks, dropping what is too old.

use crate::SyncPolicy;
use crate::db::Shared;
use crate::seal::seal_oldest;
use crate::stats::count;
use block::{Control, Error, Retention};
use parking_lot::{Condvar, Mutex};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;
use std::time::Duration;

const TICK: Duration = Duration::from_secs(1);
/// In ticks.
const RETENTION_EVERY: u32 = 60;
/// Generations that wait to be sealed before the head is no longer rotated for its size: sealing cannot
/// follow, or fails.
const MAX_WAITING: usize = 2;

/// The threads that do it; stopped when dropped.
pub(crate) struct Maintenance {
    stop: Arc<(Mutex<bool>, Condvar)>,
    threads: Vec<JoinHandle<()>>,
    shared: Arc<Shared>,
}

impl Maintenance {
    pub(crate) fn start(shared: &Arc<Shared>) -> std::io::Result<Self> {
        let mut maintenance = Self {
            stop: Arc::new((Mutex::new(false), Condvar::new())),
            threads: Vec::new(),
            shared: Arc::clone(shared),
        };
        // Two, because a sync must not wait for a compaction.
        if shared.options.sync == SyncPolicy::EverySecond {
            maintenance.spawn("tsdb-sync", |shared, _| sync(shared))?;
        }
        maintenance.spawn("tsdb-blocks", |shared, round| {
            if shared.rotate_soon.swap(false, Ordering::Relaxed) {
                rotate(shared);
            }
            rotate_if_due(shared);
            tend_blocks(shared);
            if round.is_multiple_of(RETENTION_EVERY) {
                apply_retention(shared);
                shared.store.drop_idle_indexes();
            }
        })?;
        Ok(maintenance)
    }

    /// Starts a thread that does `work` each second, with the number of the round.
    fn spawn(&mut self, name: &str, work: fn(&Shared, u32)) -> std::io::Result<()> {
        let (told, shared) = (Arc::clone(&self.stop), Arc::clone(&self.shared));
        let run = move || {
            let (stopped, changed) = &*told;
            for round in (1u32..).chain(std::iter::repeat(0)) {
                let mut stopped = stopped.lock();
                if !*stopped {
                    changed.wait_for(&mut stopped, TICK);
                }
                if *stopped {
                    return;
                }
                drop(stopped);
                work(&shared, round);
            }
        };
        let thread = std::thread::Builder::new().name(name.to_owned());
        self.threads.push(thread.spawn(run)?);
        Ok(())
    }
}

impl Drop for Maintenance {
    fn drop(&mut self) {
        *self.stop.0.lock() = true;
        self.stop.1.notify_all();
        self.shared.is_stopping.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            // A panic in there was already told by the panic hook.
            let _ = thread.join();
        }
    }
}

/// Forces the log to the disk.
pub(crate) fn sync(shared: &Shared) {
    // Appends go on meanwhile: the log is only locked to take the handle.
    let syncer = shared.writer.lock().log.take_syncer();
    if let Some(Err(error)) = syncer.map(|syncer| syncer.sync()) {
        sync_failed(shared, &error);
    }
}

/// Goes on after a failed sync: in a new segment, and what is in the old one is soon sealed, because it
/// may never reach the disk otherwise.
pub(crate) fn sync_failed(shared: &Shared, error: &vfs::Error) {
    count(&shared.counters.wal_sync_failures, 1);
    tracing::error!(%error, "write-ahead log not forced to the disk");
    shared.writer.lock().log.abandon_segment();
    shared.rotate_soon.store(true, Ordering::Relaxed);
}

/// Begins a new generation where the current one is old or large enough.
fn rotate_if_due(shared: &Shared) {
    let due = {
        let head = shared.head.read();
        let current = head.current().read();
        let at = &shared.options.rotate_at;
        let cutoff = cutoff(shared, head.newest);
        let span = current.max_time.saturating_sub(current.min_time);
        let is_large =
            span >= at.span.0 || current.samples >= at.samples || current.bytes() >= at.bytes;
        let is_old = current.max_time < cutoff;
        current.samples > 0 && (is_large || is_old) && head.closed().len() < MAX_WAITING
    };
    if due {
        rotate(shared);
    }
}

/// Begins a new generation, and a new segment of the log with it.
pub(crate) fn rotate(shared: &Shared) {
    let syncer = {
        let mut writer = shared.writer.lock();
        let mut head = shared.head.write();
        if head.current().read().samples == 0 {
            return;
        }
        let (segment, syncer) = writer.log.cut();
        head.rotate(segment);
        syncer
    };
    count(&shared.counters.rotations, 1);
    if shared.options.sync != SyncPolicy::Never
        && let Some(Err(error)) = syncer.map(|syncer| syncer.sync())
    {
        // Its generation is closed already and will be sealed.
        count(&shared.counters.wal_sync_failures, 1);
        tracing::error!(%error, "write-ahead log not forced to the disk");
    }
}

/// Seals what is closed, then compacts what is due.
fn tend_blocks(shared: &Shared) {
    match seal(shared).and_then(|()| compact(shared)) {
        Ok(()) | Err(Error::Stopped) => {}
        Err(error) => tracing::error!(%error, "blocks not written; it is tried again"),
    }
}

/// Seals all closed generations.
pub(crate) fn seal(shared: &Shared) -> block::Result<()> {
    loop {
        match seal_oldest(shared) {
            Ok(true) => count(&shared.counters.seals, 1),
            Ok(false) => return Ok(()),
            Err(error) => {
                if !matches!(error, Error::Stopped) {
                    count(&shared.counters.seals_failed, 1);
                }
                return Err(error);
            }
        }
    }
}

fn control(shared: &Shared) -> Control {
    if shared.is_stopping.load(Ordering::Relaxed) {
        Control::Stop
    } else {
        Control::Go
    }
}

/// Carries out all compactions that are due.
pub(crate) fn compact(shared: &Shared) -> block::Result<()> {
    loop {
        let newest = shared.head.read().newest;
        let Some(plan) = shared.store.plan(newest) else {
            return Ok(());
        };
        let id = shared.next_ulid();
        shared.store.compact(&plan, id, &|| control(shared))?;
    }
}

/// Writes blocks with deleted samples anew.
pub(crate) fn clean_tombstones(shared: &Shared) -> block::Result<()> {
    for plan in shared.store.plan_tombstones() {
        let id = shared.next_ulid();
        match shared.store.compact(&plan, id, &|| control(shared)) {
            // Another compaction was faster, and did it too.
            Ok(_) | Err(Error::UnknownBlock(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// The time before which samples are too old. Time goes on with the newest sample: a clock that jumps
/// ahead does not by itself drop anything.
fn cutoff(shared: &Shared, newest: i64) -> i64 {
    shared.options.cutoff(shared.clock.now().0.min(newest))
}

/// Drops blocks that are too old or too much, and series that nobody can ask for.
pub(crate) fn apply_retention(shared: &Shared) {
    rotate_if_due(shared);
    if let Err(error) = seal(shared) {
        tracing::error!(%error, "blocks not written; it is tried again");
    }
    let options = &shared.options;
    let cutoff = cutoff(shared, shared.head.read().newest);
    let retention = Retention {
        cutoff: (options.retention.0 > 0).then_some(cutoff),
        max_bytes: (options.retention_size > 0).then_some(options.retention_size),
        other_bytes: shared.writer.lock().log.bytes(),
    };
    match shared.store.apply_retention(retention) {
        Ok(gone) if gone.is_empty() => {}
        Ok(gone) => tracing::info!(blocks = gone.len(), "old blocks dropped"),
        Err(error) => tracing::error!(%error, "old blocks not dropped"),
    }
    shared.head.write().forget();
}

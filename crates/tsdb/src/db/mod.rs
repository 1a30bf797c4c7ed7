//! The database as a whole.

mod admin;
mod append;
mod query;
mod restore;

use crate::exemplars::ExemplarRing;
use crate::head::{Head, Limits};
use crate::maintenance::{self, Maintenance};
use crate::metadata::MetadataTable;
use crate::select::Links;
use crate::stats::{self, Counters};
use crate::ulids::Ulids;
use crate::wal::{self, LogPosition, LogTail, ReplayReport, Wal};
use crate::{Error, Options, ReplayProgress, Result};
use block::{BlockStore, PlanOptions, StoreOptions, Ulid};
use clock::Clock;
use model::MetricFamily;
use parking_lot::{Mutex, RwLock};
use restore::Filler;
use std::io::ErrorKind;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use vfs::{Lock, Vfs};

/// An open database. Dropping it forces the log to the disk.
pub struct Db {
    shared: Arc<Shared>,
    // Stopped before the last sync.
    maintenance: Option<Maintenance>,
    _lock: Box<dyn Lock>,
}

/// What a writer holds: writers come one after the other, so what is admitted stays admissible.
pub(crate) struct Writer {
    pub(crate) log: Wal,
    /// The admitted values of the frame at hand, kept for their memory.
    admitted: Vec<f64>,
}

/// What the database's parts share. Lock order: `sealing`, `writer`, `head`, a generation, `exemplars`.
pub(crate) struct Shared {
    pub(crate) options: Options,
    pub(crate) vfs: Arc<dyn Vfs>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) store: BlockStore,
    /// Which series of blocks are which of the head.
    pub(crate) links: Links,
    ulids: Ulids,
    /// Held while a generation becomes blocks.
    pub(crate) sealing: Mutex<()>,
    pub(crate) writer: Mutex<Writer>,
    pub(crate) head: RwLock<Head>,
    pub(crate) exemplars: RwLock<ExemplarRing>,
    pub(crate) metadata: Arc<MetadataTable>,
    pub(crate) counters: Counters,
    pub(crate) report: ReplayReport,
    pub(crate) progress: ReplayProgress,
    /// Long work gives up.
    pub(crate) is_stopping: AtomicBool,
    /// The log is not safe: what the head holds shall be sealed.
    pub(crate) rotate_soon: AtomicBool,
    /// The first segment of the log that somebody still reads.
    pub(crate) held: AtomicU64,
}

impl Shared {
    /// A name for a new block.
    pub(crate) fn next_ulid(&self) -> Ulid {
        self.ulids.next(self.clock.now().0)
    }
}

/// How blocks grow: from the shortest window to the longest that the options allow.
fn store_options(options: &Options) -> StoreOptions {
    let shortest = options.min_block_duration.0.max(1);
    let mut longest = options.max_block_duration.0;
    if options.retention.0 > 0 {
        // Else half of what is kept would wait for the rest of its block to grow old.
        longest = longest.min(options.retention.0 / 10);
    }
    let usual = PlanOptions::default();
    let unit = usual.windows.first().copied().unwrap_or(1).max(1);
    let scaled = usual.windows.iter().map(|window| window / unit);
    let plan = PlanOptions {
        windows: scaled.map(|steps| steps.saturating_mul(shortest)).collect(),
        ..usual
    };
    StoreOptions {
        plan: plan.bounded(longest),
        ..StoreOptions::default()
    }
}

impl Db {
    /// Opens the database in `options.folder`, and makes it if it is not there. What the log holds is
    /// read back; what of it is torn or corrupted is skipped, kept aside and counted, and never stops
    /// the opening.
    ///
    /// # Errors
    /// [`Error::Locked`] where another process has it open; [`Error::File`] where the folder cannot be
    /// read or written.
    pub fn open(options: Options, vfs: Arc<dyn Vfs>, clock: Arc<dyn Clock>) -> Result<Self> {
        Self::open_with_progress(options, vfs, clock, &ReplayProgress::default())
    }

    /// As [`open`](Self::open), watched from outside.
    ///
    /// # Errors
    /// As for [`open`](Self::open).
    pub fn open_with_progress(
        options: Options,
        vfs: Arc<dyn Vfs>,
        clock: Arc<dyn Clock>,
        progress: &ReplayProgress,
    ) -> Result<Self> {
        let folder = wal::folder(&options.folder);
        vfs.create_folder(&folder)?;
        let lock_path = options.folder.join("lock");
        let lock = vfs
            .lock(&lock_path)
            .map_err(|error| match error.source.kind() {
                ErrorKind::WouldBlock => Error::Locked {
                    path: lock_path.clone(),
                },
                _ => Error::File(error),
            })?;
        let metadata = Arc::new(MetadataTable::default());
        let head = Head::new(Limits {
            series: options.max_series,
            per_metric: options.max_series_per_metric,
        });
        let store = BlockStore::open(&vfs, &options.folder, store_options(&options))?;
        tell_about_blocks(&store);
        let mut filler = Filler::new(head, &metadata);
        let replayed = wal::replay(
            &*vfs,
            &folder,
            (store.wal_start(), options.held_segment),
            progress,
            &mut filler,
        )?;
        let log = Wal::new(Arc::clone(&vfs), &options, Arc::clone(&metadata), &replayed);
        let (mut head, exemplars) = filler.finish(options.max_exemplars);
        let blocks = store.snapshot();
        let ends = blocks.iter().map(|block| block.meta().max_time - 1);
        head.newest = ends.fold(head.newest, i64::max);
        let writer = Writer {
            log,
            admitted: Vec::new(),
        };
        let shared = Arc::new(Shared {
            held: AtomicU64::new(options.held_segment),
            options,
            vfs,
            clock,
            ulids: Ulids::behind(blocks.iter().map(|block| block.id())),
            store,
            links: Links::default(),
            sealing: Mutex::new(()),
            writer: Mutex::new(writer),
            head: RwLock::new(head),
            exemplars: RwLock::new(exemplars),
            metadata,
            counters: Counters::default(),
            report: replayed.report,
            progress: progress.clone(),
            is_stopping: AtomicBool::new(false),
            rotate_soon: AtomicBool::new(false),
        });
        let maintenance = Maintenance::start(&shared).map_err(Error::Thread)?;
        Ok(Self {
            shared,
            maintenance: Some(maintenance),
            _lock: lock,
        })
    }

    /// The end of the write-ahead log.
    pub fn log_end(&self) -> LogPosition {
        self.shared.writer.lock().log.end()
    }

    /// Follows the write-ahead log from a place on.
    pub fn tail_log(&self, from: LogPosition) -> LogTail {
        let folder = wal::folder(&self.shared.options.folder);
        LogTail::new(Arc::clone(&self.shared.vfs), folder, from)
    }

    /// Keeps the segments of the log from number `segment` on until it is called again, although blocks
    /// have their samples: up to [`Options::held_bytes`].
    pub fn hold_log(&self, segment: u64) {
        self.shared.held.store(segment, Ordering::Relaxed);
    }

    /// What reading the log back found.
    pub fn replay_report(&self) -> ReplayReport {
        self.shared.report
    }

    /// Samples held in memory, those read back from the log included.
    pub fn samples(&self) -> u64 {
        self.shared.head.read().samples()
    }

    /// Series held.
    pub fn series_count(&self) -> usize {
        self.shared.head.read().series()
    }

    /// Heap bytes of the head: samples, index, newest samples.
    pub fn head_bytes(&self) -> usize {
        self.shared.head.read().bytes()
    }

    /// Begins a new generation and a new segment of the log now, instead of when it is due.
    pub fn rotate(&self) {
        maintenance::rotate(&self.shared);
    }

    /// Writes everything that is in memory as blocks and compacts what is due, now.
    ///
    /// # Errors
    /// [`Error::Block`]; all samples are still there, in memory and in the log.
    pub fn flush(&self) -> Result<()> {
        maintenance::rotate(&self.shared);
        maintenance::seal(&self.shared)?;
        Ok(maintenance::compact(&self.shared)?)
    }

    /// Drops what is older than the retention now, instead of within a minute.
    pub fn apply_retention(&self) {
        maintenance::apply_retention(&self.shared);
    }

    /// What the database tells about itself.
    pub fn metrics(&self) -> Vec<MetricFamily> {
        stats::families(&self.shared)
    }

    /// How far reading the log back has come.
    pub fn replay_status(&self) -> storage::ReplayStatus {
        self.shared.progress.get()
    }
}

/// Tells operators what is wrong with the blocks.
fn tell_about_blocks(store: &BlockStore) {
    let report = store.open_report();
    for (id, error) in &report.failed {
        tracing::error!(%id, %error, "block cannot be opened; it is kept and left out of queries");
    }
    for id in &report.missing {
        tracing::error!(%id, "block is gone from the disk");
    }
    if report.manifest_damaged {
        let adopted = report.adopted.len();
        tracing::error!(
            adopted,
            "manifest of blocks is damaged; a new one is written"
        );
    }
}

impl Drop for Db {
    fn drop(&mut self) {
        drop(self.maintenance.take());
        maintenance::sync(&self.shared);
    }
}

//! A folder of blocks and everything that happens to them.

mod compaction;
mod copy;
mod deletes;
mod recovery;
mod retention;

pub use compaction::{Compaction, Control};
pub use recovery::OpenReport;
pub use retention::Retention;

use crate::manifest::{Change, Manifest};
use crate::open_block::{Block, Shared};
use crate::plan::{Plan, PlanOptions, plan};
use crate::{BlockMeta, Result, Ulid};
use deletes::Pending;
use parking_lot::{Mutex, RwLock};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use vfs::Vfs;

/// Folder of the blocks inside the data folder.
pub(crate) const BLOCKS: &str = "blocks";

/// How a store works.
#[derive(Debug, Clone)]
pub struct StoreOptions {
    /// Memory for indexes of blocks, all together. Units: bytes.
    pub index_cache_bytes: usize,
    /// How blocks grow.
    pub plan: PlanOptions,
}

impl Default for StoreOptions {
    /// 256 MiB.
    fn default() -> Self {
        Self {
            index_cache_bytes: 256 << 20,
            plan: PlanOptions::default(),
        }
    }
}

/// Counts since the store was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StoreCounts {
    /// Compactions begun.
    pub compactions: u64,
    /// Compactions that failed.
    pub compactions_failed: u64,
    /// Compactions of blocks that overlap.
    pub vertical_compactions: u64,
    /// Samples that compactions could not read and left out; their block was kept aside.
    pub samples_lost: u64,
    /// Checks of bytes that failed.
    pub corruptions: u64,
    /// Retentions that dropped blocks for their age.
    pub time_retentions: u64,
    /// Retentions that dropped blocks for the bytes of all.
    pub size_retentions: u64,
    /// Blocks that could not be read when they were to be compacted, and are left out of plans.
    pub blocks_excluded: u64,
    /// Memory of the indexes that are loaded. Units: bytes.
    pub index_bytes: u64,
}

#[derive(Debug, Default)]
struct Counters {
    compactions: AtomicU64,
    compactions_failed: AtomicU64,
    vertical_compactions: AtomicU64,
    samples_lost: AtomicU64,
    time_retentions: AtomicU64,
    size_retentions: AtomicU64,
}

fn count(counter: &AtomicU64, more: u64) {
    counter.fetch_add(more, Ordering::Relaxed);
}

/// The blocks of a data folder.
///
/// All methods may be called from several threads. Readers take a [`snapshot`](Self::snapshot) and keep
/// it: what is removed meanwhile stays readable until they drop it.
pub struct BlockStore {
    vfs: Arc<dyn Vfs>,
    blocks_folder: PathBuf,
    options: StoreOptions,
    shared: Arc<Shared>,
    counters: Counters,
    report: OpenReport,
    /// Locked for a commit as a whole. Ordering of locks: compacting, deletes, manifest, live.
    manifest: Mutex<Manifest>,
    /// Ordering: by time, then by name.
    live: RwLock<Arc<[Arc<Block>]>>,
    /// Held while a compaction runs: there is one at a time.
    compacting: Mutex<()>,
    /// Locked for a delete as a whole; what was deleted since the running compaction began.
    deletes: Mutex<Option<Vec<Pending>>>,
    /// Blocks that cannot be compacted.
    excluded: Mutex<BTreeSet<Ulid>>,
}

impl std::fmt::Debug for BlockStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BlockStore")
            .field("blocks_folder", &self.blocks_folder)
            .field("live", &self.live.read().len())
            .finish_non_exhaustive()
    }
}

impl BlockStore {
    /// Opens the blocks of the data folder `folder`, which is made if it is not there. Remains of work that
    /// a crash cut short are removed. A block that cannot be opened is kept and reported.
    ///
    /// # Errors
    /// [`Error::File`](crate::Error::File); [`Error::Version`](crate::Error::Version) for a manifest of
    /// another version.
    pub fn open(vfs: &Arc<dyn Vfs>, folder: &Path, options: StoreOptions) -> Result<Self> {
        let blocks_folder = folder.join(BLOCKS);
        vfs.create_folder(&blocks_folder)?;
        let shared = Shared::new(options.index_cache_bytes);
        let recovered = recovery::recover(vfs, folder, &shared)?;
        Ok(Self {
            vfs: Arc::clone(vfs),
            blocks_folder,
            options,
            shared,
            counters: Counters::default(),
            report: recovered.report,
            manifest: Mutex::new(recovered.manifest),
            live: RwLock::new(sorted(recovered.blocks)),
            compacting: Mutex::new(()),
            deletes: Mutex::new(None),
            excluded: Mutex::default(),
        })
    }

    /// Where blocks are; a [`BlockWriter`](crate::BlockWriter) writes there.
    pub fn blocks_folder(&self) -> &Path {
        &self.blocks_folder
    }

    /// What opening found.
    pub fn open_report(&self) -> &OpenReport {
        &self.report
    }

    /// The blocks of this moment. Ordering: by time of the first sample, then by name.
    pub fn snapshot(&self) -> Arc<[Arc<Block>]> {
        Arc::clone(&self.live.read())
    }

    /// The segment of the log that replay begins with: samples before it are in blocks.
    pub fn wal_start(&self) -> u64 {
        self.manifest.lock().listed().wal_start
    }

    /// Bytes of all blocks.
    pub fn bytes(&self) -> u64 {
        self.live.read().iter().map(|block| block.bytes()).sum()
    }

    /// Adds finished blocks, removes others and moves the start of the log, all in one durable step.
    /// Removed blocks leave the disk when their last reader has gone.
    ///
    /// # Errors
    /// [`Error::File`](crate::Error::File), or as for [`Block::open`] where a new block is damaged. Then the
    /// store is as before; try again with the same blocks, or [`discard`](Self::discard) them.
    pub fn commit(&self, add: &[BlockMeta], remove: &[Ulid], wal_start: Option<u64>) -> Result<()> {
        let mut blocks = Vec::with_capacity(add.len());
        for meta in add {
            blocks.push(self.open_block(meta.id)?);
        }
        self.commit_blocks(&blocks, remove, wal_start)
    }

    fn open_block(&self, id: Ulid) -> Result<Arc<Block>> {
        let folder = self.blocks_folder.join(id.to_string());
        Block::open_shared(&self.vfs, &folder, &self.shared)
    }

    fn commit_blocks(
        &self,
        add: &[Arc<Block>],
        remove: &[Ulid],
        wal_start: Option<u64>,
    ) -> Result<()> {
        let change = Change {
            add: add.iter().map(|block| block.id()).collect(),
            remove: remove.to_vec(),
            wal_start,
        };
        let mut manifest = self.manifest.lock();
        manifest.commit(&change).map_err(|failed| failed.error)?;
        let mut live = self.live.write();
        let is_replaced =
            |block: &Block| change.remove.contains(&block.id()) || change.add.contains(&block.id());
        let mut blocks: Vec<Arc<Block>> = Vec::with_capacity(live.len() + add.len());
        for block in live.iter() {
            if change.remove.contains(&block.id()) {
                block.doom();
            }
            if !is_replaced(block) {
                blocks.push(Arc::clone(block));
            }
        }
        blocks.extend(add.iter().cloned());
        *live = sorted(blocks);
        Ok(())
    }

    /// Removes finished blocks that will not be committed. Blocks that the manifest may name stay until the
    /// next start decides.
    pub fn discard(&self, blocks: &[BlockMeta]) {
        let manifest = self.manifest.lock();
        for meta in blocks {
            if manifest.may_name(meta.id) {
                continue;
            }
            let folder = self.blocks_folder.join(meta.id.to_string());
            // What stays is swept at the next start.
            let _ = self.vfs.remove_folder(&folder);
        }
    }

    /// The next compaction that is due when the head's newest sample is at `head_time` (units:
    /// milliseconds).
    pub fn plan(&self, head_time: i64) -> Option<Plan> {
        let excluded = self.excluded.lock();
        let blocks: Vec<BlockMeta> = self
            .live
            .read()
            .iter()
            .map(|block| block.meta())
            .filter(|meta| !excluded.contains(&meta.id))
            .cloned()
            .collect();
        plan(&blocks, head_time, &self.options.plan)
    }

    /// Drops indexes from memory that were not used since the last call.
    pub fn drop_idle_indexes(&self) {
        self.shared.cache.drop_idle();
    }

    /// Counts since the store was opened.
    pub fn counts(&self) -> StoreCounts {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let counters = &self.counters;
        StoreCounts {
            compactions: read(&counters.compactions),
            compactions_failed: read(&counters.compactions_failed),
            vertical_compactions: read(&counters.vertical_compactions),
            samples_lost: read(&counters.samples_lost),
            corruptions: read(&self.shared.corruptions),
            time_retentions: read(&counters.time_retentions),
            size_retentions: read(&counters.size_retentions),
            blocks_excluded: self.excluded.lock().len() as u64,
            index_bytes: self.shared.cache.bytes() as u64,
        }
    }
}

fn sorted(mut blocks: Vec<Arc<Block>>) -> Arc<[Arc<Block>]> {
    blocks.sort_unstable_by_key(|block| (block.meta().min_time, block.id()));
    blocks.into()
}

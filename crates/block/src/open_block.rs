//! A block that can be read.

use crate::cache::IndexCache;
use crate::format::{
    self, Directory, FOOTER_BYTES, FileSum, Footer, PageInfo, TimelineInfo, TimelinePage,
};
use crate::meta::{self, BlockMeta};
use crate::reader::{BlockReader, Loss};
use crate::tombstones::Tombstones;
use crate::writer::INDEX_FILE;
use crate::{Error, Result, Ulid};
use index::BlockIndex;
use model::TimeRange;
use parking_lot::RwLock;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use storage::{BlockInfo, Column};
use vfs::{ReadFile, Vfs};

/// Read at once from the end of the file: footer and, for all but huge blocks, directory.
const TAIL_BYTES: u64 = 64 << 10;
/// Numbers of blocks, for timeline keys.
static NUMBERS: AtomicU64 = AtomicU64::new(1);
/// Behind the name of a block with damage, kept for inspection.
pub(crate) const DAMAGED: &str = ".damaged";

/// What becomes of the folder when the last reader has gone.
const STAYS: u8 = 0;
const GOES: u8 = 1;
const KEPT_ASIDE: u8 = 2;

/// What all blocks of a store share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) cache: IndexCache,
    pub(crate) corruptions: AtomicU64,
}

impl Shared {
    pub(crate) fn new(index_bytes: usize) -> Arc<Self> {
        Arc::new(Self {
            cache: IndexCache::new(index_bytes),
            corruptions: AtomicU64::new(0),
        })
    }
}

/// A block that can be read, from several threads at once. It does not change, but for
/// tombstones; its files go when it was removed from its store and the last reference to it is dropped.
pub struct Block {
    vfs: Arc<dyn Vfs>,
    folder: PathBuf,
    file: Arc<dyn ReadFile>,
    meta: BlockMeta,
    directory: Directory,
    index_sum: FileSum,
    bytes: u64,
    tombstones: RwLock<Arc<Tombstones>>,
    shared: Arc<Shared>,
    /// Different for every block of this process: part of timeline keys.
    number: u64,
    fate: AtomicU8,
}

impl std::fmt::Debug for Block {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Block")
            .field("meta", &self.meta)
            .finish_non_exhaustive()
    }
}

/// What [`Block::verify`] found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Verification {
    /// Samples that were read.
    pub samples: u64,
    /// What could not be read.
    pub loss: Loss,
}

impl Block {
    /// Opens the block in `folder`, which bears its name: reads its description and directory, neither
    /// samples nor index.
    ///
    /// # Errors
    /// [`Error::Corruption`], [`Error::Version`], [`Error::File`].
    pub fn open(vfs: &Arc<dyn Vfs>, folder: &Path) -> Result<Arc<Self>> {
        Self::open_shared(vfs, folder, &Shared::new(0))
    }

    pub(crate) fn open_shared(
        vfs: &Arc<dyn Vfs>,
        folder: &Path,
        shared: &Arc<Shared>,
    ) -> Result<Arc<Self>> {
        let name = folder.file_name().and_then(|name| name.to_str());
        let id: Ulid = name
            .and_then(|name| name.parse().ok())
            .ok_or_else(|| Error::corrupted(folder, 0, "folder has no name of a block"))?;
        let path = folder.join(format::FILE);
        let file = vfs.open(&path)?;
        let size = file.size()?;
        let mut tail = vec![0; usize::try_from(size.min(TAIL_BYTES)).unwrap_or(0)];
        let tail_start = size - tail.len() as u64;
        file.read_at(tail_start, &mut tail)?;
        let footer = Footer::decode(&tail, id, size, &path)?;
        let directory = Self::read_directory(&*file, &footer, &tail, tail_start, id, &path)?;

        let meta_path = folder.join(meta::FILE);
        let meta_bytes = vfs.read(&meta_path)?;
        if FileSum::of(id, &meta_bytes) != footer.meta {
            return Err(Error::corrupted(&meta_path, 0, "file checksum"));
        }
        let meta = BlockMeta::decode(&meta_bytes, &meta_path)?;
        if meta.id != id {
            return Err(Error::corrupted(&meta_path, 0, "name of another block"));
        }
        // Its bytes are checked on first use. But each query would fail that comes across a block whose
        // index is gone or cut, where it would go on without the block.
        let index_path = folder.join(INDEX_FILE);
        if vfs.open(&index_path)?.size()? != footer.index.bytes {
            return Err(Error::corrupted(&index_path, 0, "length"));
        }
        let tombstones = Tombstones::load(&**vfs, folder, id)?;
        Ok(Arc::new(Self {
            vfs: Arc::clone(vfs),
            folder: folder.to_path_buf(),
            file,
            directory,
            index_sum: footer.index,
            bytes: size + footer.index.bytes + footer.meta.bytes,
            meta,
            tombstones: RwLock::new(Arc::new(tombstones)),
            shared: Arc::clone(shared),
            number: NUMBERS.fetch_add(1, Ordering::Relaxed),
            fate: AtomicU8::new(STAYS),
        }))
    }

    fn read_directory(
        file: &dyn ReadFile,
        footer: &Footer,
        tail: &[u8],
        tail_start: u64,
        id: Ulid,
        path: &Path,
    ) -> Result<Directory> {
        let broken = |what| Error::corrupted(path, footer.directory_offset, what);
        let length = usize::try_from(footer.directory.bytes).map_err(|_| Error::TooLarge)?;
        let mut own = Vec::new();
        let bytes = if let Some(start) = footer.directory_offset.checked_sub(tail_start) {
            let end = tail.len().saturating_sub(FOOTER_BYTES);
            let start = usize::try_from(start).unwrap_or(usize::MAX);
            tail.get(start..end).ok_or(broken("directory"))?
        } else {
            own.resize(length, 0);
            file.read_at(footer.directory_offset, &mut own)?;
            &own
        };
        if format::checksum(id, footer.directory_offset, bytes) != footer.directory.crc {
            return Err(broken("directory checksum"));
        }
        Directory::decode(bytes, footer.directory_offset).ok_or(broken("directory"))
    }

    /// Its name.
    pub fn id(&self) -> Ulid {
        self.meta.id
    }

    /// What it holds.
    pub fn meta(&self) -> &BlockMeta {
        &self.meta
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Bytes of all its files but the tombstones.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The form for operators.
    pub fn info(&self) -> BlockInfo {
        let meta = &self.meta;
        BlockInfo {
            id: meta.id.to_string(),
            min_time: meta.min_time,
            max_time: meta.max_time,
            series: meta.stats.series,
            samples: meta.stats.samples,
            chunks: meta.stats.columns,
            tombstones: self.tombstones().len(),
            bytes: self.bytes,
            level: meta.level,
            sources: meta.sources.iter().map(Ulid::to_string).collect(),
            parents: meta
                .parents
                .iter()
                .map(|parent| parent.id.to_string())
                .collect(),
        }
    }

    /// Its index: numbers of series there are the ordinals here. Loaded on first use and kept while there
    /// is room.
    ///
    /// # Errors
    /// [`Error::Corruption`], [`Error::File`].
    pub fn index(&self) -> Result<Arc<BlockIndex>> {
        self.shared.cache.get(self.id(), || {
            let path = self.folder.join(INDEX_FILE);
            let bytes = self.vfs.read(&path)?;
            if FileSum::of(self.id(), &bytes) != self.index_sum {
                self.count_corruption();
                return Err(Error::corrupted(&path, 0, "file checksum"));
            }
            let damaged = |_| Error::corrupted(&path, 0, "index");
            let index = BlockIndex::open(&bytes).map_err(damaged)?;
            if index.len() as u64 != self.meta.stats.series {
                return Err(Error::corrupted(&path, 0, "number of series"));
            }
            Ok(index)
        })
    }

    /// A reader of its samples; it sees the tombstones of this moment.
    pub fn reader(self: &Arc<Self>) -> BlockReader {
        BlockReader::new(Arc::clone(self))
    }

    /// Reads everything and checks all checksums.
    ///
    /// # Errors
    /// Where index or header are damaged: [`Error::Corruption`]; [`Error::File`].
    /// Damaged pages are counted in the result.
    pub fn verify(self: &Arc<Self>) -> Result<Verification> {
        let mut header = [0; format::HEADER_BYTES];
        self.file.read_at(0, &mut header)?;
        if header[..] != format::header(self.id()) {
            return Err(Error::corrupted(&self.data_path(), 0, "header"));
        }
        let n_series = self.index()?.len();
        let mut reader = BlockReader::unmasked(self).lenient();
        let mut column = Column::default();
        let mut verification = Verification::default();
        for ordinal in 0..u32::try_from(n_series).unwrap_or(u32::MAX) {
            column.clear();
            reader.read(ordinal, TimeRange::ALL, &mut column)?;
            verification.samples += column.len() as u64;
        }
        verification.loss = reader.loss();
        let all = verification.samples + verification.loss.samples;
        if !verification.loss.is_some() && all != self.meta.stats.samples {
            return Err(Error::corrupted(&self.data_path(), 0, "number of samples"));
        }
        Ok(verification)
    }

    pub(crate) fn pages(&self) -> &[PageInfo] {
        &self.directory.pages
    }

    pub(crate) fn timelines(&self) -> &[TimelineInfo] {
        &self.directory.timelines
    }

    /// The page that a timeline is in: the directory was checked for it when it was decoded.
    pub(crate) fn timeline_page(&self, number: u32) -> TimelinePage {
        let page = self.directory.timeline_pages.get(number as usize);
        page.copied().unwrap_or(TimelinePage {
            offset: 0,
            bytes: 0,
        })
    }

    pub(crate) fn data(&self) -> &dyn ReadFile {
        &*self.file
    }

    pub(crate) fn data_path(&self) -> PathBuf {
        self.folder.join(format::FILE)
    }

    pub(crate) fn damaged_page(&self, page: usize, what: &'static str) -> Error {
        let offset = self.pages().get(page).map_or(0, |page| page.offset);
        Error::corrupted(&self.data_path(), offset, what)
    }

    pub(crate) fn count_corruption(&self) {
        self.shared.corruptions.fetch_add(1, Ordering::Relaxed);
    }

    /// A number for `lo..hi` of a timeline, the same for no other times; none where there are too many
    /// blocks or timelines for a number.
    pub(crate) fn timeline_key(&self, timeline: u32, lo: usize, hi: usize) -> Option<u64> {
        let (lo, last) = (lo as u64, hi as u64 - 1);
        let fits = self.number < 1 << 20 && timeline < 1 << 20 && last < 1 << 12;
        fits.then_some(self.number << 44 | u64::from(timeline) << 24 | lo << 12 | last)
    }

    pub(crate) fn tombstones(&self) -> Arc<Tombstones> {
        Arc::clone(&self.tombstones.read())
    }

    /// Masks `range` of the series `ordinals`, durably; readers made from now on see it.
    pub(crate) fn delete(
        &self,
        ordinals: impl Iterator<Item = u32>,
        range: TimeRange,
    ) -> Result<()> {
        let start = range.start.0.max(self.meta.min_time);
        let end = range.end.0.min(self.meta.max_time);
        let range = TimeRange::new(model::TimestampMs(start), model::TimestampMs(end));
        let mut changed = (*self.tombstones()).clone();
        for ordinal in ordinals {
            changed.add(ordinal, range);
        }
        if changed != *self.tombstones() {
            changed.save(&*self.vfs, &self.folder, self.id())?;
            *self.tombstones.write() = Arc::new(changed);
        }
        Ok(())
    }

    /// Has the folder removed when the last reference goes.
    pub(crate) fn doom(&self) {
        self.fate.store(GOES, Ordering::Release);
        self.shared.cache.remove(self.id());
    }

    /// Has the folder put aside when the last reference goes.
    pub(crate) fn put_aside(&self) {
        self.fate.store(KEPT_ASIDE, Ordering::Release);
        self.shared.cache.remove(self.id());
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        // What fails here is found and swept at the next start: the manifest says that it is removed.
        let _ = match self.fate.load(Ordering::Acquire) {
            GOES => self.vfs.remove_folder(&self.folder),
            KEPT_ASIDE => {
                let aside = self.folder.with_extension(DAMAGED.trim_start_matches('.'));
                self.vfs.rename(&self.folder, &aside)
            }
            _ => Ok(()),
        };
    }
}

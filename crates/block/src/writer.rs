//! Writing a block.

use crate::entry::{self, Entry};
use crate::format::{
    self, CRC_BYTES, Directory, FileSum, Footer, PAGE_BYTES, PAGE_COLUMNS, PageInfo,
};
use crate::meta::{self, BlockMeta, BlockStats, Parent};
use crate::order::canonical_order;
use crate::timelines::{Part, Timelines};
use crate::{Error, Result, Ulid, codec};
use columns::{Effort, put_unsigned};
use index::IndexWriter;
use model::Labels;
use std::cmp::Ordering;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use storage::Column;
use vfs::{AppendFile, Vfs};

/// Name of the index file.
pub(crate) const INDEX_FILE: &str = "index";
/// Behind the name of a block that is not whole.
pub(crate) const UNFINISHED: &str = ".tmp";
/// Pages are collected up to this size before they go to the file. Units: bytes.
const WRITE_BYTES: usize = 256 << 10;

/// What a block is before it has samples.
#[derive(Debug, Clone)]
pub struct NewBlock {
    /// Its name.
    pub id: Ulid,
    /// 0 when sealed from the head.
    pub level: u32,
    /// The level-0 blocks that its samples come from; may be left empty at level 0.
    pub sources: Vec<Ulid>,
    /// The blocks that it is compacted from.
    pub parents: Vec<Parent>,
    /// How hard to look for a small form.
    pub effort: Effort,
}

impl NewBlock {
    /// A block that is sealed from the head.
    pub fn sealed(id: Ulid, effort: Effort) -> Self {
        Self {
            id,
            level: 0,
            sources: Vec::new(),
            parents: Vec::new(),
            effort,
        }
    }
}

/// Writes a block: series by series, in canonical order.
///
/// Nothing is visible before [`finish`](Self::finish) has renamed the folder; a writer that is dropped
/// before removes what it wrote. Memory: a page, the timelines, the index.
pub struct BlockWriter {
    vfs: Arc<dyn Vfs>,
    blocks_folder: PathBuf,
    unfinished: PathBuf,
    new: NewBlock,
    file: Box<dyn AppendFile>,
    /// Bytes that were given to the file or wait in `buffer`.
    offset: u64,
    buffer: Vec<u8>,
    page: Page,
    timelines: Timelines,
    pages: Vec<PageInfo>,
    index: IndexWriter,
    last: Option<Labels>,
    stats: BlockStats,
    min_time: i64,
    last_time: i64,
    is_finished: bool,
}

/// The page being filled.
#[derive(Default)]
struct Page {
    entries: Vec<u8>,
    columns: Vec<u8>,
    n: usize,
    first_ordinal: u32,
    before: Entry,
    min_time: i64,
    last_time: i64,
    samples: u64,
}

impl std::fmt::Debug for BlockWriter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BlockWriter")
            .field("new", &self.new)
            .field("stats", &self.stats)
            .finish_non_exhaustive()
    }
}

impl BlockWriter {
    /// Begins a block in `blocks_folder`, which is made if it is not there.
    ///
    /// # Errors
    /// [`Error::File`].
    pub fn create(vfs: &Arc<dyn Vfs>, blocks_folder: &Path, new: NewBlock) -> Result<Self> {
        let unfinished = blocks_folder.join(format!("{}{UNFINISHED}", new.id));
        // What another attempt with this name left.
        let _ = vfs.remove_folder(&unfinished);
        vfs.create_folder(&unfinished)?;
        let file = vfs.append(&unfinished.join(format::FILE))?;
        let header = format::header(new.id);
        Ok(Self {
            vfs: Arc::clone(vfs),
            blocks_folder: blocks_folder.to_path_buf(),
            unfinished,
            file,
            offset: header.len() as u64,
            buffer: header,
            new,
            page: Page::default(),
            timelines: Timelines::default(),
            pages: Vec::new(),
            index: IndexWriter::default(),
            last: None,
            stats: BlockStats::default(),
            min_time: i64::MAX,
            last_time: i64::MIN,
            is_finished: false,
        })
    }

    /// Adds a series with its samples; one without samples is left out.
    ///
    /// Ordering: `labels` are sorted by name; series come in [canonical order](canonical_order); times
    /// strictly rise.
    ///
    /// # Errors
    /// [`Error::SeriesOrder`], [`Error::SampleOrder`] (nothing of the series is written then),
    /// [`Error::File`], [`Error::Index`], [`Error::TooLarge`] (the block cannot be finished then).
    pub fn series(&mut self, labels: &[(&str, &str)], column: &Column) -> Result<()> {
        if column.is_empty() {
            return Ok(());
        }
        self.check(labels, column)?;
        let ordinal = self.index.push(labels)?;
        self.last = Some(Labels::from_pairs(labels.iter().copied()));
        let (Some(first), Some(last)) = (column.times.first(), column.times.last()) else {
            return Ok(());
        };
        self.min_time = self.min_time.min(*first);
        self.last_time = self.last_time.max(*last);
        self.stats.series += 1;
        let n_histograms = column.histograms.iter().flatten().count() as u64;
        self.stats.samples += column.len() as u64;
        self.stats.histograms += n_histograms;
        self.stats.floats += column.len() as u64 - n_histograms;
        let mut from = 0;
        while from < column.len() {
            let end = codec::end_of_kind(column, from);
            let times = column.times.get(from..end).unwrap_or_default();
            let part = self.timelines.part_for(times)?;
            let to = from + part.n as usize;
            self.column(ordinal, part, column, from..to)?;
            from = to;
        }
        Ok(())
    }

    fn check(&self, labels: &[(&str, &str)], column: &Column) -> Result<()> {
        let text = || Labels::from_pairs(labels.iter().copied()).to_string();
        let n = column.len();
        let fits = |length: usize| length == 0 || length == n;
        let rising = column
            .times
            .windows(2)
            .all(|pair| pair.first() < pair.last());
        if !rising
            || column.values.len() != n
            || !fits(column.histograms.len())
            || !fits(column.starts.len())
        {
            return Err(Error::SampleOrder { labels: text() });
        }
        match &self.last {
            Some(last)
                if canonical_order(last.iter(), labels.iter().copied()) != Ordering::Less =>
            {
                Err(Error::SeriesOrder { labels: text() })
            }
            _ => Ok(()),
        }
    }

    fn column(
        &mut self,
        ordinal: u32,
        part: Part,
        column: &Column,
        samples: std::ops::Range<usize>,
    ) -> Result<()> {
        let page = &mut self.page;
        if page.n == 0 {
            page.first_ordinal = ordinal;
            page.before.ordinal = ordinal;
            (page.min_time, page.last_time) = (i64::MAX, i64::MIN);
        }
        let length = |bytes: &[u8]| u32::try_from(bytes.len()).map_err(|_| Error::TooLarge);
        let start = length(&page.columns)?;
        let kind = codec::encode(
            column,
            samples.start,
            samples.end,
            self.new.effort,
            &mut page.columns,
        );
        let entry = Entry {
            ordinal,
            timeline: part.timeline,
            first: part.first,
            n: part.n,
            start,
            bytes: length(&page.columns)? - start,
            kind,
        };
        entry::put(&entry, &page.before, part.covers, &mut page.entries);
        page.before = entry;
        page.n += 1;
        page.samples += samples.len() as u64;
        if let Some([first, .., last] | [first @ last]) = column.times.get(samples) {
            page.min_time = page.min_time.min(*first);
            page.last_time = page.last_time.max(*last);
        }
        self.stats.columns += 1;
        if page.entries.len() + page.columns.len() + CRC_BYTES >= PAGE_BYTES
            || page.n >= PAGE_COLUMNS
        {
            self.close_page()?;
        }
        Ok(())
    }

    fn close_page(&mut self) -> Result<()> {
        let page = std::mem::take(&mut self.page);
        if page.n == 0 {
            return Ok(());
        }
        let start = self.buffer.len();
        put_unsigned(page.n as u64, &mut self.buffer);
        put_unsigned(page.entries.len() as u64, &mut self.buffer);
        self.buffer.extend_from_slice(&page.entries);
        self.buffer.extend_from_slice(&page.columns);
        let payload = self.buffer.get(start..).unwrap_or_default();
        let crc = format::checksum(self.new.id, self.offset, payload);
        self.buffer.extend_from_slice(&crc.to_le_bytes());
        let bytes = u32::try_from(self.buffer.len() - start).map_err(|_| Error::TooLarge)?;
        self.pages.push(PageInfo {
            offset: self.offset,
            bytes,
            first_ordinal: page.first_ordinal,
            last_ordinal: page.before.ordinal,
            min_time: page.min_time,
            last_time: page.last_time,
            samples: page.samples,
        });
        self.offset += u64::from(bytes);
        if self.buffer.len() >= WRITE_BYTES {
            self.file.write_all(&self.buffer)?;
            self.buffer.clear();
        }
        Ok(())
    }

    /// Completes the block and publishes its folder by a rename, forced to the disk. `None`: it has no
    /// sample, and nothing is left of it.
    ///
    /// # Errors
    /// [`Error::File`], [`Error::Index`], [`Error::TooLarge`]; nothing is left of the block then, or a
    /// folder that no manifest names.
    pub fn finish(mut self) -> Result<Option<BlockMeta>> {
        if self.stats.samples == 0 {
            return Ok(None);
        }
        self.close_page()?;
        let id = self.new.id;
        let meta = self.meta();
        let meta_bytes = meta.encode();
        let index_bytes = std::mem::take(&mut self.index).finish()?;
        let (file, buffer) = (&mut self.file, &mut self.buffer);
        let timelines = std::mem::take(&mut self.timelines);
        let mut end = self.offset;
        let (timelines, timeline_pages) = timelines.finish(id, self.offset, |page| {
            end += page.len() as u64;
            buffer.extend_from_slice(page);
            if buffer.len() >= WRITE_BYTES {
                file.write_all(buffer)?;
                buffer.clear();
            }
            Ok(())
        })?;
        let directory = Directory {
            pages: std::mem::take(&mut self.pages),
            timelines,
            timeline_pages,
        };
        let directory = directory.encode();
        let footer = Footer {
            directory_offset: end,
            directory: FileSum {
                bytes: directory.len() as u64,
                crc: format::checksum(id, end, &directory),
            },
            meta: FileSum::of(id, &meta_bytes),
            index: FileSum::of(id, &index_bytes),
        };
        buffer.extend_from_slice(&directory);
        buffer.extend_from_slice(&footer.encode(id, end + directory.len() as u64)?);
        file.write_all(buffer)?;
        file.syncer().sync()?;
        self.neighbour(INDEX_FILE, &index_bytes)?;
        self.neighbour(meta::FILE, &meta_bytes)?;
        self.vfs.sync_folder(&self.unfinished)?;
        self.vfs
            .rename(&self.unfinished, &self.blocks_folder.join(id.to_string()))?;
        self.is_finished = true;
        self.vfs.sync_folder(&self.blocks_folder)?;
        Ok(Some(meta))
    }

    fn neighbour(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let mut file = self.vfs.append(&self.unfinished.join(name))?;
        file.write_all(bytes)?;
        Ok(file.syncer().sync()?)
    }

    fn meta(&self) -> BlockMeta {
        let mut sources = self.new.sources.clone();
        if sources.is_empty() {
            sources.push(self.new.id);
        }
        sources.sort_unstable();
        sources.dedup();
        BlockMeta {
            id: self.new.id,
            min_time: self.min_time,
            max_time: self.last_time.saturating_add(1),
            stats: self.stats,
            level: self.new.level,
            sources,
            parents: self.new.parents.clone(),
        }
    }
}

impl Drop for BlockWriter {
    fn drop(&mut self) {
        if !self.is_finished {
            // A sweep at the next start takes what cannot be removed now.
            let _ = self.vfs.remove_folder(&self.unfinished);
        }
    }
}

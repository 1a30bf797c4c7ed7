//! Reading samples out of a block.

use crate::entry::{self, Entry};
use crate::format::{PageInfo, TimelineInfo, checked};
use crate::open_block::Block;
use crate::tombstones::Tombstones;
use crate::{Error, Result, codec};
use columns::Reader;
use hashbrown::HashMap;
use model::TimeRange;
use std::sync::Arc;
use storage::Column;

/// Decoded timelines that a reader keeps. Units: times.
const KEPT_TIMES: usize = 8 << 20;
const NONE: usize = usize::MAX;

/// What a lenient reader could not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Loss {
    /// Damaged pages of columns.
    pub pages: u64,
    /// Samples in them, and in columns whose times were damaged.
    pub samples: u64,
}

impl Loss {
    /// Whether something was lost.
    pub fn is_some(self) -> bool {
        self.samples > 0 || self.pages > 0
    }
}

/// Reads columns of a block; one per thread.
///
/// It keeps the page and the timelines that it read last: series in rising order cost one read per page,
/// and nothing is allocated per series.
#[derive(Debug)]
pub struct BlockReader {
    block: Arc<Block>,
    tombstones: Arc<Tombstones>,
    page: Page,
    timelines: Timelines,
    /// Where it leaves damage out instead of failing.
    loss: Option<Loss>,
}

/// The page in memory.
#[derive(Debug)]
struct Page {
    number: usize,
    /// The page that was damaged when it was read last; it is not read again.
    damaged: usize,
    bytes: Vec<u8>,
    /// Where column bytes start.
    columns: usize,
    entries: Vec<Entry>,
    /// The entry behind the one that was read last.
    next: usize,
}

impl BlockReader {
    pub(crate) fn new(block: Arc<Block>) -> Self {
        let tombstones = block.tombstones();
        Self {
            page: Page {
                number: NONE,
                damaged: NONE,
                bytes: Vec::new(),
                columns: 0,
                entries: Vec::new(),
                next: 0,
            },
            timelines: Timelines::default(),
            block,
            tombstones,
            loss: None,
        }
    }

    /// A reader that does not leave deleted samples out.
    pub(crate) fn unmasked(block: &Arc<Block>) -> Self {
        Self {
            tombstones: Arc::default(),
            ..Self::new(Arc::clone(block))
        }
    }

    /// From now on damaged pages are left out and counted.
    #[must_use]
    pub fn lenient(mut self) -> Self {
        self.loss = Some(Loss::default());
        self
    }

    /// What was left out so far.
    pub fn loss(&self) -> Loss {
        self.loss.unwrap_or_default()
    }

    /// Appends the samples of series number `ordinal` in `range` to `column`, deleted ones left out. A
    /// number that is out of bounds has none.
    ///
    /// Gives a key if what was appended is a contiguous part of one timeline: equal keys, equal times, in
    /// all blocks of this process.
    ///
    /// # Errors
    /// [`Error::Corruption`] (only series of that page cannot be read), [`Error::File`]; the samples of
    /// pages before the damaged one may have been appended.
    pub fn read(
        &mut self,
        ordinal: u32,
        range: TimeRange,
        column: &mut Column,
    ) -> Result<Option<u64>> {
        let from = column.times.len();
        let mut key = None;
        let mut n_parts = 0;
        let mut number = self.first_page(ordinal);
        while let Some(info) = self.block.pages().get(number).copied() {
            if info.first_ordinal > ordinal {
                break;
            }
            let overlaps = info.min_time < range.end.0 && range.start.0 <= info.last_time;
            if info.last_ordinal >= ordinal && overlaps && self.load(number, &info)? {
                self.read_page(ordinal, range, column, &mut key, &mut n_parts)?;
            }
            number += 1;
        }
        let masked = !self.tombstones.is_empty() && self.tombstones.apply(ordinal, from, column);
        Ok(key.filter(|_| n_parts == 1 && !masked))
    }

    /// The first page that may hold the series.
    fn first_page(&self, ordinal: u32) -> usize {
        let pages = self.block.pages();
        match pages.get(self.page.number) {
            Some(info) if info.first_ordinal < ordinal && ordinal <= info.last_ordinal => {
                self.page.number
            }
            _ => pages.partition_point(|page| page.last_ordinal < ordinal),
        }
    }

    /// Makes a page the one in memory; `false` if it is damaged and left out.
    fn load(&mut self, number: usize, info: &PageInfo) -> Result<bool> {
        if self.page.number == number {
            return Ok(true);
        }
        if self.page.damaged == number && self.loss.is_some() {
            return Ok(false);
        }
        self.page.number = NONE;
        let loaded = self.page.read(&self.block, info);
        match (&loaded, &mut self.loss) {
            (Ok(()), _) => self.page.number = number,
            (Err(error), Some(loss)) if error.is_damage() => {
                self.block.count_corruption();
                self.page.damaged = number;
                loss.pages += 1;
                loss.samples += info.samples;
                return Ok(false);
            }
            (Err(error), _) if error.is_damage() => self.block.count_corruption(),
            _ => {}
        }
        loaded.map(|()| true)
    }

    fn read_page(
        &mut self,
        ordinal: u32,
        range: TimeRange,
        column: &mut Column,
        key: &mut Option<u64>,
        n_parts: &mut usize,
    ) -> Result<()> {
        self.page.seek(ordinal);
        while let Some(entry) = self.page.entries.get(self.page.next).copied() {
            if entry.ordinal != ordinal {
                break;
            }
            self.page.next += 1;
            let read = self.column(&entry, range, column);
            match (read, &mut self.loss) {
                (Ok(Some(found)), _) => {
                    *n_parts += 1;
                    *key = found;
                }
                (Ok(None), _) => {}
                (Err(error), Some(loss)) if error.is_damage() => {
                    self.block.count_corruption();
                    loss.samples += u64::from(entry.n);
                }
                (Err(error), _) => {
                    if error.is_damage() {
                        self.block.count_corruption();
                    }
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    /// Appends one column's samples in `range`; `None` if there are none, else the key of its times.
    #[expect(
        clippy::option_option,
        reason = "no samples, or samples without or with a key"
    )]
    fn column(
        &mut self,
        entry: &Entry,
        range: TimeRange,
        column: &mut Column,
    ) -> Result<Option<Option<u64>>> {
        let first = entry.first as usize;
        let end = first + entry.n as usize;
        let Some((times, lo, hi)) = self.timelines.window(&self.block, entry.timeline, range)?
        else {
            return Ok(None);
        };
        let (lo, hi) = (lo.max(first), hi.min(end));
        if lo >= hi {
            return Ok(None);
        }
        let start = self.page.columns + entry.start as usize;
        let bytes = self.page.bytes.get(start..start + entry.bytes as usize);
        let part = lo - first..hi - first;
        let decoded = codec::decode(
            bytes.unwrap_or_default(),
            entry.n as usize,
            part,
            entry.kind,
            column,
        );
        let times = times.get(lo..hi).unwrap_or_default();
        decoded.map_err(|_| self.block.damaged_page(self.page.number, "column"))?;
        column.times.extend_from_slice(times);
        Ok(Some(self.block.timeline_key(entry.timeline, lo, hi)))
    }
}

impl Page {
    fn read(&mut self, block: &Block, info: &PageInfo) -> Result<()> {
        self.bytes.resize(info.bytes as usize, 0);
        block.data().read_at(info.offset, &mut self.bytes)?;
        let broken = |what| Error::corrupted(&block.data_path(), info.offset, what);
        let payload =
            checked(block.id(), info.offset, &self.bytes).ok_or(broken("page checksum"))?;
        self.entries.clear();
        self.next = 0;
        let timelines = block.timelines();
        let columns = Self::read_entries(payload, info, timelines, &mut self.entries);
        self.columns = columns.ok_or(broken("page entries"))?;
        Ok(())
    }

    fn read_entries(
        payload: &[u8],
        info: &PageInfo,
        timelines: &[TimelineInfo],
        entries: &mut Vec<Entry>,
    ) -> Option<usize> {
        let mut reader = Reader::new(payload);
        let n = reader.unsigned().ok()?;
        let length = usize::try_from(reader.unsigned().ok()?).ok()?;
        let mut list = Reader::new(reader.bytes(length).ok()?);
        let columns = payload.len() - reader.rest().len();
        let mut before = Entry {
            ordinal: info.first_ordinal,
            ..Entry::default()
        };
        for _ in 0..n {
            let n_of = |timeline: u32| timelines.get(timeline as usize).map(|info| info.n);
            before = entry::read(&mut list, &before, n_of)?;
            entries.push(before);
        }
        let used = before.start as usize + before.bytes as usize;
        let fits = list.rest().is_empty()
            && used == reader.rest().len()
            && before.ordinal == info.last_ordinal;
        fits.then_some(columns)
    }

    /// Goes to the first entry of the series; in rising order that is the next one, or near.
    fn seek(&mut self, ordinal: u32) {
        let before = self
            .next
            .checked_sub(1)
            .and_then(|before| self.entries.get(before));
        let next = self.entries.get(self.next);
        let here = next.is_some_and(|next| next.ordinal == ordinal)
            && before.is_none_or(|before| before.ordinal < ordinal);
        if !here {
            self.next = self
                .entries
                .partition_point(|entry| entry.ordinal < ordinal);
        }
    }
}

/// Timelines in memory.
#[derive(Debug, Default)]
struct Timelines {
    decoded: HashMap<u32, Decoded>,
    n_times: usize,
    page: Option<u32>,
    page_bytes: Vec<u8>,
}

#[derive(Debug)]
struct Decoded {
    times: Vec<i64>,
    /// The window that was asked for last, and where it is.
    range: TimeRange,
    lo: usize,
    hi: usize,
}

impl Timelines {
    /// The times of a timeline, and which of them are in `range`; `None` if none is.
    fn window(
        &mut self,
        block: &Block,
        timeline: u32,
        range: TimeRange,
    ) -> Result<Option<(&[i64], usize, usize)>> {
        if !self.decoded.contains_key(&timeline) {
            let info = block.timelines().get(timeline as usize).copied();
            let Some(info) =
                info.filter(|info| info.first < range.end.0 && range.start.0 <= info.last)
            else {
                return Ok(None);
            };
            let times = self.load(block, &info)?;
            if self.n_times > KEPT_TIMES {
                self.decoded.clear();
                self.n_times = 0;
            }
            self.n_times += times.len();
            let decoded = Decoded {
                lo: 0,
                hi: times.len(),
                times,
                range: TimeRange::ALL,
            };
            self.decoded.insert(timeline, decoded);
        }
        let Some(decoded) = self.decoded.get_mut(&timeline) else {
            return Ok(None);
        };
        if decoded.range != range {
            decoded.lo = decoded.times.partition_point(|time| *time < range.start.0);
            decoded.hi = decoded.times.partition_point(|time| *time < range.end.0);
            decoded.range = range;
        }
        Ok(Some((&decoded.times, decoded.lo, decoded.hi)))
    }

    fn load(&mut self, block: &Block, info: &TimelineInfo) -> Result<Vec<i64>> {
        let page = block.timeline_page(info.page);
        let broken = |what| Error::corrupted(&block.data_path(), page.offset, what);
        if self.page != Some(info.page) {
            self.page = None;
            self.page_bytes.resize(page.bytes as usize, 0);
            block.data().read_at(page.offset, &mut self.page_bytes)?;
            checked(block.id(), page.offset, &self.page_bytes)
                .ok_or(broken("timeline page checksum"))?;
            self.page = Some(info.page);
        }
        let start = info.start as usize;
        let bytes = self.page_bytes.get(start..start + info.bytes as usize);
        let mut times = Vec::with_capacity(info.n as usize);
        let decoded = columns::decode_times(bytes.unwrap_or_default(), info.n as usize, &mut times);
        decoded.map_err(|_| broken("timeline"))?;
        Ok(times)
    }
}

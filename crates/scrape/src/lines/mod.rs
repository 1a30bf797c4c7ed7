//! The lines of a target's last page, to know those of the next one by.
//!
//! Most lines of a page are those of the page before but for their value. Each known line is kept as the
//! hash and length of the bytes that make it what it is (the id of a series; a block of comments about one
//! family), what it means, its last value, and the line that followed it. A page is then read by guessing:
//! hash so many bytes, compare, and all that is left to do is the value. Lines stay where they are when a
//! page is shuffled: only the links between them change, so nothing is laid out anew for it.
//!
//! The bytes themselves are not kept. Two different ids of one target that are equally long and hash alike
//! would be taken for one series: with a seeded hash of 64 bits that happens to a new id with odds of
//! `n / 2^64` for `n` known lines (5e-16 for ten thousand), and a value text longer than 7 bytes is taken
//! for another one with odds of `1 / 2^64`. The seed is random and never leaves the process, so no target
//! can prepare such a pair; it could only confuse its own series with it.

mod value;

use exposition::Format;
use hashbrown::{HashMap, HashTable};
use model::MetricKind;
use rapidhash::v3::{RapidSecrets, rapidhash_v3_inline};
use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;

/// No line.
pub(crate) const NONE: u32 = u32::MAX;
/// Scrapes that a line may stay away before it is forgotten.
const KEPT_SCRAPES: u32 = 10;

static SECRET: LazyLock<RapidSecrets> =
    LazyLock::new(|| RapidSecrets::seed(RandomState::new().hash_one(0_u8)));

/// Seeded hash of bytes, the same for the life of the process.
#[inline]
pub(crate) fn hash_bytes(bytes: &[u8]) -> u64 {
    rapidhash_v3_inline::<true, false, false>(bytes, &SECRET)
}

/// What decides beside the bytes of an id on its labels: types under which some label values are numbers
/// and get one spelling.
fn class_of(kind: MetricKind) -> u64 {
    match kind {
        MetricKind::Histogram | MetricKind::GaugeHistogram => 0x9e37_79b9_7f4a_7c15,
        MetricKind::Summary => 0xc2b2_ae3d_27d4_eb4f,
        _ => 0,
    }
}

/// What a line means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// A sample of this series (its number among the target's).
    Series(u32),
    /// A sample that relabelling drops.
    Dropped,
    /// A sample whose series is not known yet.
    Unknown,
    /// Comments: this block.
    Block(u32),
}

/// One known line, or block of comment lines.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line {
    pub(crate) hash: u64,
    /// Bytes that the hash is over.
    pub(crate) length: u32,
    pub(crate) meaning: Meaning,
    /// The line that followed it last.
    pub(crate) next: u32,
    /// The scrape that had it last.
    pub(crate) seen: u32,
    pub(crate) value: LastValue,
}

/// The value that a line had last, as it was written and as a number.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LastValue {
    /// Up to 7 bytes and the line end after them as they are; else the hash of the bytes.
    pub(crate) text: u64,
    pub(crate) number: f64,
    /// Bytes of the text; 0 if there is none yet.
    pub(crate) length: u32,
}

impl LastValue {
    /// None yet: no text is like this.
    const NONE: Self = Self {
        text: u64::MAX,
        number: 0.0,
        length: 0,
    };
}

/// A run of comment lines about one family, or about none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Block {
    /// The family's number among the target's.
    pub(crate) family: Option<u32>,
    /// The type that holds after it, if it says so.
    pub(crate) kind: Option<MetricKind>,
    /// Its number among all blocks that this target ever had.
    pub(crate) writer: u32,
}

/// The known lines of one target.
#[derive(Debug)]
#[expect(clippy::struct_field_names, reason = "they are the lines")]
pub(crate) struct Lines {
    lines: Vec<Line>,
    blocks: Vec<Block>,
    writers: u32,
    by_hash: HashTable<u32>,
    /// The first line of the last page.
    pub(crate) first: u32,
    /// Hash of the exemplar that a line had last.
    exemplars: HashMap<u32, u64>,
    /// Lines before those that the current scrape added.
    before: usize,
    /// How the last page was to be read.
    format: Option<Format>,
}

impl Default for Lines {
    fn default() -> Self {
        Self {
            lines: Vec::new(),
            blocks: Vec::new(),
            writers: 0,
            by_hash: HashTable::new(),
            first: NONE,
            exemplars: HashMap::new(),
            before: 0,
            format: None,
        }
    }
}

/// Key of a sample line.
#[inline]
fn sample_key(id: &[u8], kind: MetricKind) -> u64 {
    hash_bytes(id) ^ class_of(kind)
}

/// Key of a block of comments: apart from those of samples.
#[inline]
fn block_key(text: &[u8]) -> u64 {
    !hash_bytes(text)
}

impl Lines {
    /// Starts a scrape.
    pub(crate) fn begin(&mut self) {
        self.before = self.lines.len();
    }

    /// Says how the page is to be read. What stands for a line in one format need not in another.
    pub(crate) fn set_format(&mut self, format: Format) {
        if self.format.is_some_and(|old| old != format) {
            *self = Self::default();
        }
        self.format = Some(format);
    }

    #[inline]
    pub(crate) fn get(&self, line: u32) -> Option<&Line> {
        self.lines.get(line as usize)
    }

    #[inline]
    pub(crate) fn get_mut(&mut self, line: u32) -> Option<&mut Line> {
        self.lines.get_mut(line as usize)
    }

    pub(crate) fn block(&self, block: u32) -> Option<Block> {
        self.blocks.get(block as usize).copied()
    }

    /// The line with this id under this type.
    pub(crate) fn find_sample(&self, id: &[u8], kind: MetricKind) -> Option<u32> {
        self.find(sample_key(id, kind), id.len())
    }

    fn find(&self, hash: u64, length: usize) -> Option<u32> {
        let is_it = |line: &u32| {
            self.get(*line)
                .is_some_and(|line| line.hash == hash && line.length as usize == length)
        };
        self.by_hash.find(hash, is_it).copied()
    }

    /// Adds a line with this id, which is not known yet.
    pub(crate) fn add_sample(
        &mut self,
        id: &[u8],
        kind: MetricKind,
        meaning: Meaning,
        scrape: u32,
    ) -> u32 {
        self.add(sample_key(id, kind), id.len(), meaning, scrape)
    }

    /// The block of comments with this text, new or known; it is the last one that spoke of its family.
    pub(crate) fn note_block(
        &mut self,
        text: &[u8],
        family: Option<u32>,
        kind: Option<MetricKind>,
        scrape: u32,
    ) -> (u32, u32) {
        let hash = block_key(text);
        let known = self.find(hash, text.len());
        let found = known.and_then(|line| Some((line, self.get(line)?.meaning)));
        let (line, number) = if let Some((line, Meaning::Block(number))) = found {
            (line, number)
        } else {
            let number = as_u32(self.blocks.len());
            self.writers = self.writers.wrapping_add(1);
            let writer = self.writers;
            self.blocks.push(Block {
                family,
                kind,
                writer,
            });
            let line = self.add(hash, text.len(), Meaning::Block(number), scrape);
            (line, number)
        };
        if let Some(line) = self.get_mut(line) {
            line.seen = scrape;
        }
        let writer = self.blocks.get_mut(number as usize).map_or(0, |block| {
            block.family = family;
            block.writer
        });
        (line, writer)
    }

    fn add(&mut self, hash: u64, length: usize, meaning: Meaning, scrape: u32) -> u32 {
        let number = as_u32(self.lines.len());
        self.lines.push(Line {
            hash,
            length: as_u32(length),
            meaning,
            next: NONE,
            seen: scrape,
            value: LastValue::NONE,
        });
        let Self { lines, by_hash, .. } = self;
        let hash_of = |line: &u32| lines.get(*line as usize).map_or(0, |line| line.hash);
        by_hash.insert_unique(hash, number, hash_of);
        number
    }

    /// Says that `line` came after `previous`, or at the top of the page.
    #[inline]
    pub(crate) fn link(&mut self, previous: u32, line: u32) {
        match self.lines.get_mut(previous as usize) {
            Some(previous) if previous.next == line => {}
            Some(previous) => previous.next = line,
            None => self.first = line,
        }
    }

    /// Whether the exemplar with this hash is another one than the line had last.
    pub(crate) fn is_new_exemplar(&mut self, line: u32, hash: u64) -> bool {
        self.exemplars.insert(line, hash) != Some(hash)
    }

    /// Forgets what a scrape that failed added.
    pub(crate) fn take_back(&mut self) {
        self.exemplars.clear();
        let before = self.before;
        if self.lines.len() > before {
            self.retain(|number, _| (number as usize) < before);
        }
    }

    /// Forgets lines whose series is still not known (the storage or a limit refused it), so that they do
    /// not pile up.
    pub(crate) fn forget_unknown(&mut self) {
        self.retain(|_, line| line.meaning != Meaning::Unknown);
    }

    /// Forgets what has long been away, and what the series lost that `moved` gives no new number.
    pub(crate) fn sweep(&mut self, scrape: u32, moved: impl Fn(u32) -> Option<u32>) {
        let oldest = scrape.saturating_sub(KEPT_SCRAPES);
        let mut gone = false;
        for line in &mut self.lines {
            if let Meaning::Series(series) = line.meaning {
                match moved(series) {
                    Some(new) => line.meaning = Meaning::Series(new),
                    None => line.seen = 0,
                }
            }
            gone |= line.seen <= oldest;
        }
        if gone {
            self.retain(|_, line| line.seen > oldest);
        }
    }

    /// Numbers of the series that a line speaks of.
    pub(crate) fn series(&self) -> impl Iterator<Item = u32> + '_ {
        self.lines.iter().filter_map(|line| match line.meaning {
            Meaning::Series(series) => Some(series),
            _ => None,
        })
    }

    fn retain(&mut self, keep: impl Fn(u32, &Line) -> bool) {
        let mut kept = Vec::new();
        let mut blocks = Vec::new();
        let mut moved = vec![NONE; self.lines.len()];
        for ((number, line), moved) in (0..).zip(&self.lines).zip(&mut moved) {
            if !keep(number, line) {
                continue;
            }
            *moved = as_u32(kept.len());
            let mut line = *line;
            if let Meaning::Block(block) = line.meaning {
                line.meaning = Meaning::Block(as_u32(blocks.len()));
                blocks.extend(self.block(block));
            }
            kept.push(line);
        }
        let new = |old: u32| moved.get(old as usize).copied().unwrap_or(NONE);
        for line in &mut kept {
            line.next = new(line.next);
        }
        self.first = new(self.first);
        kept.shrink_to_fit();
        self.before = kept.len();
        self.lines = kept;
        self.blocks = blocks;
        self.exemplars.clear();
        let lines = &self.lines;
        let hash_of = |line: &u32| lines.get(*line as usize).map_or(0, |line| line.hash);
        let mut by_hash = HashTable::with_capacity(lines.len());
        for (number, line) in (0..).zip(lines) {
            by_hash.insert_unique(line.hash, number, hash_of);
        }
        self.by_hash = by_hash;
    }
}

impl Line {
    /// Whether `rest` begins with this line, read under this type.
    #[inline]
    pub(crate) fn begins(&self, rest: &[u8], kind: MetricKind) -> bool {
        let length = self.length as usize;
        if let Meaning::Block(_) = self.meaning {
            return rest
                .get(..length)
                .is_some_and(|text| text.ends_with(b"\n") && block_key(text) == self.hash);
        }
        match rest.split_at_checked(length) {
            Some((id, [b' ', ..])) => sample_key(id, kind) == self.hash,
            _ => false,
        }
    }
}

/// Storages number series with 32 bits, so a target has no more lines.
fn as_u32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;

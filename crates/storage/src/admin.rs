//! What an operator may ask of a storage.

use crate::{Matchers, Result};
use model::TimeRange;

/// A name and a number that belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedCount {
    /// Metric name, label name, or `name=value`.
    pub name: String,
    /// Series, values or bytes.
    pub value: u64,
}

/// What the head holds, and which names take most of it.
///
/// Ordering: the lists fall by value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HeadStatus {
    /// Series.
    pub series: u64,
    /// Distinct label pairs.
    pub label_pairs: u64,
    /// Chunks of samples in memory.
    pub chunks: u64,
    /// Time of the oldest sample, `i64::MAX` if there is none. Units: milliseconds.
    pub min_time: i64,
    /// Time of the newest sample, `i64::MIN` if there is none. Units: milliseconds.
    pub max_time: i64,
    /// Series per metric name.
    pub series_by_metric: Vec<NamedCount>,
    /// Values per label name.
    pub values_by_label: Vec<NamedCount>,
    /// Bytes of values per label name.
    pub bytes_by_label: Vec<NamedCount>,
    /// Series per label pair.
    pub series_by_pair: Vec<NamedCount>,
}

/// One immutable block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockInfo {
    /// Its name, a ULID.
    pub id: String,
    /// Time of its first sample. Units: milliseconds.
    pub min_time: i64,
    /// Just after its last sample. Units: milliseconds.
    pub max_time: i64,
    /// Series.
    pub series: u64,
    /// Samples.
    pub samples: u64,
    /// Columns.
    pub chunks: u64,
    /// Deleted ranges that reads leave out.
    pub tombstones: u64,
    /// Units: bytes, of all its files.
    pub bytes: u64,
    /// 0 as sealed from the head, one more with each compaction.
    pub level: u32,
    /// The blocks that it was sealed or compacted from, at the lowest level.
    pub sources: Vec<String>,
    /// The blocks that it was compacted from directly.
    pub parents: Vec<String>,
}

/// How far reading the log back has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReplayStatus {
    /// First segment.
    pub min: u64,
    /// Last segment.
    pub max: u64,
    /// Segment being read.
    pub current: u64,
}

/// The doors for operators. All methods may be called from several threads; the long ones return when
/// they are done.
pub trait Admin: Send + Sync {
    /// What the head holds; each list has at most `top` entries.
    fn head_status(&self, top: usize) -> HeadStatus;

    /// The blocks. Ordering: by time, then by name.
    fn blocks(&self) -> Vec<BlockInfo>;

    /// Deletes the samples in `range` of all series that pass any of the selectors. They vanish at once
    /// and leave the disk when their block is compacted or [cleaned](Self::clean_tombstones).
    ///
    /// # Errors
    /// [`Error::Io`](crate::Error::Io) or [`Error::ReadOnly`](crate::Error::ReadOnly).
    fn delete_series(&self, any_of: &[Matchers], range: TimeRange) -> Result<()>;

    /// Writes blocks with deleted samples anew, without them.
    ///
    /// # Errors
    /// As for [`delete_series`](Self::delete_series).
    fn clean_tombstones(&self) -> Result<()>;

    /// Makes a copy of all data (of the blocks alone with `skip_head`) below the data folder's
    /// `snapshots`, and gives its name.
    ///
    /// # Errors
    /// As for [`delete_series`](Self::delete_series).
    fn snapshot(&self, skip_head: bool) -> Result<String>;
}

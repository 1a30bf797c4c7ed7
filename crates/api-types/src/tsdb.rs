//! Answers of `/api/v1/status/tsdb*` and `/api/v1/status/walreplay`.

use serde::{Deserialize, Serialize};

/// `/api/v1/status/tsdb`. Ordering: the lists fall by value.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TsdbStatus {
    /// What the head holds.
    pub head_stats: HeadStats,
    /// Series per metric name.
    pub series_count_by_metric_name: Vec<NamedValue>,
    /// Values per label name.
    pub label_value_count_by_label_name: Vec<NamedValue>,
    /// Bytes of values per label name.
    pub memory_in_bytes_by_label_name: Vec<NamedValue>,
    /// Series per label pair, named `name=value`.
    pub series_count_by_label_value_pair: Vec<NamedValue>,
}

/// What the head holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HeadStats {
    /// Series.
    pub num_series: u64,
    /// Distinct label pairs.
    pub num_label_pairs: u64,
    /// Chunks of samples in memory.
    pub chunk_count: u64,
    /// Oldest sample. Units: milliseconds.
    pub min_time: i64,
    /// Newest sample. Units: milliseconds.
    pub max_time: i64,
}

/// A name and its number.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedValue {
    /// Name.
    pub name: String,
    /// Number.
    pub value: u64,
}

/// `/api/v1/status/tsdb/blocks`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlocksData {
    /// Ordering: by time, then by name.
    pub blocks: Vec<BlockMeta>,
}

/// One block, in the shape of Prometheus' `meta.json`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BlockMeta {
    /// Name.
    pub ulid: String,
    /// First sample. Units: milliseconds.
    pub min_time: i64,
    /// Just after the last sample. Units: milliseconds.
    pub max_time: i64,
    /// What it holds.
    pub stats: BlockStats,
    /// Where it comes from.
    pub compaction: BlockCompaction,
    /// Version of the shape of this object.
    pub version: u32,
}

/// What a block holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BlockStats {
    /// Samples.
    pub num_samples: u64,
    /// Series.
    pub num_series: u64,
    /// Columns.
    pub num_chunks: u64,
    /// Deleted ranges that reads leave out.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub num_tombstones: u64,
    /// Units: bytes, of all its files.
    #[serde(default)]
    pub num_bytes: u64,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the shape that serde asks for"
)]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// Where a block comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockCompaction {
    /// 0 as sealed from the head, one more with each compaction.
    pub level: u32,
    /// The blocks at the lowest level that went into it.
    pub sources: Vec<String>,
    /// The blocks that it was compacted from directly.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parents: Vec<String>,
}

/// `/api/v1/status/walreplay`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplayData {
    /// First segment.
    pub min: u64,
    /// Last segment.
    pub max: u64,
    /// Segment being read.
    pub current: u64,
}

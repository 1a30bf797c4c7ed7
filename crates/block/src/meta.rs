//! `meta.json`: what a block holds and where it comes from.

use crate::{Error, Result, Ulid};
use model::TimeRange;
use model::TimestampMs;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Name of the file.
pub(crate) const FILE: &str = "meta.json";
const VERSION: u16 = 1;
const FORMAT: &str = "watchfire-block";

/// What a block holds and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockMeta {
    /// Its name.
    pub id: Ulid,
    /// Time of its first sample. Units: milliseconds.
    pub min_time: i64,
    /// Just after its last sample. Units: milliseconds.
    pub max_time: i64,
    /// Counts.
    pub stats: BlockStats,
    /// 0 as sealed from the head, one more with each compaction.
    pub level: u32,
    /// The level-0 blocks that its samples come from; itself at level 0. Ordering: by name.
    pub sources: Vec<Ulid>,
    /// The blocks that it was compacted from.
    pub parents: Vec<Parent>,
}

/// Counts of a block, tombstones not considered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BlockStats {
    /// Samples of both kinds.
    pub samples: u64,
    /// Float samples.
    pub floats: u64,
    /// Native histograms.
    pub histograms: u64,
    /// Series.
    pub series: u64,
    /// Columns: a series has one per 4,096 samples, or more.
    pub columns: u64,
}

/// A block that another was compacted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parent {
    /// Its name.
    pub id: Ulid,
    /// Time of its first sample. Units: milliseconds.
    pub min_time: i64,
    /// Just after its last sample. Units: milliseconds.
    pub max_time: i64,
}

impl BlockMeta {
    /// The stretch of time that it has samples in.
    pub fn range(&self) -> TimeRange {
        TimeRange::new(TimestampMs(self.min_time), TimestampMs(self.max_time))
    }

    /// What decides between samples of several blocks at one time: the block with the lowest rank was
    /// written first, and its sample counts.
    pub fn rank(&self) -> (Ulid, Ulid) {
        let first = self.sources.first().copied().unwrap_or(self.id);
        (first.min(self.id), self.id)
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        let wire = Wire::from(self);
        // A struct of numbers and texts always has a JSON form.
        serde_json::to_vec_pretty(&wire).unwrap_or_default()
    }

    pub(crate) fn decode(bytes: &[u8], path: &Path) -> Result<Self> {
        let broken = |what| Error::corrupted(path, 0, what);
        let wire: Wire =
            serde_json::from_slice(bytes).map_err(|_| broken("not the expected json"))?;
        if wire.format != FORMAT {
            return Err(broken("not a block of this kind"));
        }
        if wire.version != VERSION {
            return Err(Error::Version {
                path: path.to_path_buf(),
                version: wire.version,
            });
        }
        wire.into_meta().ok_or_else(|| broken("not a ulid"))
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    format: String,
    version: u16,
    ulid: String,
    min_time: i64,
    max_time: i64,
    stats: WireStats,
    compaction: WireCompaction,
}

#[derive(Serialize, Deserialize)]
struct WireStats {
    #[serde(rename = "numSamples")]
    samples: u64,
    #[serde(rename = "numFloatSamples")]
    floats: u64,
    #[serde(rename = "numHistogramSamples")]
    histograms: u64,
    #[serde(rename = "numSeries")]
    series: u64,
    #[serde(rename = "numColumns")]
    columns: u64,
}

#[derive(Serialize, Deserialize)]
struct WireCompaction {
    level: u32,
    sources: Vec<String>,
    parents: Vec<WireParent>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireParent {
    ulid: String,
    min_time: i64,
    max_time: i64,
}

impl From<&BlockMeta> for Wire {
    fn from(meta: &BlockMeta) -> Self {
        let parents = meta.parents.iter().map(|parent| WireParent {
            ulid: parent.id.to_string(),
            min_time: parent.min_time,
            max_time: parent.max_time,
        });
        Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            ulid: meta.id.to_string(),
            min_time: meta.min_time,
            max_time: meta.max_time,
            stats: WireStats {
                samples: meta.stats.samples,
                floats: meta.stats.floats,
                histograms: meta.stats.histograms,
                series: meta.stats.series,
                columns: meta.stats.columns,
            },
            compaction: WireCompaction {
                level: meta.level,
                sources: meta.sources.iter().map(Ulid::to_string).collect(),
                parents: parents.collect(),
            },
        }
    }
}

impl Wire {
    fn into_meta(self) -> Option<BlockMeta> {
        let sources = self.compaction.sources.iter().map(|id| id.parse().ok());
        let parents = self.compaction.parents.iter().map(|parent| {
            Some(Parent {
                id: parent.ulid.parse().ok()?,
                min_time: parent.min_time,
                max_time: parent.max_time,
            })
        });
        Some(BlockMeta {
            id: self.ulid.parse().ok()?,
            min_time: self.min_time,
            max_time: self.max_time,
            stats: BlockStats {
                samples: self.stats.samples,
                floats: self.stats.floats,
                histograms: self.stats.histograms,
                series: self.stats.series,
                columns: self.stats.columns,
            },
            level: self.compaction.level,
            sources: sources.collect::<Option<_>>()?,
            parents: parents.collect::<Option<_>>()?,
        })
    }
}

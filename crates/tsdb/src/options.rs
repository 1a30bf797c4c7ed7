//! What a database is opened with.

use model::DurationMs;
use std::path::PathBuf;

/// When the log is forced to the disk. Whatever the policy, what an append call stored survives the
/// death of the process; the policy bounds what a power cut can take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SyncPolicy {
    /// At least once per second: a power cut loses at most that second.
    EverySecond,
    /// Before each append returns: a power cut loses nothing.
    Always,
    /// When the operating system likes.
    Never,
}

/// When the head hands its samples on and begins a new generation: at whichever comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RotateAt {
    /// Samples span this time.
    pub span: DurationMs,
    /// There are this many samples.
    pub samples: u64,
    /// They take this much memory. Units: bytes.
    pub bytes: usize,
}

impl Default for RotateAt {
    /// 30 minutes, 40 million samples, 256 MiB.
    fn default() -> Self {
        Self {
            span: DurationMs(30 * 60_000),
            samples: 40_000_000,
            bytes: 256 << 20,
        }
    }
}

/// What a database is opened with.
#[derive(Debug, Clone)]
pub struct Options {
    /// The data folder; made if it is not there.
    pub folder: PathBuf,
    /// Samples older than this are dropped, and refused when they come; 0 keeps them all.
    pub retention: DurationMs,
    /// Blocks and log together stay below this size; 0 is no limit. Units: bytes.
    pub retention_size: u64,
    /// When the log is forced to the disk.
    pub sync: SyncPolicy,
    /// A log segment of this many bytes is followed by a new one.
    pub segment_bytes: u64,
    /// New series beyond this many are refused; known ones keep flowing.
    pub max_series: usize,
    /// New series of a metric beyond this many are refused.
    pub max_series_per_metric: usize,
    /// Width of the windows that the youngest blocks fill.
    pub min_block_duration: DurationMs,
    /// No block is compacted beyond this width.
    pub max_block_duration: DurationMs,
    /// Samples that come after newer ones of their series are taken if they are at most this much older
    /// than the newest sample of all; 0 takes none.
    pub out_of_order_window: DurationMs,
    /// Exemplars that are kept; 0 keeps none.
    pub max_exemplars: usize,
    /// When the head begins a new generation.
    pub rotate_at: RotateAt,
    /// The first segment of the log that somebody still reads, as
    /// [`Db::hold_log`](crate::Db::hold_log) says later; `u64::MAX` if nobody does.
    pub held_segment: u64,
    /// Segments that only readers of the log need are removed, the oldest first, while the log has more
    /// bytes than this.
    pub held_bytes: u64,
}

impl Options {
    /// The defaults, in `folder`: 15 days as Prometheus keeps, segments of 64 MiB, no limit on series,
    /// blocks of 2 hours to 31 days (at most a tenth of the retention), 100,000 exemplars.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        const DAY: i64 = 86_400_000;
        Self {
            folder: folder.into(),
            retention: DurationMs(15 * DAY),
            retention_size: 0,
            sync: SyncPolicy::EverySecond,
            segment_bytes: 64 << 20,
            max_series: usize::MAX,
            max_series_per_metric: usize::MAX,
            min_block_duration: DurationMs(2 * 3_600_000),
            max_block_duration: DurationMs(31 * DAY),
            out_of_order_window: DurationMs(0),
            max_exemplars: 100_000,
            rotate_at: RotateAt::default(),
            held_segment: u64::MAX,
            held_bytes: 4 << 30,
        }
    }

    /// The time before which samples are dropped, at time `now`.
    pub(crate) fn cutoff(&self, now: i64) -> i64 {
        if self.retention.0 > 0 {
            now.saturating_sub(self.retention.0)
        } else {
            i64::MIN
        }
    }
}

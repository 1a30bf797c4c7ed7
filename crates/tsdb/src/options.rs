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

/// What a database is opened with.
#[derive(Debug, Clone)]
pub struct Options {
    /// The data folder; made if it is not there.
    pub folder: PathBuf,
    /// Samples older than this are dropped.
    pub retention: DurationMs,
    /// When the log is forced to the disk.
    pub sync: SyncPolicy,
    /// A log segment of this many bytes is followed by a new one.
    pub segment_bytes: u64,
    /// New series beyond this many are refused; known ones keep flowing.
    pub max_series: usize,
}

impl Options {
    /// The defaults, in `folder`: 15 days as Prometheus keeps, segments of 64 MiB, no limit on series.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            retention: DurationMs(15 * 86_400_000),
            sync: SyncPolicy::EverySecond,
            segment_bytes: 64 << 20,
            max_series: usize::MAX,
        }
    }
}

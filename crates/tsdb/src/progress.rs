//! How far opening has come, for those who wait.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use storage::ReplayStatus;

/// Watches a database being opened. Clones watch the same one.
#[derive(Debug, Clone, Default)]
pub struct ReplayProgress {
    segments: Arc<Segments>,
}

#[derive(Debug, Default)]
struct Segments {
    min: AtomicU64,
    max: AtomicU64,
    current: AtomicU64,
}

impl ReplayProgress {
    /// Where it is now.
    pub fn get(&self) -> ReplayStatus {
        let read = |number: &AtomicU64| number.load(Ordering::Relaxed);
        ReplayStatus {
            min: read(&self.segments.min),
            max: read(&self.segments.max),
            current: read(&self.segments.current),
        }
    }

    pub(crate) fn begin(&self, min: u64, max: u64) {
        self.segments.min.store(min, Ordering::Relaxed);
        self.segments.max.store(max, Ordering::Relaxed);
        self.reach(min);
    }

    pub(crate) fn reach(&self, segment: u64) {
        self.segments.current.store(segment, Ordering::Relaxed);
    }
}

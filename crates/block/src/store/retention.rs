//! Dropping old blocks.

use super::{BlockStore, count};
use crate::{Result, Ulid};

/// How much is kept; whichever limit comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Retention {
    /// Blocks that end at this time or before go. Units: milliseconds.
    pub cutoff: Option<i64>,
    /// Oldest blocks go while there are more bytes than this.
    pub max_bytes: Option<u64>,
    /// Bytes that count but are not blocks: the log.
    pub other_bytes: u64,
}

impl BlockStore {
    /// Drops blocks, whole ones only; gives their names.
    ///
    /// # Errors
    /// [`Error::File`](crate::Error::File); nothing was dropped then.
    pub fn apply_retention(&self, retention: Retention) -> Result<Vec<Ulid>> {
        let snapshot = self.snapshot();
        let is_old = |end: i64| retention.cutoff.is_some_and(|cutoff| end <= cutoff);
        let mut gone: Vec<Ulid> = snapshot
            .iter()
            .filter(|block| is_old(block.meta().max_time))
            .map(|block| block.id())
            .collect();
        count(&self.counters.time_retentions, u64::from(!gone.is_empty()));
        if let Some(max) = retention.max_bytes {
            let mut kept: Vec<_> = snapshot
                .iter()
                .filter(|block| !gone.contains(&block.id()))
                .collect();
            kept.sort_unstable_by_key(|block| {
                std::cmp::Reverse((block.meta().max_time, block.id()))
            });
            let mut bytes = retention.other_bytes;
            let mut is_full = false;
            for block in kept {
                bytes = bytes.saturating_add(block.bytes());
                if bytes > max {
                    count(&self.counters.size_retentions, u64::from(!is_full));
                    is_full = true;
                    gone.push(block.id());
                }
            }
        }
        if !gone.is_empty() {
            self.commit_blocks(&[], &gone, None)?;
        }
        Ok(gone)
    }
}

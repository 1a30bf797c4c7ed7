//! Deleting samples of chosen series.

use super::BlockStore;
use crate::Result;
use crate::open_block::Block;
use crate::plan::{Plan, Reason};
use model::TimeRange;
use std::sync::Arc;
use storage::Matchers;

/// A delete that a running compaction has not seen.
#[derive(Debug)]
pub(super) struct Pending {
    any_of: Vec<Matchers>,
    range: TimeRange,
}

impl Pending {
    pub(super) fn apply(&self, block: &Block) -> Result<()> {
        if !block.meta().range().overlaps(self.range) {
            return Ok(());
        }
        let index = block.index()?;
        for matchers in &self.any_of {
            block.delete(index.select(matchers).iter(), self.range)?;
        }
        Ok(())
    }
}

impl BlockStore {
    /// Masks the samples in `range` of all series that pass any of the selectors, in the blocks of this
    /// moment. Readers made from now on do not see them; compaction drops them.
    ///
    /// # Errors
    /// As for [`Block::index`], and [`Error::File`](crate::Error::File); blocks before the one that failed
    /// have been changed. A block that cannot be read does not keep the others from being changed.
    pub fn delete(&self, any_of: &[Matchers], range: TimeRange) -> Result<()> {
        let mut deletes = self.deletes.lock();
        let delete = Pending {
            any_of: any_of.to_vec(),
            range,
        };
        let mut outcome = Ok(());
        for block in self.snapshot().iter() {
            outcome = outcome.and(delete.apply(block));
        }
        if let Some(pending) = deletes.as_mut() {
            pending.push(delete);
        }
        outcome
    }

    /// The blocks that hold deleted samples, each a plan of its own for [`compact`](Self::compact), which
    /// drops them for good.
    pub fn plan_tombstones(&self) -> Vec<Plan> {
        let excluded = self.excluded.lock();
        let snapshot = self.snapshot();
        let with_deleted = snapshot.iter().filter(|block: &&Arc<Block>| {
            !block.tombstones().is_empty() && !excluded.contains(&block.id())
        });
        with_deleted
            .map(|block| Plan {
                inputs: vec![block.id()],
                reason: Reason::Tombstones,
            })
            .collect()
    }
}

//! Indexes in memory, as many as fit.

use crate::{Result, Ulid};
use hashbrown::HashMap;
use index::BlockIndex;
use parking_lot::Mutex;
use std::sync::Arc;

/// Indexes of blocks, shared by all blocks of a store; the least recently used go when there are too many
/// bytes.
#[derive(Debug)]
pub(crate) struct IndexCache {
    budget: usize,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    kept: HashMap<Ulid, Kept>,
    bytes: usize,
    tick: u64,
    /// The tick at the last call of [`IndexCache::drop_idle`].
    idle_since: u64,
}

#[derive(Debug)]
struct Kept {
    index: Arc<BlockIndex>,
    bytes: usize,
    used: u64,
}

impl IndexCache {
    pub(crate) fn new(budget: usize) -> Self {
        Self {
            budget,
            state: Mutex::default(),
        }
    }

    /// The index of block `id`, by `load` where it is not in memory.
    pub(crate) fn get(
        &self,
        id: Ulid,
        load: impl FnOnce() -> Result<BlockIndex>,
    ) -> Result<Arc<BlockIndex>> {
        if let Some(index) = self.state.lock().find(id) {
            return Ok(index);
        }
        // Not under the lock: other blocks are asked meanwhile, and at worst two load the same.
        let index = Arc::new(load()?);
        let bytes = index.heap_bytes();
        let mut state = self.state.lock();
        state.tick += 1;
        let used = state.tick;
        let kept = Kept {
            index: Arc::clone(&index),
            bytes,
            used,
        };
        state.bytes += bytes;
        if let Some(old) = state.kept.insert(id, kept) {
            state.bytes -= old.bytes;
        }
        while state.bytes > self.budget && state.kept.len() > 1 {
            state.drop_oldest();
        }
        Ok(index)
    }

    pub(crate) fn remove(&self, id: Ulid) {
        self.state.lock().remove(id);
    }

    /// Drops what was not used since the last call.
    pub(crate) fn drop_idle(&self) {
        let mut state = self.state.lock();
        let since = state.idle_since;
        let idle: Vec<Ulid> = state
            .kept
            .iter()
            .filter(|(_, kept)| kept.used <= since)
            .map(|(id, _)| *id)
            .collect();
        for id in idle {
            state.remove(id);
        }
        state.idle_since = state.tick;
    }

    /// Units: bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.state.lock().bytes
    }
}

impl State {
    fn find(&mut self, id: Ulid) -> Option<Arc<BlockIndex>> {
        self.tick += 1;
        let kept = self.kept.get_mut(&id)?;
        kept.used = self.tick;
        Some(Arc::clone(&kept.index))
    }

    fn remove(&mut self, id: Ulid) {
        if let Some(old) = self.kept.remove(&id) {
            self.bytes -= old.bytes;
        }
    }

    fn drop_oldest(&mut self) {
        let oldest = self.kept.iter().min_by_key(|(_, kept)| kept.used);
        if let Some(id) = oldest.map(|(id, _)| *id) {
            self.remove(id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use index::IndexWriter;

    fn make() -> Result<BlockIndex> {
        let mut writer = IndexWriter::default();
        writer.push(&[("__name__", "up")])?;
        Ok(BlockIndex::open(&writer.finish()?)?)
    }

    #[test]
    fn the_least_recently_used_goes_first_and_idle_ones_go_too() {
        let one = make().unwrap().heap_bytes();
        let cache = IndexCache::new(one * 2);
        let [a, b, c] = [1, 2, 3].map(Ulid::from_u128);
        let unexpected = || -> Result<BlockIndex> { panic!("must be in memory") };
        cache.get(a, make).unwrap();
        cache.get(b, make).unwrap();
        cache.get(a, unexpected).unwrap();
        cache.get(c, make).unwrap();
        cache.get(a, unexpected).unwrap();
        assert!(
            cache.get(b, || Err(crate::Error::Stopped)).is_err(),
            "b went"
        );
        assert_eq!(cache.bytes(), one * 2);
        cache.drop_idle();
        cache.get(c, unexpected).unwrap();
        cache.drop_idle();
        assert_eq!(cache.bytes(), one);
        cache.remove(c);
        assert_eq!(cache.bytes(), 0);
    }
}

//! Which series of blocks are which of the head, remembered from query to query.

use crate::db::Shared;
use block::Ulid;
use hashbrown::HashMap;
use index::BlockIndex;
use parking_lot::Mutex;
use std::sync::Arc;

/// All series of a block are looked up at once where so many are asked for together, ...
const MANY: u64 = 4_096;
/// ... or where those that were looked up one by one add up to this part of all.
const MUCH: u64 = 4;
/// Series that are looked up without letting writers in between.
const AT_ONCE: u32 = 1_024;
/// Bytes that may be remembered; when there are more, all is forgotten.
const MOST_BYTES: usize = 32 << 20;

/// No series of the head, as far as was seen.
const NONE: u32 = u32::MAX;

/// The head's numbers of the series of one block.
#[derive(Debug)]
pub(crate) struct Link {
    /// How many series the head had removed when this was begun.
    removed: u64,
    /// Shape: one per ordinal; [`NONE`] where the head had no such series.
    numbers: Vec<u32>,
}

impl Link {
    /// The head's number of the series.
    #[inline]
    pub(crate) fn get(&self, ordinal: u32) -> Option<u32> {
        let number = *self.numbers.get(ordinal as usize)?;
        (number != NONE).then_some(number)
    }
}

/// What is known of a block.
#[derive(Debug, Default)]
struct Known {
    link: Option<Arc<Link>>,
    /// How many series were looked up one by one.
    asked: u64,
}

impl Known {
    fn bytes(&self) -> usize {
        let numbers = self.link.as_ref().map_or(0, |link| link.numbers.len());
        numbers * size_of::<u32>()
    }
}

/// What is remembered.
#[derive(Debug, Default)]
pub(crate) struct Links {
    by_block: Mutex<HashMap<Ulid, Known>>,
}

impl Links {
    /// The link of a block, for a view of the head that was made when so many series had been removed. None
    /// where looking up `selected` series one by one costs less.
    ///
    /// A number in it that the view has is right: the view's series are not removed while it lives, and
    /// before it, none was since the link was made.
    pub(crate) fn get(
        &self,
        shared: &Shared,
        (block, index): (Ulid, &BlockIndex),
        removed: u64,
        selected: u64,
    ) -> Option<Arc<Link>> {
        if selected == 0 {
            return None;
        }
        {
            let mut all = self.by_block.lock();
            let known = all.entry(block).or_default();
            let link = known.link.as_ref();
            if let Some(link) = link.filter(|link| link.removed >= removed) {
                return Some(Arc::clone(link));
            }
            known.asked = known.asked.saturating_add(selected);
            if selected <= MANY && known.asked <= index.len() as u64 / MUCH {
                return None;
            }
        }
        let link = Arc::new(link(shared, index));
        let there = shared.store.snapshot();
        let mut all = self.by_block.lock();
        all.retain(|id, _| there.iter().any(|block| block.id() == *id));
        let new = Known {
            link: Some(Arc::clone(&link)),
            asked: 0,
        };
        if all.values().map(Known::bytes).sum::<usize>() + new.bytes() > MOST_BYTES {
            all.clear();
        }
        all.insert(block, new);
        Some(link)
    }
}

fn link(shared: &Shared, index: &BlockIndex) -> Link {
    let removed = shared.head.read().removed;
    let end = u32::try_from(index.len()).unwrap_or(u32::MAX);
    let mut numbers = Vec::with_capacity(end as usize);
    let mut start = 0;
    while start < end {
        let next = end.min(start.saturating_add(AT_ONCE));
        let head = shared.head.read();
        numbers.extend((start..next).map(|ordinal| {
            let labels = index.labels(ordinal);
            let number = labels.and_then(|labels| head.index.find(&labels));
            number.unwrap_or(NONE)
        }));
        drop(head);
        start = next;
    }
    Link { removed, numbers }
}

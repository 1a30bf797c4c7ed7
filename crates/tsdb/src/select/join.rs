//! Which series of the head and of blocks are the same.

use super::{Entry, NO_MEMBER};
use crate::db::Shared;
use crate::head::{Head, View};
use block::{Block, BlockStore};
use hashbrown::HashMap;
use index::BlockIndex;
use model::TimeRange;
use roaring::RoaringBitmap;
use std::sync::Arc;
use storage::Matchers;

/// What a selection is made from, all of one moment.
pub(crate) struct Sources {
    pub(crate) view: View,
    blocks: Vec<Arc<Block>>,
    matchers: Matchers,
}

impl Sources {
    /// The head and the blocks, under the lock that the caller holds on `head`: a generation leaves the
    /// head only after its blocks have come.
    pub(crate) fn new(
        head: &Head,
        store: &BlockStore,
        matchers: &Matchers,
        range: TimeRange,
    ) -> Self {
        Self {
            view: head.view(&head.index.select(matchers), range),
            blocks: blocks_of(store, range),
            matchers: matchers.clone(),
        }
    }
}

/// The blocks that may have samples in the range.
pub(crate) fn blocks_of(store: &BlockStore, range: TimeRange) -> Vec<Arc<Block>> {
    let all = store.snapshot();
    let wanted = all.iter().filter(|one| one.meta().range().overlaps(range));
    wanted.cloned().collect()
}

/// A block that has selected series.
pub(super) struct UsedBlock {
    pub(super) block: Arc<Block>,
    pub(super) index: Arc<BlockIndex>,
}

/// A series in a block.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    /// Number of the block in the selection.
    pub(super) block: u32,
    pub(super) ordinal: u32,
}

pub(super) struct Joined {
    pub(super) blocks: Vec<UsedBlock>,
    pub(super) is_overlapping: bool,
    pub(super) entries: Vec<Entry>,
    pub(super) pieces: Vec<Piece>,
}

/// Finds out which series are the same. Ordering: those of blocks first, in the order of the first block
/// that has them.
pub(super) fn join(shared: &Shared, sources: &Sources) -> block::Result<Joined> {
    let mut used: Vec<(UsedBlock, RoaringBitmap)> = Vec::new();
    for block in &sources.blocks {
        let index = block.index()?;
        let ordinals = index.select(&sources.matchers);
        if !ordinals.is_empty() {
            let block = Arc::clone(block);
            used.push((UsedBlock { block, index }, ordinals));
        }
    }
    let is_overlapping = sort(&mut used);
    let mut joined = Joined {
        blocks: Vec::with_capacity(used.len()),
        is_overlapping,
        entries: Vec::new(),
        pieces: Vec::new(),
    };
    if used.is_empty() {
        return Ok(joined);
    }
    let mut places: HashMap<u128, u32> = HashMap::new();
    let mut members: Vec<u32> = Vec::new();
    // (place, piece), to be sorted by place.
    let mut pieces: Vec<(u32, Piece)> = Vec::new();
    for (number, (block, ordinals)) in (0u32..).zip(used) {
        for ordinal in ordinals {
            let Some(identity) = block.index.identity(ordinal) else {
                continue;
            };
            let next = u32::try_from(members.len()).unwrap_or(NO_MEMBER);
            let place = *places.entry(identity).or_insert_with(|| {
                members.push(NO_MEMBER);
                next
            });
            let block = number;
            pieces.push((place, Piece { block, ordinal }));
        }
        joined.blocks.push(block);
    }
    let head = shared.head.read();
    for (number, member) in (0u32..).zip(&sources.view.members) {
        let identity = head.index.identity(member.id);
        let place = identity.and_then(|identity| places.get(&identity));
        match place.and_then(|place| members.get_mut(*place as usize)) {
            Some(place) => *place = number,
            None => members.push(number),
        }
    }
    drop(head);
    // Stable: the blocks of one series stay in their order.
    pieces.sort_by_key(|(place, _)| *place);
    let mut next = 0;
    for (place, member) in (0u32..).zip(members) {
        joined.entries.push(Entry {
            member,
            pieces: u32::try_from(next).unwrap_or(u32::MAX),
        });
        let rest = pieces.get(next..).unwrap_or_default();
        next += rest.iter().take_while(|(of, _)| *of == place).count();
    }
    joined.pieces = pieces.into_iter().map(|(_, piece)| piece).collect();
    Ok(joined)
}

/// Brings blocks into the order in which they are read: by time, or, where some lie across each other,
/// those that were written first; tells which.
fn sort(used: &mut [(UsedBlock, RoaringBitmap)]) -> bool {
    used.sort_by_key(|(one, _)| (one.block.meta().min_time, one.block.id()));
    let ranges = || used.iter().map(|(one, _)| one.block.meta());
    let is_overlapping = ranges()
        .zip(ranges().skip(1))
        .any(|(a, b)| b.min_time < a.max_time);
    if is_overlapping {
        used.sort_by_key(|(one, _)| one.block.meta().rank());
    }
    is_overlapping
}

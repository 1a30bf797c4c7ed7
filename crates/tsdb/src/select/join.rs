//! Which series of the head and of blocks are the same.

use super::links::Link;
use super::{Entry, NO_MEMBER};
use crate::db::Shared;
use crate::generation::NO_TIME;
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
    /// How many series the head had removed.
    removed: u64,
    /// Members whose newest sample in the range is known from the head, by number; none where all samples
    /// are wanted.
    known: Option<Known>,
}

/// When series of the head had their newest sample, where that is all that is wanted of them.
struct Known {
    /// The newest sample in this range is wanted.
    range: TimeRange,
    /// Shape: by number in the head; [`NO_TIME`] where the newest sample must be read.
    last_times: Vec<i64>,
}

impl Known {
    fn new(view: &View, range: TimeRange) -> Self {
        let most = view.members.iter().map(|member| member.id).max();
        let mut last_times = vec![NO_TIME; most.map_or(0, |most| most as usize + 1)];
        for member in view
            .members
            .iter()
            .filter(|member| member.is_newest_in(range))
        {
            if let Some(time) = last_times.get_mut(member.id as usize) {
                *time = member.last_time;
            }
        }
        Self { range, last_times }
    }

    /// Whether a block that ends at `end` has nothing newer of the series.
    #[inline]
    fn is_newer(&self, number: u32, end: i64) -> bool {
        let last = self.last_times.get(number as usize);
        last.is_some_and(|last| end <= last.saturating_add(1))
    }
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
            removed: head.removed,
            known: None,
        }
    }

    /// The same, where only the newest sample of each series is wanted.
    pub(crate) fn newest(
        head: &Head,
        store: &BlockStore,
        matchers: &Matchers,
        range: TimeRange,
    ) -> Self {
        Self {
            view: head.view_newest(&head.index.select(matchers), range),
            blocks: blocks_of(store, range),
            matchers: matchers.clone(),
            removed: head.removed,
            known: None,
        }
    }

    /// Finds out what the head knows of newest samples in the range, for which its lock is not needed.
    pub(crate) fn know_newest(&mut self, range: TimeRange) {
        self.view.go_back(range.end);
        self.known = Some(Known::new(&self.view, range));
    }

    /// The range, where only the newest sample in it is wanted.
    pub(crate) fn newest_in(&self) -> Option<TimeRange> {
        self.known.as_ref().map(|known| known.range)
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
    /// Its series that the head has, where they were looked up.
    link: Option<Arc<Link>>,
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
        let mut ordinals = index.select(&sources.matchers);
        let id = (block.id(), &*index);
        let link = shared
            .links
            .get(shared, id, sources.removed, ordinals.len());
        if let (Some(known), Some(link)) = (&sources.known, &link) {
            let end = block.meta().max_time;
            let is_known = |ordinal| {
                link.get(ordinal)
                    .is_some_and(|number| known.is_newer(number, end))
            };
            ordinals = ordinals
                .iter()
                .filter(|ordinal| !is_known(*ordinal))
                .collect();
        }
        if !ordinals.is_empty() {
            let block = UsedBlock {
                block: Arc::clone(block),
                index,
                link,
            };
            used.push((block, ordinals));
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
    let mut members = Members::new(&sources.view);
    // Series that only blocks have.
    let mut others: HashMap<u128, u32> = HashMap::new();
    // (place, piece), to be sorted by place.
    let mut pieces: Vec<(u32, Piece)> = Vec::new();
    for (number, (block, ordinals)) in (0u32..).zip(used) {
        for ordinal in ordinals {
            let linked = block.link.as_ref().and_then(|link| link.get(ordinal));
            let number_there = linked.or_else(|| find(shared, &block.index, ordinal));
            let next = members.next_place();
            let member = number_there.and_then(|number| members.place(number));
            let place = if let Some(place) = member {
                place
            } else {
                let Some(identity) = block.index.identity(ordinal) else {
                    continue;
                };
                let place = *others.entry(identity).or_insert(next);
                if place == next {
                    members.of_place.push(NO_MEMBER);
                }
                place
            };
            let block = number;
            pieces.push((place, Piece { block, ordinal }));
        }
        joined.blocks.push(block);
    }
    let members = members.finish();
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

/// The head's number of a series, as it is now.
fn find(shared: &Shared, index: &BlockIndex, ordinal: u32) -> Option<u32> {
    let labels = index.labels(ordinal)?;
    shared.head.read().index.find(&labels)
}

/// Members of the view and the places that they get among all series.
struct Members {
    /// Place in the view, by number in the head.
    by_number: HashMap<u32, u32>,
    /// Place among all series, by place in the view.
    places: Vec<u32>,
    /// Place in the view, or [`NO_MEMBER`], by place among all series.
    of_place: Vec<u32>,
}

/// Not among the series yet.
const NO_PLACE: u32 = u32::MAX;

impl Members {
    fn new(view: &View) -> Self {
        let numbers = view.members.iter().map(|member| member.id);
        Self {
            by_number: numbers.zip(0..).collect(),
            places: vec![NO_PLACE; view.members.len()],
            of_place: Vec::new(),
        }
    }

    fn next_place(&self) -> u32 {
        u32::try_from(self.of_place.len()).unwrap_or(NO_PLACE)
    }

    /// The place of the series with this number in the head; none if the view does not have it.
    fn place(&mut self, number: u32) -> Option<u32> {
        let next = self.next_place();
        let member = *self.by_number.get(&number)?;
        let place = self.places.get_mut(member as usize)?;
        if *place == NO_PLACE {
            *place = next;
            self.of_place.push(member);
        }
        Some(*place)
    }

    /// Members by place; those that no block has come last.
    fn finish(mut self) -> Vec<u32> {
        let all = (0u32..).zip(&self.places);
        let rest = all.filter(|(_, place)| **place == NO_PLACE);
        self.of_place.extend(rest.map(|(member, _)| member));
        self.of_place
    }
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

//! Selected series, seen at one moment: those of the head joined with those of blocks.

mod group;
mod join;
mod links;
mod reader;

pub(crate) use join::{Sources, blocks_of};
pub(crate) use links::Links;

use crate::db::Shared;
use crate::head::{Member, View};
use join::{Piece, UsedBlock};
use model::{Labels, TimeRange};
use reader::Reader;
use std::sync::Arc;
use storage::{Column, ColumnReader, Grouping, Groups, Newest, Result, Selection};

/// Series of one selector.
pub(crate) struct Selected {
    shared: Arc<Shared>,
    view: View,
    /// Ordering: as their samples are to be read.
    blocks: Vec<UsedBlock>,
    /// Blocks lie across each other: the one that was written first comes first and wins.
    is_overlapping: bool,
    /// Empty where no block is used: then series number `i` is member number `i`.
    entries: Vec<Entry>,
    /// The blocks' parts of all entries, in the order of `blocks`.
    pieces: Vec<Piece>,
    /// The range, where only the newest sample in it is wanted.
    newest_in: Option<TimeRange>,
}

/// One series.
#[derive(Debug, Clone, Copy)]
struct Entry {
    /// Its place in the head's view, or [`NO_MEMBER`].
    member: u32,
    /// Its first piece; they end where those of the next entry begin.
    pieces: u32,
}

const NO_MEMBER: u32 = u32::MAX;

impl Selected {
    /// The head's series and those of blocks, joined.
    ///
    /// # Errors
    /// As for [`block::Block::index`].
    pub(crate) fn new(shared: Arc<Shared>, sources: Sources) -> block::Result<Self> {
        let joined = join::join(&shared, &sources)?;
        Ok(Self {
            newest_in: sources.newest_in(),
            shared,
            view: sources.view,
            blocks: joined.blocks,
            is_overlapping: joined.is_overlapping,
            entries: joined.entries,
            pieces: joined.pieces,
        })
    }

    fn member(&self, index: usize) -> Option<(usize, Member)> {
        let place = if self.blocks.is_empty() {
            index
        } else {
            self.entries.get(index)?.member as usize
        };
        Some((place, *self.view.members.get(place)?))
    }

    fn pieces(&self, index: usize) -> &[Piece] {
        let start = |index: usize| self.entries.get(index).map(|entry| entry.pieces as usize);
        let Some(from) = start(index) else {
            return &[];
        };
        let to = start(index + 1).unwrap_or(self.pieces.len());
        self.pieces.get(from..to).unwrap_or_default()
    }

    fn block(&self, piece: Piece) -> Option<&UsedBlock> {
        self.blocks.get(piece.block as usize)
    }

    /// The series' place among members, and its newest sample of all, if that lies in the range and the head
    /// has it.
    fn known(&self, index: usize, range: TimeRange) -> Option<(usize, Member)> {
        self.member(index)
            .filter(|(_, member)| member.is_newest_in(range) && self.is_newest(index, *member))
    }

    fn push_newest(&self, place: usize, member: Member, column: &mut Column) {
        match self.view.histograms.get(&place) {
            Some(histogram) => column.push_histogram(member.last_time, Arc::clone(histogram)),
            None => column.push(member.last_time, member.last_value),
        }
    }

    /// Whether the head's newest sample of a series is the newest that there is.
    fn is_newest(&self, index: usize, member: Member) -> bool {
        let blocks = self.pieces(index).iter();
        let mut ends = blocks.filter_map(|piece| Some(self.block(*piece)?.block.meta().max_time));
        ends.all(|end| end <= member.last_time.saturating_add(1))
    }
}

impl Selection for Selected {
    fn len(&self) -> usize {
        if self.blocks.is_empty() {
            self.view.members.len()
        } else {
            self.entries.len()
        }
    }

    fn labels(&self, index: usize) -> Labels {
        let labels = match self.member(index) {
            Some((_, member)) => self.shared.head.read().index.labels(member.id),
            None => self
                .pieces(index)
                .first()
                .and_then(|piece| self.block(*piece)?.index.labels(piece.ordinal)),
        };
        labels.unwrap_or_default()
    }

    fn group(&self, grouping: &Grouping) -> Groups {
        self.groups(grouping)
    }

    fn reader(&self) -> Box<dyn ColumnReader + '_> {
        Box::new(Reader::new(self))
    }

    fn newest(&self, range: TimeRange, newest: &mut Newest) -> Result<()> {
        newest.clear();
        newest.times.reserve(self.len());
        newest.values.reserve(self.len());
        let mut reader = self.reader();
        let mut column = Column::default();
        for index in 0..self.len() {
            let Some((place, member)) = self.known(index, range) else {
                reader.read(index, range, &mut column)?;
                newest.push(&column);
                continue;
            };
            if self.view.histograms.contains_key(&place) {
                column.clear();
                self.push_newest(place, member, &mut column);
                newest.push(&column);
            } else {
                newest.times.push(member.last_time);
                newest.values.push(member.last_value);
                if !newest.histograms.is_empty() {
                    newest.histograms.push(None);
                }
                if !newest.starts.is_empty() {
                    newest.starts.push(0);
                }
            }
        }
        Ok(())
    }
}

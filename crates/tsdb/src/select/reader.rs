//! Reading columns of a selection.

use super::Selected;
use super::join::Piece;
use crate::generation::{Gathered, append, is_behind, merge, mix};
use crate::head::Member;
use crate::stats::count;
use block::BlockReader;
use model::{TimeRange, TimestampMs};
use std::path::PathBuf;
use storage::{Column, ColumnReader, Error, Result};

/// Reads columns of one selection.
pub(super) struct Reader<'s> {
    selected: &'s Selected,
    /// One per block, made when it is first needed.
    blocks: Vec<Option<BlockReader>>,
    gathered: Gathered,
    piece: Column,
}

impl<'s> Reader<'s> {
    pub(super) fn new(selected: &'s Selected) -> Self {
        let blocks = selected.blocks.iter().map(|_| None).collect();
        Self {
            selected,
            blocks,
            gathered: Gathered::default(),
            piece: Column::default(),
        }
    }

    /// Appends what a block has of the series; `key` loses its value where the times are no run of one
    /// timeline.
    fn read_block(
        &mut self,
        piece: Piece,
        range: TimeRange,
        column: &mut Column,
        key: &mut Option<u64>,
    ) -> block::Result<()> {
        let number = piece.block as usize;
        let (Some(used), Some(reader)) = (
            self.selected.blocks.get(number),
            self.blocks.get_mut(number),
        ) else {
            return Ok(());
        };
        let start = used.block.meta().min_time;
        if start >= range.end.0 || used.block.meta().max_time <= range.start.0 {
            return Ok(());
        }
        let reader = reader.get_or_insert_with(|| used.block.reader());
        let starts_behind = column.times.last().is_none_or(|last| *last < start);
        if starts_behind && !self.selected.is_overlapping {
            let found = reader.read(piece.ordinal, range, column)?;
            *key = key.zip(found).map(|(key, found)| mix(key, found));
            return Ok(());
        }
        // Blocks that lie across each other as a whole seldom do so in one series.
        self.piece.clear();
        let found = reader.read(piece.ordinal, range, &mut self.piece)?;
        if is_behind(column, &self.piece) {
            append(column, &self.piece);
            *key = key.zip(found).map(|(key, found)| mix(key, found));
        } else {
            *key = None;
            merge(column, &self.piece);
        }
        Ok(())
    }

    fn read_generations(
        &mut self,
        member: Member,
        range: TimeRange,
        column: &mut Column,
        key: &mut Option<u64>,
    ) -> columns::Result<()> {
        let end = member.last_time.saturating_add(1);
        let mut seen = range;
        seen.end.0 = range.end.0.min(end);
        for generation in &self.selected.view.generations {
            let gathered = &mut self.gathered;
            // Decoding happens outside the lock.
            let samples = generation.samples.read();
            let is_there = samples.gather(member.id, generation.late, range.start.0, gathered);
            drop(samples);
            if !is_there {
                continue;
            }
            let last = column.times.last();
            if gathered.is_plain() && last.is_none_or(|last| *last < gathered.first_time()) {
                let found = gathered.append(seen, column)?;
                *key = key.map(|key| mix(key, found));
            } else {
                *key = None;
                gathered.read(range, end, &mut self.piece)?;
                merge(column, &self.piece);
            }
        }
        Ok(())
    }

    fn read_all(&mut self, index: usize, range: TimeRange, column: &mut Column) -> Result<()> {
        // Two columns made from parts with the same keys, in the same number, have the same times.
        let mut key = Some(0);
        for piece in self.selected.pieces(index) {
            self.read_block(*piece, range, column, &mut key)?;
        }
        if let Some((_, member)) = self.selected.member(index) {
            let read = self.read_generations(member, range, column, &mut key);
            // Chunks live in memory: their bytes can only be wrong if memory is.
            read.map_err(|_| Error::Corruption {
                path: PathBuf::from("head"),
                offset: 0,
                what: "open chunk",
            })?;
        }
        // Blocks were left out for what the head knows; what is left of them may still be newer.
        if let Some(within) = self.selected.newest_in
            && let Some((place, member)) = self.selected.member(index)
            && member.is_newest_in(within)
            && range.contains(TimestampMs(member.last_time))
            && column
                .times
                .last()
                .is_none_or(|last| *last < member.last_time)
        {
            key = None;
            self.selected.push_newest(place, member, column);
        }
        column.timeline = key.map(|key| mix(key, column.times.len() as u64));
        Ok(())
    }
}

impl ColumnReader for Reader<'_> {
    fn read(&mut self, index: usize, range: TimeRange, column: &mut Column) -> Result<()> {
        column.clear();
        let read = self.read_all(index, range, column);
        if read.is_err() {
            count(&self.selected.shared.counters.read_failures, 1);
        }
        read
    }
}

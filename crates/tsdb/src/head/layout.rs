//! A layout: series that are written together, their staged frames and their sealed pages.

use super::FRAMES_PER_PAGE;
use super::page::Page;
use crate::wal::ABSENT_BITS;
use model::TimeRange;
use std::collections::VecDeque;
use std::sync::Arc;
use storage::Column;

/// Series that are written together.
#[derive(Debug)]
pub(crate) struct Layout {
    pub(crate) slots: Arc<[u32]>,
    /// Scrape loops that hold the layout open.
    pub(crate) users: usize,
    times: Vec<i64>,
    /// Shape: `values[slot][frame]`.
    values: Vec<Vec<f64>>,
    pages: VecDeque<Page>,
}

impl Layout {
    pub(crate) fn new(slots: Arc<[u32]>) -> Self {
        let values = vec![Vec::new(); slots.len()];
        Self {
            slots,
            users: 1,
            times: Vec::new(),
            values,
            pages: VecDeque::new(),
        }
    }

    /// Time of the newest frame.
    pub(crate) fn newest(&self) -> Option<i64> {
        self.times
            .last()
            .copied()
            .or_else(|| self.pages.back().map(|page| page.newest))
    }

    /// Time of the oldest frame.
    pub(crate) fn oldest(&self) -> Option<i64> {
        self.pages
            .front()
            .map(|page| page.oldest)
            .or_else(|| self.times.first().copied())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.times.is_empty() && self.pages.is_empty()
    }

    pub(crate) fn pages(&self) -> usize {
        self.pages.len()
    }

    pub(crate) fn push(&mut self, time: i64, values: &[f64]) {
        self.times.push(time);
        for (column, value) in self.values.iter_mut().zip(values) {
            column.push(*value);
        }
        if self.times.len() >= FRAMES_PER_PAGE {
            self.pages.push_back(Page::seal(&self.times, &self.values));
            self.times.clear();
            self.values.iter_mut().for_each(Vec::clear);
        }
    }

    /// Appends the samples of `slot` in `range` to `column`; whether every frame in the range has one.
    pub(crate) fn read(
        &self,
        slot: usize,
        range: TimeRange,
        column: &mut Column,
    ) -> columns::Result<bool> {
        let mut is_whole = true;
        for page in &self.pages {
            is_whole &= page.read(slot, range, column)?;
        }
        let from = self.times.partition_point(|time| *time < range.start.0);
        let to = self.times.partition_point(|time| *time < range.end.0);
        let times = self.times.get(from..to).unwrap_or_default();
        let values = self
            .values
            .get(slot)
            .and_then(|values| values.get(from..to))
            .unwrap_or_default();
        for (time, value) in times.iter().zip(values) {
            if value.to_bits() == ABSENT_BITS {
                is_whole = false;
            } else {
                column.times.push(*time);
                column.values.push(*value);
            }
        }
        Ok(is_whole)
    }

    /// Drops pages that ended before `cutoff`, and the staging of a layout that nobody writes any more.
    pub(crate) fn drop_before(&mut self, cutoff: i64) {
        while self.pages.front().is_some_and(|page| page.newest < cutoff) {
            self.pages.pop_front();
        }
        if self.users == 0 && self.times.last().is_some_and(|newest| *newest < cutoff) {
            self.times.clear();
            self.values.iter_mut().for_each(Vec::clear);
        }
    }
}

//! Samples of one series that came with times of their own.

use super::FRAMES_PER_PAGE;
use super::page::{Page, cut};
use model::TimeRange;
use std::collections::VecDeque;
use storage::Column;

/// Staged samples and sealed pages of one series. Ordering: times rise.
#[derive(Debug, Default)]
pub(crate) struct LooseColumn {
    times: Vec<i64>,
    values: Vec<f64>,
    pages: VecDeque<Page>,
}

impl LooseColumn {
    pub(crate) fn push(&mut self, time: i64, value: f64) {
        self.times.push(time);
        self.values.push(value);
        if self.times.len() >= FRAMES_PER_PAGE {
            let values = std::mem::take(&mut self.values);
            self.pages.push_back(Page::seal(&self.times, &[values]));
            self.times.clear();
        }
    }

    pub(crate) fn read(&self, range: TimeRange, column: &mut Column) -> columns::Result<()> {
        for page in &self.pages {
            page.read(0, range, column)?;
        }
        let start = column.times.len();
        column.times.extend_from_slice(&self.times);
        column.values.extend_from_slice(&self.values);
        cut(column, start, range);
        Ok(())
    }

    pub(crate) fn drop_before(&mut self, cutoff: i64) {
        while self.pages.front().is_some_and(|page| page.newest < cutoff) {
            self.pages.pop_front();
        }
        if self.times.last().is_some_and(|newest| *newest < cutoff) {
            self.times.clear();
            self.values.clear();
        }
    }

    /// Time of the oldest sample.
    pub(crate) fn oldest(&self) -> Option<i64> {
        self.pages
            .front()
            .map(|page| page.oldest)
            .or_else(|| self.times.first().copied())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.times.is_empty() && self.pages.is_empty()
    }
}

//! What to compact next: a pure function of what blocks there are.

use crate::{BlockMeta, Ulid};
use std::collections::BTreeSet;

const HOUR_MS: i64 = 3_600_000;

/// How blocks grow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanOptions {
    /// Lengths of the windows that blocks grow into, aligned to 1970. Units: milliseconds. Ordering: each
    /// is a multiple of the one before.
    pub windows: Vec<i64>,
    /// The head's newest sample is so far behind a window's end before the window counts as complete.
    /// Units: milliseconds.
    pub settle: i64,
    /// More level-0 blocks than this in one window are merged before it is complete.
    pub max_pile: usize,
}

impl Default for PlanOptions {
    /// 2 hours, a day, a week, 4 weeks (a month would not be whole weeks); half an hour; 4.
    fn default() -> Self {
        Self {
            windows: [2, 24, 7 * 24, 28 * 24]
                .map(|hours| hours * HOUR_MS)
                .to_vec(),
            settle: HOUR_MS / 2,
            max_pile: 4,
        }
    }
}

impl PlanOptions {
    /// The same with no window longer than `max` (units: milliseconds), but the shortest.
    #[must_use]
    pub fn bounded(mut self, max: i64) -> Self {
        let shortest = self.windows.first().copied();
        self.windows
            .retain(|window| *window <= max || Some(*window) == shortest);
        self
    }
}

/// Why blocks are merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// A window is complete: its blocks become one.
    Window,
    /// Their samples lie in the same stretch of time.
    Overlap,
    /// Many small blocks in a window that is still growing.
    Pile,
    /// To drop deleted samples.
    Tombstones,
}

/// Blocks to be merged into one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The blocks. Ordering: by time, then by name.
    pub inputs: Vec<Ulid>,
    /// Why.
    pub reason: Reason,
}

impl Plan {
    fn of(blocks: &[&BlockMeta], reason: Reason) -> Self {
        Self {
            inputs: blocks.iter().map(|block| block.id).collect(),
            reason,
        }
    }
}

/// The next merge, if there is one: complete shortest windows first, then overlaps, longer windows, piles.
///
/// `head_time` is the time of the head's newest sample (units: milliseconds): what is older by
/// [`PlanOptions::settle`] hardly gets new samples. Carrying plans out one after the other ends: then every
/// complete window of every length is one block, and complete blocks do not overlap.
pub fn plan(blocks: &[BlockMeta], head_time: i64, options: &PlanOptions) -> Option<Plan> {
    let mut sorted: Vec<&BlockMeta> = blocks.iter().collect();
    sorted.sort_unstable_by_key(|block| (block.min_time, block.id));
    let shortest = options.windows.first().copied()?;
    let settled: Vec<&BlockMeta> = sorted
        .iter()
        .copied()
        .filter(|block| {
            is_complete(
                window_of(block.max_time - 1, shortest),
                shortest,
                head_time,
                options,
            )
        })
        .collect();
    complete_window(&settled, shortest, |window| {
        window.iter().any(|block| block.level == 0)
    })
    .or_else(|| overlap(&settled))
    .or_else(|| {
        options.windows.iter().find_map(|length| {
            let complete: Vec<&BlockMeta> = settled
                .iter()
                .copied()
                .filter(|block| {
                    is_complete(
                        window_of(block.min_time, *length),
                        *length,
                        head_time,
                        options,
                    )
                })
                .collect();
            complete_window(&complete, *length, |_| false)
        })
    })
    .or_else(|| pile(&sorted, shortest, options.max_pile))
}

fn window_of(time: i64, length: i64) -> i64 {
    time.div_euclid(length)
}

fn is_complete(window: i64, length: i64, head_time: i64, options: &PlanOptions) -> bool {
    let end = (window + 1).saturating_mul(length);
    head_time >= end.saturating_add(options.settle)
}

/// The first window whose blocks are to become one. Windows that a block reaches into from outside are
/// left to [`overlap`].
fn complete_window(
    blocks: &[&BlockMeta],
    length: i64,
    wants_alone: impl Fn(&[&BlockMeta]) -> bool,
) -> Option<Plan> {
    let window = |block: &BlockMeta| {
        let first = window_of(block.min_time, length);
        (first == window_of(block.max_time - 1, length)).then_some(first)
    };
    let numbers: BTreeSet<i64> = blocks.iter().filter_map(|block| window(block)).collect();
    numbers.into_iter().find_map(|number| {
        let inside: Vec<&BlockMeta> = blocks
            .iter()
            .copied()
            .filter(|block| window(block) == Some(number))
            .collect();
        let is_crossed = blocks.iter().any(|block| {
            window(block) != Some(number)
                && inside.iter().any(|one| one.range().overlaps(block.range()))
        });
        let wanted = inside.len() > 1 || wants_alone(&inside);
        (wanted && !is_crossed).then(|| Plan::of(&inside, Reason::Window))
    })
}

/// The first blocks whose samples lie in the same stretch of time.
fn overlap(blocks: &[&BlockMeta]) -> Option<Plan> {
    let mut group: Vec<&BlockMeta> = Vec::new();
    let mut end = i64::MIN;
    for block in blocks {
        if block.min_time >= end {
            if group.len() > 1 {
                break;
            }
            group.clear();
        }
        group.push(block);
        end = end.max(block.max_time);
    }
    (group.len() > 1).then(|| Plan::of(&group, Reason::Overlap))
}

/// The first window with more level-0 blocks than `max`.
fn pile(blocks: &[&BlockMeta], length: i64, max: usize) -> Option<Plan> {
    let fresh = || blocks.iter().copied().filter(|block| block.level == 0);
    let numbers: BTreeSet<i64> = fresh()
        .map(|block| window_of(block.min_time, length))
        .collect();
    numbers.into_iter().find_map(|number| {
        let inside: Vec<&BlockMeta> = fresh()
            .filter(|block| window_of(block.min_time, length) == number)
            .collect();
        (inside.len() > max.max(1)).then(|| Plan::of(&inside, Reason::Pile))
    })
}

#[cfg(test)]
mod tests;

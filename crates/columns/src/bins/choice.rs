//! Which bins take the fewest bits: the cheapest way to cut the sorted numbers.

use super::{Bin, Bins, LANES, MAX_BINS, MAX_LOG, MIN_LOG};
use crate::bits::width_of;
use std::sync::LazyLock;

/// Into how many cells the sorted numbers are cut before cells are joined to bins; the work grows
/// with the square.
const CELLS: usize = 64;

/// Neighbours among the sorted numbers that stay together.
struct Cell {
    low: u64,
    high: u64,
    /// Numbers before the cell.
    before: usize,
}

pub(super) fn choose(numbers: &[u64]) -> Option<Bins> {
    let mut sorted = numbers.to_vec();
    sorted.sort_unstable();
    let smallest = *sorted.first()?;
    debug_assert!(smallest == 0 || sorted.len() == numbers.len());
    let total = sorted.len();
    let cells = cells(&sorted);
    let highest = *sorted.last()?;
    let log = table_log(total);
    let per_bin = (log + width_of(highest) + 4) as f32;
    let (cuts, cost) = join(&cells, total, per_bin)?;
    let mut bins = Vec::with_capacity(cuts.len());
    for (from, to) in &cuts {
        let (first, last) = (cells.get(*from)?, cells.get(*to)?);
        let after = cells.get(to + 1).map_or(total, |cell| cell.before);
        // The first bin starts at 0 in the format; a reader of the numbers has made that free.
        let lower = if bins.is_empty() { 0 } else { first.low };
        bins.push(Bin {
            lower,
            width: width_of(last.high - lower),
            share: u32::try_from(after - first.before).ok()?,
        });
    }
    if bins.len() > MAX_BINS {
        return None;
    }
    let log = log.max(width_of(bins.len() as u64));
    normalise(&mut bins, log)?;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a count of bits, above zero"
    )]
    let bits = cost.ceil() as usize + 20 + LANES * log as usize;
    Some(Bins {
        sorted: bins,
        log,
        bits,
    })
}

/// Larger tables follow the shares better, but each bin's share takes more bits.
fn table_log(total: usize) -> u32 {
    (width_of(total as u64))
        .saturating_sub(2)
        .clamp(MIN_LOG + 1, MAX_LOG)
}

fn cells(sorted: &[u64]) -> Vec<Cell> {
    let runs = sorted.chunk_by(|a, b| a == b);
    let few = runs.clone().take(CELLS + 1).count() <= CELLS;
    let full = if few { 1 } else { sorted.len().div_ceil(CELLS) };
    let mut cells: Vec<Cell> = Vec::with_capacity(CELLS * 2);
    let mut before = 0;
    let mut open = 0;
    for run in runs {
        let value = run.first().copied().unwrap_or(0);
        match cells.last_mut() {
            Some(cell) if open > 0 && open + run.len() <= full => {
                cell.high = value;
                open += run.len();
            }
            _ => {
                cells.push(Cell {
                    low: value,
                    high: value,
                    before,
                });
                open = run.len();
            }
        }
        before += run.len();
    }
    cells
}

/// `count * log2(count)` of small counts.
static COUNT_LOGS: LazyLock<Vec<f32>> = LazyLock::new(|| {
    (0..=4096u16)
        .map(|count| count_log(f32::from(count)))
        .collect()
});

fn count_log(count: f32) -> f32 {
    if count > 1.0 {
        count * count.log2()
    } else {
        0.0
    }
}

/// Joins cells to bins: first and last cell of each, and the bits of all numbers and bins.
#[expect(
    clippy::indexing_slicing,
    reason = "all indices are below the count of cells, which is the length of each slice here"
)]
fn join(cells: &[Cell], total: usize, per_bin: f32) -> Option<(Vec<(usize, usize)>, f32)> {
    let logs = &*COUNT_LOGS;
    let total_log = (total as f32).log2();
    // best[i]: the fewest bits for the cells before i, and where the last bin of them starts.
    let mut best = vec![(f32::INFINITY, 0usize); cells.len() + 1];
    best[0].0 = 0.0;
    for end in 1..=cells.len() {
        let after = cells.get(end).map_or(total, |cell| cell.before);
        let high = cells[end - 1].high;
        for start in (0..end).rev() {
            let cell = &cells[start];
            let count = after - cell.before;
            let low = if start == 0 { 0 } else { cell.low };
            let log = logs
                .get(count)
                .copied()
                .unwrap_or_else(|| count_log(count as f32));
            let own = count as f32 * (total_log + width_of(high - low) as f32) - log + per_bin;
            let cost = best[start].0 + own;
            if cost < best[end].0 {
                best[end] = (cost, start);
            }
        }
    }
    let cost = best.last()?.0;
    let mut cuts = Vec::new();
    let mut end = cells.len();
    while end > 0 {
        let start = best[end].1;
        cuts.push((start, end - 1));
        end = start;
    }
    cuts.reverse();
    Some((cuts, cost))
}

/// Turns counts into shares of a table: at least one each, together its size.
fn normalise(bins: &mut [Bin], log: u32) -> Option<()> {
    let size = 1u64 << log;
    let total: u64 = bins.iter().map(|bin| u64::from(bin.share)).sum();
    let mut given = 0u64;
    for bin in &mut *bins {
        let share = ((u64::from(bin.share) * size + total / 2) / total).max(1);
        given += share;
        bin.share = u32::try_from(share).ok()?;
    }
    // Rounding gave a few too many or too few; the largest bin feels it least.
    while given > size {
        let largest = bins.iter_mut().max_by_key(|bin| bin.share)?;
        if largest.share <= 1 {
            return None;
        }
        largest.share -= 1;
        given -= 1;
    }
    let largest = bins.iter_mut().max_by_key(|bin| bin.share)?;
    largest.share += u32::try_from(size - given).ok()?;
    Some(())
}

//! Where the windows of columns lie, found once for all columns of one timeline.

use super::Shift;
use crate::grid::Grid;
use hashbrown::HashMap;
use storage::Column;

/// Most steps whose edges are kept for timelines that may come again.
const MOST_KEPT: usize = 1 << 17;

/// What was computed from the times of columns, kept per timeline: targets differ in when they are scraped,
/// and their series come in turn.
#[derive(Debug, Default)]
pub(crate) struct PerTimeline<T> {
    kept: HashMap<u64, T>,
    /// Of the last column without a timeline.
    other: Option<T>,
    most: usize,
}

impl<T> PerTimeline<T> {
    /// For things of `steps` steps each.
    pub(crate) fn new(steps: usize) -> Self {
        Self {
            kept: HashMap::new(),
            other: None,
            most: (MOST_KEPT / steps.max(1)).max(1),
        }
    }

    /// What is kept of the timeline, else what `compute` makes.
    pub(crate) fn get(&mut self, timeline: Option<u64>, compute: impl FnOnce() -> T) -> &T {
        let Some(timeline) = timeline else {
            return self.other.insert(compute());
        };
        if self.kept.len() >= self.most && !self.kept.contains_key(&timeline) {
            self.kept.clear();
        }
        self.kept.entry(timeline).or_insert_with(compute)
    }
}

/// Makes keys that storages do not make: theirs are hashes, or small numbers in tests.
const OWN_KEYS: u64 = 0x5bd1_e995_9d1b_58d3;

/// Finds out which columns have the same times where the storage does not say so.
#[derive(Debug, Default)]
pub(crate) struct SameTimes {
    last: Vec<i64>,
    key: u64,
}

impl SameTimes {
    /// Gives a column without a timeline that of the last one, if both have the same times.
    pub(crate) fn name(&mut self, column: &mut Column) {
        if column.timeline.is_some() {
            return;
        }
        if column.times != self.last {
            self.last.clone_from(&column.times);
            self.key = self.key.wrapping_sub(1);
        }
        column.timeline = Some(self.key ^ OWN_KEYS);
    }
}

/// For every step, first sample inside its window and first after.
#[derive(Debug, Default)]
pub(crate) struct Edges {
    pub(crate) list: Vec<(u32, u32)>,
    /// Samples in all windows.
    pub(crate) samples: u64,
}

/// Finds the windows of columns.
#[derive(Debug)]
pub(crate) struct WindowEdges {
    grid: Grid,
    shift: Shift,
    before: i64,
    after: i64,
    known: PerTimeline<Edges>,
}

impl WindowEdges {
    /// Windows reach from `before` (excluded) to `after` (included) around the shifted time.
    pub(crate) fn new(grid: Grid, shift: Shift, (before, after): (i64, i64)) -> Self {
        Self {
            grid,
            shift,
            before,
            after,
            known: PerTimeline::new(grid.n),
        }
    }

    /// The windows of `column`.
    pub(crate) fn find(&mut self, column: &Column) -> &Edges {
        let (grid, shift) = (self.grid, self.shift);
        let (before, after) = (self.before, self.after);
        self.known.get(column.timeline, || {
            let mut edges = Edges {
                list: Vec::with_capacity(grid.n),
                samples: 0,
            };
            let (mut first, mut end) = (0_u32, 0_u32);
            let mut leaving = column.times.iter().copied().peekable();
            let mut entering = column.times.iter().copied().peekable();
            for step in grid.times() {
                let time = shift.apply(step);
                let (open, close) = (time.saturating_sub(before), time.saturating_add(after));
                while leaving.next_if(|t| *t <= open).is_some() {
                    first += 1;
                }
                while entering.next_if(|t| *t <= close).is_some() {
                    end += 1;
                }
                edges.list.push((first, end.max(first)));
                edges.samples += u64::from(end.saturating_sub(first));
            }
            edges
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_the_same_times_share_a_timeline() {
        let mut same = SameTimes::default();
        let mut columns = [
            column(&[1, 2], None),
            column(&[1, 2], None),
            column(&[1, 3], None),
            column(&[1, 2], Some(5)),
        ];
        for column in &mut columns {
            same.name(column);
        }
        let [a, b, c, d] = columns.map(|column| column.timeline);
        assert!(a == b && a != c && a.is_some() && d == Some(5));
    }

    fn column(times: &[i64], timeline: Option<u64>) -> Column {
        let mut column = Column::default();
        for time in times {
            column.push(*time, 0.0);
        }
        column.timeline = timeline;
        column
    }

    #[test]
    fn edges_are_found_once_per_timeline_and_anew_without_one() {
        let grid = Grid::between(10, 30, 10);
        let mut edges = WindowEdges::new(grid, Shift::default(), (10, 0));
        let first = column(&[1, 10, 11, 30], Some(7));
        let want = [(0, 2), (2, 3), (3, 4)];
        assert_eq!(edges.find(&first).list, want);
        assert_eq!(
            edges.find(&column(&[25], None)).list,
            [(0, 0), (0, 0), (0, 1)]
        );
        // Who says that two columns have the same times must be right.
        assert_eq!(edges.find(&column(&[25], Some(7))).list, want);
        assert_eq!(edges.find(&first).samples, 4);
    }
}

//! The times at which an expression is evaluated.

/// Evenly spaced times. Units: milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Grid {
    /// First step.
    pub(crate) start: i64,
    /// Distance of steps, at least 1.
    pub(crate) step: i64,
    /// Number of steps.
    pub(crate) n: usize,
}

impl Grid {
    /// The steps from `start` up to `end`, which is included if a step falls on it.
    pub(crate) fn between(start: i64, end: i64, step: i64) -> Self {
        let step = step.max(1);
        let distance = i128::from(end) - i128::from(start);
        let n = if distance < 0 {
            0
        } else {
            distance / i128::from(step) + 1
        };
        Self {
            start,
            step,
            n: usize::try_from(n).unwrap_or(usize::MAX),
        }
    }

    /// The first step alone; where it would be if there is none.
    pub(crate) fn first(self) -> Self {
        Self { n: 1, ..self }
    }

    /// Time of step number `k`.
    pub(crate) fn time(self, k: usize) -> i64 {
        let k = i64::try_from(k).unwrap_or(i64::MAX);
        self.start.saturating_add(k.saturating_mul(self.step))
    }

    /// Time of the last step; the first if there is none.
    pub(crate) fn last(self) -> i64 {
        self.time(self.n.saturating_sub(1))
    }

    /// All times in order.
    pub(crate) fn times(self) -> impl Iterator<Item = i64> {
        (0..self.n).map(move |k| self.time(k))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_reach_the_end_only_where_they_fall_on_it() {
        let grid = Grid::between(10, 30, 10);
        assert_eq!(grid.times().collect::<Vec<_>>(), [10, 20, 30]);
        assert_eq!(Grid::between(10, 29, 10).last(), 20);
        assert_eq!(Grid::between(10, 9, 10).n, 0);
    }
}

//! Sums that keep what rounding loses.

/// A running sum with Neumaier's compensation.
///
/// Source: A. Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen" (1974).
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Sum {
    /// Sum as plain addition has it.
    pub(crate) sum: f64,
    /// What plain addition lost.
    pub(crate) lost: f64,
}

impl Sum {
    pub(crate) fn add(&mut self, value: f64) {
        let total = self.sum + value;
        if total.is_infinite() {
            self.lost = 0.0;
        } else if self.sum.abs() >= value.abs() {
            self.lost += (self.sum - total) + value;
        } else {
            self.lost += (value - total) + self.sum;
        }
        self.sum = total;
    }

    pub(crate) fn value(self) -> f64 {
        self.sum + self.lost
    }
}

/// A running mean: the sum divided, until the sum would overflow; from there on the mean itself is kept.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Mean {
    state: Sum,
    count: f64,
    incremental: bool,
}

impl Mean {
    pub(crate) fn add(&mut self, value: f64) {
        self.count += 1.0;
        if self.count == 1.0 {
            self.state.sum = value;
            return;
        }
        if !self.incremental {
            let mut next = self.state;
            next.add(value);
            if !next.sum.is_infinite() {
                self.state = next;
                return;
            }
            self.incremental = true;
            self.state.sum /= self.count - 1.0;
            self.state.lost /= self.count - 1.0;
        }
        let shrink = (self.count - 1.0) / self.count;
        self.state.sum *= shrink;
        self.state.lost *= shrink;
        self.state.add(value / self.count);
    }

    pub(crate) fn value(self) -> f64 {
        if self.incremental {
            self.state.value()
        } else {
            self.state.sum / self.count + self.state.lost / self.count
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_numbers_survive_big_ones() {
        let mut sum = Sum::default();
        for value in [1.0, 1e100, 1.0, -1e100] {
            sum.add(value);
        }
        assert_eq!(sum.value(), 2.0);
    }

    #[test]
    fn mean_survives_an_overflowing_sum() {
        let mut mean = Mean::default();
        for _ in 0..4 {
            mean.add(f64::MAX / 1.5);
        }
        assert!((mean.value() / (f64::MAX / 1.5) - 1.0).abs() < 1e-12);
    }
}

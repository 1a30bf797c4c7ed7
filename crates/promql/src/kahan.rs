//! Sums that keep what rounding loses.

/// A running sum that carries what rounding lost, as Neumaier's does.
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
    /// The sum of all `values`.
    pub(crate) fn of(values: &[f64]) -> Self {
        let mut sum = Self::default();
        for value in values {
            sum.add(*value);
        }
        sum
    }

    pub(crate) fn add(&mut self, value: f64) {
        // Knuth's form of the same error term: no branch on which of the two is larger.
        let total = self.sum + value;
        let taken = total - self.sum;
        self.lost += (self.sum - (total - taken)) + (value - taken);
        self.sum = total;
    }

    pub(crate) fn value(self) -> f64 {
        // Beyond the largest number there is no error to make good.
        if self.sum.is_finite() {
            self.sum + self.lost
        } else {
            self.sum
        }
    }
}

/// The mean of `values`; NaN if there are none.
pub(crate) fn mean(values: &[f64]) -> f64 {
    let sum = Sum::of(values);
    if sum.sum.is_finite() {
        let count = values.len() as f64;
        return sum.sum / count + sum.lost / count;
    }
    let mut mean = Mean::default();
    for value in values {
        mean.add(*value);
    }
    mean.value()
}

/// A running mean: the sum divided, until the sum would overflow; from there on the mean itself is kept.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Mean {
    state: Sum,
    count: f64,
    incremental: bool,
}

impl Mean {
    /// The mean with these [parts](Self::parts).
    pub(crate) fn of_parts(sum: f64, lost: f64, count: f64, incremental: bool) -> Self {
        Self {
            state: Sum { sum, lost },
            count,
            incremental,
        }
    }

    /// Sum, what it lost, number of values, and whether the sum is the mean itself.
    pub(crate) fn parts(self) -> (f64, f64, f64, bool) {
        (
            self.state.sum,
            self.state.lost,
            self.count,
            self.incremental,
        )
    }

    /// Takes in the values of another mean.
    pub(crate) fn merge(&mut self, other: Self) {
        if other.count == 0.0 {
            return;
        }
        if self.count == 0.0 {
            *self = other;
            return;
        }
        let count = self.count + other.count;
        if !self.incremental && !other.incremental {
            let mut next = self.state;
            next.add(other.state.sum);
            if !next.sum.is_infinite() {
                next.lost += other.state.lost;
                self.state = next;
                self.count = count;
                return;
            }
        }
        let mut mean = Sum::default();
        mean.add(self.value() * (self.count / count));
        mean.add(other.value() * (other.count / count));
        *self = Self {
            state: mean,
            count,
            incremental: true,
        };
    }

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
        assert_eq!(Sum::of(&[1.0, f64::INFINITY, 1.0]).value(), f64::INFINITY);
        assert!(
            Sum::of(&[f64::INFINITY, f64::NEG_INFINITY])
                .value()
                .is_nan()
        );
    }

    #[test]
    fn mean_survives_an_overflowing_sum() {
        let mut mean = Mean::default();
        for _ in 0..4 {
            mean.add(f64::MAX / 1.5);
        }
        assert!((mean.value() / (f64::MAX / 1.5) - 1.0).abs() < 1e-12);
        assert!((super::mean(&[f64::MAX; 3]) / f64::MAX - 1.0).abs() < 1e-12);
        assert_eq!(super::mean(&[1.0, 2.0]), 1.5);
    }
}

//! Running results of numbers, side by side for all groups and steps.
#![expect(
    clippy::indexing_slicing,
    reason = "all lists of one operation have the same length, and slices are cut to one length before the loops"
)]

use crate::kahan::{Mean, Sum};
use crate::series::{ABSENT, is_absent};
use promql_syntax::AggregateOp;

/// The running results. Shape: every list has one entry per group and step, steps side by side.
pub(super) enum Floats {
    Sum(Sums),
    Avg(Means),
    /// How many numbers were added.
    Count(Vec<f64>),
    Min(Vec<f64>),
    Max(Vec<f64>),
    Group(Vec<f64>),
    /// With whether the root is wanted.
    Variance(Vec<Spread>, bool),
}

/// Sums with what rounding lost.
#[derive(Default)]
pub(super) struct Sums {
    /// Starts as the zero to which adding changes nothing.
    sum: Vec<f64>,
    lost: Vec<f64>,
    /// Whether anything was added.
    any: Vec<bool>,
}

/// Sums with what rounding lost, and how many they are of.
#[derive(Default)]
pub(super) struct Means {
    sum: Vec<f64>,
    lost: Vec<f64>,
    count: Vec<f64>,
    /// Whether the mean itself is kept, as the sum is too large; empty if nowhere.
    incremental: Vec<bool>,
}

/// Mean and squared distances from it, by Welford.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Spread {
    count: f64,
    mean: f64,
    squares: f64,
}

impl Spread {
    fn add(&mut self, value: f64) {
        self.count += 1.0;
        if self.count == 1.0 {
            self.mean = value;
            self.squares = if value.is_finite() { 0.0 } else { f64::NAN };
            return;
        }
        let delta = value - self.mean;
        self.mean += delta / self.count;
        self.squares += delta * (value - self.mean);
    }

    /// Source: T. Chan, G. Golub, R. LeVeque, "Updating formulae" (1979).
    fn merge(&mut self, other: Self) {
        if other.count == 0.0 {
            return;
        }
        if self.count == 0.0 {
            *self = other;
            return;
        }
        let count = self.count + other.count;
        let delta = other.mean - self.mean;
        self.mean += delta * (other.count / count);
        self.squares += other.squares + delta * delta * (self.count * other.count / count);
        self.count = count;
    }
}

/// Adds to a sum that carries what rounding lost; as [`Sum::add`], on parts of it.
fn add(sum: &mut f64, lost: &mut f64, value: f64) {
    let mut state = Sum {
        sum: *sum,
        lost: *lost,
    };
    state.add(value);
    (*sum, *lost) = (state.sum, state.lost);
}

impl Sums {
    fn add(&mut self, from: usize, values: &[f64], dense: bool) {
        let to = from + values.len();
        let sum = self.sum[from..to].iter_mut();
        let states = sum.zip(&mut self.lost[from..to]).zip(values);
        let any = &mut self.any[from..to];
        if dense {
            any.fill(true);
            for ((sum, lost), value) in states {
                add(sum, lost, *value);
            }
            return;
        }
        for (((sum, lost), value), any) in states.zip(any) {
            if !is_absent(*value) {
                add(sum, lost, *value);
                *any = true;
            }
        }
    }

    fn merge(&mut self, other: &Self) {
        for k in 0..self.sum.len().min(other.sum.len()) {
            if other.any[k] {
                add(&mut self.sum[k], &mut self.lost[k], other.sum[k]);
                self.lost[k] += other.lost[k];
                self.any[k] = true;
            }
        }
    }

    fn result(&self, k: usize) -> f64 {
        let sum = Sum {
            sum: self.sum[k],
            lost: self.lost[k],
        };
        if self.any[k] { sum.value() } else { ABSENT }
    }
}

impl Means {
    fn add(&mut self, from: usize, values: &[f64], dense: bool) {
        let to = from + values.len();
        if dense && self.incremental.is_empty() {
            let sum = &mut self.sum[from..to];
            let mut too_large = false;
            for (sum, value) in sum.iter().zip(values) {
                too_large |= (sum + value).is_infinite();
            }
            if !too_large {
                let states = sum.iter_mut().zip(&mut self.lost[from..to]);
                let states = states.zip(&mut self.count[from..to]);
                for (((sum, lost), count), value) in states.zip(values) {
                    add(sum, lost, *value);
                    *count += 1.0;
                }
                return;
            }
        }
        for (k, value) in values.iter().enumerate() {
            if !is_absent(*value) {
                let mut mean = self.mean(from + k);
                mean.add(*value);
                self.set(from + k, mean);
            }
        }
    }

    fn mean(&self, at: usize) -> Mean {
        let incremental = self.incremental.get(at).copied().unwrap_or(false);
        Mean::of_parts(self.sum[at], self.lost[at], self.count[at], incremental)
    }

    fn set(&mut self, at: usize, mean: Mean) {
        let incremental;
        (self.sum[at], self.lost[at], self.count[at], incremental) = mean.parts();
        if incremental && self.incremental.is_empty() {
            self.incremental.resize(self.sum.len(), false);
        }
        if let Some(slot) = self.incremental.get_mut(at) {
            *slot = incremental;
        }
    }

    fn merge(&mut self, other: &Self) {
        for k in 0..self.sum.len().min(other.sum.len()) {
            if other.count[k] > 0.0 {
                let mut mean = self.mean(k);
                mean.merge(other.mean(k));
                self.set(k, mean);
            }
        }
    }

    fn result(&self, k: usize) -> f64 {
        if self.count[k] > 0.0 {
            self.mean(k).value()
        } else {
            ABSENT
        }
    }
}

/// Whether `value` takes the place of the least until now. A NaN gives way to anything: "absent" is one, too.
fn is_less(value: f64, least: f64) -> bool {
    value < least || least.is_nan()
}

fn is_more(value: f64, most: f64) -> bool {
    value > most || most.is_nan()
}

/// Puts values in the place of those that they beat.
fn choose(have: &mut [f64], values: &[f64], dense: bool, beats: impl Fn(f64, f64) -> bool) {
    for (have, value) in have.iter_mut().zip(values) {
        if (dense || !is_absent(*value)) && beats(*value, *have) {
            *have = *value;
        }
    }
}

impl Floats {
    /// Without room for any group.
    pub(super) fn new(op: AggregateOp) -> Self {
        match op {
            AggregateOp::Avg => Self::Avg(Means::default()),
            AggregateOp::Count => Self::Count(Vec::new()),
            AggregateOp::Min => Self::Min(Vec::new()),
            AggregateOp::Max => Self::Max(Vec::new()),
            AggregateOp::Group => Self::Group(Vec::new()),
            AggregateOp::Stddev => Self::Variance(Vec::new(), true),
            AggregateOp::Stdvar => Self::Variance(Vec::new(), false),
            _ => Self::Sum(Sums::default()),
        }
    }

    /// Number of states.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Sum(sums) => sums.sum.len(),
            Self::Avg(means) => means.sum.len(),
            Self::Count(list) | Self::Min(list) | Self::Max(list) | Self::Group(list) => list.len(),
            Self::Variance(list, _) => list.len(),
        }
    }

    /// What so many states count for in the budget, in samples.
    pub(super) fn samples(&self, states: usize) -> usize {
        match self {
            Self::Count(_) | Self::Min(_) | Self::Max(_) | Self::Group(_) => states,
            Self::Sum(_) | Self::Avg(_) | Self::Variance(..) => states.saturating_mul(2),
        }
    }

    /// Makes room for so many states.
    pub(super) fn grow(&mut self, states: usize) {
        match self {
            Self::Sum(sums) => {
                sums.sum.resize(states, -0.0);
                sums.lost.resize(states, 0.0);
                sums.any.resize(states, false);
            }
            Self::Avg(means) => {
                means.sum.resize(states, -0.0);
                means.lost.resize(states, 0.0);
                means.count.resize(states, 0.0);
                if !means.incremental.is_empty() {
                    means.incremental.resize(states, false);
                }
            }
            Self::Count(list) => list.resize(states, 0.0),
            Self::Min(list) | Self::Max(list) | Self::Group(list) => list.resize(states, ABSENT),
            Self::Variance(list, _) => list.resize(states, Spread::default()),
        }
    }

    /// Adds values to the states from number `from` on. `dense` says that none of them is absent.
    pub(super) fn add(&mut self, from: usize, values: &[f64], dense: bool) {
        let to = from.saturating_add(values.len());
        if to > self.len() {
            return;
        }
        match self {
            Self::Sum(sums) => sums.add(from, values, dense),
            Self::Avg(means) => means.add(from, values, dense),
            Self::Count(list) => {
                for (count, value) in list[from..to].iter_mut().zip(values) {
                    *count += f64::from(!is_absent(*value));
                }
            }
            Self::Min(list) => choose(&mut list[from..to], values, dense, is_less),
            Self::Max(list) => choose(&mut list[from..to], values, dense, is_more),
            Self::Group(list) => {
                for (one, value) in list[from..to].iter_mut().zip(values) {
                    if !is_absent(*value) {
                        *one = 1.0;
                    }
                }
            }
            Self::Variance(list, _) => {
                for (spread, value) in list[from..to].iter_mut().zip(values) {
                    if !is_absent(*value) {
                        spread.add(*value);
                    }
                }
            }
        }
    }

    /// Adds the results of other series, which come after those here.
    pub(super) fn merge(&mut self, other: &Self) {
        match (self, other) {
            (Self::Sum(sums), Self::Sum(other)) => sums.merge(other),
            (Self::Avg(means), Self::Avg(other)) => means.merge(other),
            (Self::Count(counts), Self::Count(other)) => {
                for (count, more) in counts.iter_mut().zip(other) {
                    *count += more;
                }
            }
            (Self::Min(list), Self::Min(other)) => choose(list, other, false, is_less),
            (Self::Max(list), Self::Max(other)) | (Self::Group(list), Self::Group(other)) => {
                choose(list, other, false, is_more);
            }
            (Self::Variance(list, _), Self::Variance(other, _)) => {
                for (spread, more) in list.iter_mut().zip(other) {
                    spread.merge(*more);
                }
            }
            _ => {}
        }
    }

    /// The results of `n` states from number `from` on; absent where nothing was added.
    pub(super) fn results(&self, from: usize, n: usize) -> Vec<f64> {
        let to = from.saturating_add(n);
        if to > self.len() {
            return vec![ABSENT; n];
        }
        match self {
            Self::Sum(sums) => (from..to).map(|k| sums.result(k)).collect(),
            Self::Avg(means) => (from..to).map(|k| means.result(k)).collect(),
            Self::Count(list) => {
                let value = |count: &f64| if *count == 0.0 { ABSENT } else { *count };
                list[from..to].iter().map(value).collect()
            }
            Self::Min(list) | Self::Max(list) | Self::Group(list) => list[from..to].to_vec(),
            Self::Variance(list, root) => list[from..to]
                .iter()
                .map(|spread| match spread.squares / spread.count {
                    _ if spread.count == 0.0 => ABSENT,
                    variance if *root => variance.sqrt(),
                    variance => variance,
                })
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPS: [AggregateOp; 8] = [
        AggregateOp::Sum,
        AggregateOp::Avg,
        AggregateOp::Count,
        AggregateOp::Min,
        AggregateOp::Max,
        AggregateOp::Group,
        AggregateOp::Stddev,
        AggregateOp::Stdvar,
    ];

    fn of(op: AggregateOp, series: &[[f64; 4]]) -> Floats {
        let mut floats = Floats::new(op);
        floats.grow(8);
        for values in series {
            floats.add(4, values, !values.iter().any(|value| is_absent(*value)));
        }
        floats
    }

    #[test]
    fn parts_merge_to_the_whole() {
        let series = [
            [1.0, ABSENT, 1e308, -0.0],
            [2.5, ABSENT, 1e308, 4.0],
            [0.1, 7.0, 1e308, f64::NAN],
            [-3.0, ABSENT, 3.0, 2.0],
        ];
        for op in OPS {
            let whole = of(op, &series).results(4, 4);
            for cut in 0..=series.len() {
                let mut floats = of(op, &series[..cut]);
                floats.merge(&of(op, &series[cut..]));
                for (got, want) in floats.results(4, 4).iter().zip(&whole) {
                    let same = got.to_bits() == want.to_bits()
                        || (got.is_nan() && want.is_nan() && !is_absent(*got))
                        || (got - want).abs() <= 1e-12 * want.abs();
                    assert!(same, "{op:?} cut at {cut}: {got} instead of {want}");
                }
            }
            assert!(
                of(op, &series)
                    .results(0, 4)
                    .iter()
                    .all(|value| is_absent(*value))
            );
        }
    }

    #[test]
    fn what_cannot_be_added_up_stays_what_it_is() {
        let values = [f64::INFINITY, f64::NEG_INFINITY, f64::NAN, ABSENT];
        let sum = of(AggregateOp::Sum, &[[1.0; 4], values]).results(4, 4);
        assert_eq!(sum[..2], values[..2]);
        assert!(sum[2].is_nan() && !is_absent(sum[2]));
        assert_eq!(sum[3], 1.0);
    }
}

//! Running results per step.

use crate::kahan::{Mean, Sum};
use crate::series::{ABSENT, is_absent};
use promql_syntax::AggregateOp;

/// The running result of one group. Shape: one state per step.
pub(super) enum Accumulator {
    /// With whether anything was added.
    Sum(Vec<(Sum, bool)>),
    Avg(Vec<(Mean, bool)>),
    Count(Vec<u64>),
    Min(Vec<f64>),
    Max(Vec<f64>),
    Group(Vec<f64>),
    /// With whether the root is wanted.
    Variance(Vec<Spread>, bool),
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
}

impl Accumulator {
    pub(super) fn new(op: AggregateOp, n: usize) -> Self {
        match op {
            AggregateOp::Avg => Self::Avg(vec![(Mean::default(), false); n]),
            AggregateOp::Count => Self::Count(vec![0; n]),
            AggregateOp::Min => Self::Min(vec![ABSENT; n]),
            AggregateOp::Max => Self::Max(vec![ABSENT; n]),
            AggregateOp::Group => Self::Group(vec![ABSENT; n]),
            AggregateOp::Stddev => Self::Variance(vec![Spread::default(); n], true),
            AggregateOp::Stdvar => Self::Variance(vec![Spread::default(); n], false),
            _ => Self::Sum(vec![(Sum::default(), false); n]),
        }
    }

    /// What the state counts for in the budget, in samples of 8 bytes.
    pub(super) fn samples(&self) -> usize {
        match self {
            Self::Sum(states) => 3 * states.len(),
            Self::Avg(states) => 5 * states.len(),
            Self::Count(states) => states.len(),
            Self::Min(states) | Self::Max(states) | Self::Group(states) => states.len(),
            Self::Variance(states, _) => 3 * states.len(),
        }
    }

    /// Takes in one series.
    pub(super) fn add(&mut self, values: &[f64]) {
        match self {
            Self::Sum(states) => each(states, values, |(sum, any), value| {
                if *any {
                    sum.add(value);
                } else {
                    (sum.sum, *any) = (value, true);
                }
            }),
            Self::Avg(states) => each(states, values, |(mean, any), value| {
                mean.add(value);
                *any = true;
            }),
            Self::Count(states) => each(states, values, |count, _| *count += 1),
            // A NaN gives way to anything: "absent" is one, too.
            Self::Min(states) => each(states, values, |least, value| {
                if value < *least || least.is_nan() {
                    *least = value;
                }
            }),
            Self::Max(states) => each(states, values, |most, value| {
                if value > *most || most.is_nan() {
                    *most = value;
                }
            }),
            Self::Group(states) => each(states, values, |one, _| *one = 1.0),
            Self::Variance(states, _) => each(states, values, Spread::add),
        }
    }

    /// The results; absent where nothing was added.
    pub(super) fn finish(self) -> Vec<f64> {
        match self {
            Self::Sum(states) => {
                let value = |(sum, any): (Sum, bool)| if any { sum.value() } else { ABSENT };
                states.into_iter().map(value).collect()
            }
            Self::Avg(states) => {
                let value = |(mean, any): (Mean, bool)| if any { mean.value() } else { ABSENT };
                states.into_iter().map(value).collect()
            }
            Self::Count(states) => {
                let value = |count| if count == 0 { ABSENT } else { count as f64 };
                states.into_iter().map(value).collect()
            }
            Self::Min(states) | Self::Max(states) | Self::Group(states) => states,
            Self::Variance(states, root) => states
                .into_iter()
                .map(|spread| match spread.squares / spread.count {
                    _ if spread.count == 0.0 => ABSENT,
                    variance if root => variance.sqrt(),
                    variance => variance,
                })
                .collect(),
        }
    }
}

fn each<S>(states: &mut [S], values: &[f64], mut add: impl FnMut(&mut S, f64)) {
    for (state, value) in states.iter_mut().zip(values) {
        if !is_absent(*value) {
            add(state, *value);
        }
    }
}

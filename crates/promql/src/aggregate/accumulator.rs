//! Running results per step.

use super::histograms::Histograms;
use crate::annotations::{Note, Operation};
use crate::eval::Evaluator;
use crate::kahan::{Mean, Sum};
use crate::series::{ABSENT, Series, is_absent};
use model::Labels;
use promql_syntax::{AggregateOp, Span};

/// The running result of one group.
pub(super) struct Accumulator {
    op: AggregateOp,
    floats: Floats,
    /// Of `sum` and `avg`, once there was a histogram.
    histograms: Option<Histograms>,
}

/// The running result of the numbers of one group. Shape: one state per step.
enum Floats {
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
struct Spread {
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
        let floats = match op {
            AggregateOp::Avg => Floats::Avg(vec![(Mean::default(), false); n]),
            AggregateOp::Count => Floats::Count(vec![0; n]),
            AggregateOp::Min => Floats::Min(vec![ABSENT; n]),
            AggregateOp::Max => Floats::Max(vec![ABSENT; n]),
            AggregateOp::Group => Floats::Group(vec![ABSENT; n]),
            AggregateOp::Stddev => Floats::Variance(vec![Spread::default(); n], true),
            AggregateOp::Stdvar => Floats::Variance(vec![Spread::default(); n], false),
            _ => Floats::Sum(vec![(Sum::default(), false); n]),
        };
        Self {
            op,
            floats,
            histograms: None,
        }
    }

    /// What the state counts for in the budget, in samples of 8 bytes.
    pub(super) fn samples(&self) -> usize {
        match &self.floats {
            Floats::Sum(states) => 3 * states.len(),
            Floats::Avg(states) => 5 * states.len(),
            Floats::Count(states) => states.len(),
            Floats::Min(states) | Floats::Max(states) | Floats::Group(states) => states.len(),
            Floats::Variance(states, _) => 3 * states.len(),
        }
    }

    /// Takes in one series, whose histograms may be gone afterwards. `span` is that of the expression.
    pub(super) fn add(&mut self, ev: &Evaluator<'_>, span: Span, series: &mut Series) {
        if !series.histograms.is_empty() {
            self.add_histograms(ev, span, series);
        }
        self.add_floats(&series.values);
    }

    fn add_histograms(&mut self, ev: &Evaluator<'_>, span: Span, series: &mut Series) {
        match self.op {
            AggregateOp::Count | AggregateOp::Group => {}
            AggregateOp::Sum | AggregateOp::Avg => {
                let n = series.values.len();
                let is_mean = self.op == AggregateOp::Avg;
                let histograms = self
                    .histograms
                    .get_or_insert_with(|| Histograms::new(n, is_mean));
                let outcome = histograms.add(&series.histograms);
                if outcome.incompatible {
                    let gone = series.drop_name && !ev.delayed;
                    let metric = if gone {
                        ""
                    } else {
                        series.labels.metric_name()
                    };
                    ev.note(Note::MixedBuckets(metric.to_owned()), span);
                }
                if outcome.reconciled {
                    ev.note(Note::ReconciledBounds(Operation::Aggregation), span);
                }
                series.keep_floats();
            }
            op => {
                if series.keep_floats() {
                    ev.note(Note::IgnoredInGroup(op.as_str()), span);
                }
            }
        }
    }

    fn add_floats(&mut self, values: &[f64]) {
        match &mut self.floats {
            Floats::Sum(states) => each(states, values, |(sum, any), value| {
                if *any {
                    sum.add(value);
                } else {
                    (sum.sum, *any) = (value, true);
                }
            }),
            Floats::Avg(states) => each(states, values, |(mean, any), value| {
                mean.add(value);
                *any = true;
            }),
            Floats::Count(states) => each(states, values, |count, _| *count += 1),
            // A NaN gives way to anything: "absent" is one, too.
            Floats::Min(states) => each(states, values, |least, value| {
                if value < *least || least.is_nan() {
                    *least = value;
                }
            }),
            Floats::Max(states) => each(states, values, |most, value| {
                if value > *most || most.is_nan() {
                    *most = value;
                }
            }),
            Floats::Group(states) => each(states, values, |one, _| *one = 1.0),
            Floats::Variance(states, _) => each(states, values, Spread::add),
        }
    }

    /// The results; absent where nothing was added, or numbers and histograms.
    pub(super) fn finish(
        self,
        ev: &Evaluator<'_>,
        span: Span,
        (labels, drop_name): (Labels, bool),
    ) -> Series {
        let mut series = Series::of_floats(labels, drop_name, self.floats.finish());
        if let Some(histograms) = self.histograms {
            histograms.finish_into(&mut series, &mut |note| ev.note(note, span));
        }
        series
    }
}

impl Floats {
    fn finish(self) -> Vec<f64> {
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

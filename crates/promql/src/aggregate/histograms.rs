//! `sum` and `avg` of histograms, step by step.

use crate::annotations::{Note, Operation};
use crate::histogram::{Added, Incompatible, Mean, Total};
use crate::series::{Sample, Series, is_absent};
use model::{Histogram, ResetHint};
use std::sync::Arc;

/// The running results of one group. Shape: one state per step.
pub(super) struct Histograms {
    steps: Vec<Option<Step>>,
    is_mean: bool,
}

struct Step {
    running: Running,
    /// Whether two histograms did not go together.
    is_broken: bool,
    seen_reset: bool,
    seen_not_reset: bool,
}

enum Running {
    Sum(Total),
    Mean(Mean),
}

impl Running {
    fn add(&mut self, histogram: &Histogram) -> Result<Added, Incompatible> {
        match self {
            Self::Sum(total) => total.add(histogram),
            Self::Mean(mean) => mean.add(histogram),
        }
    }
}

/// What is to be noted of one series.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Outcome {
    pub(super) incompatible: bool,
    pub(super) reconciled: bool,
}

impl Histograms {
    pub(super) fn new(n: usize, is_mean: bool) -> Self {
        Self {
            steps: std::iter::repeat_with(|| None).take(n).collect(),
            is_mean,
        }
    }

    /// Takes in the histograms of one series.
    pub(super) fn add(&mut self, histograms: &[Option<Arc<Histogram>>]) -> Outcome {
        let mut outcome = Outcome::default();
        for (state, histogram) in self.steps.iter_mut().zip(histograms) {
            let Some(histogram) = histogram else {
                continue;
            };
            let step = match state {
                Some(step) if step.is_broken => continue,
                Some(step) => {
                    if let Ok(added) = step.running.add(histogram) {
                        outcome.reconciled |= added.bounds_reconciled;
                    } else {
                        outcome.incompatible = true;
                        step.is_broken = true;
                    }
                    step
                }
                None => state.insert(Step {
                    running: if self.is_mean {
                        Running::Mean(Mean::of(histogram))
                    } else {
                        Running::Sum(Total::of(histogram))
                    },
                    is_broken: false,
                    seen_reset: false,
                    seen_not_reset: false,
                }),
            };
            step.seen_reset |= histogram.reset_hint == ResetHint::Reset;
            step.seen_not_reset |= histogram.reset_hint == ResetHint::NotReset;
        }
        outcome
    }

    /// Puts the results into a series that holds those of numbers; where there are both, neither stays.
    pub(super) fn finish_into(self, series: &mut Series, note: &mut dyn FnMut(Note)) {
        for (k, step) in self.steps.into_iter().enumerate() {
            let Some(step) = step else { continue };
            if series.values.get(k).is_some_and(|value| !is_absent(*value)) {
                note(Note::MixedFloatsInGroup);
                series.set(k, None);
                continue;
            }
            if step.is_broken {
                continue;
            }
            if step.seen_reset && step.seen_not_reset {
                note(Note::ConflictingResets(Operation::Aggregation));
            }
            let histogram = match step.running {
                Running::Sum(total) => total.finish(),
                Running::Mean(mean) => mean.finish(),
            };
            series.set(k, Some(Sample::Histogram(Arc::new(histogram))));
        }
    }
}

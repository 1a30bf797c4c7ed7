//! Running results of all groups.

use super::floats::Floats;
use super::histograms::Histograms;
use crate::Result;
use crate::annotations::{Note, Operation};
use crate::budget::Budget;
use crate::eval::Evaluator;
use crate::histogram;
use crate::series::{Series, Sink, has_absent};
use model::Labels;
use promql_syntax::{AggregateOp, Span};
use storage::Newest;

/// The running results of an aggregation: groups x steps of them are all that it holds.
pub(super) struct Accumulators {
    op: AggregateOp,
    /// Number of steps.
    n: usize,
    floats: Floats,
    /// Of `sum` and `avg`, for groups in which there was a histogram.
    histograms: Vec<Option<Histograms>>,
    /// Units: samples of the budget.
    held: usize,
}

impl Accumulators {
    pub(super) fn new(op: AggregateOp, n: usize) -> Self {
        Self {
            op,
            n,
            floats: Floats::new(op),
            histograms: Vec::new(),
            held: 0,
        }
    }

    /// Makes room for `groups` groups.
    pub(super) fn grow(&mut self, groups: usize, budget: &Budget) -> Result<()> {
        let states = groups.saturating_mul(self.n);
        if states > self.floats.len() {
            // Room is made for some more than is needed, so that it is not made again for every group.
            let room = if self.floats.len() == 0 {
                states
            } else {
                states.max(self.floats.len().saturating_mul(2))
            };
            let samples = self.floats.samples(room);
            let have = self.floats.samples(self.floats.len());
            budget.hold(samples.saturating_sub(have))?;
            self.held += samples.saturating_sub(have);
            self.floats.grow(room);
        }
        Ok(())
    }

    /// Gives the memory back.
    pub(super) fn release(self, budget: &Budget) {
        budget.release(self.held);
    }

    /// Whether a series cannot be added to results that are parts of others: histograms are summed up in
    /// one go.
    pub(super) fn needs_whole(&self, series: &Series) -> bool {
        !series.histograms.is_empty() && matches!(self.op, AggregateOp::Sum | AggregateOp::Avg)
    }

    /// Takes in one series of group number `place`; its histograms may be gone afterwards. There must be
    /// room for the group. `span` is that of the expression.
    ///
    /// # Errors
    /// Where histograms need more memory than there is.
    pub(super) fn add(
        &mut self,
        ev: &Evaluator<'_>,
        span: Span,
        place: usize,
        series: &mut Series,
    ) -> Result<()> {
        if !series.histograms.is_empty() {
            self.add_histograms(ev, span, place, series)?;
        }
        let from = place.saturating_mul(self.n);
        let dense = !has_absent(&series.values);
        self.floats.add(from, &series.values, dense);
        Ok(())
    }

    /// Takes in one sample per series, at the only step that there is.
    pub(super) fn add_newest(&mut self, group_of: &[u32], newest: &Newest) {
        for ((group, time), value) in group_of.iter().zip(&newest.times).zip(&newest.values) {
            if *time != Newest::NONE {
                self.floats.add(*group as usize, &[*value], false);
            }
        }
    }

    fn add_histograms(
        &mut self,
        ev: &Evaluator<'_>,
        span: Span,
        place: usize,
        series: &mut Series,
    ) -> Result<()> {
        match self.op {
            AggregateOp::Count | AggregateOp::Group => {}
            AggregateOp::Sum | AggregateOp::Avg => {
                let n = series.values.len();
                let is_mean = self.op == AggregateOp::Avg;
                if self.histograms.len() <= place {
                    self.histograms.resize_with(place + 1, || None);
                }
                let Some(slot) = self.histograms.get_mut(place) else {
                    return Ok(());
                };
                if slot.is_none() {
                    // What the first histogram takes is what most take.
                    let first = series.histograms.iter().flatten().next();
                    let size = 8 + first.map_or(0, |first| histogram::samples(first));
                    ev.budget.hold(n.saturating_mul(size))?;
                    self.held += n.saturating_mul(size);
                }
                let histograms = slot.get_or_insert_with(|| Histograms::new(n, is_mean));
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
        Ok(())
    }

    /// Takes in the results of other series, which come after those here. Histograms are not among them.
    pub(super) fn merge(&mut self, other: &Self) {
        self.floats.merge(&other.floats);
    }

    /// The results of all groups; absent where nothing was added, or numbers and histograms.
    pub(super) fn finish(
        &mut self,
        ev: &Evaluator<'_>,
        span: Span,
        groups: Vec<(Labels, bool)>,
        sink: Sink<'_>,
    ) -> Result<()> {
        let mut histograms = std::mem::take(&mut self.histograms).into_iter();
        for (place, (labels, drop_name)) in groups.into_iter().enumerate() {
            ev.budget.work(self.n)?;
            let from = place.saturating_mul(self.n);
            let values = self.floats.results(from, self.n);
            let mut series = Series::of_floats(labels, drop_name, values);
            if let Some(histograms) = histograms.next().flatten() {
                histograms.finish_into(&mut series, &mut |note| ev.note(note, span));
            }
            if !series.is_empty() {
                sink(&mut series)?;
            }
        }
        Ok(())
    }
}

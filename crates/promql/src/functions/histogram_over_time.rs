//! `sum_over_time` and `avg_over_time` of histograms.

use super::range::RangeNotes;
use crate::annotations::{Note, Operation};
use crate::eval::Window;
use crate::histogram::{Added, Incompatible, Mean, Total};
use crate::series::Sample;
use model::{Histogram, ResetHint};
use std::sync::Arc;

pub(super) fn sum(window: &Window<'_>, notes: &RangeNotes<'_>) -> Option<Sample> {
    let (first, others) = only_histograms(window, notes)?;
    let mut total = Total::of(first);
    add_all(first, &others, notes, |histogram| total.add(histogram))?;
    Some(Sample::Histogram(Arc::new(total.finish())))
}

pub(super) fn average(window: &Window<'_>, notes: &RangeNotes<'_>) -> Option<Sample> {
    let (first, others) = only_histograms(window, notes)?;
    let mut mean = Mean::of(first);
    add_all(first, &others, notes, |histogram| mean.add(histogram))?;
    Some(Sample::Histogram(Arc::new(mean.finish())))
}

/// The first histogram and the others, if there is nothing else in the window.
fn only_histograms<'c>(
    window: &Window<'c>,
    notes: &RangeNotes<'_>,
) -> Option<(&'c Histogram, Vec<&'c Histogram>)> {
    if window.histogram_count() < window.times.len() {
        notes.add(Note::MixedFloats(notes.metric()));
        return None;
    }
    let mut all = window.histograms.iter().flatten().map(|one| &**one);
    Some((all.next()?, all.collect()))
}

fn add_all(
    first: &Histogram,
    others: &[&Histogram],
    notes: &RangeNotes<'_>,
    mut add: impl FnMut(&Histogram) -> Result<Added, Incompatible>,
) -> Option<()> {
    let mut reconciled = false;
    for histogram in others {
        let Ok(added) = add(histogram) else {
            notes.add(Note::MixedBuckets(notes.metric()));
            return None;
        };
        reconciled |= added.bounds_reconciled;
    }
    let has = |hint: ResetHint| {
        first.reset_hint == hint || others.iter().any(|other| other.reset_hint == hint)
    };
    if has(ResetHint::Reset) && has(ResetHint::NotReset) {
        notes.add(Note::ConflictingResets(Operation::Aggregation));
    }
    if reconciled {
        notes.add(Note::ReconciledBounds(Operation::Aggregation));
    }
    Some(())
}

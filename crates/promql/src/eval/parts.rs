//! Work on the series of one selector, in parts that several threads take.
//!
//! How a selection is cut depends on the selection and the query alone, and outcomes are put together in
//! its order: how many threads there are changes nothing in a result.

use super::Evaluator;
use super::leaf::{Leaf, Source};
use crate::Result;
use crate::annotations::Notes;
use crate::budget::Budget;
use crate::eval::Profile;
use promql_syntax::Expr;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread::ScopedJoinHandle;

/// Points that are worth another thread.
const PART_POINTS: usize = 1 << 16;

/// Most parts.
const MOST_PARTS: usize = 8;

/// How many parts to cut `series` into that have `points` points each.
pub(crate) fn count(series: usize, points: usize) -> usize {
    let work = series.saturating_mul(points);
    (work / PART_POINTS).clamp(1, MOST_PARTS).min(series.max(1))
}

/// Part number `part` of `count`.
fn range(series: usize, part: usize, count: usize) -> Range<usize> {
    let bound = |part: usize| series * part / count.max(1);
    bound(part)..bound(part + 1)
}

/// What one thread has found, besides its outcome.
struct Findings {
    notes: Notes,
    profile: Option<Profile>,
    budget: Budget,
}

impl Evaluator<'_> {
    /// Calls `run` for every part of the series of `source`, which those of the selector `leaf` are, with an
    /// evaluator that finds them there. Ordering of outcomes: as the parts. `None`, and nothing counted or
    /// noted, if any part has no outcome.
    ///
    /// # Errors
    /// The error of the first part that has one.
    pub(crate) fn in_parts<T: Send>(
        &self,
        leaf: &Expr,
        source: &Source,
        count: usize,
        run: &(dyn Fn(&Evaluator<'_>) -> Result<Option<T>> + Sync),
    ) -> Result<Option<Vec<T>>> {
        let series = source.selected().selection.len();
        let (seed, is_profiled) = (self.seed(), self.profile.is_some());
        let next = AtomicUsize::new(0);
        let work = |budget: Budget| {
            let mut done = Vec::new();
            let mut findings = Vec::new();
            loop {
                let part = next.fetch_add(1, Relaxed);
                if part >= count {
                    return (done, findings);
                }
                let budget = budget.fork();
                let evaluator = seed.evaluator(
                    &budget,
                    Leaf {
                        expr: leaf,
                        source,
                        part: range(series, part, count),
                    },
                    is_profiled.then(Profile::default),
                );
                let outcome = run(&evaluator);
                let (notes, profile) = evaluator.into_findings();
                if !matches!(outcome, Ok(Some(_))) {
                    // Nobody needs the parts behind it.
                    next.store(count, Relaxed);
                }
                done.push((part, outcome));
                findings.push((
                    part,
                    Findings {
                        notes,
                        profile,
                        budget,
                    },
                ));
            }
        };
        let budgets: Vec<Budget> = (1..self.workers.min(count))
            .map(|_| self.budget.fork())
            .collect();
        let (mut done, mut findings) = std::thread::scope(|scope| {
            let work = &work;
            let others: Vec<ScopedJoinHandle<'_, _>> = budgets
                .into_iter()
                .map(|budget| scope.spawn(move || work(budget)))
                .collect();
            let mut all = work(self.budget.fork());
            for other in others {
                let (done, findings) = other
                    .join()
                    .unwrap_or_else(|payload| std::panic::resume_unwind(payload));
                all.0.extend(done);
                all.1.extend(findings);
            }
            all
        });
        done.sort_by_key(|(part, _)| *part);
        let outcomes: Result<Option<Vec<T>>> = done
            .into_iter()
            .map(|(_, outcome)| outcome)
            .collect::<Result<_>>();
        let Some(outcomes) = outcomes? else {
            return Ok(None);
        };
        findings.sort_by_key(|(part, _)| *part);
        for (_, found) in findings {
            self.budget.absorb(&found.budget);
            self.notes.absorb(found.notes);
            if let (Some(profile), Some(more)) = (&self.profile, &found.profile) {
                profile.absorb(more);
            }
        }
        Ok(Some(outcomes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_cover_everything_once() {
        for (series, points) in [(0, 1), (1, 1), (7, 1 << 20), (100_003, 20), (10_000, 361)] {
            let count = count(series, points);
            let all: Vec<usize> = (0..count)
                .flat_map(|part| range(series, part, count))
                .collect();
            assert_eq!(all, (0..series).collect::<Vec<_>>());
        }
        assert_eq!(count(1000, 10), 1);
        assert_eq!(count(1_000, 361), 5);
        assert_eq!(count(10_000, 361), MOST_PARTS);
    }
}

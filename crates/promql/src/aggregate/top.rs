//! `topk` and `bottomk`: the best of each group, as they are.
//!
//! Of every group and step only candidates are held: at most twice as many as are wanted. Label sets are
//! made for those that are chosen, and where values are equal, for then they decide.

use super::choose;
use crate::Result;
use crate::annotations::Note;
use crate::eval::{Evaluator, Plan};
use crate::grid::Grid;
use crate::series::{Series, Sink, is_absent};
use hashbrown::HashMap;
use hashbrown::hash_map::Entry;
use model::Labels;
use promql_syntax::{Aggregate, AggregateOp, Span};
use std::cell::RefCell;
use std::cmp::Ordering;

pub(super) fn stream(
    ev: &Evaluator<'_>,
    aggregate: &Aggregate,
    span: Span,
    grid: Grid,
    sink: Sink<'_>,
) -> Result<()> {
    let Some(param) = &aggregate.param else {
        return Ok(());
    };
    let Some(plan) = ev.plan(aggregate, grid)? else {
        return choose::stream(ev, aggregate, span, grid, sink);
    };
    // With nearly as many groups as series, candidates take more than the series themselves.
    let is_crowded = plan.labels.len().saturating_mul(4) > plan.group_of.len();
    if is_crowded && grid.n > 1 {
        ev.drop_plan(plan);
        return choose::stream(ev, aggregate, span, grid, sink);
    }
    let limits = choose::counts(&ev.scalar(param, grid)?, grid)?;
    if limits.iter().all(|limit| *limit < 1.0) {
        ev.drop_plan(plan);
        // What is wrong with the series is said also where none of them is wanted.
        return ev.stream(&aggregate.expr, grid, &mut |_| Ok(()));
    }
    #[expect(clippy::cast_possible_truncation, reason = "float casts saturate")]
    let limits: Vec<usize> = limits.iter().map(|limit| limit.max(0.0) as usize).collect();
    let contest = Contest {
        is_top: aggregate.op == AggregateOp::Topk,
        limits: &limits,
        plan: &plan,
    };
    let parts = ev.run_plan(&plan, plan.parts().min(plan.most_parts()), &|part| {
        let mut best = Best::of(part, &contest)?;
        part.stream(&aggregate.expr, grid, &mut |series| {
            part.budget.work(series.values.len())?;
            if series.keep_floats() && limits.iter().any(|limit| *limit >= 1) {
                part.note(Note::IgnoredInGroup(aggregate.op.as_str()), span);
            }
            best.add(part, &contest, plan.place(series), series)
        })?;
        Ok(Some(best))
    })?;
    let mut parts = parts.unwrap_or_default().into_iter();
    let mut best = match parts.next() {
        Some(best) => best,
        None => Best::of(ev, &contest)?,
    };
    for part in parts {
        best.merge(ev, &contest, part)?;
    }
    let (chosen, held) = best.finish(ev, &contest)?;
    for mut series in chosen {
        (series.labels, series.drop_name) = plan.series_labels(series.number);
        sink(&mut series)?;
    }
    ev.budget.release(held);
    ev.drop_plan(plan);
    Ok(())
}

/// Who wins.
struct Contest<'c> {
    is_top: bool,
    /// How many are wanted at each step.
    limits: &'c [usize],
    plan: &'c Plan<'c>,
}

/// A series and its value at one step.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    number: usize,
    value: f64,
}

impl Contest<'_> {
    /// The better value first; what is no number is the last choice.
    fn by_value(&self, a: f64, b: f64) -> Ordering {
        match a.partial_cmp(&b) {
            Some(order) if self.is_top => order.reverse(),
            Some(order) => order,
            None => a.is_nan().cmp(&b.is_nan()),
        }
    }
}

/// Label sets where they were needed to decide.
#[derive(Default)]
struct Known(RefCell<HashMap<usize, Labels>>);

impl Known {
    fn compare(&self, contest: &Contest<'_>, a: Candidate, b: Candidate) -> Ordering {
        contest.by_value(a.value, b.value).then_with(|| {
            let labels = |one: Candidate| self.labels(contest, one.number);
            if a.number == b.number {
                Ordering::Equal
            } else {
                labels(a).cmp(&labels(b))
            }
        })
    }

    fn labels(&self, contest: &Contest<'_>, number: usize) -> Labels {
        match self.0.borrow_mut().entry(number) {
            Entry::Occupied(entry) => entry.get().clone(),
            Entry::Vacant(entry) => entry.insert(contest.plan.series_labels(number).0).clone(),
        }
    }
}

/// The best until now. Shape: one cell per group and step, steps side by side.
struct Best {
    cells: Vec<Vec<Candidate>>,
    /// Of cells that were cut, the worst value left: nothing worse has a chance.
    bars: Vec<Option<f64>>,
    /// First series of each group that has any sample.
    first: Vec<usize>,
    known: Known,
    /// Units: samples of the budget.
    held: usize,
}

impl Best {
    fn of(ev: &Evaluator<'_>, contest: &Contest<'_>) -> Result<Self> {
        let groups = contest.plan.labels.len();
        let cells = groups.saturating_mul(contest.limits.len());
        // A cell takes about as much as three samples before anything is in it.
        let held = cells.saturating_mul(3);
        ev.budget.hold(held)?;
        Ok(Self {
            cells: vec![Vec::new(); cells],
            bars: vec![None; cells],
            first: vec![usize::MAX; groups],
            known: Known::default(),
            held,
        })
    }

    fn add(
        &mut self,
        ev: &Evaluator<'_>,
        contest: &Contest<'_>,
        group: usize,
        series: &Series,
    ) -> Result<()> {
        if let Some(first) = self.first.get_mut(group) {
            *first = series.number.min(*first);
        }
        let from = group.saturating_mul(contest.limits.len());
        for (k, value) in series.values.iter().enumerate() {
            if is_absent(*value) {
                continue;
            }
            let bar = self.bars.get(from + k).copied().flatten();
            if bar.is_some_and(|bar| contest.by_value(*value, bar) == Ordering::Greater) {
                continue;
            }
            let candidate = Candidate {
                number: series.number,
                value: *value,
            };
            self.push(ev, contest, from + k, k, candidate)?;
        }
        Ok(())
    }

    fn push(
        &mut self,
        ev: &Evaluator<'_>,
        contest: &Contest<'_>,
        at: usize,
        k: usize,
        candidate: Candidate,
    ) -> Result<()> {
        let limit = contest.limits.get(k).copied().unwrap_or(0);
        let (Some(cell), Some(bar)) = (self.cells.get_mut(at), self.bars.get_mut(at)) else {
            return Ok(());
        };
        if limit == 0 {
            return Ok(());
        }
        if cell.len() == cell.capacity() {
            let more = cell.len().max(4);
            ev.budget.hold(more)?;
            self.held += more;
            cell.reserve_exact(more);
        }
        cell.push(candidate);
        if cell.len() >= limit.saturating_mul(2).max(16) {
            ev.budget.work(cell.len())?;
            let known = &self.known;
            cell.select_nth_unstable_by(limit - 1, |a, b| known.compare(contest, *a, *b));
            cell.truncate(limit);
            *bar = cell.last().map(|worst| worst.value);
        }
        Ok(())
    }

    /// Takes in the best of other series.
    fn merge(&mut self, ev: &Evaluator<'_>, contest: &Contest<'_>, other: Self) -> Result<()> {
        let steps = contest.limits.len().max(1);
        for (at, cell) in other.cells.into_iter().enumerate() {
            for candidate in cell {
                self.push(ev, contest, at, at % steps, candidate)?;
            }
        }
        for (first, other) in self.first.iter_mut().zip(other.first) {
            *first = other.min(*first);
        }
        ev.budget.release(other.held);
        Ok(())
    }

    /// The series that were chosen at any step, without labels, and what is held. Ordering: at one step, that
    /// of choosing.
    fn finish(mut self, ev: &Evaluator<'_>, contest: &Contest<'_>) -> Result<(Vec<Series>, usize)> {
        let steps = contest.limits.len();
        let mut groups: Vec<usize> = (0..self.first.len()).collect();
        groups.sort_by_key(|group| self.first.get(*group));
        let mut places: HashMap<usize, usize> = HashMap::new();
        let mut chosen: Vec<Series> = Vec::new();
        for group in groups {
            ev.budget.work(steps)?;
            for (k, limit) in contest.limits.iter().enumerate() {
                let Some(cell) = self.cells.get_mut(group * steps + k) else {
                    continue;
                };
                let known = &self.known;
                cell.sort_unstable_by(|a, b| known.compare(contest, *a, *b));
                for candidate in cell.iter().take(*limit) {
                    let place = *places.entry(candidate.number).or_insert(chosen.len());
                    if place == chosen.len() {
                        let mut series = Series::blank_of(Labels::empty(), false, steps);
                        series.number = candidate.number;
                        ev.budget.hold(steps)?;
                        self.held += steps;
                        chosen.push(series);
                    }
                    let slot = chosen.get_mut(place).map(|series| &mut series.values);
                    if let Some(slot) = slot.and_then(|values| values.get_mut(k)) {
                        *slot = candidate.value;
                    }
                }
            }
        }
        Ok((chosen, self.held))
    }
}

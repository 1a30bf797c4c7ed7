//! Aggregations: many series to one per group, or the chosen of each group.

mod accumulator;
mod choose;
mod count_values;
mod floats;
mod grouping;
mod hash;
mod histograms;
mod quantile;
mod top;

use crate::eval::{Evaluator, Plan};
use crate::grid::Grid;
use crate::series::Sink;
use crate::{Error, Result};
use accumulator::Accumulators;
use grouping::Grouping;
use promql_syntax::{Aggregate, AggregateOp, Span};

/// Streams an aggregation.
pub(crate) fn stream(
    ev: &Evaluator<'_>,
    aggregate: &Aggregate,
    span: Span,
    grid: Grid,
    sink: Sink<'_>,
) -> Result<()> {
    match aggregate.op {
        AggregateOp::Topk | AggregateOp::Bottomk => top::stream(ev, aggregate, span, grid, sink),
        AggregateOp::Limitk | AggregateOp::LimitRatio => {
            choose::stream(ev, aggregate, span, grid, sink)
        }
        AggregateOp::Quantile => quantile::stream(ev, aggregate, grid, sink),
        AggregateOp::CountValues => count_values::stream(ev, aggregate, grid, sink),
        AggregateOp::Sum
        | AggregateOp::Avg
        | AggregateOp::Count
        | AggregateOp::Min
        | AggregateOp::Max
        | AggregateOp::Group
        | AggregateOp::Stddev
        | AggregateOp::Stdvar => accumulate(ev, aggregate, grid, sink),
    }
}

/// Aggregations that need each series only once: groups x steps are all that is held.
fn accumulate(ev: &Evaluator<'_>, aggregate: &Aggregate, grid: Grid, sink: Sink<'_>) -> Result<()> {
    let span = aggregate.expr.span;
    if let Some(mut plan) = ev.plan(aggregate, grid)? {
        let mut whole = planned(ev, aggregate, &plan, grid)?;
        let labels = std::mem::take(&mut plan.labels);
        ev.drop_plan(plan);
        whole.finish(ev, span, labels, sink)?;
        whole.release(ev.budget);
        return Ok(());
    }
    let mut grouping = Grouping::new(aggregate, ev.delayed);
    let mut whole = Accumulators::new(aggregate.op, grid.n);
    ev.stream(&aggregate.expr, grid, &mut |series| {
        ev.budget.work(series.values.len())?;
        let place = grouping.place(series);
        whole.grow(place + 1, ev.budget)?;
        whole.add(ev, span, place, series)
    })?;
    whole.finish(ev, span, grouping.into_labels(), sink)?;
    whole.release(ev.budget);
    Ok(())
}

/// The results of an aggregation whose series come with their number.
fn planned(
    ev: &Evaluator<'_>,
    aggregate: &Aggregate,
    plan: &Plan<'_>,
    grid: Grid,
) -> Result<Accumulators> {
    let (groups, span) = (plan.labels.len(), aggregate.expr.span);
    let empty = |ev: &Evaluator<'_>| {
        let mut empty = Accumulators::new(aggregate.op, grid.n);
        empty.grow(groups, ev.budget)?;
        Ok(empty)
    };
    if let Some(newest) = ev.newest_of_plan(plan, grid)? {
        let held = newest.times.len();
        ev.budget.hold(held)?;
        let mut whole = empty(ev)?;
        whole.add_newest(&plan.group_of, &newest);
        ev.budget.release(held);
        return Ok(whole);
    }
    let in_parts = |count: usize| {
        ev.run_plan(plan, count, &|part| {
            let mut results = empty(part)?;
            let mut is_whole = true;
            let outcome = part.stream(&aggregate.expr, grid, &mut |series| {
                part.budget.work(series.values.len())?;
                if count > 1 && results.needs_whole(series) {
                    is_whole = false;
                    return Err(Error::Unsupported("histograms in parts"));
                }
                results.add(part, span, plan.place(series), series)
            });
            if !is_whole {
                results.release(part.budget);
                return Ok(None);
            }
            outcome.map(|()| Some(results))
        })
    };
    let parts = match in_parts(plan.parts().min(plan.most_parts()))? {
        Some(parts) => parts,
        None => in_parts(1)?.unwrap_or_default(),
    };
    let mut parts = parts.into_iter();
    let Some(mut whole) = parts.next() else {
        return empty(ev);
    };
    for part in parts {
        whole.merge(&part);
        part.release(ev.budget);
    }
    Ok(whole)
}

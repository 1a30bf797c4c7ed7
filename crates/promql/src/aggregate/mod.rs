//! Aggregations: many series to one per group, or the chosen of each group.

mod accumulator;
mod choose;
mod count_values;
mod grouping;
mod hash;
mod quantile;

use crate::Result;
use crate::eval::Evaluator;
use crate::grid::Grid;
use crate::series::{Series, Sink};
use accumulator::Accumulator;
use grouping::Grouping;
use promql_syntax::{Aggregate, AggregateOp};

/// Streams an aggregation.
pub(crate) fn stream(
    ev: &Evaluator<'_>,
    aggregate: &Aggregate,
    grid: Grid,
    sink: Sink<'_>,
) -> Result<()> {
    match aggregate.op {
        AggregateOp::Topk
        | AggregateOp::Bottomk
        | AggregateOp::Limitk
        | AggregateOp::LimitRatio => choose::stream(ev, aggregate, grid, sink),
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
    let mut grouping = Grouping::new(aggregate, ev.delayed);
    let mut groups: Vec<Accumulator> = Vec::new();
    ev.stream(&aggregate.expr, grid, &mut |series| {
        ev.budget.work(series.values.len())?;
        let place = grouping.place(series);
        if place == groups.len() {
            let accumulator = Accumulator::new(aggregate.op, grid.n);
            ev.budget.hold(accumulator.samples())?;
            groups.push(accumulator);
        }
        if let Some(group) = groups.get_mut(place) {
            group.add(&series.values);
        }
        Ok(())
    })?;
    for (group, (labels, drop_name)) in groups.into_iter().zip(grouping.into_labels()) {
        let held = group.samples();
        let mut series = Series {
            labels,
            drop_name,
            values: group.finish(),
        };
        sink(&mut series)?;
        ev.budget.release(held);
    }
    Ok(())
}

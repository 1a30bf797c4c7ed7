//! Aggregations: many series to one per group, or the chosen of each group.

mod accumulator;
mod choose;
mod count_values;
mod grouping;
mod hash;
mod histograms;
mod quantile;

use crate::Result;
use crate::eval::Evaluator;
use crate::grid::Grid;
use crate::series::{Series, Sink};
use accumulator::Accumulator;
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
        AggregateOp::Topk
        | AggregateOp::Bottomk
        | AggregateOp::Limitk
        | AggregateOp::LimitRatio => choose::stream(ev, aggregate, span, grid, sink),
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
    let mut groups: Vec<Option<Accumulator>> = Vec::new();
    let mut add = |place: usize, series: &mut Series| {
        ev.budget.work(series.values.len())?;
        if place >= groups.len() {
            groups.resize_with(place + 1, || None);
        }
        if let Some(group) = groups.get_mut(place) {
            if group.is_none() {
                let accumulator = Accumulator::new(aggregate.op, grid.n);
                ev.budget.hold(accumulator.samples())?;
                *group = Some(accumulator);
            }
            if let Some(accumulator) = group {
                accumulator.add(ev, span, series);
            }
        }
        Ok(())
    };
    let labels = if let Some(labels) = ev.stream_grouped(aggregate, grid, &mut add)? {
        labels
    } else {
        let mut grouping = Grouping::new(aggregate, ev.delayed);
        ev.stream(&aggregate.expr, grid, &mut |series| {
            let place = grouping.place(series);
            add(place, series)
        })?;
        grouping.into_labels()
    };
    for (group, labels) in groups.into_iter().zip(labels) {
        let Some(group) = group else { continue };
        let held = group.samples();
        let mut series = group.finish(ev, span, labels);
        if !series.is_empty() {
            sink(&mut series)?;
        }
        ev.budget.release(held);
    }
    Ok(())
}

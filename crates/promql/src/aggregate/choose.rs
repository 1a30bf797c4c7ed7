//! `topk`, `bottomk`, `limitk`, `limit_ratio`: some series of each group, as they are.

use super::grouping::Grouping;
use super::hash;
use crate::annotations::Note;
use crate::eval::Evaluator;
use crate::grid::Grid;
use crate::series::{ABSENT, Scalars, Series, Sink, is_absent};
use crate::{Error, Result};
use promql_syntax::{Aggregate, AggregateOp};

/// A series and its value at one step.
type Candidate = (usize, f64);

pub(super) fn stream(
    ev: &Evaluator<'_>,
    aggregate: &Aggregate,
    grid: Grid,
    sink: Sink<'_>,
) -> Result<()> {
    let Some(param) = &aggregate.param else {
        return Ok(());
    };
    let params = ev.scalar(param, grid)?;
    let ratio = aggregate.op == AggregateOp::LimitRatio;
    let limits = if ratio {
        ratios(ev, aggregate, &params, grid)?
    } else {
        counts(&params, grid)?
    };
    if limits
        .iter()
        .all(|limit| *limit == 0.0 || (!ratio && *limit < 1.0))
    {
        return Ok(());
    }
    let mut table = ev.table(&aggregate.expr, grid)?;
    let mut grouping = Grouping::new(aggregate, ev.delayed);
    let places: Vec<usize> = table
        .series
        .iter()
        .map(|series| grouping.place(series))
        .collect();
    let hashes: Vec<f64> = if ratio {
        table
            .series
            .iter()
            .map(|series| hash::fraction(&series.labels))
            .collect()
    } else {
        Vec::new()
    };
    let mut groups: Vec<Vec<Candidate>> = vec![Vec::new(); grouping.into_labels().len()];
    let mut order = Vec::new();
    for (k, limit) in limits.iter().enumerate() {
        ev.budget.work(table.series.len())?;
        order.clear();
        groups.iter_mut().for_each(Vec::clear);
        for (index, (series, place)) in table.series.iter().zip(&places).enumerate() {
            let value = series.values.get(k).copied().unwrap_or(ABSENT);
            if let (false, Some(group)) = (is_absent(value), groups.get_mut(*place)) {
                group.push((index, value));
            }
        }
        for group in &mut groups {
            choose(aggregate.op, *limit, group, &hashes);
            order.extend(group.iter().copied());
        }
        for series in &mut table.series {
            if let Some(value) = series.values.get_mut(k) {
                *value = ABSENT;
            }
        }
        for (index, value) in &order {
            let slot = table
                .series
                .get_mut(*index)
                .and_then(|series| series.values.get_mut(k));
            if let Some(slot) = slot {
                *slot = *value;
            }
        }
    }
    if grid.n == 1 {
        // One step has an order: that of choosing.
        let mut all: Vec<Option<Series>> = std::mem::take(&mut table.series)
            .into_iter()
            .map(Some)
            .collect();
        for (index, _) in order {
            if let Some(mut series) = all.get_mut(index).and_then(Option::take) {
                sink(&mut series)?;
            }
        }
        return Ok(());
    }
    table.drain_into(&mut |series| {
        if series.is_empty() {
            Ok(())
        } else {
            sink(series)
        }
    })
}

/// Leaves in `group` what `op` chooses, in the order of choosing.
fn choose(op: AggregateOp, limit: f64, group: &mut Vec<Candidate>, hashes: &[f64]) {
    if op == AggregateOp::LimitRatio {
        group.retain(|(index, _)| {
            let place = hashes.get(*index).copied().unwrap_or(0.0);
            (limit >= 0.0 && place < limit) || (limit < 0.0 && place >= 1.0 + limit)
        });
        return;
    }
    if op != AggregateOp::Limitk {
        group.sort_unstable_by(|a, b| {
            let better = match a.1.partial_cmp(&b.1) {
                Some(order) if op == AggregateOp::Topk => order.reverse(),
                Some(order) => order,
                // What is no number is the last choice.
                None => a.1.is_nan().cmp(&b.1.is_nan()),
            };
            better.then_with(|| a.0.cmp(&b.0))
        });
    }
    #[expect(clippy::cast_possible_truncation, reason = "float casts saturate")]
    group.truncate(limit.max(0.0) as usize);
}

fn steps(params: &Scalars, grid: Grid) -> impl Iterator<Item = f64> {
    (0..grid.n).map(|k| params.at(k))
}

/// How many elements to keep at every step.
fn counts(params: &Scalars, grid: Grid) -> Result<Vec<f64>> {
    for value in steps(params, grid) {
        if value.is_nan() {
            return Err(Error::ParameterNan { what: "Parameter" });
        }
        if value <= i64::MIN as f64 {
            return Err(Error::ParameterRange {
                value,
                direction: "underflows",
            });
        }
        if value >= i64::MAX as f64 {
            return Err(Error::ParameterRange {
                value,
                direction: "overflows",
            });
        }
    }
    Ok(steps(params, grid).map(f64::trunc).collect())
}

/// Which share of elements to keep at every step.
fn ratios(
    ev: &Evaluator<'_>,
    aggregate: &Aggregate,
    params: &Scalars,
    grid: Grid,
) -> Result<Vec<f64>> {
    let span = aggregate
        .param
        .as_ref()
        .map(|param| param.span)
        .unwrap_or_default();
    let mut ratios = Vec::with_capacity(grid.n);
    for value in steps(params, grid) {
        if value.is_nan() {
            return Err(Error::ParameterNan { what: "Ratio" });
        }
        let used = value.clamp(-1.0, 1.0);
        if used != value {
            ev.note(Note::BadRatio(value, used), span);
        }
        ratios.push(used);
    }
    Ok(ratios)
}

//! `topk`, `bottomk`, `limitk`, `limit_ratio`: some series of each group, as they are.

use super::grouping::Grouping;
use super::hash;
use crate::annotations::Note;
use crate::eval::Evaluator;
use crate::grid::Grid;
use crate::series::{ABSENT, Scalars, Series, Sink, Table, is_absent};
use crate::{Error, Result};
use promql_syntax::{Aggregate, AggregateOp, Span};

/// A series and its value at one step.
type Candidate = (usize, f64);

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
    let params = ev.scalar(param, grid)?;
    let ratio = aggregate.op == AggregateOp::LimitRatio;
    let limits = if ratio {
        ratios(ev, aggregate, &params, grid)?
    } else {
        counts(&params, grid)?
    };
    // What is wrong with the series is said also where none of them is wanted.
    let mut table = ev.table(&aggregate.expr, grid)?;
    if limits
        .iter()
        .all(|limit| *limit == 0.0 || (!ratio && *limit < 1.0))
    {
        return Ok(());
    }
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
    let floats_only = matches!(aggregate.op, AggregateOp::Topk | AggregateOp::Bottomk);
    let ranks = ranks(&table);
    let mut groups: Vec<Vec<Candidate>> = vec![Vec::new(); grouping.into_labels().len()];
    let mut order = Vec::new();
    let mut chosen = vec![false; table.series.len()];
    for (k, limit) in limits.iter().enumerate() {
        ev.budget.work(table.series.len())?;
        order.clear();
        groups.iter_mut().for_each(Vec::clear);
        for (index, (series, place)) in table.series.iter().zip(&places).enumerate() {
            let value = series.values.get(k).copied().unwrap_or(ABSENT);
            if is_absent(value) {
                continue;
            }
            if floats_only && series.histogram(k).is_some() {
                if *limit >= 1.0 {
                    ev.note(Note::IgnoredInGroup(aggregate.op.as_str()), span);
                }
                continue;
            }
            if let Some(group) = groups.get_mut(*place) {
                group.push((index, value));
            }
        }
        for group in &mut groups {
            choose(aggregate.op, *limit, group, &hashes, &ranks);
            order.extend(group.iter().copied());
        }
        chosen.fill(false);
        for (index, _) in &order {
            if let Some(chosen) = chosen.get_mut(*index) {
                *chosen = true;
            }
        }
        for (series, chosen) in table.series.iter_mut().zip(&chosen) {
            if !chosen {
                series.set(k, None);
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

/// The place of every series in the order of labels: where values are equal, it decides.
fn ranks(table: &Table<'_>) -> Vec<usize> {
    let mut sorted: Vec<usize> = (0..table.series.len()).collect();
    let labels = |index: &usize| table.series.get(*index).map(|series| &series.labels);
    sorted.sort_by(|a, b| labels(a).cmp(&labels(b)));
    let mut ranks = vec![0; sorted.len()];
    for (rank, index) in sorted.into_iter().enumerate() {
        if let Some(slot) = ranks.get_mut(index) {
            *slot = rank;
        }
    }
    ranks
}

/// Leaves in `group` what `op` chooses, in the order of choosing.
fn choose(
    op: AggregateOp,
    limit: f64,
    group: &mut Vec<Candidate>,
    hashes: &[f64],
    ranks: &[usize],
) {
    let rank = |candidate: &Candidate| ranks.get(candidate.0).copied().unwrap_or(0);
    match op {
        AggregateOp::LimitRatio => {
            group.retain(|(index, _)| {
                let place = hashes.get(*index).copied().unwrap_or(0.0);
                (limit >= 0.0 && place < limit) || (limit < 0.0 && place >= 1.0 + limit)
            });
            return;
        }
        AggregateOp::Limitk => group.sort_unstable_by_key(rank),
        _ => group.sort_unstable_by(|a, b| {
            let better = match a.1.partial_cmp(&b.1) {
                Some(order) if op == AggregateOp::Topk => order.reverse(),
                Some(order) => order,
                // What is no number is the last choice.
                None => a.1.is_nan().cmp(&b.1.is_nan()),
            };
            better.then_with(|| rank(a).cmp(&rank(b)))
        }),
    }
    #[expect(clippy::cast_possible_truncation, reason = "float casts saturate")]
    group.truncate(limit.max(0.0) as usize);
}

fn steps(params: &Scalars, grid: Grid) -> impl Iterator<Item = f64> {
    (0..grid.n).map(|k| params.at(k))
}

/// How many elements to keep at every step.
pub(super) fn counts(params: &Scalars, grid: Grid) -> Result<Vec<f64>> {
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

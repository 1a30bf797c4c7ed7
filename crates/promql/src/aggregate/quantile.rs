//! `quantile`.

use super::grouping::Grouping;
use crate::Result;
use crate::annotations::Note;
use crate::eval::Evaluator;
use crate::functions::note_bad_quantiles;
use crate::grid::Grid;
use crate::series::{ABSENT, Series, Sink, is_absent};
use promql_syntax::Aggregate;

pub(super) fn stream(
    ev: &Evaluator<'_>,
    aggregate: &Aggregate,
    grid: Grid,
    sink: Sink<'_>,
) -> Result<()> {
    let Some(param) = &aggregate.param else {
        return Ok(());
    };
    let q = ev.scalar(param, grid)?;
    note_bad_quantiles(ev, &q, grid, param.span);
    let mut table = ev.table(&aggregate.expr, grid)?;
    for series in &mut table.series {
        if series.keep_floats() {
            let note = Note::IgnoredInGroup(aggregate.op.as_str());
            ev.note(note, aggregate.expr.span);
        }
    }
    let mut grouping = Grouping::new(aggregate, ev.delayed);
    let mut groups: Vec<Vec<&Series>> = Vec::new();
    for series in &table.series {
        let place = grouping.place(series);
        if place == groups.len() {
            groups.push(Vec::new());
        }
        if let Some(group) = groups.get_mut(place) {
            group.push(series);
        }
    }
    let mut sorted = Vec::new();
    for (group, (labels, drop_name)) in groups.into_iter().zip(grouping.into_labels()) {
        ev.budget.work(group.len().saturating_mul(grid.n))?;
        let mut values = Vec::with_capacity(grid.n);
        for k in 0..grid.n {
            sorted.clear();
            let at = |series: &&Series| series.values.get(k).copied();
            sorted.extend(
                group
                    .iter()
                    .filter_map(at)
                    .filter(|value| !is_absent(*value)),
            );
            values.push(if sorted.is_empty() {
                ABSENT
            } else {
                crate::quantile::quantile(q.at(k), &mut sorted)
            });
        }
        sink(&mut Series::of_floats(labels, drop_name, values))?;
    }
    Ok(())
}

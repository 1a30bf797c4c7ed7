//! `count_values`: one series per value that occurs.

use super::grouping::Grouping;
use crate::eval::Evaluator;
use crate::grid::Grid;
use crate::series::{ABSENT, Series, Sink, is_absent};
use crate::{Error, Result};
use hashbrown::HashMap;
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
    let label = Evaluator::string(param)?;
    if label.is_empty() || label.contains(char::REPLACEMENT_CHARACTER) {
        return Err(Error::BadLabelName(label.to_owned()));
    }
    let mut grouping = Grouping::new(aggregate, ev.delayed);
    // Values by their bits: all NaN that print alike are one.
    let mut places: HashMap<(usize, u64), usize> = HashMap::new();
    let mut counts: Vec<(usize, f64, Vec<f64>)> = Vec::new();
    ev.stream(&aggregate.expr, grid, &mut |series| {
        ev.budget.work(series.values.len())?;
        let group = grouping.place(series);
        for (k, value) in series
            .values
            .iter()
            .enumerate()
            .filter(|(_, v)| !is_absent(**v))
        {
            let bits = if value.is_nan() {
                f64::NAN.to_bits()
            } else {
                value.to_bits()
            };
            let place = *places.entry((group, bits)).or_insert(counts.len());
            if place == counts.len() {
                ev.budget.hold(grid.n)?;
                counts.push((group, *value, vec![ABSENT; grid.n]));
            }
            let slot = counts
                .get_mut(place)
                .and_then(|(_, _, counts)| counts.get_mut(k));
            if let Some(slot) = slot {
                *slot = if is_absent(*slot) { 1.0 } else { *slot + 1.0 };
            }
        }
        Ok(())
    })?;
    let groups = grouping.into_labels();
    let held = counts.len().saturating_mul(grid.n);
    let mut table = ev.collect(&mut |inner| {
        for (group, value, counts) in &mut counts {
            let Some((labels, drop_name)) = groups.get(*group) else {
                continue;
            };
            let text = model::format_plain(*value);
            inner(&mut Series {
                labels: labels.to_builder().set(label, &text).build(),
                drop_name: *drop_name && label != model::METRIC_NAME,
                values: std::mem::take(counts),
            })?;
        }
        Ok(())
    })?;
    ev.budget.release(held);
    table.join_same()?;
    table.drain_into(sink)
}

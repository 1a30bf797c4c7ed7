//! `count_values`: one series per value that occurs.

use super::grouping::Grouping;
use crate::eval::Evaluator;
use crate::grid::Grid;
use crate::series::{ABSENT, Series, Sink, is_absent};
use crate::{Error, Result, histogram};
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
        let literal = ev.source(param.unparenthesised().span);
        let literal = literal.unwrap_or_else(|| model::quote_label_value(label));
        return Err(Error::BadLabelName(literal));
    }
    // The value takes the place of a label that is there; `without` may take it out again.
    let is_hidden = aggregate.without && aggregate.grouping.iter().any(|name| name == label);
    let mut grouping = Grouping::new(aggregate, ev.delayed);
    let mut places: HashMap<(usize, Key), usize> = HashMap::new();
    let mut counts: Vec<(usize, String, Vec<f64>)> = Vec::new();
    ev.stream(&aggregate.expr, grid, &mut |series| {
        ev.budget.work(series.values.len())?;
        let group = if series.labels.get(label).is_some() {
            let labels = series.labels.filtered(|name| name != label);
            grouping.place(&Series::of_floats(labels, series.drop_name, Vec::new()))
        } else {
            grouping.place(series)
        };
        for k in 0..series.values.len() {
            let Some(key) = Key::of(series, k) else {
                continue;
            };
            let key = if is_hidden { Key::Float(0) } else { key };
            let text = key.text();
            let place = *places.entry((group, key)).or_insert(counts.len());
            if place == counts.len() {
                ev.budget.hold(grid.n)?;
                counts.push((group, text, vec![ABSENT; grid.n]));
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
        for (group, text, counts) in &mut counts {
            let Some((labels, drop_name)) = groups.get(*group) else {
                continue;
            };
            let labels = if is_hidden {
                labels.clone()
            } else {
                labels.to_builder().set(label, text).build()
            };
            inner(&mut Series::of_floats(
                labels,
                *drop_name && label != model::METRIC_NAME,
                std::mem::take(counts),
            ))?;
        }
        Ok(())
    })?;
    ev.budget.release(held);
    table.join_same()?;
    table.drain_into(sink)
}

/// A value by which to count.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    /// Bits of a number: all NaN that print alike are one.
    Float(u64),
    /// Text of a histogram.
    Histogram(String),
}

impl Key {
    fn of(series: &Series, k: usize) -> Option<Self> {
        if let Some(histogram) = series.histogram(k) {
            return Some(Self::Histogram(histogram::text(histogram)));
        }
        let value = *series.values.get(k)?;
        let canonical = if value.is_nan() { f64::NAN } else { value };
        (!is_absent(value)).then_some(Self::Float(canonical.to_bits()))
    }

    fn text(&self) -> String {
        match self {
            Self::Float(bits) => model::format_plain(f64::from_bits(*bits)),
            Self::Histogram(text) => text.clone(),
        }
    }
}

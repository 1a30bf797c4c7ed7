//! Expressions under an aggregation whose series need no labels of their own.

use super::selector::Pick;
use super::{Evaluator, has_one_name};
use crate::grid::Grid;
use crate::labels::{METADATA, is_metadata};
use crate::series::Series;
use crate::{Result, functions};
use model::Labels;
use promql_syntax::{Aggregate, ExprKind};
use storage::{Grouping, Groups};

/// Takes series one by one, each with the number of its group.
pub(crate) type Grouped<'s> = &'s mut dyn FnMut(usize, &mut Series) -> Result<()>;

impl Evaluator<'_> {
    /// Streams what `aggregate` aggregates, and gives the labels of all groups and whether the metric name
    /// in them counts as dropped. The storage forms the groups, so labels are made once per group. `None`,
    /// and nothing streamed, if the expression is not simple enough.
    pub(crate) fn stream_grouped(
        &self,
        aggregate: &Aggregate,
        grid: Grid,
        visit: Grouped<'_>,
    ) -> Result<Option<Vec<(Labels, bool)>>> {
        let grouping = Grouping {
            without: aggregate.without,
            names: aggregate.grouping.clone(),
        };
        match &aggregate.expr.unparenthesised().kind {
            _ if grid.n == 0 => Ok(None),
            ExprKind::Selector(selector)
                if selector.extension.is_none() && (grid.n == 1 || selector.shift.at.is_none()) =>
            {
                let selected = self.select_newest(selector, grid)?;
                let groups = selected.selection.group(&grouping);
                self.newest(&selected, grid, Pick::Value, &mut |index, series| {
                    // What goes wrong with histograms is told with the metric's name.
                    if !series.histograms.is_empty() {
                        series.labels = selected.selection.labels(index);
                    }
                    visit(place(&groups, index), series)
                })?;
                Ok(Some(named(groups, false)))
            }
            ExprKind::Call(call) => {
                let Some(matrix) = functions::plain_range(call) else {
                    return Ok(None);
                };
                let drops = functions::drops_name(call.function.name);
                let is_fixed = grid.n > 1 && matrix.selector.shift.at.is_some();
                // Series that look the same without a name must be told apart here, or refused.
                let is_unclear = drops && !self.delayed && !call.args.iter().all(has_one_name);
                if is_fixed || is_unclear {
                    return Ok(None);
                }
                let grouping = if drops && !self.delayed {
                    without_metadata(grouping)
                } else {
                    grouping
                };
                let windows = self.select_windows(matrix, grid)?;
                let groups = windows.selected.selection.group(&grouping);
                functions::stream_selected(self, call, &windows, grid, &mut |index, series| {
                    if !series.histograms.is_empty() {
                        series.labels = windows.selected.selection.labels(index);
                        series.drop_name = drops;
                    }
                    visit(place(&groups, index), series)
                })?;
                Ok(Some(named(groups, drops && self.delayed)))
            }
            _ => Ok(None),
        }
    }
}

fn place(groups: &Groups, index: usize) -> usize {
    groups
        .group_of
        .get(index)
        .map_or(0, |group| *group as usize)
}

fn named(groups: Groups, drop_name: bool) -> Vec<(Labels, bool)> {
    let labels = groups.labels.into_iter();
    labels.map(|labels| (labels, drop_name)).collect()
}

/// The grouping of series whose metadata are gone.
fn without_metadata(mut grouping: Grouping) -> Grouping {
    if grouping.without {
        grouping.names.extend(METADATA.map(str::to_owned));
    } else {
        grouping.names.retain(|name| !is_metadata(name));
    }
    grouping
}

//! Subqueries: an instant vector evaluated over a grid of its own.

use super::edges::WindowEdges;
use super::selector::Origin;
use super::window::{Spec, Visit};
use super::{Evaluator, Reading};
use crate::Result;
use crate::grid::Grid;
use crate::series::is_absent;
use model::{Histogram, ResetHint};
use promql_syntax::Subquery;
use std::sync::Arc;
use storage::Column;

impl Evaluator<'_> {
    pub(super) fn subquery_windows(
        &self,
        subquery: &Subquery,
        grid: Grid,
        visit: Visit<'_>,
    ) -> Result<()> {
        if grid.n == 0 {
            return Ok(());
        }
        let range = self.positive(&subquery.range)?;
        let step = match &subquery.step {
            Some(step) => self.positive(step)?,
            None => self.default_subquery_step,
        };
        let step = step.max(1);
        let shift = self.shift(&subquery.shift)?;
        // Inner steps lie on absolute multiples of the step, the first one after the window's open start.
        let open = shift.apply(grid.start).saturating_sub(range);
        let start = open.div_euclid(step).saturating_add(1).saturating_mul(step);
        let inner = Grid::between(start, shift.apply(grid.last()), step);
        // Even a constant takes a slot per step.
        self.budget.hold(inner.n)?;
        let table = self
            .budget
            .inside(|| self.reading(Reading::Whole, || self.table(&subquery.expr, inner)))?;
        self.budget.release(inner.n);
        let spec = Spec { grid, range, shift };
        let mut column = Column::default();
        let mut edges = WindowEdges::new(grid, shift, (range, 0));
        for series in &table.series {
            column.clear();
            for (k, (time, value)) in inner.times().zip(&series.values).enumerate() {
                match series.histogram(k) {
                    _ if is_absent(*value) => {}
                    Some(histogram) => column.push_histogram(time, unhinted(histogram)),
                    None => column.push(time, *value),
                }
            }
            // Series without gaps have the same times, so their windows are found once.
            column.timeline = (column.times.len() == inner.n).then_some(0);
            let origin = Origin::Made(&series.labels, series.drop_name);
            self.visit_column(origin, &column, spec, &mut edges, visit)?;
        }
        Ok(())
    }
}

/// A histogram that says nothing about the one before: that one may not be among the steps.
fn unhinted(histogram: &Arc<Histogram>) -> Arc<Histogram> {
    match histogram.reset_hint {
        ResetHint::Reset | ResetHint::NotReset => Arc::new(Histogram {
            reset_hint: ResetHint::Unknown,
            ..(**histogram).clone()
        }),
        ResetHint::Unknown | ResetHint::Gauge => Arc::clone(histogram),
    }
}

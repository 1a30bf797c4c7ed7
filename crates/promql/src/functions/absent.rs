//! What is not there.

use super::arg;
use crate::Result;
use crate::eval::Evaluator;
use crate::grid::Grid;
use crate::series::{ABSENT, Series, Sink, is_absent};
use hashbrown::HashSet;
use model::{Labels, LabelsBuilder, METRIC_NAME, MatchOp};
use promql_syntax::{Call, Expr, ExprKind};

/// `absent(v)`: 1 where the vector is empty.
pub(super) fn absent(ev: &Evaluator<'_>, call: &Call, grid: Grid, sink: Sink<'_>) -> Result<()> {
    let expr = arg(call, 0)?;
    let mut values = vec![1.0; grid.n];
    ev.stream(expr, grid, &mut |series| {
        for (missing, value) in values.iter_mut().zip(&series.values) {
            if !is_absent(*value) {
                *missing = ABSENT;
            }
        }
        Ok(())
    })?;
    sink(&mut Series::of_floats(labels_of(expr), false, values))
}

/// `absent_over_time(m)`: 1 where no window holds a sample.
pub(super) fn absent_over_time(
    ev: &Evaluator<'_>,
    call: &Call,
    grid: Grid,
    sink: Sink<'_>,
) -> Result<()> {
    let expr = arg(call, 0)?;
    super::extended_rate::extension_of(expr, call.function.name)?;
    let mut values = vec![1.0; grid.n];
    ev.windows(expr, grid, &mut |series| {
        for window in series.windows() {
            if let Some(missing) = values.get_mut(window.k) {
                *missing = ABSENT;
            }
        }
        Ok(())
    })?;
    sink(&mut Series::of_floats(labels_of(expr), false, values))
}

/// The labels that what is missing would certainly have had.
fn labels_of(expr: &Expr) -> Labels {
    let selector = match &expr.unparenthesised().kind {
        ExprKind::Selector(selector) => selector,
        ExprKind::Matrix(matrix) => &matrix.selector,
        _ => return Labels::empty(),
    };
    let mut labels = LabelsBuilder::default();
    let mut seen = HashSet::new();
    for matcher in selector
        .matchers
        .iter()
        .filter(|matcher| matcher.name != METRIC_NAME)
    {
        if matcher.op == MatchOp::Equal && seen.insert(&matcher.name) {
            labels.set(&matcher.name, &matcher.value);
        } else {
            labels.remove(&matcher.name);
        }
    }
    labels.build()
}

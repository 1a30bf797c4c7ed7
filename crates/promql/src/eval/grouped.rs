//! Expressions under an aggregation whose series need no labels of their own.
//!
//! They are a chain of operations that change each series by itself, with one selector at its end. The
//! storage groups the series of the selector before any sample is read, so label sets are made once per
//! group, and parts of the series can be worked on by several threads.

use super::leaf::Source;
use super::parts;
use super::selector::Selected;
use super::{Evaluator, has_one_name};
use crate::functions;
use crate::grid::Grid;
use crate::labels::{METADATA, is_metadata};
use crate::series::Series;
use crate::{Error, Result};
use model::Labels;
use promql_syntax::{Aggregate, Expr, ExprKind, Sign, ValueType};
use storage::{Grouping, Groups, Newest};

/// What samples of a counter are usually apart. Units: milliseconds.
const USUAL_INTERVAL: i64 = 15_000;

/// A chain of operations on the series of one selector.
#[derive(Clone, Copy)]
struct Chain<'x> {
    /// The selector.
    leaf: &'x Expr,
    /// Whether metric names are dropped on the way.
    drops: bool,
    /// Whether all operands besides the series are numbers as they are written.
    is_constant: bool,
}

impl<'x> Chain<'x> {
    fn of(expr: &'x Expr) -> Option<Self> {
        match &expr.kind {
            ExprKind::Paren(inner) => Self::of(inner),
            ExprKind::Selector(selector) if selector.extension.is_none() => Some(Self {
                leaf: expr,
                drops: false,
                is_constant: true,
            }),
            ExprKind::Unary(unary) => {
                Some(Self::of(&unary.operand)?.dropping(unary.sign == Sign::Minus))
            }
            ExprKind::Binary(binary) if !binary.op.is_set() => {
                let (left, right) = (&binary.left, &binary.right);
                let is_scalar = |side: &Expr| side.value_type() == ValueType::Scalar;
                let (scalar, vector) = match (is_scalar(left), is_scalar(right)) {
                    (true, false) => (left, right),
                    (false, true) => (right, left),
                    _ => return None,
                };
                let filters = binary.op.is_comparison() && !binary.returns_bool;
                let chain = Self::of(vector)?.dropping(!filters);
                Some(chain.with_operand(scalar))
            }
            ExprKind::Call(call) => {
                if let Some(matrix) = functions::plain_range(call) {
                    let chain = Self {
                        leaf: matrix,
                        drops: functions::drops_name(call.function.name),
                        is_constant: true,
                    };
                    let others = call.args.iter();
                    let others = others.filter(|arg| arg.value_type() != ValueType::Matrix);
                    return Some(others.fold(chain, Self::with_operand));
                }
                if !functions::changes_values(call.function.name) {
                    return None;
                }
                let (vector, others) = call.args.split_first()?;
                let chain = Self::of(vector)?.dropping(true);
                Some(others.iter().fold(chain, Self::with_operand))
            }
            _ => None,
        }
    }

    fn dropping(self, drops: bool) -> Self {
        Self {
            drops: self.drops || drops,
            ..self
        }
    }

    fn with_operand(self, operand: &Expr) -> Self {
        let is_number = matches!(operand.unparenthesised().kind, ExprKind::Number(_));
        Self {
            is_constant: self.is_constant && is_number,
            ..self
        }
    }
}

/// Whether the expression is a chain of operations on the series of one selector, none of which can come to
/// look the same on the way.
pub(crate) fn has_one_chain(expr: &Expr) -> bool {
    Chain::of(expr).is_some_and(|chain| !chain.drops || has_one_name(chain.leaf))
}

/// How to aggregate without labels.
pub(crate) struct Plan<'x> {
    /// What is aggregated.
    expr: &'x Expr,
    chain: Chain<'x>,
    source: Source,
    /// The group of every series of the selector.
    pub(crate) group_of: Vec<u32>,
    /// Labels of all groups, and whether the metric name in them counts as dropped.
    pub(crate) labels: Vec<(Labels, bool)>,
    /// How many parts the work is worth.
    parts: usize,
    held: usize,
}

impl Plan<'_> {
    /// The group of a series that comes with its number.
    pub(crate) fn place(&self, series: &Series) -> usize {
        let group = self.group_of.get(series.number);
        group.map_or(0, |group| *group as usize)
    }

    /// How many parts the work is worth.
    pub(crate) fn parts(&self) -> usize {
        self.parts
    }

    /// How many parts make sense: each has results of its own, and where they are nearly as many as series,
    /// parts gain nothing.
    pub(crate) fn most_parts(&self) -> usize {
        let groups = self.labels.len().saturating_mul(4).max(1);
        (self.group_of.len() / groups).max(1)
    }

    /// The labels of series number `number`, as it is stored, and whether its name counts as dropped.
    pub(crate) fn series_labels(&self, number: usize) -> (Labels, bool) {
        let labels = self.source.selected().selection.labels(number);
        (labels, self.chain.drops)
    }

    /// The selection, if all that is wanted of it is the newest samples as they are.
    fn plain(&self, grid: Grid) -> Option<&Selected> {
        match &self.source {
            Source::Newest(selected)
                if grid.n == 1 && std::ptr::eq(self.expr.unparenthesised(), self.chain.leaf) =>
            {
                Some(selected)
            }
            _ => None,
        }
    }
}

impl Evaluator<'_> {
    /// Plans how to aggregate; `None` if what is aggregated is not simple enough.
    pub(crate) fn plan<'x>(
        &self,
        aggregate: &'x Aggregate,
        grid: Grid,
    ) -> Result<Option<Plan<'x>>> {
        let Some(chain) = Chain::of(&aggregate.expr) else {
            return Ok(None);
        };
        // A selector at a fixed time is read at one step only.
        let at = match &chain.leaf.kind {
            ExprKind::Selector(selector) => selector.shift.at,
            ExprKind::Matrix(matrix) => matrix.selector.shift.at,
            _ => return Ok(None),
        };
        // Series that look the same without a name must be told apart, or refused.
        let is_unclear = chain.drops && !self.delayed && !has_one_name(chain.leaf);
        if grid.n == 0 || (grid.n > 1 && at.is_some()) || is_unclear {
            return Ok(None);
        }
        let mut grouping = Grouping {
            without: aggregate.without,
            names: aggregate.grouping.clone(),
        };
        if chain.drops && !self.delayed {
            leave_out_metadata(&mut grouping);
        }
        let (source, points) = match &chain.leaf.kind {
            ExprKind::Matrix(matrix) => {
                let windows = self.select_windows(matrix, grid)?;
                let points = windows.points(grid, USUAL_INTERVAL);
                (Source::Windows(windows), points)
            }
            ExprKind::Selector(selector) => {
                let selected = self.select_newest(selector, grid)?;
                // All newest samples of one moment come at once.
                let points = if grid.n == 1 { 0 } else { 2 * grid.n };
                (Source::Newest(selected), points)
            }
            _ => return Ok(None),
        };
        let selection = &source.selected().selection;
        let held = selection.len() * size_of::<u32>();
        self.budget.hold_bytes(held)?;
        let Groups { group_of, labels } = selection.group(&grouping);
        let parts = if chain.is_constant && !self.reads_stats() {
            parts::count(group_of.len(), points)
        } else {
            1
        };
        let drop_name = chain.drops && self.delayed;
        Ok(Some(Plan {
            expr: &aggregate.expr,
            chain,
            source,
            group_of,
            labels: labels
                .into_iter()
                .map(|labels| (labels, drop_name))
                .collect(),
            parts,
            held,
        }))
    }

    /// Says that a plan is done with.
    pub(crate) fn drop_plan(&self, plan: Plan<'_>) {
        self.budget.release_bytes(plan.held);
        drop(plan);
    }

    /// Calls `run` with an evaluator for each of `count` parts of the plan's series. It streams what is
    /// aggregated, in which every series comes with its number. Ordering of outcomes: as the parts; `None`
    /// if any part has no outcome.
    pub(crate) fn run_plan<T: Send>(
        &self,
        plan: &Plan<'_>,
        count: usize,
        run: &(dyn Fn(&Evaluator<'_>) -> Result<Option<T>> + Sync),
    ) -> Result<Option<Vec<T>>> {
        self.in_parts(plan.chain.leaf, &plan.source, count, run)
    }

    /// The newest sample of every series of the plan, if that is all that is aggregated, and none is a
    /// histogram; counted as read.
    pub(crate) fn newest_of_plan(&self, plan: &Plan<'_>, grid: Grid) -> Result<Option<Newest>> {
        let Some(selected) = plan.plain(grid) else {
            return Ok(None);
        };
        if self.reads_stats() {
            return Ok(None);
        }
        let read = |samples: &mut u64| {
            let newest = self.newest_of(selected)?;
            *samples = newest
                .times
                .iter()
                .filter(|time| **time != Newest::NONE)
                .count() as u64;
            Ok::<Newest, Error>(newest)
        };
        let mut samples = 0;
        let newest = match &self.profile {
            None => read(&mut samples)?,
            Some(profile) => {
                let newest = profile.watch(plan.chain.leaf, self.budget, |_| read(&mut samples))?;
                let cost = super::Cost {
                    series: samples,
                    samples,
                    ..super::Cost::default()
                };
                profile.add(plan.chain.leaf, cost);
                newest
            }
        };
        if !newest.histograms.is_empty() {
            return Ok(None);
        }
        let stale = newest.times.iter().zip(&newest.values);
        let stale = stale
            .filter(|(time, value)| **time != Newest::NONE && crate::series::is_absent(**value));
        let looked_at = samples.saturating_sub(stale.count() as u64);
        self.budget.count_samples(looked_at, looked_at, [looked_at]);
        Ok(Some(newest))
    }
}

/// Makes the grouping that of series whose metadata are gone.
fn leave_out_metadata(grouping: &mut Grouping) {
    if grouping.without {
        grouping.names.extend(METADATA.map(str::to_owned));
    } else {
        grouping.names.retain(|name| !is_metadata(name));
    }
}

//! How a query is evaluated, and what its nodes take.

use crate::QueryOutput;
use crate::eval::{Cost, Profile, has_one_chain, is_step_invariant};
use promql_syntax::{AggregateOp, Expr, ExprKind, Span, ValueType};
use std::time::Duration;

/// A query that ran, with how it did.
///
/// ```
/// use model::{Labels, TimestampMs};
/// use promql::{Engine, NodeKind, QueryContext};
/// use storage::MemStorage;
///
/// let store = MemStorage::default();
/// store.add(&Labels::from_pairs([("__name__", "up"), ("job", "node")]), [(0, 1.0)])?;
/// let expr = promql::parse("sum(up)", promql_syntax::ParseOptions::default())?;
/// let ctx = QueryContext::default();
/// let explained = Engine::default().explain_instant(&store, &expr, TimestampMs(0), &ctx)?;
/// assert_eq!(explained.plan.kind, NodeKind::Aggregate);
/// assert_eq!(explained.plan.children[0].series_out, Some(1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Explained {
    /// The expression as a tree.
    pub plan: PlanNode,
    /// What the query gave.
    pub output: QueryOutput,
}

/// What kind of expression a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NodeKind {
    /// A number or a text.
    Literal,
    /// Series of an instant vector.
    Selector,
    /// Series of a range vector.
    Range,
    /// An instant vector evaluated over a grid of its own.
    Subquery,
    /// A function.
    Call,
    /// Many series to one per group, or the chosen of each group.
    Aggregate,
    /// An operator with two operands.
    Binary,
    /// A sign.
    Unary,
}

impl NodeKind {
    /// The name of the kind: `selector`, `aggregate`...
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Literal => "literal",
            Self::Selector => "selector",
            Self::Range => "range",
            Self::Subquery => "subquery",
            Self::Call => "call",
            Self::Aggregate => "aggregate",
            Self::Binary => "binary",
            Self::Unary => "unary",
        }
    }
}

/// One node of an expression. Parentheses are no nodes.
///
/// Of nodes that are not evaluated as series of their own (scalars, what is repeated at every step or put
/// together with the node around it) nothing is measured, and the counts are `None`.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanNode {
    /// The expression, as it is printed.
    pub text: String,
    /// Where it stands in the query.
    pub span: Span,
    /// What it is.
    pub kind: NodeKind,
    /// How it is evaluated, in a few words.
    pub how: &'static str,
    /// Series that its operands gave it.
    pub series_in: Option<u64>,
    /// Series that it gave.
    pub series_out: Option<u64>,
    /// Samples read from the storage, by it and its operands.
    pub samples: Option<u64>,
    /// Time of itself and its operands, summed up over all threads.
    pub total_time: Option<Duration>,
    /// Time of itself alone.
    pub own_time: Option<Duration>,
    /// Operands. Ordering: as written.
    pub children: Vec<PlanNode>,
}

impl PlanNode {
    pub(crate) fn of(expr: &Expr, profile: &Profile) -> Self {
        let expr = innermost(expr);
        let children: Vec<Self> = expr
            .children()
            .into_iter()
            .map(|child| Self::of(child, profile))
            .collect();
        let cost: Option<Cost> = profile.of(expr);
        let below = |of: fn(&Self) -> Option<u64>| {
            let known: Vec<u64> = children.iter().filter_map(of).collect();
            (!known.is_empty()).then(|| known.iter().sum())
        };
        let below_time: Duration = children.iter().filter_map(|child| child.total_time).sum();
        Self {
            text: expr.to_string(),
            span: expr.span,
            kind: kind(expr),
            how: how(expr),
            series_in: below(|child| child.series_out),
            series_out: cost.map(|cost| cost.series),
            samples: cost.map(|cost| cost.samples),
            total_time: cost.map(|cost| cost.time),
            own_time: cost.map(|cost| cost.time.saturating_sub(below_time)),
            children,
        }
    }
}

fn innermost(expr: &Expr) -> &Expr {
    match &expr.kind {
        ExprKind::Paren(inner) => innermost(inner),
        _ => expr,
    }
}

fn kind(expr: &Expr) -> NodeKind {
    match &expr.kind {
        ExprKind::Number(_) | ExprKind::String(_) | ExprKind::Paren(_) => NodeKind::Literal,
        ExprKind::Selector(_) => NodeKind::Selector,
        ExprKind::Matrix(_) => NodeKind::Range,
        ExprKind::Subquery(_) => NodeKind::Subquery,
        ExprKind::Call(_) => NodeKind::Call,
        ExprKind::Aggregate(_) => NodeKind::Aggregate,
        ExprKind::Binary(_) => NodeKind::Binary,
        ExprKind::Unary(_) => NodeKind::Unary,
    }
}

fn how(expr: &Expr) -> &'static str {
    if matches!(expr.value_type(), ValueType::Scalar | ValueType::String) {
        return match &expr.kind {
            ExprKind::Number(_) | ExprKind::String(_) => "a constant",
            _ => "one number per step",
        };
    }
    if is_step_invariant(expr) {
        return "evaluated at one step, the same at all";
    }
    match &expr.kind {
        ExprKind::Selector(_) => "newest sample of each series at each step",
        ExprKind::Matrix(_) => "columns read once, windows found once per timeline",
        ExprKind::Subquery(_) => "evaluated on a grid of its own, then seen as samples",
        ExprKind::Aggregate(aggregate) => match aggregate.op {
            AggregateOp::Topk | AggregateOp::Bottomk if has_one_chain(&aggregate.expr) => {
                "grouped before reading, candidates alone are held"
            }
            AggregateOp::Sum
            | AggregateOp::Avg
            | AggregateOp::Count
            | AggregateOp::Min
            | AggregateOp::Max
            | AggregateOp::Group
            | AggregateOp::Stddev
            | AggregateOp::Stdvar => {
                if has_one_chain(&aggregate.expr) {
                    "grouped before reading, one result per group and step is held"
                } else {
                    "grouped while series come, one result per group and step is held"
                }
            }
            _ => "all series held, then grouped",
        },
        ExprKind::Binary(binary) => {
            let scalars = [&binary.left, &binary.right]
                .iter()
                .any(|side| side.value_type() == ValueType::Scalar);
            if scalars {
                "each series by itself"
            } else {
                "both sides held, matched by labels once"
            }
        }
        ExprKind::Call(call) => match call.function.name {
            "histogram_quantile" | "histogram_quantiles" | "histogram_fraction" => {
                "all series held, buckets put together by labels"
            }
            "sort" | "sort_desc" | "sort_by_label" | "sort_by_label_desc" => "all series held",
            _ => "each series by itself",
        },
        _ => "each series by itself",
    }
}

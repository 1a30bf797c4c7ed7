//! What is known of an expression without evaluating it.

use model::{METRIC_NAME, MatchOp};
use promql_syntax::{AggregateOp, BinaryOp, Expr, ExprKind, VectorSelector};

/// Whether the expression has the same value at every step.
pub(crate) fn is_step_invariant(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Number(_) | ExprKind::String(_) => true,
        ExprKind::Selector(selector) => selector.shift.at.is_some(),
        ExprKind::Matrix(matrix) => matrix.selector.shift.at.is_some(),
        ExprKind::Subquery(subquery) => subquery.shift.at.is_some(),
        ExprKind::Call(call) if depends_on_time(call.function.name) => false,
        ExprKind::Call(_)
        | ExprKind::Aggregate(_)
        | ExprKind::Binary(_)
        | ExprKind::Unary(_)
        | ExprKind::Paren(_) => expr.children().into_iter().all(is_step_invariant),
    }
}

/// Functions that look at the evaluation time itself.
fn depends_on_time(function: &str) -> bool {
    matches!(
        function,
        "time"
            | "timestamp"
            | "predict_linear"
            | "minute"
            | "hour"
            | "day_of_week"
            | "day_of_month"
            | "day_of_year"
            | "days_in_month"
            | "month"
            | "year"
    )
}

/// Whether all series of the expression certainly have the same metric name, or none.
pub(crate) fn has_one_name(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Selector(selector) => names_one_metric(selector),
        ExprKind::Matrix(matrix) => names_one_metric(&matrix.selector),
        ExprKind::Subquery(subquery) => has_one_name(&subquery.expr),
        ExprKind::Call(call) => {
            !matches!(call.function.name, "label_replace" | "label_join" | "info")
                && expr.children().into_iter().all(has_one_name)
        }
        ExprKind::Aggregate(aggregate) => {
            aggregate.param.is_none()
                && (aggregate.without || !aggregate.grouping.iter().any(|l| l == METRIC_NAME))
        }
        // With a scalar on one side the names of the other side stay; between vectors they may mix.
        ExprKind::Binary(binary) => {
            binary.matching.is_none()
                && binary.op != BinaryOp::Or
                && has_one_name(&binary.left)
                && has_one_name(&binary.right)
        }
        ExprKind::Unary(unary) => has_one_name(&unary.operand),
        ExprKind::Paren(inner) => has_one_name(inner),
        ExprKind::Number(_) | ExprKind::String(_) => true,
    }
}

/// Whether the order of the elements is one that the expression asks for.
pub(crate) fn is_ordered(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Call(call) => {
            call.function.name.starts_with("sort") || call.args.iter().any(is_ordered)
        }
        ExprKind::Aggregate(aggregate) => {
            matches!(aggregate.op, AggregateOp::Topk | AggregateOp::Bottomk)
        }
        ExprKind::Binary(binary) => is_ordered(&binary.left) || is_ordered(&binary.right),
        ExprKind::Unary(unary) => is_ordered(&unary.operand),
        ExprKind::Paren(inner) => is_ordered(inner),
        _ => false,
    }
}

fn names_one_metric(selector: &VectorSelector) -> bool {
    selector.name.is_some()
        || selector
            .matchers
            .iter()
            .any(|m| m.name == METRIC_NAME && m.op == MatchOp::Equal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use promql_syntax::{ParseOptions, parse_with};

    fn parsed(text: &str) -> Expr {
        parse_with(text, ParseOptions::ALL).unwrap()
    }

    #[test]
    fn fixed_times_and_constants_do_not_change_with_steps() {
        for text in [
            "1+2",
            "up @ 5",
            "sum(rate(up[5m] @ end()))",
            "max_over_time(up[5m:] @ 3)",
        ] {
            assert!(is_step_invariant(&parsed(text)), "{text}");
        }
        for text in [
            "up",
            "time()",
            "up @ 5 + up",
            "predict_linear(up[5m] @ 3, 5)",
            "hour()",
        ] {
            assert!(!is_step_invariant(&parsed(text)), "{text}");
        }
    }

    #[test]
    fn one_name_is_told_from_several() {
        for text in [
            "up",
            "rate(up[5m]) * 2",
            "sum by (job) ({job=\"x\"})",
            "-up",
        ] {
            assert!(has_one_name(&parsed(text)), "{text}");
        }
        for text in [
            "{job=\"x\"}",
            "up or down",
            "sum by (__name__) (up)",
            "topk(1, up or b)",
        ] {
            assert!(!has_one_name(&parsed(text)), "{text}");
        }
    }
}

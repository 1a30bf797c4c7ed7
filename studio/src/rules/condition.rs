//! An expression as a value and a condition on it, and back.

use promql_syntax::{Expr, ExprKind, parse};

/// The comparisons of a condition.
pub(super) const OPS: [&str; 6] = [">", "<", ">=", "<=", "==", "!="];

/// What is compared with what.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Condition {
    /// The expression without its comparison.
    pub(super) query: String,
    /// One of [`OPS`]; empty where the expression ends in no comparison with a number.
    pub(super) op: String,
    /// The number, as it is written.
    pub(super) threshold: String,
}

/// Takes the last comparison with a number off an expression.
pub(super) fn split(expr: &str) -> Condition {
    found(expr).unwrap_or_else(|| Condition {
        query: expr.trim().to_owned(),
        ..Condition::default()
    })
}

fn found(expr: &str) -> Option<Condition> {
    // A comment may stand anywhere and would get lost.
    if expr.contains('#') {
        return None;
    }
    let parsed = parse(expr).ok()?;
    let ExprKind::Binary(binary) = &parsed.kind else {
        return None;
    };
    let op = binary.op.as_str();
    let plain = !binary.returns_bool && OPS.contains(&op) && is_number(&binary.right);
    if !plain {
        return None;
    }
    let condition = Condition {
        query: binary.left.span.text(expr).to_owned(),
        op: op.to_owned(),
        threshold: binary.right.span.text(expr).to_owned(),
    };
    // Only what comes back as it was is taken apart.
    let again = parse(&join(&condition)).ok()?;
    (again.to_string() == parsed.to_string()).then_some(condition)
}

fn is_number(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Number(number) => !number.duration,
        ExprKind::Unary(unary) => is_number(&unary.operand),
        _ => false,
    }
}

/// Puts the comparison behind the expression.
pub(super) fn join(condition: &Condition) -> String {
    let query = condition.query.trim();
    let threshold = condition.threshold.trim();
    if condition.op.is_empty() || threshold.is_empty() || query.is_empty() {
        return query.to_owned();
    }
    let binds_less = parse(query)
        .is_ok_and(|expr| matches!(&expr.kind, ExprKind::Binary(binary) if binary.op.is_set()));
    if binds_less {
        return format!("({query}) {} {threshold}", condition.op);
    }
    format!("{query} {} {threshold}", condition.op)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(expr: &str, query: &str, op: &str, threshold: &str) {
        let condition = split(expr);
        let expected = Condition {
            query: query.into(),
            op: op.into(),
            threshold: threshold.into(),
        };
        assert_eq!(condition, expected);
        assert_eq!(join(&condition), expr.trim());
    }

    #[test]
    fn comparisons_with_numbers_are_taken_off_and_put_back() {
        check("up == 0", "up", "==", "0");
        check("a + b > 0.5", "a + b", ">", "0.5");
        check("(a or b) >= -1e3", "(a or b)", ">=", "-1e3");
        check("a > 1 < 5", "a > 1", "<", "5");
    }

    #[test]
    fn everything_else_stays_whole() {
        check("absent(up)", "absent(up)", "", "");
        check("a > bool 1", "a > bool 1", "", "");
        check("a > b", "a > b", "", "");
        check("a > 1 or b", "a > 1 or b", "", "");
        check("a # why\n> 1", "a # why\n> 1", "", "");
        check("sum(", "sum(", "", "");
    }

    #[test]
    fn what_binds_less_gets_parentheses() {
        let condition = Condition {
            query: "a or b".into(),
            op: ">".into(),
            threshold: "1".into(),
        };
        assert_eq!(join(&condition), "(a or b) > 1");
    }
}

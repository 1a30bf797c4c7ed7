//! Expressions with every selector pinned to one time.

use model::TimestampMs;
use promql_syntax::{At, Expr, ExprKind, ParseOptions, TimeShift};
use std::fmt::Write;

/// Functions that look at the evaluation time itself.
const TIME_DEPENDENT: [&str; 15] = [
    "days_in_month",
    "day_of_month",
    "day_of_week",
    "day_of_year",
    "end",
    "hour",
    "minute",
    "month",
    "predict_linear",
    "range",
    "start",
    "step",
    "time",
    "timestamp",
    "year",
];

/// `text` with `@ time` on all selectors and subqueries without one, and other times at which the same
/// must come out. `None` if it may not.
pub(crate) fn pinned(text: &str, time: TimestampMs) -> Option<(String, Vec<i64>)> {
    let mut expr = promql_syntax::parse_with(text, ParseOptions::ALL).ok()?;
    let mut plan = Plan::default();
    if !plan.visit(&mut expr, time.0) {
        return None;
    }
    let text = plan.write(text, time.0).unwrap_or_else(|| expr.to_string());
    let times = match time.0 {
        0 => vec![-1000, 0, 1000],
        t => vec![t.saturating_mul(-10), 0, t / 5, t, t.saturating_mul(10)],
    };
    Some((text, times))
}

/// Where a text must be changed.
#[derive(Default)]
struct Plan {
    /// Where `@` can be put, and nothing else has to change.
    ends: Vec<usize>,
    /// Whether something else has to.
    rewrites: bool,
}

impl Plan {
    /// Pins what is in `expr`; whether nothing there looks at the evaluation time.
    fn visit(&mut self, expr: &mut Expr, time: i64) -> bool {
        let end = expr.span.end;
        match &mut expr.kind {
            ExprKind::Selector(selector) => {
                self.rewrites |= selector.extension.is_some();
                self.set(&mut selector.shift, end, time);
            }
            ExprKind::Matrix(matrix) => {
                self.rewrites |= matrix.selector.extension.is_some();
                self.set(&mut matrix.selector.shift, end, time);
            }
            // What is inside is evaluated relative to the subquery.
            ExprKind::Subquery(subquery) => self.set(&mut subquery.shift, end, time),
            ExprKind::Call(call) => {
                if TIME_DEPENDENT.contains(&call.function.name) {
                    return false;
                }
                return call.args.iter_mut().all(|arg| self.visit(arg, time));
            }
            ExprKind::Aggregate(aggregate) => {
                let param = aggregate.param.as_mut();
                return param.is_none_or(|param| self.visit(param, time))
                    && self.visit(&mut aggregate.expr, time);
            }
            ExprKind::Binary(binary) => {
                return self.visit(&mut binary.left, time) && self.visit(&mut binary.right, time);
            }
            ExprKind::Unary(unary) => return self.visit(&mut unary.operand, time),
            ExprKind::Paren(inner) => return self.visit(inner, time),
            ExprKind::Number(_) | ExprKind::String(_) => {}
        }
        true
    }

    fn set(&mut self, shift: &mut TimeShift, end: usize, time: i64) {
        match shift.at {
            Some(At::Time(_)) => return,
            Some(At::Start | At::End) => self.rewrites = true,
            None => self.ends.push(end),
        }
        shift.at = Some(At::Time(time));
    }

    /// The text with `@` put in, so that all else stays as it was written.
    fn write(&mut self, text: &str, time: i64) -> Option<String> {
        if self.rewrites {
            return None;
        }
        self.ends.sort_unstable();
        let mut out = String::with_capacity(text.len() + 16 * self.ends.len());
        let mut from = 0;
        for end in &self.ends {
            out.push_str(text.get(from..*end)?);
            // Writing to a text cannot fail.
            let _ = write!(out, " @ {:.3}", time as f64 / 1000.0);
            from = *end;
        }
        out.push_str(text.get(from..)?);
        Some(out)
    }
}

/// Whether the outcome depends on where the query starts and ends.
pub(crate) fn depends_on_query(text: &str) -> bool {
    ["start()", "end()", "step()", "range()"]
        .iter()
        .any(|call| text.contains(call))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors_are_pinned_and_insides_of_subqueries_are_not() {
        for (text, expected) in [
            ("a + rate(b[5m])", Some("a @ 60.000 + rate(b[5m] @ 60.000)")),
            (
                "sum_over_time(a[5m:1m])",
                Some("sum_over_time(a[5m:1m] @ 60.000)"),
            ),
            (
                "a @ 5 + b{c='x'} offset 1m",
                Some("a @ 5 + b{c='x'} offset 1m @ 60.000"),
            ),
            ("a @ start()", Some("a @ 60.000")),
            ("time() + a", None),
        ] {
            let got = pinned(text, TimestampMs(60_000)).map(|(text, _)| text);
            assert_eq!(got.as_deref(), expected);
        }
    }
}

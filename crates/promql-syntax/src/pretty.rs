//! The tree as text of several lines, for reading.
//!
//! Source: Prometheus 3.14, `promql/parser/prettier.go`.

use crate::ast::{Expr, ExprKind, Sign};
use crate::printer::Part;

/// Longest text that stays on one line. Units: bytes, indent not counted.
const MAX_LINE: usize = 100;

impl Expr {
    /// The expression with every part that is longer than 100 bytes split over lines, two blanks of
    /// indent per level.
    pub fn pretty(&self) -> String {
        let mut out = String::new();
        Pretty { max_line: MAX_LINE }.write(self, 0, &mut out);
        out
    }
}

struct Pretty {
    max_line: usize,
}

fn indent(level: usize, out: &mut String) {
    for _ in 0..level {
        out.push_str("  ");
    }
}

impl Pretty {
    /// Writes `expr` on lines of its own.
    fn write(&self, expr: &Expr, level: usize, out: &mut String) {
        let whole = expr.to_string();
        if whole.len() <= self.max_line {
            indent(level, out);
            out.push_str(&whole);
            return;
        }
        match &expr.kind {
            ExprKind::Aggregate(aggregate) => {
                indent(level, out);
                out.push_str(&Part::AggregateHead(aggregate).to_string());
                let args = aggregate.param.iter().chain([&aggregate.expr]);
                self.arguments(args, level, out);
            }
            ExprKind::Call(call) => {
                indent(level, out);
                out.push_str(call.function.name);
                self.arguments(call.args.iter(), level, out);
            }
            ExprKind::Paren(inner) => {
                indent(level, out);
                self.arguments(std::iter::once(&**inner), level, out);
            }
            ExprKind::Binary(binary) => {
                self.write(&binary.left, level + 1, out);
                out.push('\n');
                indent(level, out);
                out.push_str(&Part::Operator(binary).to_string());
                out.push('\n');
                self.write(&binary.right, level + 1, out);
            }
            ExprKind::Subquery(subquery) => {
                self.write(&subquery.expr, level, out);
                out.push_str(&Part::SubqueryTail(subquery).to_string());
            }
            ExprKind::Unary(unary) => {
                let mut operand = String::new();
                self.write(&unary.operand, level, &mut operand);
                indent(level, out);
                out.push(if unary.sign == Sign::Minus { '-' } else { '+' });
                out.push_str(operand.trim());
            }
            ExprKind::Number(_)
            | ExprKind::String(_)
            | ExprKind::Selector(_)
            | ExprKind::Matrix(_) => {
                indent(level, out);
                out.push_str(&whole);
            }
        }
    }

    fn arguments<'e>(&self, args: impl Iterator<Item = &'e Expr>, level: usize, out: &mut String) {
        out.push('(');
        for (index, arg) in args.enumerate() {
            out.push_str(if index > 0 { ",\n" } else { "\n" });
            self.write(arg, level + 1, out);
        }
        out.push('\n');
        indent(level, out);
        out.push(')');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse;

    fn check(input: &str, expected: &[&str]) {
        let mut out = String::new();
        Pretty { max_line: 12 }.write(&parse(input).unwrap(), 0, &mut out);
        assert_eq!(out, expected.join("\n"), "{input}");
        assert_eq!(
            parse(&out).unwrap().to_string(),
            parse(input).unwrap().to_string()
        );
    }

    #[test]
    fn long_expressions_are_split_and_short_ones_stay() {
        check("sum(a)", &["sum(a)"]);
        check(
            "topk by (x) (3, requests_total)",
            &["topk by (x) (", "  3,", "  requests_total", ")"],
        );
        check(
            "aaaaa + bbbbb + ccccc",
            &["    aaaaa", "  +", "    bbbbb", "+", "  ccccc"],
        );
        check("rate(requests[5m])", &["rate(", "  requests[5m]", ")"]);
        check(
            "((requests_total))",
            &["(", "  (", "    requests_total", "  )", ")"],
        );
        check("-abs(requests_total)", &["-abs(", "  requests_total", ")"]);
        check(
            "max_over_time(abs(requests)[5m:1m])",
            &[
                "max_over_time(",
                "  abs(",
                "    requests",
                "  )[5m:1m]",
                ")",
            ],
        );
    }

    #[test]
    fn a_hundred_bytes_fit_on_a_line() {
        let name = "a".repeat(93);
        assert_eq!(
            parse(&format!("sum({name})")).unwrap().pretty(),
            format!("sum({name})")
        );
        let name = "a".repeat(96);
        assert_eq!(
            parse(&format!("sum({name})")).unwrap().pretty(),
            format!("sum(\n  {name}\n)")
        );
    }
}

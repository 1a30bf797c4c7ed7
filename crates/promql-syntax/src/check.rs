//! Types and the rules that the grammar alone does not hold.
//!
//! Source: Prometheus 3.14, `promql/parser/parse.go`, `checkAST`.

use crate::ast::{
    Aggregate, Binary, BinaryOp, Call, Cardinality, Expr, ExprKind, ValueType, VectorSelector,
};
use crate::error::ParseError;
use crate::regex_empty;
use crate::span::{LineColumn, Span};
use model::{METRIC_NAME, MatchOp, Matcher, quote_label_value};

/// Notes everything that is wrong with `expr`, the innermost first.
pub(crate) fn check(expr: &Expr, errors: &mut Vec<ParseError>, input: &str) {
    Checker { errors, input }.expr(expr);
}

struct Checker<'a> {
    errors: &'a mut Vec<ParseError>,
    input: &'a str,
}

impl Checker<'_> {
    fn note(&mut self, span: Span, message: impl Into<String>) {
        let place = LineColumn::of(self.input, span.start);
        self.errors.push(ParseError {
            span,
            place,
            message: message.into(),
            hint: None,
        });
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Number(_) | ExprKind::String(_) => {}
            ExprKind::Selector(selector) => self.selector(selector, expr.span),
            ExprKind::Matrix(matrix) => self.selector(&matrix.selector, expr.span),
            ExprKind::Subquery(subquery) => {
                self.expr(&subquery.expr);
                let got = subquery.expr.value_type();
                if got != ValueType::Vector {
                    let got = got.as_str();
                    let message =
                        format!("subquery is only allowed on instant vector, got {got} instead");
                    self.note(expr.span, message);
                }
            }
            ExprKind::Call(call) => self.call(call, expr.span),
            ExprKind::Aggregate(aggregate) => self.aggregate(aggregate),
            ExprKind::Binary(binary) => self.binary(binary, expr.span),
            ExprKind::Unary(unary) => {
                self.expr(&unary.operand);
                let got = unary.operand.value_type();
                if !matches!(got, ValueType::Scalar | ValueType::Vector) {
                    let message = format!(
                        "unary expression only allowed on expressions of type scalar or instant vector, got \"{}\"",
                        got.documented()
                    );
                    self.note(expr.span, message);
                }
            }
            ExprKind::Paren(inner) => self.expr(inner),
        }
    }

    fn expect(&mut self, expr: &Expr, wanted: ValueType, context: &str) {
        self.expr(expr);
        let got = expr.value_type();
        if got != wanted {
            let (wanted, got) = (wanted.documented(), got.documented());
            self.note(
                expr.span,
                format!("expected type {wanted} in {context}, got {got}"),
            );
        }
    }

    fn aggregate(&mut self, aggregate: &Aggregate) {
        self.expect(&aggregate.expr, ValueType::Vector, "aggregation expression");
        if let (Some(param), Some(wanted)) = (&aggregate.param, aggregate.op.param_type()) {
            self.expect(param, wanted, "aggregation parameter");
        }
    }

    fn call(&mut self, call: &Call, span: Span) {
        let function = call.function;
        let (declared, got) = (function.args.len(), call.args.len());
        let name = quote_label_value(function.name);
        let least = declared.saturating_sub(usize::from(function.variadic != 0));
        let most = usize::try_from(function.variadic)
            .ok()
            .map(|extra| least + extra);
        if function.variadic == 0 {
            if got != declared {
                let message =
                    format!("expected {declared} argument(s) in call to {name}, got {got}");
                self.note(span, message);
            }
        } else if got < least {
            let message =
                format!("expected at least {least} argument(s) in call to {name}, got {got}");
            self.note(span, message);
        } else if let Some(most) = most.filter(|most| got > *most) {
            let message =
                format!("expected at most {most} argument(s) in call to {name}, got {got}");
            self.note(span, message);
        }
        let context = format!("call to function {name}");
        for (index, arg) in call.args.iter().enumerate() {
            let Some(wanted) = function.arg_type(index) else {
                break;
            };
            if function.name == "info" && index == 1 {
                self.info_selector(arg);
            } else {
                self.expect(arg, wanted, &context);
            }
        }
    }

    /// The second argument of `info` selects labels: no name, and no condition that must reject anything.
    fn info_selector(&mut self, arg: &Expr) {
        match &arg.kind {
            ExprKind::Selector(selector) if selector.name.is_none() => {}
            ExprKind::Selector(_) => {
                self.note(
                    arg.span,
                    "expected label selectors only, got vector selector instead",
                );
            }
            _ => self.note(arg.span, "expected label selectors only"),
        }
    }

    fn binary(&mut self, binary: &Binary, span: Span) {
        self.expr(&binary.left);
        self.expr(&binary.right);
        let op = binary.op;
        let sides = (binary.left.value_type(), binary.right.value_type());
        let between = self.between(binary);
        if binary.returns_bool && !op.is_comparison() {
            self.note(
                between,
                "bool modifier can only be used on comparison operators",
            );
        }
        if op.is_comparison()
            && !binary.returns_bool
            && sides == (ValueType::Scalar, ValueType::Scalar)
        {
            self.note(
                between,
                "comparisons between scalars must use BOOL modifier",
            );
        }
        if let Some(matching) = binary.matching.as_ref().filter(|matching| matching.on) {
            for label in matching
                .labels
                .iter()
                .filter(|label| matching.include.contains(label))
            {
                let label = quote_label_value(label);
                let message =
                    format!("label {label} must not occur in ON and GROUP clause at once");
                self.note(between, message);
            }
        }
        for side in [&binary.left, &binary.right] {
            if matches!(side.value_type(), ValueType::Matrix | ValueType::String) {
                let message = "binary expression must contain only scalar and instant vector types";
                self.note(side.span, message);
            }
        }
        self.set_operator(binary, span);
        let trims = matches!(op, BinaryOp::TrimUpper | BinaryOp::TrimLower);
        if trims && sides == (ValueType::Scalar, ValueType::Scalar) {
            let op = op.as_str();
            self.note(
                between,
                format!("operator \"{op}\" not allowed for Scalar operations"),
            );
        }
    }

    fn set_operator(&mut self, binary: &Binary, span: Span) {
        if !binary.op.is_set() {
            return;
        }
        let op = quote_label_value(binary.op.as_str());
        if let Some(matching) = &binary.matching {
            if matching.cardinality != Cardinality::ManyToMany {
                self.note(span, format!("no grouping allowed for {op} operation"));
                self.note(span, "set operations must always be many-to-many");
            }
            if matching.fill_left.is_some() || matching.fill_right.is_some() {
                self.note(
                    span,
                    "filling in missing series not allowed for set operators",
                );
            }
        }
        let scalar = |expr: &Expr| expr.value_type() == ValueType::Scalar;
        if scalar(&binary.left) || scalar(&binary.right) {
            self.note(
                span,
                format!("set operator {op} not allowed in binary scalar expression"),
            );
        }
    }

    /// The text between the operands, blanks at its ends left out.
    fn between(&self, binary: &Binary) -> Span {
        let span = Span::new(binary.left.span.end, binary.right.span.start);
        let text = span.text(self.input);
        let leading = text.len() - text.trim_start().len();
        Span::new(
            span.start + leading,
            span.start + leading + text.trim().len(),
        )
    }

    fn selector(&mut self, selector: &VectorSelector, span: Span) {
        if let Some(name) = &selector.name {
            let twice = selector
                .matchers
                .iter()
                .find(|matcher| matcher.name == METRIC_NAME);
            if let Some(twice) = twice {
                let (a, b) = (quote_label_value(name), quote_label_value(&twice.value));
                self.note(
                    span,
                    format!("metric name must not be set twice: {a} or {b}"),
                );
            }
        } else if selector.matchers.iter().all(accepts_empty) {
            self.note(
                span,
                "vector selector must contain at least one non-empty matcher",
            );
        }
    }
}

fn accepts_empty(matcher: &Matcher) -> bool {
    match matcher.op {
        MatchOp::Equal => matcher.value.is_empty(),
        MatchOp::NotEqual => !matcher.value.is_empty(),
        MatchOp::Regex => regex_empty::matches_empty(&matcher.value),
        MatchOp::NotRegex => !regex_empty::matches_empty(&matcher.value),
    }
}

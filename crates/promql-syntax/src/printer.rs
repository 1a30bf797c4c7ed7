//! The tree as text, in Prometheus' canonical form.

use crate::ast::{
    Aggregate, At, Binary, Cardinality, Expr, ExprKind, Extension, NumberLiteral, Sign, Subquery,
    TimeShift, VectorSelector,
};
use crate::duration_expr::{DurationExpr, DurationKind, Length};
use model::{
    DurationMs, METRIC_NAME, MatchOp, format_plain, is_legacy_label_name, quote_label_value,
};
use std::fmt::{self, Display, Formatter, Write};

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ExprKind::Number(number) => number.fmt(f),
            ExprKind::String(text) => f.write_str(&quote_label_value(text)),
            ExprKind::Selector(selector) => selector.fmt(f),
            ExprKind::Matrix(matrix) => {
                write_selector(f, &matrix.selector)?;
                write!(f, "[{}]", matrix.range)?;
                write_extension(f, matrix.selector.extension)?;
                matrix.selector.shift.fmt(f)
            }
            ExprKind::Subquery(subquery) => {
                write!(f, "{}{}", subquery.expr, Part::SubqueryTail(subquery))
            }
            ExprKind::Call(call) => {
                write!(f, "{}(", call.function.name)?;
                write_list(f, &call.args)?;
                f.write_char(')')
            }
            ExprKind::Aggregate(aggregate) => aggregate.fmt(f),
            ExprKind::Binary(binary) => binary.fmt(f),
            ExprKind::Unary(unary) => {
                let sign = if unary.sign == Sign::Minus { "-" } else { "+" };
                write!(f, "{sign}{}", unary.operand)
            }
            ExprKind::Paren(inner) => write!(f, "({inner})"),
        }
    }
}

fn write_list<T: Display>(f: &mut Formatter<'_>, items: &[T]) -> fmt::Result {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            f.write_str(", ")?;
        }
        item.fmt(f)?;
    }
    Ok(())
}

fn write_labels(f: &mut Formatter<'_>, labels: &[String]) -> fmt::Result {
    for (index, label) in labels.iter().enumerate() {
        if index > 0 {
            f.write_str(", ")?;
        }
        if is_legacy_label_name(label) {
            f.write_str(label)?;
        } else {
            f.write_str(&quote_label_value(label))?;
        }
    }
    Ok(())
}

/// Seconds as a duration; what is finer than a millisecond is lost, as in Prometheus.
fn write_seconds(f: &mut Formatter<'_>, seconds: f64) -> fmt::Result {
    #[expect(clippy::cast_possible_truncation, reason = "float casts saturate")]
    DurationMs((seconds * 1000.0).round() as i64).fmt(f)
}

impl Display for NumberLiteral {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.duration {
            write_seconds(f, self.value)
        } else {
            f.write_str(&format_plain(self.value))
        }
    }
}

fn write_selector(f: &mut Formatter<'_>, selector: &VectorSelector) -> fmt::Result {
    let name = selector.name.as_deref().unwrap_or("");
    let is_name = |matcher: &&model::Matcher| {
        matcher.name == METRIC_NAME
            && matcher.op == MatchOp::Equal
            && matcher.value == name
            && !name.is_empty()
    };
    let mut conditions: Vec<String> = selector
        .matchers
        .iter()
        .filter(|m| !is_name(m))
        .map(ToString::to_string)
        .collect();
    conditions.sort();
    f.write_str(name)?;
    if conditions.is_empty() && !name.is_empty() {
        return Ok(());
    }
    write!(f, "{{{}}}", conditions.join(","))
}

fn write_extension(f: &mut Formatter<'_>, extension: Option<Extension>) -> fmt::Result {
    match extension {
        Some(extension) => write!(f, " {}", extension.as_str()),
        None => Ok(()),
    }
}

impl Display for VectorSelector {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write_selector(f, self)?;
        write_at(f, self.shift.at)?;
        write_extension(f, self.extension)?;
        write_offset(f, self.shift.offset.as_ref())
    }
}

impl Display for TimeShift {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write_at(f, self.at)?;
        write_offset(f, self.offset.as_ref())
    }
}

fn write_at(f: &mut Formatter<'_>, at: Option<At>) -> fmt::Result {
    match at {
        None => Ok(()),
        Some(At::Start) => f.write_str(" @ start()"),
        Some(At::End) => f.write_str(" @ end()"),
        Some(At::Time(time)) => {
            let sign = if time < 0 { "-" } else { "" };
            let millis = time.unsigned_abs();
            write!(f, " @ {sign}{}.{:03}", millis / 1000, millis % 1000)
        }
    }
}

fn write_offset(f: &mut Formatter<'_>, offset: Option<&Length>) -> fmt::Result {
    match offset {
        None => Ok(()),
        Some(offset) => write!(f, " offset {offset}"),
    }
}

impl Display for Length {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(length) => length.fmt(f),
            Self::Computed(expr) => expr.fmt(f),
        }
    }
}

impl Display for DurationExpr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            DurationKind::Number(seconds, true) => write_seconds(f, *seconds),
            DurationKind::Number(seconds, false) => f.write_str(&format_plain(*seconds)),
            DurationKind::Step => f.write_str("step()"),
            DurationKind::Range => f.write_str("range()"),
            DurationKind::MinOf(a, b) => write!(f, "min_of({a}, {b})"),
            DurationKind::MaxOf(a, b) => write!(f, "max_of({a}, {b})"),
            DurationKind::Unary(Sign::Minus, inner) => write!(f, "-{inner}"),
            DurationKind::Unary(Sign::Plus, inner) => write!(f, "+{inner}"),
            DurationKind::Binary(op, left, right) => write!(f, "{left} {} {right}", op.as_str()),
            DurationKind::Paren(inner) => write!(f, "({inner})"),
        }
    }
}

impl Aggregate {
    /// What stands before the parentheses of the arguments.
    fn fmt_head(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.op.as_str())?;
        if self.without || !self.grouping.is_empty() {
            f.write_str(if self.without { " without (" } else { " by (" })?;
            write_labels(f, &self.grouping)?;
            f.write_str(") ")?;
        }
        Ok(())
    }
}

impl Display for Aggregate {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.fmt_head(f)?;
        match &self.param {
            Some(param) => write!(f, "({param}, {})", self.expr),
            None => write!(f, "({})", self.expr),
        }
    }
}

impl Subquery {
    /// What stands after the inner expression.
    fn fmt_tail(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "[{}:", self.range)?;
        if let Some(step) = &self.step {
            step.fmt(f)?;
        }
        f.write_char(']')?;
        self.shift.fmt(f)
    }
}

/// The parts of expressions that the many-line form writes by themselves.
pub(crate) enum Part<'e> {
    /// An aggregation up to its arguments.
    AggregateHead(&'e Aggregate),
    /// An operator with its matching.
    Operator(&'e Binary),
    /// A subquery's brackets and modifiers.
    SubqueryTail(&'e Subquery),
}

impl Display for Part<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::AggregateHead(aggregate) => aggregate.fmt_head(f),
            Self::Operator(binary) => binary.fmt_operator(f),
            Self::SubqueryTail(subquery) => subquery.fmt_tail(f),
        }
    }
}

impl Display for Binary {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.left, Part::Operator(self), self.right)
    }
}

impl Binary {
    /// The operator with `bool` and matching.
    fn fmt_operator(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.op.as_str())?;
        if self.returns_bool {
            f.write_str(" bool")?;
        }
        self.fmt_matching(f)
    }

    fn fmt_matching(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Some(matching) = &self.matching else {
            return Ok(());
        };
        let group = match matching.cardinality {
            Cardinality::ManyToOne => Some("left"),
            Cardinality::OneToMany => Some("right"),
            Cardinality::OneToOne | Cardinality::ManyToMany => None,
        };
        if matching.on || !matching.labels.is_empty() || group.is_some() {
            f.write_str(if matching.on { " on (" } else { " ignoring (" })?;
            write_labels(f, &matching.labels)?;
            f.write_char(')')?;
        }
        if let Some(side) = group {
            write!(f, " group_{side} (")?;
            write_labels(f, &matching.include)?;
            f.write_char(')')?;
        }
        match (matching.fill_left, matching.fill_right) {
            (None, None) => Ok(()),
            (Some(left), Some(right)) if left == right => {
                write!(f, " fill ({})", format_plain(left))
            }
            (left, right) => {
                for (side, value) in [("left", left), ("right", right)] {
                    if let Some(value) = value {
                        write!(f, " fill_{side} ({})", format_plain(value))?;
                    }
                }
                Ok(())
            }
        }
    }
}

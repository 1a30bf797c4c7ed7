//! Lengths of time inside `[..]` and after `offset`, and their arithmetic.

use crate::ast::Sign;
use crate::span::Span;
use model::DurationMs;
use std::fmt;

/// A length of time as written.
#[derive(Debug, Clone, PartialEq)]
pub enum Length {
    /// A number of seconds or a duration.
    Fixed(DurationMs),
    /// Known when the query's step and range are known.
    Computed(DurationExpr),
}

impl Length {
    /// The length in a query of this step and this distance from start to end.
    ///
    /// # Errors
    /// [`DurationError`] where the arithmetic has no usable result.
    pub fn resolve(
        &self,
        step: DurationMs,
        range: DurationMs,
    ) -> Result<DurationMs, DurationError> {
        match self {
            Self::Fixed(length) => Ok(*length),
            Self::Computed(expr) => {
                let seconds = expr.evaluate(step, range)?;
                let problem = |problem| {
                    Err(DurationError {
                        span: expr.span,
                        problem,
                    })
                };
                if !seconds.is_finite() {
                    return problem(DurationProblem::NotFinite);
                }
                if seconds.abs() > MAX_SECONDS {
                    return problem(DurationProblem::OutOfRange);
                }
                #[expect(clippy::cast_possible_truncation, reason = "bounded just above")]
                let millis = (seconds * 1000.0) as i64;
                Ok(DurationMs(millis))
            }
        }
    }
}

/// Prometheus keeps durations in 63 bits of nanoseconds.
pub(crate) const MAX_SECONDS: f64 = 9_223_372_036.854_775;

/// Arithmetic of lengths.
#[derive(Debug, Clone, PartialEq)]
pub struct DurationExpr {
    /// What it is.
    pub kind: DurationKind,
    /// Where it stands.
    pub span: Span,
}

/// The kinds of duration expressions.
#[derive(Debug, Clone, PartialEq)]
pub enum DurationKind {
    /// A number of seconds; whether it is written as a duration.
    Number(f64, bool),
    /// `step()`
    Step,
    /// `range()`
    Range,
    /// `min_of(a, b)`
    MinOf(Box<DurationExpr>, Box<DurationExpr>),
    /// `max_of(a, b)`
    MaxOf(Box<DurationExpr>, Box<DurationExpr>),
    /// A sign before an operand that is no number.
    Unary(Sign, Box<DurationExpr>),
    /// Two operands.
    Binary(DurationOp, Box<DurationExpr>, Box<DurationExpr>),
    /// In parentheses.
    Paren(Box<DurationExpr>),
}

/// Operators between lengths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DurationOp {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `%`
    Mod,
    /// `^`
    Pow,
}

impl DurationOp {
    /// The operator as it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Sub => "-",
            Self::Mul => "*",
            Self::Div => "/",
            Self::Mod => "%",
            Self::Pow => "^",
        }
    }
}

/// Why a duration expression has no length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DurationError {
    /// The expression.
    pub span: Span,
    /// What is wrong.
    pub problem: DurationProblem,
}

/// What can be wrong with a duration expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DurationProblem {
    /// A division by zero.
    DivisionByZero,
    /// A remainder of a division by zero.
    ModuloByZero,
    /// NaN or an infinity.
    NotFinite,
    /// More than 63 bits of nanoseconds.
    OutOfRange,
    /// Zero or less where something must pass.
    NotPositive,
}

impl fmt::Display for DurationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let problem = match self.problem {
            DurationProblem::DivisionByZero => "division by zero",
            DurationProblem::ModuloByZero => "modulo by zero",
            DurationProblem::NotFinite => "duration is NaN or infinite",
            DurationProblem::OutOfRange => "duration is out of range",
            DurationProblem::NotPositive => "duration must be greater than 0",
        };
        write!(f, "{}:{}: {problem}", self.span.start, self.span.end)
    }
}

impl std::error::Error for DurationError {}

impl DurationExpr {
    fn evaluate(&self, step: DurationMs, range: DurationMs) -> Result<f64, DurationError> {
        let of = |expr: &Self| expr.evaluate(step, range);
        Ok(match &self.kind {
            DurationKind::Number(seconds, _) => *seconds,
            DurationKind::Step => step.as_seconds(),
            DurationKind::Range => range.as_seconds(),
            DurationKind::MinOf(a, b) => of(a)?.min(of(b)?),
            DurationKind::MaxOf(a, b) => of(a)?.max(of(b)?),
            DurationKind::Unary(Sign::Plus, inner) | DurationKind::Paren(inner) => of(inner)?,
            DurationKind::Unary(Sign::Minus, inner) => -of(inner)?,
            DurationKind::Binary(op, left, right) => self.apply(*op, of(left)?, of(right)?)?,
        })
    }

    fn apply(&self, op: DurationOp, left: f64, right: f64) -> Result<f64, DurationError> {
        let problem = |problem| {
            Err(DurationError {
                span: self.span,
                problem,
            })
        };
        Ok(match op {
            DurationOp::Add => left + right,
            DurationOp::Sub => left - right,
            DurationOp::Mul => left * right,
            DurationOp::Div if right == 0.0 => return problem(DurationProblem::DivisionByZero),
            DurationOp::Div => left / right,
            DurationOp::Mod if right == 0.0 => return problem(DurationProblem::ModuloByZero),
            DurationOp::Mod => left % right,
            DurationOp::Pow => left.powf(right),
        })
    }
}

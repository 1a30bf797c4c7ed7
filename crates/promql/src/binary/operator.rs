//! What operators make of two samples.
//!
//! Source: Prometheus 3.14, `promql/engine.go`, `vectorElemBinop`.

use super::{filter_operator, scalar_operator};
use crate::annotations::{Note, Operation};
use crate::eval::Evaluator;
use crate::histogram::{self, Incompatible, Keep, Total};
use crate::series::{ABSENT, Sample, Series};
use model::{Histogram, ResetHint};
use promql_syntax::{Binary, BinaryOp, Span};
use std::sync::Arc;

/// An operator between elements of vectors.
#[derive(Clone, Copy)]
pub(super) struct Operator<'e> {
    ev: &'e Evaluator<'e>,
    op: BinaryOp,
    returns_bool: bool,
    span: Span,
    /// Between numbers; `None` for operators that only histograms have.
    pub(super) floats: Option<fn(f64, f64) -> f64>,
}

/// One operand.
#[derive(Debug, Clone, Copy)]
pub(super) enum Operand<'h> {
    Float(f64),
    Histogram(&'h Arc<Histogram>),
}

impl<'h> Operand<'h> {
    /// The sample of a series, which must be there.
    pub(super) fn of(series: &'h Series, k: usize) -> Self {
        match series.histogram(k) {
            Some(histogram) => Self::Histogram(histogram),
            None => Self::Float(series.values.get(k).copied().unwrap_or(ABSENT)),
        }
    }

    fn kind(self) -> &'static str {
        match self {
            Self::Float(_) => "float",
            Self::Histogram(_) => "histogram",
        }
    }
}

impl<'e> Operator<'e> {
    pub(super) fn of(ev: &'e Evaluator<'e>, binary: &Binary, span: Span) -> Self {
        let floats = match filter_operator(binary.op) {
            Some(filter) if !binary.returns_bool => Some(filter),
            _ => scalar_operator(binary.op).ok(),
        };
        Self {
            ev,
            op: binary.op,
            returns_bool: binary.returns_bool,
            span,
            floats,
        }
    }

    /// The outcome for two operands; `None` where there is none, with a note if they do not go together.
    pub(super) fn apply(&self, left: Operand<'_>, right: Operand<'_>) -> Option<Sample> {
        use Operand::{Float, Histogram};
        let made = |histogram| Some(Sample::Histogram(Arc::new(histogram)));
        match (left, right, self.op, self.floats) {
            (Float(a), Float(b), _, Some(op)) => {
                let value = op(a, b);
                (!crate::series::is_absent(value)).then_some(Sample::Float(value))
            }
            (Float(factor), Histogram(histogram), BinaryOp::Mul, _)
            | (Histogram(histogram), Float(factor), BinaryOp::Mul, _) => {
                made(histogram::multiplied(histogram, factor))
            }
            (Histogram(histogram), Float(divisor), BinaryOp::Div, _) => {
                made(histogram::divided(histogram, divisor))
            }
            (Histogram(histogram), Float(limit), BinaryOp::TrimUpper, _) => {
                made(histogram::trimmed(histogram, limit, Keep::Below))
            }
            (Histogram(histogram), Float(limit), BinaryOp::TrimLower, _) => {
                made(histogram::trimmed(histogram, limit, Keep::Above))
            }
            (Histogram(a), Histogram(b), BinaryOp::Add, _) => self.add(a, b),
            (Histogram(a), Histogram(b), BinaryOp::Sub, _) => self.subtract(a, b),
            (Histogram(a), Histogram(b), BinaryOp::Equal | BinaryOp::NotEqual, _) => {
                let holds = histogram::is_same(a, b) == (self.op == BinaryOp::Equal);
                if self.returns_bool {
                    Some(Sample::Float(f64::from(holds)))
                } else {
                    holds.then(|| Sample::Histogram(Arc::clone(a)))
                }
            }
            _ => {
                let note = Note::IncompatibleTypes {
                    op: self.op.as_str(),
                    left: left.kind(),
                    right: right.kind(),
                };
                self.ev.note(note, self.span);
                None
            }
        }
    }

    fn add(&self, a: &Histogram, b: &Histogram) -> Option<Sample> {
        let mut total = Total::of(a);
        self.note(total.add(b), Operation::Addition)?;
        Some(Sample::Histogram(Arc::new(total.finish())))
    }

    fn subtract(&self, a: &Histogram, b: &Histogram) -> Option<Sample> {
        let mut total = Total::of(a);
        self.note(total.subtract(b), Operation::Subtraction)?;
        total.reset_hint = ResetHint::Gauge;
        Some(Sample::Histogram(Arc::new(total.finish())))
    }

    fn note(
        &self,
        outcome: Result<histogram::Added, Incompatible>,
        operation: Operation,
    ) -> Option<()> {
        let note = |note| self.ev.note(note, self.span);
        let Ok(added) = outcome else {
            note(Note::IncompatibleBuckets(self.op.as_str()));
            return None;
        };
        if added.hints_conflict {
            note(Note::ConflictingResets(operation));
        }
        if added.bounds_reconciled {
            note(Note::ReconciledBounds(operation));
        }
        Some(())
    }
}

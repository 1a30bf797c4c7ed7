//! Operators with two operands.

mod matching;
mod one_side;
mod operator;
mod sets;
mod vectors;

use crate::eval::{Evaluator, Reading, has_one_name};
use crate::grid::Grid;
use crate::series::{ABSENT, Scalars, Series, Sink, is_absent};
use crate::{Error, Result};
use operator::{Operand, Operator};
use promql_syntax::{Binary, BinaryOp, Span};

/// What an operator makes of two numbers; for comparisons 0 or 1.
pub(crate) fn scalar_operator(op: BinaryOp) -> Result<fn(f64, f64) -> f64> {
    Ok(match op {
        BinaryOp::Add => |a, b| a + b,
        BinaryOp::Sub => |a, b| a - b,
        BinaryOp::Mul => |a, b| a * b,
        BinaryOp::Div => |a, b| a / b,
        BinaryOp::Mod => |a, b| a % b,
        BinaryOp::Pow => f64::powf,
        BinaryOp::Atan2 => f64::atan2,
        BinaryOp::Equal => |a, b| f64::from(a == b),
        BinaryOp::NotEqual => |a, b| f64::from(a != b),
        BinaryOp::Less => |a, b| f64::from(a < b),
        BinaryOp::Greater => |a, b| f64::from(a > b),
        BinaryOp::LessEqual => |a, b| f64::from(a <= b),
        BinaryOp::GreaterEqual => |a, b| f64::from(a >= b),
        BinaryOp::TrimUpper
        | BinaryOp::TrimLower
        | BinaryOp::And
        | BinaryOp::Or
        | BinaryOp::Unless => return Err(Error::ScalarOperator(op.as_str())),
    })
}

/// What a comparison without `bool` leaves of its left operand.
fn filter_operator(op: BinaryOp) -> Option<fn(f64, f64) -> f64> {
    fn keep(value: f64, kept: bool) -> f64 {
        if kept { value } else { ABSENT }
    }
    Some(match op {
        BinaryOp::Equal => |a, b| keep(a, a == b),
        BinaryOp::NotEqual => |a, b| keep(a, a != b),
        BinaryOp::Less => |a, b| keep(a, a < b),
        BinaryOp::Greater => |a, b| keep(a, a > b),
        BinaryOp::LessEqual => |a, b| keep(a, a <= b),
        BinaryOp::GreaterEqual => |a, b| keep(a, a >= b),
        _ => return None,
    })
}

/// Streams an operation with at least one vector.
pub(crate) fn stream(
    ev: &Evaluator<'_>,
    binary: &Binary,
    span: Span,
    grid: Grid,
    sink: Sink<'_>,
) -> Result<()> {
    if binary.op.is_set() {
        return sets::stream(ev, binary, grid, sink);
    }
    let op = Operator::of(ev, binary, span);
    let mut evaluate = || match (
        Evaluator::is_scalar(&binary.left),
        Evaluator::is_scalar(&binary.right),
    ) {
        (false, false) => vectors::stream(ev, binary, op, grid, sink),
        (scalar_left, _) => with_scalar(ev, binary, op, scalar_left, grid, sink),
    };
    if matches!(binary.op, BinaryOp::TrimUpper | BinaryOp::TrimLower) {
        ev.reading(Reading::Whole, evaluate)
    } else {
        evaluate()
    }
}

/// An operation between every element of a vector and a scalar.
fn with_scalar(
    ev: &Evaluator<'_>,
    binary: &Binary,
    op: Operator<'_>,
    scalar_left: bool,
    grid: Grid,
    sink: Sink<'_>,
) -> Result<()> {
    let (scalar, vector) = if scalar_left {
        (&binary.left, &binary.right)
    } else {
        (&binary.right, &binary.left)
    };
    let scalars = ev.scalar(scalar, grid)?;
    let filters = binary.op.is_comparison() && !binary.returns_bool;
    let mut each = |sink: Sink<'_>| {
        ev.stream(vector, grid, &mut |series| {
            ev.budget.work(series.values.len())?;
            match op.floats {
                Some(floats) if series.histograms.is_empty() => {
                    for (k, value) in series.values.iter_mut().enumerate() {
                        if is_absent(*value) {
                            continue;
                        }
                        let scalar = scalars.at(k);
                        let outcome = if scalar_left {
                            floats(scalar, *value)
                        } else {
                            floats(*value, scalar)
                        };
                        // Whichever side the vector is on, its value is what a filter keeps.
                        if !filters || is_absent(outcome) {
                            *value = outcome;
                        }
                    }
                }
                _ => mixed_with_scalar(op, series, &scalars, scalar_left, filters),
            }
            sink(series)
        })
    };
    // A filter keeps names; so do the operators that cut histograms.
    let keeps_names = filters || matches!(binary.op, BinaryOp::TrimUpper | BinaryOp::TrimLower);
    if keeps_names {
        each(sink)
    } else {
        ev.drop_names(has_one_name(vector), sink, &mut each)
    }
}

/// The same for a series with histograms, or an operator that only histograms have.
fn mixed_with_scalar(
    op: Operator<'_>,
    series: &mut Series,
    scalars: &Scalars,
    scalar_left: bool,
    filters: bool,
) {
    for k in 0..series.values.len() {
        if series.values.get(k).is_none_or(|value| is_absent(*value)) {
            continue;
        }
        let scalar = Operand::Float(scalars.at(k));
        let element = Operand::of(series, k);
        let outcome = if scalar_left {
            op.apply(scalar, element)
        } else {
            op.apply(element, scalar)
        };
        if !filters || outcome.is_none() {
            series.set(k, outcome);
        }
    }
}

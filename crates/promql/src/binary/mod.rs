//! Operators with two operands.

mod matching;
mod one_side;
mod sets;
mod vectors;

use crate::annotations::Note;
use crate::eval::Evaluator;
use crate::grid::Grid;
use crate::series::{ABSENT, Sink, is_absent};
use crate::{Error, Result};
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

/// The operator between numbers of vectors; `None` for those that only histograms have.
fn vector_operator(binary: &Binary) -> Option<fn(f64, f64) -> f64> {
    match filter_operator(binary.op) {
        Some(filter) if !binary.returns_bool => Some(filter),
        _ => scalar_operator(binary.op).ok(),
    }
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
    let Some(op) = vector_operator(binary) else {
        return note_floats(ev, binary, span, grid);
    };
    match (
        Evaluator::is_scalar(&binary.left),
        Evaluator::is_scalar(&binary.right),
    ) {
        (false, false) => vectors::stream(ev, binary, op, grid, sink),
        (scalar_left, _) => with_scalar(ev, binary, op, scalar_left, grid, sink),
    }
}

/// Histograms' operators find nothing to do among numbers.
fn note_floats(ev: &Evaluator<'_>, binary: &Binary, span: Span, grid: Grid) -> Result<()> {
    let op = binary.op.as_str();
    let mut any = false;
    for side in [&binary.left, &binary.right] {
        if !Evaluator::is_scalar(side) {
            let mut found = false;
            ev.stream(side, grid, &mut |series| {
                found |= !series.is_empty();
                Ok(())
            })?;
            any = found;
        }
    }
    if any {
        ev.note(
            Note::IncompatibleTypes {
                op,
                left: "float",
                right: "float",
            },
            span,
        );
    }
    Ok(())
}

/// An operation between every element of a vector and a scalar.
fn with_scalar(
    ev: &Evaluator<'_>,
    binary: &Binary,
    op: fn(f64, f64) -> f64,
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
    if !filters {
        return ev.map_values(vector, grid, sink, &mut |k, value| {
            let scalar = scalars.at(k);
            if scalar_left {
                op(scalar, value)
            } else {
                op(value, scalar)
            }
        });
    }
    // Whichever side the vector is on, its value is what stays.
    ev.stream(vector, grid, &mut |series| {
        ev.budget.work(series.values.len())?;
        for (k, value) in series.values.iter_mut().enumerate() {
            if is_absent(*value) {
                continue;
            }
            let scalar = scalars.at(k);
            let outcome = if scalar_left {
                op(scalar, *value)
            } else {
                op(*value, scalar)
            };
            if is_absent(outcome) {
                *value = ABSENT;
            }
        }
        sink(series)
    })
}

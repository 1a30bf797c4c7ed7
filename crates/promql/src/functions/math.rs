//! Functions of single values.

use super::arg;
use crate::Result;
use crate::eval::{Evaluator, has_one_name};
use crate::grid::Grid;
use crate::series::{ABSENT, Scalars, Sink, is_absent};
use promql_syntax::Call;

/// The function of one argument named `name`.
pub(super) fn function(name: &str) -> Option<fn(f64) -> f64> {
    Some(match name {
        "abs" => f64::abs,
        "ceil" => f64::ceil,
        "floor" => f64::floor,
        "exp" => f64::exp,
        "ln" => f64::ln,
        "log2" => f64::log2,
        "log10" => f64::log10,
        "sqrt" => f64::sqrt,
        "sgn" => |v| {
            if v > 0.0 {
                1.0
            } else if v < 0.0 {
                -1.0
            } else {
                v
            }
        },
        "deg" => |v| v * 180.0 / std::f64::consts::PI,
        "rad" => |v| v * std::f64::consts::PI / 180.0,
        "sin" => f64::sin,
        "cos" => f64::cos,
        "tan" => f64::tan,
        "asin" => f64::asin,
        "acos" => f64::acos,
        "atan" => f64::atan,
        "sinh" => f64::sinh,
        "cosh" => f64::cosh,
        "tanh" => f64::tanh,
        "asinh" => f64::asinh,
        "acosh" => f64::acosh,
        "atanh" => f64::atanh,
        _ => return None,
    })
}

/// The larger; NaN if either is.
pub(super) fn max(a: f64, b: f64) -> f64 {
    if (a.is_nan() || b.is_nan()) && a.max(b) != f64::INFINITY {
        f64::NAN
    } else {
        a.max(b)
    }
}

/// The smaller; NaN if either is.
pub(super) fn min(a: f64, b: f64) -> f64 {
    if (a.is_nan() || b.is_nan()) && a.min(b) != f64::NEG_INFINITY {
        f64::NAN
    } else {
        a.min(b)
    }
}

/// `clamp`, `clamp_min`, `clamp_max`: nothing where the bounds are the wrong way round.
pub(super) fn clamp(ev: &Evaluator<'_>, call: &Call, grid: Grid, sink: Sink<'_>) -> Result<()> {
    let bound = |index: usize| ev.scalar(arg(call, index)?, grid);
    let (low, high) = match call.function.name {
        "clamp_min" => (bound(1)?, Scalars::Same(f64::INFINITY)),
        "clamp_max" => (Scalars::Same(f64::NEG_INFINITY), bound(1)?),
        _ => (bound(1)?, bound(2)?),
    };
    ev.map_values(arg(call, 0)?, grid, sink, &mut |k, value| {
        let (low, high) = (low.at(k), high.at(k));
        if high < low {
            ABSENT
        } else {
            max(low, min(high, value))
        }
    })
}

/// `round(v, to)`: to the nearest multiple, halves up.
pub(super) fn round(ev: &Evaluator<'_>, call: &Call, grid: Grid, sink: Sink<'_>) -> Result<()> {
    let to = match call.args.get(1) {
        Some(to) => ev.scalar(to, grid)?,
        None => Scalars::Same(1.0),
    };
    let expr = arg(call, 0)?;
    ev.drop_names(has_one_name(expr), sink, &mut |sink| {
        ev.stream(expr, grid, &mut |series| {
            series.keep_floats();
            for (k, value) in series.values.iter_mut().enumerate() {
                if !is_absent(*value) {
                    // Multiplying by the inverse loses less than dividing.
                    let inverse = 1.0 / to.at(k);
                    *value = (*value * inverse + 0.5).floor() / inverse;
                }
            }
            sink(series)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nan_wins_over_bounds() {
        assert!(max(f64::NAN, 1.0).is_nan() && min(1.0, f64::NAN).is_nan());
        assert_eq!((max(1.0, 2.0), min(1.0, 2.0)), (2.0, 1.0));
    }
}

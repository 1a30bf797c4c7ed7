//! The functions of the language.

mod absent;
mod calendar;
mod changes;
mod extended_histogram;
mod extended_rate;
mod histogram;
mod histogram_over_time;
mod histogram_rate;
mod info;
mod label_functions;
mod math;
mod native;
mod over_time;
mod over_time_columns;
mod range;
mod rate;
mod rate_columns;
mod regression;
mod sorting;
mod start_times;

pub(crate) use extended_histogram::HistogramLine;
pub(crate) use extended_rate::extended_samples;
pub(crate) use range::{drops_name, plain_range};

use crate::annotations::Note;
use crate::eval::{Evaluator, Pick, has_one_name};
use crate::grid::Grid;
use crate::series::{ABSENT, Scalars, Series, Sink, is_absent};
use crate::{Error, Result};
use model::Labels;
use promql_syntax::{Call, Expr, ExprKind, Span};

/// Whether a function of an instant vector changes the numbers of each series by itself, and drops names.
pub(crate) fn changes_values(name: &str) -> bool {
    math::function(name).is_some() || matches!(name, "clamp" | "clamp_min" | "clamp_max" | "round")
}

fn arg(call: &Call, index: usize) -> Result<&Expr> {
    call.args
        .get(index)
        .ok_or(Error::Unsupported("this number of arguments"))
}

/// A call with an instant vector as outcome.
pub(crate) fn stream(
    ev: &Evaluator<'_>,
    call: &Call,
    span: Span,
    grid: Grid,
    sink: Sink<'_>,
) -> Result<()> {
    let name = call.function.name;
    if let Some(function) = math::function(name) {
        return ev.map_values(arg(call, 0)?, grid, sink, &mut |_, value| function(value));
    }
    if let Some(part) = calendar::part(name) {
        return calendar::stream(ev, call, part, grid, sink);
    }
    match name {
        "clamp" | "clamp_min" | "clamp_max" => math::clamp(ev, call, grid, sink),
        "round" => math::round(ev, call, grid, sink),
        "vector" => {
            let scalars = ev.scalar(arg(call, 0)?, grid)?;
            let values = (0..grid.n).map(|k| scalars.at(k)).collect();
            sink(&mut Series::of_floats(Labels::empty(), false, values))
        }
        "timestamp" => timestamp(ev, call, grid, sink),
        "absent" => absent::absent(ev, call, grid, sink),
        "absent_over_time" => absent::absent_over_time(ev, call, grid, sink),
        "sort" | "sort_desc" | "sort_by_label" | "sort_by_label_desc" => {
            sorting::stream(ev, call, span, grid, sink)
        }
        "label_replace" => label_functions::replace(ev, call, grid, sink),
        "label_join" => label_functions::join(ev, call, grid, sink),
        "histogram_quantile" => histogram::quantile(ev, call, grid, sink),
        "histogram_quantiles" => histogram::quantiles(ev, call, grid, sink),
        "histogram_fraction" => histogram::fraction(ev, call, grid, sink),
        "start_timestamp" => start_timestamp(ev, call, grid, sink),
        "info" => info::stream(ev, call, grid, sink),
        _ => match native::function(name) {
            Some(function) => native::stream(ev, call, function, grid, sink),
            None => range::stream(ev, call, grid, sink),
        },
    }
}

/// A call with a scalar as outcome.
pub(crate) fn scalar(ev: &Evaluator<'_>, call: &Call, grid: Grid) -> Result<Scalars> {
    let both = |op: fn(f64, f64) -> f64| {
        let left = ev.scalar(arg(call, 0)?, grid)?;
        let right = ev.scalar(arg(call, 1)?, grid)?;
        Ok(left.zip(&right, grid.n, op))
    };
    let step = if ev.is_instant() {
        0.0
    } else {
        ev.query.step.as_seconds()
    };
    match call.function.name {
        "time" => Ok(Scalars::Each(
            grid.times().map(|time| time as f64 / 1000.0).collect(),
        )),
        "pi" => Ok(Scalars::Same(std::f64::consts::PI)),
        "start" => Ok(Scalars::Same(ev.query.start.as_seconds())),
        "end" => Ok(Scalars::Same(ev.query.end.as_seconds())),
        "range" => Ok(Scalars::Same(
            ev.query.end.as_seconds() - ev.query.start.as_seconds(),
        )),
        "step" => Ok(Scalars::Same(step)),
        "max_of" => both(math::max),
        "min_of" => both(math::min),
        "scalar" => only_element(ev, arg(call, 0)?, grid),
        _ => Err(Error::Unsupported("this function as a scalar")),
    }
}

/// `scalar(v)`: the value of the only element, NaN where there is none or more than one.
fn only_element(ev: &Evaluator<'_>, expr: &Expr, grid: Grid) -> Result<Scalars> {
    let mut found = vec![ABSENT; grid.n];
    let mut several = vec![false; grid.n];
    ev.stream(expr, grid, &mut |series| {
        series.keep_floats();
        for ((have, twice), value) in found.iter_mut().zip(&mut several).zip(&series.values) {
            if !is_absent(*value) {
                *twice |= !is_absent(*have);
                *have = *value;
            }
        }
        Ok(())
    })?;
    let values = found.into_iter().zip(several);
    let only = |(value, twice)| {
        if twice || is_absent(value) {
            f64::NAN
        } else {
            value
        }
    };
    Ok(Scalars::Each(values.map(only).collect()))
}

/// `timestamp(v)`: a plain selector's samples know their own time; anything else has the step's.
fn timestamp(ev: &Evaluator<'_>, call: &Call, grid: Grid, sink: Sink<'_>) -> Result<()> {
    let expr = arg(call, 0)?;
    ev.drop_names(has_one_name(expr), sink, &mut |sink| {
        if let ExprKind::Selector(selector) = &expr.unparenthesised().kind {
            return ev.stream_picked(selector, grid, Pick::Time, sink);
        }
        ev.stream(expr, grid, &mut |series| {
            for (k, value) in series.values.iter_mut().enumerate() {
                if !is_absent(*value) {
                    *value = grid.time(k) as f64 / 1000.0;
                }
            }
            series.histograms.clear();
            sink(series)
        })
    })
}

/// `start_timestamp(v)`: known of the samples of a plain selector, and nothing else.
fn start_timestamp(ev: &Evaluator<'_>, call: &Call, grid: Grid, sink: Sink<'_>) -> Result<()> {
    let expr = arg(call, 0)?;
    match &expr.unparenthesised().kind {
        ExprKind::Selector(selector) if ev.use_starts => {
            ev.drop_names(has_one_name(expr), sink, &mut |sink| {
                ev.stream_picked(selector, grid, Pick::Start, sink)
            })
        }
        _ => ev.stream(expr, grid, &mut |_| Ok(())),
    }
}

/// Notes every quantile that is none.
pub(crate) fn note_bad_quantiles(ev: &Evaluator<'_>, q: &Scalars, grid: Grid, span: Span) {
    let steps = match q {
        Scalars::Same(_) => grid.n.min(1),
        Scalars::Each(_) => grid.n,
    };
    for value in (0..steps).map(|k| q.at(k)) {
        if !(0.0..=1.0).contains(&value) {
            ev.note(Note::BadQuantile(value), span);
        }
    }
}

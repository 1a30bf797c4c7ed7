//! The functions of the language.

mod absent;
mod calendar;
mod extended_rate;
mod histogram;
mod info;
mod label_functions;
mod math;
mod over_time;
mod rate;
mod regression;
mod sorting;

pub(crate) use calendar::Date;

use crate::annotations::Note;
use crate::eval::{Evaluator, Window, WindowSeries, has_one_name};
use crate::grid::Grid;
use crate::series::{ABSENT, Scalars, Series, Sink, is_absent};
use crate::{Error, Result};
use model::Labels;
use promql_syntax::{Call, Expr, ExprKind, Span};

/// Computes one value per window.
trait RangeFunction {
    /// Sees all samples of a series before its windows come.
    fn column(&mut self, _values: &[f64]) {}

    /// The value for one window, which holds at least one sample; [`ABSENT`] for none.
    fn at(&mut self, window: &Window<'_>) -> Result<f64>;
}

impl<F: FnMut(&Window<'_>) -> f64> RangeFunction for F {
    fn at(&mut self, window: &Window<'_>) -> Result<f64> {
        Ok(self(window))
    }
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
            sink(&mut Series {
                labels: Labels::empty(),
                drop_name: false,
                values,
            })
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
        // Samples are numbers without start times: there is nothing to say about them.
        "histogram_avg" | "histogram_count" | "histogram_sum" | "histogram_stddev"
        | "histogram_stdvar" | "start_timestamp" => ev.stream(arg(call, 0)?, grid, &mut |_| Ok(())),
        "info" => info::stream(ev, call, grid, sink),
        _ => range_call(ev, call, grid, sink),
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
    let ExprKind::Selector(selector) = &expr.unparenthesised().kind else {
        return ev.map_values(expr, grid, sink, &mut |k, _| grid.time(k) as f64 / 1000.0);
    };
    ev.drop_names(has_one_name(expr), sink, &mut |sink| {
        ev.stream_sample_times(selector, grid, sink)
    })
}

/// Functions over windows.
fn range_call(ev: &Evaluator<'_>, call: &Call, grid: Grid, sink: Sink<'_>) -> Result<()> {
    let name = call.function.name;
    let matrix = call
        .args
        .iter()
        .find(|arg| arg.value_type() == promql_syntax::ValueType::Matrix)
        .ok_or(Error::Unsupported("this function"))?;
    let extension = extended_rate::extension_of(matrix, name)?;
    let param = |index: usize| ev.scalar(arg(call, index)?, grid);
    let mut function: Box<dyn RangeFunction> = match (name, extension) {
        ("rate" | "increase" | "delta", None) => Box::new(rate::Rate::of(name)),
        ("rate" | "increase" | "delta", Some(extension)) => {
            Box::new(extended_rate::ExtendedRate::of(name, extension))
        }
        ("changes", extension) => Box::new(extended_rate::anchored(extension, rate::changes)),
        ("resets", extension) => Box::new(extended_rate::anchored(extension, rate::resets)),
        ("irate", _) => Box::new(rate::irate),
        ("idelta", _) => Box::new(rate::idelta),
        ("deriv", _) => Box::new(regression::deriv),
        ("predict_linear", _) => regression::predict_linear(param(1)?),
        ("double_exponential_smoothing", _) => Box::new(regression::Smoothing {
            value: param(1)?,
            trend: param(2)?,
        }),
        ("quantile_over_time", _) => {
            let q = param(0)?;
            note_bad_quantiles(ev, &q, grid, arg(call, 0)?.span);
            over_time::quantile(q)
        }
        _ => over_time::function(name).ok_or(Error::Unsupported("this function"))?,
    };
    let counter = matches!(name, "rate" | "increase");
    let mut visit_all = |sink: Sink<'_>| {
        let mut out = Series::default();
        ev.windows(matrix, grid, &mut |series| {
            let any = fill(&mut *function, series, grid, &mut out)?;
            if any && counter {
                note_gauges(ev, series.labels, matrix.span);
            }
            if any { sink(&mut out) } else { Ok(()) }
        })
    };
    if matches!(name, "last_over_time" | "first_over_time") {
        return visit_all(sink);
    }
    ev.drop_names(has_one_name(matrix), sink, &mut visit_all)
}

/// Computes one series; whether it has a sample.
fn fill(
    function: &mut dyn RangeFunction,
    series: WindowSeries<'_>,
    grid: Grid,
    out: &mut Series,
) -> Result<bool> {
    out.values.clear();
    out.values.resize(grid.n, ABSENT);
    out.labels = series.labels.clone();
    out.drop_name = series.drop_name;
    function.column(series.values);
    let mut any = false;
    for window in series.windows() {
        let value = function.at(&window)?;
        if let Some(slot) = out.values.get_mut(window.k) {
            *slot = value;
        }
        any |= !is_absent(value);
    }
    Ok(any)
}

fn note_gauges(ev: &Evaluator<'_>, labels: &Labels, span: Span) {
    let metric = labels.metric_name();
    let counts = ["_total", "_sum", "_count", "_bucket"];
    if !metric.is_empty() && !counts.iter().any(|suffix| metric.ends_with(suffix)) {
        ev.note(Note::MaybeNotCounter(metric.to_owned()), span);
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

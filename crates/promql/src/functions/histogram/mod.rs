//! Quantiles and fractions of classic histograms: one series per bucket, the label `le` its bound.

mod buckets;

use super::{arg, note_bad_quantiles};
use crate::Result;
use crate::annotations::{Forced, Note, go_float};
use crate::eval::Evaluator;
use crate::grid::Grid;
use crate::series::{ABSENT, Scalars, Series, Sink, Table, is_absent};
use buckets::{Bucket, Correction};
use hashbrown::HashMap;
use model::{BUCKET_LABEL, Labels};
use promql_syntax::{Call, Expr};

/// The buckets of one histogram: bound and place in the table.
struct Histogram {
    labels: Labels,
    metric: String,
    parts: Vec<(f64, usize)>,
}

/// Finds the histograms in a vector.
fn group(ev: &Evaluator<'_>, expr: &Expr, table: &Table<'_>) -> Vec<Histogram> {
    let mut places: HashMap<Labels, usize> = HashMap::new();
    let mut found: Vec<Histogram> = Vec::new();
    for (index, series) in table.series.iter().enumerate() {
        let bound = series.labels.get(BUCKET_LABEL).unwrap_or("");
        let metric = if ev.delayed {
            series.labels.metric_name()
        } else {
            ""
        };
        let Ok(upper) = model::parse_value(bound) else {
            ev.note(
                Note::BadBucketLabel(bound.to_owned(), metric.to_owned()),
                expr.span,
            );
            continue;
        };
        let labels = series.labels.filtered(|name| name != BUCKET_LABEL);
        let place = *places.entry(labels.clone()).or_insert_with(|| {
            found.push(Histogram {
                labels,
                metric: metric.to_owned(),
                parts: Vec::new(),
            });
            found.len() - 1
        });
        if let Some(histogram) = found.get_mut(place) {
            histogram.parts.push((upper, index));
        }
    }
    for histogram in &mut found {
        histogram.parts.sort_by(|a, b| a.0.total_cmp(&b.0));
    }
    found
}

/// Streams one value per histogram and step, computed from the buckets that are there.
fn per_histogram(
    ev: &Evaluator<'_>,
    expr: &Expr,
    grid: Grid,
    sink: Sink<'_>,
    compute: &mut dyn FnMut(&Histogram, usize, &mut Vec<Bucket>) -> f64,
) -> Result<()> {
    ev.drop_names(false, sink, &mut |sink| {
        let table = ev.table(expr, grid)?;
        let mut out = Series::default();
        let mut buckets = Vec::new();
        for histogram in group(ev, expr, &table) {
            ev.budget
                .work(histogram.parts.len().saturating_mul(grid.n))?;
            out.values.clear();
            for k in 0..grid.n {
                buckets.clear();
                for (upper, index) in &histogram.parts {
                    let series = table.series.get(*index);
                    let count = series
                        .and_then(|s| s.values.get(k))
                        .copied()
                        .unwrap_or(ABSENT);
                    if !is_absent(count) {
                        buckets.push(Bucket {
                            upper: *upper,
                            count,
                        });
                    }
                }
                let value = if buckets.is_empty() {
                    ABSENT
                } else {
                    compute(&histogram, k, &mut buckets)
                };
                out.values.push(value);
            }
            out.labels = histogram.labels.clone();
            out.drop_name = false;
            sink(&mut out)?;
        }
        Ok(())
    })
}

/// `histogram_quantile(q, v)`.
pub(super) fn quantile(ev: &Evaluator<'_>, call: &Call, grid: Grid, sink: Sink<'_>) -> Result<()> {
    let q = ev.scalar(arg(call, 0)?, grid)?;
    note_bad_quantiles(ev, &q, grid, arg(call, 0)?.span);
    let expr = arg(call, 1)?;
    per_histogram(ev, expr, grid, sink, &mut |histogram, k, buckets| {
        noted_quantile(ev, expr, grid, (histogram, k), &q, buckets)
    })
}

fn noted_quantile(
    ev: &Evaluator<'_>,
    expr: &Expr,
    grid: Grid,
    (histogram, k): (&Histogram, usize),
    q: &Scalars,
    buckets: &mut Vec<Bucket>,
) -> f64 {
    let (value, correction) = buckets::quantile(q.at(k), buckets);
    if let Some(Correction { first, last, most }) = correction {
        let (from, to) = (grid.time(k), grid.time(k));
        let forced = Forced {
            first,
            last,
            most,
            samples: 1,
            from,
            to,
        };
        ev.note(
            Note::ForcedMonotonic(histogram.metric.clone(), forced),
            expr.span,
        );
    }
    value
}

/// `histogram_quantiles(v, label, q...)`: one series per quantile, told apart by the label.
pub(super) fn quantiles(ev: &Evaluator<'_>, call: &Call, grid: Grid, sink: Sink<'_>) -> Result<()> {
    let expr = arg(call, 0)?;
    let label = Evaluator::string(arg(call, 1)?)?;
    let mut table = ev.collect(&mut |inner| {
        for arg in call.args.iter().skip(2) {
            let q = ev.scalar(arg, grid)?;
            note_bad_quantiles(ev, &q, grid, arg.span);
            let text = open_metrics_float(q.at(0));
            let labelled = &mut |series: &mut Series| {
                series.labels = series.labels.to_builder().set(label, &text).build();
                inner(series)
            };
            per_histogram(ev, expr, grid, labelled, &mut |histogram, k, buckets| {
                noted_quantile(ev, expr, grid, (histogram, k), &q, buckets)
            })?;
        }
        Ok(())
    })?;
    // The label may have been there before.
    table.join_same()?;
    table.drain_into(sink)
}

/// A number as OpenMetrics writes label values: never like an integer.
fn open_metrics_float(value: f64) -> String {
    let text = go_float(value);
    let plain = value.is_finite() && !text.contains(['.', 'e']);
    if plain { format!("{text}.0") } else { text }
}

/// `histogram_fraction(lower, upper, v)`.
pub(super) fn fraction(ev: &Evaluator<'_>, call: &Call, grid: Grid, sink: Sink<'_>) -> Result<()> {
    let lower = ev.scalar(arg(call, 0)?, grid)?;
    let upper = ev.scalar(arg(call, 1)?, grid)?;
    per_histogram(ev, arg(call, 2)?, grid, sink, &mut |_, k, buckets| {
        buckets::fraction(lower.at(k), upper.at(k), buckets)
    })
}

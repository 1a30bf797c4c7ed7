//! Quantiles and fractions of histograms: native ones, and classic ones with one series per bucket, the
//! label `le` its bound.

mod buckets;

use super::{arg, note_bad_quantiles};
use crate::Result;
use crate::annotations::{Forced, Note, go_float};
use crate::eval::{Evaluator, Reading};
use crate::grid::Grid;
use crate::histogram::{self, Nans};
use crate::series::{ABSENT, Scalars, Series, Sink, Table, is_absent};
use buckets::{Bucket, Correction};
use hashbrown::HashMap;
use model::{BUCKET_LABEL, Histogram, Labels};
use promql_syntax::{Call, Expr};

/// The buckets of one classic histogram: bound and place in the table.
struct Classic {
    labels: Labels,
    metric: String,
    parts: Vec<(f64, usize)>,
    /// Shape: at which steps there is a native histogram with the same labels; empty if at none.
    shadowed: Vec<bool>,
}

/// The histograms in a vector.
struct Found {
    classic: Vec<Classic>,
    /// Where native ones are in the table, and where among the classic ones is one with their labels.
    native: Vec<(usize, Option<usize>)>,
}

impl Found {
    fn of(ev: &Evaluator<'_>, expr: &Expr, table: &Table<'_>) -> Self {
        let mut places: HashMap<Labels, usize> = HashMap::new();
        let mut classic: Vec<Classic> = Vec::new();
        for (index, series) in table.series.iter().enumerate() {
            if !has_floats(series) {
                continue;
            }
            let bound = series.labels.get(BUCKET_LABEL).unwrap_or("");
            let metric = visible_name(ev, &series.labels);
            let Ok(upper) = model::parse_value(bound) else {
                ev.note(Note::BadBucketLabel(bound.to_owned(), metric), expr.span);
                continue;
            };
            let labels = series.labels.filtered(|name| name != BUCKET_LABEL);
            let place = *places.entry(labels.clone()).or_insert_with(|| {
                classic.push(Classic {
                    labels,
                    metric,
                    parts: Vec::new(),
                    shadowed: Vec::new(),
                });
                classic.len() - 1
            });
            if let Some(histogram) = classic.get_mut(place) {
                histogram.parts.push((upper, index));
            }
        }
        let mut native = Vec::new();
        for (index, series) in table.series.iter().enumerate() {
            if series.histograms.iter().all(Option::is_none) {
                continue;
            }
            let place = places.get(&series.labels).copied();
            if let Some(same) = place.and_then(|place| classic.get_mut(place)) {
                same.shadowed = series.histograms.iter().map(Option::is_some).collect();
            }
            native.push((index, place));
        }
        for histogram in &mut classic {
            histogram.parts.sort_by(|a, b| a.0.total_cmp(&b.0));
        }
        Self { classic, native }
    }
}

fn has_floats(series: &Series) -> bool {
    let mut values = series.values.iter().enumerate();
    values.any(|(k, value)| !is_absent(*value) && series.histogram(k).is_none())
}

/// The metric name, if it is not dropped at once.
fn visible_name(ev: &Evaluator<'_>, labels: &Labels) -> String {
    let name = if ev.delayed { labels.metric_name() } else { "" };
    name.to_owned()
}

impl Classic {
    /// Collects the buckets that are there at step number `k`.
    fn collect(&self, table: &Table<'_>, k: usize, buckets: &mut Vec<Bucket>) {
        buckets.clear();
        for (upper, index) in &self.parts {
            let Some(series) = table.series.get(*index) else {
                continue;
            };
            let count = series.values.get(k).copied().unwrap_or(ABSENT);
            if !is_absent(count) && series.histogram(k).is_none() {
                buckets.push(Bucket {
                    upper: *upper,
                    count,
                });
            }
        }
    }
}

/// How to compute the value of a histogram at a step.
struct Compute<'f> {
    classic: &'f mut OnClassic<'f>,
    native: &'f mut OnNative<'f>,
}

/// From the buckets that are there.
type OnClassic<'f> = dyn FnMut(&Classic, usize, &mut Vec<Bucket>) -> f64 + 'f;

/// With what observations that were no numbers did.
type OnNative<'f> = dyn FnMut(&Histogram, usize) -> (f64, Option<Nans>) + 'f;

/// Streams one value per histogram and step.
fn per_histogram(
    ev: &Evaluator<'_>,
    expr: &Expr,
    grid: Grid,
    sink: Sink<'_>,
    compute: &mut Compute<'_>,
) -> Result<()> {
    ev.drop_names(false, sink, &mut |sink| {
        let table = ev.reading(Reading::Whole, || ev.table(expr, grid))?;
        let found = Found::of(ev, expr, &table);
        let mut buckets = Vec::new();
        for (index, same) in &found.native {
            let Some(series) = table.series.get(*index) else {
                continue;
            };
            ev.budget.work(grid.n)?;
            let metric = || visible_name(ev, &series.labels);
            let classic = same.and_then(|same| found.classic.get(same));
            let mut out = Series::blank_of(series.labels.clone(), false, grid.n);
            for (k, slot) in out.values.iter_mut().enumerate() {
                let Some(histogram) = series.histogram(k) else {
                    continue;
                };
                if let Some(classic) = classic {
                    classic.collect(&table, k, &mut buckets);
                    if !buckets.is_empty() {
                        ev.note(Note::MixedClassic(metric()), expr.span);
                        continue;
                    }
                }
                let (value, nans) = (compute.native)(histogram, k);
                *slot = value;
                match nans {
                    None => {}
                    Some(Nans::Result) => ev.note(Note::NanQuantile(metric()), expr.span),
                    Some(Nans::Skew) => ev.note(Note::SkewedQuantile(metric()), expr.span),
                    Some(Nans::Excluded) => ev.note(Note::NanFraction(metric()), expr.span),
                }
            }
            sink(&mut out)?;
        }
        for histogram in &found.classic {
            ev.budget
                .work(histogram.parts.len().saturating_mul(grid.n))?;
            let mut out = Series::blank_of(histogram.labels.clone(), false, grid.n);
            for (k, slot) in out.values.iter_mut().enumerate() {
                if histogram.shadowed.get(k) == Some(&true) {
                    continue;
                }
                histogram.collect(&table, k, &mut buckets);
                if !buckets.is_empty() {
                    *slot = (compute.classic)(histogram, k, &mut buckets);
                }
            }
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
    let mut compute = Compute {
        classic: &mut |histogram, k, buckets| {
            noted_quantile(ev, expr, grid, (histogram, k), &q, buckets)
        },
        native: &mut |histogram, k| histogram::quantile(q.at(k), histogram),
    };
    per_histogram(ev, expr, grid, sink, &mut compute)
}

fn noted_quantile(
    ev: &Evaluator<'_>,
    expr: &Expr,
    grid: Grid,
    (histogram, k): (&Classic, usize),
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
            let mut compute = Compute {
                classic: &mut |histogram, k, buckets| {
                    noted_quantile(ev, expr, grid, (histogram, k), &q, buckets)
                },
                native: &mut |histogram, k| histogram::quantile(q.at(k), histogram),
            };
            per_histogram(ev, expr, grid, labelled, &mut compute)?;
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
    let mut compute = Compute {
        classic: &mut |_, k, buckets| buckets::fraction(lower.at(k), upper.at(k), buckets),
        native: &mut |histogram, k| histogram::fraction(lower.at(k), upper.at(k), histogram),
    };
    per_histogram(ev, arg(call, 2)?, grid, sink, &mut compute)
}

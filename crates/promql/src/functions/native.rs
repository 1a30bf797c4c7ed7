//! Numbers of native histograms.

use super::arg;
use crate::Result;
use crate::eval::{Evaluator, Reading, has_one_name};
use crate::grid::Grid;
use crate::histogram;
use crate::series::{ABSENT, Series, Sink};
use model::Histogram;
use promql_syntax::Call;

/// The function of one histogram named `name`.
pub(super) fn function(name: &str) -> Option<fn(&Histogram) -> f64> {
    Some(match name {
        "histogram_count" => |histogram| histogram.count,
        "histogram_sum" => |histogram| histogram.sum,
        "histogram_avg" => |histogram| histogram.sum / histogram.count,
        "histogram_stdvar" => histogram::variance,
        "histogram_stddev" => |histogram| histogram::variance(histogram).sqrt(),
        _ => return None,
    })
}

pub(super) fn stream(
    ev: &Evaluator<'_>,
    call: &Call,
    function: fn(&Histogram) -> f64,
    grid: Grid,
    sink: Sink<'_>,
) -> Result<()> {
    let expr = arg(call, 0)?;
    let needs_buckets = matches!(call.function.name, "histogram_stdvar" | "histogram_stddev");
    let each = |sink: Sink<'_>| {
        let mut compute = |series: &mut Series| {
            ev.budget.work(series.values.len())?;
            if series.histograms.iter().all(Option::is_none) {
                return Ok(());
            }
            for (value, histogram) in series.values.iter_mut().zip(&series.histograms) {
                *value = histogram.as_ref().map_or(ABSENT, |one| function(one));
            }
            series.histograms.clear();
            if ev.delayed {
                series.drop_name = true;
            } else {
                // Type and unit stay, as they do in Prometheus.
                series.labels = series.labels.without_metric_name();
            }
            sink(series)
        };
        if needs_buckets {
            return ev.stream(expr, grid, &mut compute);
        }
        ev.reading(Reading::Stats, || ev.stream(expr, grid, &mut compute))
    };
    if ev.delayed || has_one_name(expr) {
        return each(sink);
    }
    let mut table = ev.collect(&mut |inner| each(&mut |series: &mut Series| inner(series)))?;
    table.join_same()?;
    table.drain_into(sink)
}

//! Whether every server holds the same data: nothing is timed before that is known.

use crate::generator::Shape;
use crate::remote_write::Timeline;
use crate::server::Server;
use crate::system::System;
use anyhow::Result;
use std::fmt::Write as _;

/// Samples of `metric` that the server holds between the ends of `timeline`.
///
/// # Errors
/// If the query fails.
pub(super) fn samples(server: &Server, metric: &str, timeline: Timeline) -> Result<f64> {
    // Past the last sample and before the first, so that no end is on a border.
    let range = (timeline.end_ms() - timeline.start_ms) / 1_000 + 10;
    let query = format!("sum(count_over_time({metric}[{range}s]))");
    Ok(server
        .number(&query, timeline.end_ms() + 500)?
        .unwrap_or(0.0))
}

/// Samples of `shape` that were loaded over `timeline` and that the server does not hold.
///
/// # Errors
/// If a query fails.
pub(super) fn lost(server: &Server, shape: &Shape, timeline: Timeline) -> Result<f64> {
    let mut lost = 0.0;
    for (metric, series) in shape.per_metric() {
        let expected = series as f64 * timeline.steps as f64;
        lost += (expected - samples(server, &metric, timeline)?).max(0.0);
    }
    Ok(lost)
}

/// Compares `count` and `sum` of every metric at the end of the data with the oracle, which is Prometheus,
/// and the number of samples with what was loaded. Says what it found, a line per server.
///
/// # Errors
/// If a query fails.
pub(super) fn compare(
    servers: &[Server],
    shape: &Shape,
    timeline: Timeline,
) -> Result<Vec<String>> {
    let oracle = servers
        .iter()
        .find(|server| server.system == System::Prometheus);
    let metrics: Vec<String> = shape.per_metric().into_keys().collect();
    let mut lines = Vec::new();
    for server in servers {
        let missing = lost(server, shape, timeline)?;
        let mut line = format!(
            "{}: {missing} of the samples loaded are missing",
            server.system.title()
        );
        if let Some(oracle) = oracle.filter(|oracle| oracle.system != server.system) {
            let mut other = Vec::new();
            for metric in &metrics {
                for function in ["count", "sum"] {
                    let query = format!("{function}({metric})");
                    let own = server.number(&query, timeline.end_ms())?;
                    let expected = oracle.number(&query, timeline.end_ms())?;
                    if !close(own, expected) {
                        other.push(format!("`{query}`"));
                    }
                }
            }
            let found = match other.as_slice() {
                [] => format!(
                    "count and sum of all {} metrics as in Prometheus",
                    metrics.len()
                ),
                [first, ..] => format!(
                    "{} of {} counts and sums differ, {first} among them",
                    other.len(),
                    metrics.len() * 2
                ),
            };
            let _ = write!(line, "; {found}");
        }
        line.push('.');
        println!("    {line}");
        lines.push(line);
    }
    Ok(lines)
}

/// Whether two sums are the same but for the order they were added up in.
fn close(one: Option<f64>, other: Option<f64>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => (one - other).abs() <= 1e-9 * one.abs().max(other.abs()),
        (one, other) => one == other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_may_differ_by_rounding_only() {
        assert!(close(Some(1.0), Some(1.0 + 1e-12)));
        assert!(!close(Some(1.0), Some(1.0 + 1e-6)));
        assert!(!close(Some(1.0), None));
        assert!(close(None, None));
    }
}

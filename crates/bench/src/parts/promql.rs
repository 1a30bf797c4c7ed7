//! Queries over many series: one metric over a long range, another with very many series.

use super::contest::contest;
use super::equality::compare;
use super::{NO_TARGETS, Part};
use crate::queries::{Query, Window};
use crate::remote_write::{Load, Outcome, Protocol, Timeline};
use crate::report::{Section, Target};
use crate::run::Bench;
use crate::server::Server;
use crate::sizes::STEP_MS;
use crate::system::System;
use anyhow::{Result, bail};

const LONG: &str = "node_cpu_seconds_1_total";
const WIDE: &str = "http_request_duration_seconds_bucket";

pub(super) fn run(bench: &Bench) -> Result<Section> {
    let sizes = (bench.sizes.long, bench.sizes.wide);
    let long = bench.shape(sizes.0.hosts, Some(LONG));
    let wide = bench.shape(sizes.1.hosts, Some(WIDE));
    let end = bench.data_end_ms();
    let long_time = Timeline::ending(end, STEP_MS, sizes.0.steps);
    let wide_time = Timeline::ending(end, STEP_MS, sizes.1.steps);
    let mut section = Part::Promql.section();
    let span = |steps: u64| format!("{} min at 15 s", steps as i64 * STEP_MS / 60_000);
    section.conditions = vec![
        (
            "data".to_owned(),
            format!("{}, {}", long.words(), span(sizes.0.steps)),
        ),
        (
            "and".to_owned(),
            format!("{}, {}", wide.words(), span(sizes.1.steps)),
        ),
        (
            "queries".to_owned(),
            format!(
                "kept-alive loopback, in turn on every server, {} rounds; caches of answers off",
                bench.options.repetitions
            ),
        ),
    ];
    let mut servers = Vec::new();
    for installed in &bench.installed {
        let folder = bench.fresh_folder(Part::Promql, installed.system)?;
        let server = Server::start(installed, &folder, NO_TARGETS)?;
        let load = |shape, time| Load::new(server.write_url(), Protocol::V1, shape, time);
        let (mut first, mut second) = (load(&long, long_time), load(&wide, wide_time));
        let together = sizes.0.steps.min(sizes.1.steps);
        accepted(server.system, first.advance(sizes.0.steps - together))?;
        // Step by step, so that neither is behind the other in time.
        for _ in 0..together {
            accepted(server.system, first.advance(1))?;
            accepted(server.system, second.advance(1))?;
        }
        accepted(server.system, second.finish())?;
        server.flush()?;
        println!("    {} is loaded", server.system.title());
        servers.push(server);
    }
    section.notes.extend(compare(&servers, &long, long_time)?);
    section.notes.extend(compare(&servers, &wide, wide_time)?);
    let window = Window {
        start_ms: long_time.start_ms,
        end_ms: end,
    };
    let times = |prometheus, victoria| Target::Times {
        prometheus,
        victoria,
    };
    let queries = [
        (
            Query::range(
                "rate by mode",
                None,
                60,
                format!("sum by (mode) (rate({LONG}[5m]))"),
            ),
            times(15.0, 3.0),
        ),
        (
            Query::instant("sum", format!("sum by (job) ({WIDE})")),
            times(40.0, 15.0),
        ),
        (
            Query::instant("topk", format!("topk(10, rate({WIDE}[5m]))")),
            times(20.0, 8.0),
        ),
    ];
    section.measures = contest(&servers, window, &queries, bench.options.repetitions.max(1))?;
    for server in servers {
        server.stop();
    }
    Ok(section)
}

fn accepted(system: System, outcome: Outcome) -> Result<()> {
    match outcome.first_error {
        Some(error) => bail!(
            "{} refused {} samples: {error}",
            system.title(),
            outcome.failed
        ),
        None => Ok(()),
    }
}

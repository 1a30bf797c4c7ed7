//! The same queries on every server in turn.

use crate::queries::{Difference, Query, Window};
use crate::report::{Measure, Target, figure, median};
use crate::server::Server;
use crate::system::System;
use anyhow::Result;
use std::time::{Duration, Instant};

/// Requests of a repetition: as many as fit into this time, within the bounds below.
const REPETITION: Duration = Duration::from_millis(250);
const FEWEST: usize = 1;
const MOST: usize = 30;

/// Times each query on each server, interleaved, `repetitions` times; a repetition's value is the median
/// of its requests. Every request asks about a moment of its own, so that no answer comes from a cache of
/// answers; the first, which also shows whether answers agree, is not counted.
///
/// # Errors
/// If a server ends, or refuses a query that it answered before.
pub(super) fn contest(
    servers: &[Server],
    window: Window,
    queries: &[(Query, Target)],
    repetitions: usize,
) -> Result<Vec<Measure>> {
    let mut measures = Vec::new();
    for (query, target) in queries {
        println!("    {}", query.title());
        let mut measure = Measure::new(query.title(), Some(*target));
        let (able, mut remarks) = agreement(servers, query, window)?;
        let mut cpu = vec![(0.0, 0_usize); able.len()];
        for repetition in 0..repetitions {
            for (server, cpu) in able.iter().zip(&mut cpu) {
                let before = server.cpu_seconds()?;
                let times = burst(server, query, window, repetition)?;
                cpu.0 += server.cpu_seconds()? - before;
                cpu.1 += times.len();
                measure.add(server.system, median(&times).unwrap_or(f64::NAN));
            }
        }
        let mut shares = Vec::new();
        for (server, (seconds, requests)) in able.iter().zip(cpu) {
            let title = server.system.title();
            shares.push(format!(
                "{title} {}",
                figure(seconds / requests as f64 * 1e3)
            ));
            let median = measure.median(server.system).unwrap_or(f64::NAN);
            println!("        {title:16} {:>10} ms", figure(median));
        }
        remarks.push(format!("CPU ms: {}", shares.join(", ")));
        measure.remark = remarks.join("; ");
        measures.push(measure);
    }
    Ok(measures)
}

/// Asks everybody once: who answers at all, and remarks on answers other than Prometheus'.
fn agreement<'a>(
    servers: &'a [Server],
    query: &Query,
    window: Window,
) -> Result<(Vec<&'a Server>, Vec<String>)> {
    let (mut answers, mut remarks) = (Vec::new(), Vec::new());
    for server in servers {
        match query.ask(server, window, 0) {
            Ok((answer, _)) => answers.push((server, answer)),
            Err(error) => {
                println!("        {} refuses: {error:#}", server.system.title());
                remarks.push(format!("{} refuses the query", server.system.title()));
            }
        }
    }
    let oracle = answers
        .iter()
        .find(|(server, _)| server.system == System::Prometheus);
    if let Some((_, oracle)) = oracle {
        for (server, answer) in &answers {
            if server.system != System::Prometheus {
                let difference = Difference::of(answer, oracle)?;
                remarks.push(format!("{}: {}", server.system.title(), difference.words()));
            }
        }
    }
    Ok((
        answers.into_iter().map(|(server, _)| server).collect(),
        remarks,
    ))
}

/// The times of a repetition's requests, in milliseconds.
fn burst(server: &Server, query: &Query, window: Window, repetition: usize) -> Result<Vec<f64>> {
    let begin = Instant::now();
    let mut times = Vec::new();
    while times.len() < FEWEST || (times.len() < MOST && begin.elapsed() < REPETITION) {
        // A second apart, and the same moments for every server.
        let shift = (repetition * MOST + times.len() + 1) as i64 * 1_000;
        let (_, took) = query.ask(server, window, shift)?;
        times.push(took.as_secs_f64() * 1e3);
    }
    Ok(times)
}

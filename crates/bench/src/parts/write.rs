//! Remote write: what it costs, what it leaves in memory, how soon it is there again after a death; then
//! the queries of everyday dashboards over it.

use super::contest::contest;
use super::equality::compare;
use super::{MIB, NO_TARGETS, Part};
use crate::disk;
use crate::generator::Shape;
use crate::queries::{Ask, Query, Window};
use crate::remote_write::{Load, Protocol, Timeline};
use crate::report::{Measure, Section, Target, figure};
use crate::run::Bench;
use crate::server::Server;
use crate::sizes::STEP_MS;
use crate::system::Installed;
use anyhow::{Result, bail};
use std::path::PathBuf;

/// A server under load.
struct Loaded<'a> {
    installed: &'a Installed,
    folder: PathBuf,
    server: Server,
    load: Load,
    cpu: f64,
    sent: u64,
    seconds: f64,
}

/// What the load came to.
struct Figures {
    cpu: Measure,
    rate: Measure,
    resident: Measure,
    anonymous: Measure,
    peak: Measure,
    live: Measure,
    restart: Measure,
    again: Measure,
}

pub(super) fn run(bench: &Bench) -> Result<Section> {
    let size = bench.sizes.write;
    let shape = bench.shape(size.hosts, None);
    let timeline = Timeline::ending(bench.data_end_ms(), STEP_MS, size.steps);
    let repetitions = bench.options.repetitions.max(1);
    let mut section = Part::Write.section();
    let hours = size.steps as f64 * STEP_MS as f64 / 3.6e6;
    section.conditions = vec![
        (
            "data".to_owned(),
            format!("{}, {} h at 15 s", shape.words(), figure(hours)),
        ),
        (
            "load".to_owned(),
            format!(
                "remote write 1.0, two connections on the same step, 5,000 samples a request, \
                 {repetitions} slices in turn on every server; work in the background counts"
            ),
        ),
        (
            "queries".to_owned(),
            format!(
                "kept-alive loopback, in turn on every server, {repetitions} rounds; caches of answers off"
            ),
        ),
    ];
    let mut loaded = start(bench, &shape, timeline)?;
    let mut figures = Figures::new();
    load(&mut loaded, size.steps, repetitions, &mut figures)?;
    let mut servers = Vec::new();
    for one in loaded {
        servers.push(figures.of(one, shape.series() as f64, &mut section.notes)?);
    }
    section.notes.extend(compare(&servers, &shape, timeline)?);
    let window = Window {
        start_ms: timeline.start_ms,
        end_ms: timeline.end_ms(),
    };
    let queries = queries();
    let asked = contest(&servers, window, &queries, repetitions)?;
    for server in servers {
        let resident = server.memory()?.resident as f64 / MIB;
        figures.again.add(server.system, resident);
        server.stop();
    }
    section.measures = figures.list();
    section.measures.extend(asked);
    Ok(section)
}

fn start<'a>(bench: &'a Bench, shape: &Shape, timeline: Timeline) -> Result<Vec<Loaded<'a>>> {
    let mut loaded = Vec::new();
    for installed in &bench.installed {
        let folder = bench.fresh_folder(Part::Write, installed.system)?;
        let server = Server::start(installed, &folder, NO_TARGETS)?;
        loaded.push(Loaded {
            installed,
            load: Load::new(server.write_url(), Protocol::V1, shape, timeline),
            cpu: server.cpu_seconds()?,
            folder,
            server,
            sent: 0,
            seconds: 0.0,
        });
    }
    Ok(loaded)
}

/// Loads slice by slice, in turn.
fn load(loaded: &mut [Loaded<'_>], steps: u64, slices: usize, figures: &mut Figures) -> Result<()> {
    let slice = steps.div_ceil(slices as u64);
    for number in 1..=slices {
        for one in loaded.iter_mut() {
            let outcome = one.load.advance(slice);
            let system = one.server.system;
            if let Some(error) = outcome.first_error {
                bail!(
                    "{} refused {} samples: {error}",
                    system.title(),
                    outcome.failed
                );
            }
            if outcome.sent == 0 {
                continue;
            }
            // From the end of the slice before: what it does in the background belongs to it.
            let cpu = one.server.cpu_seconds()?;
            let millions = outcome.sent as f64 / 1e6;
            figures.cpu.add(system, (cpu - one.cpu) / millions);
            figures.rate.add(system, outcome.seconds / millions);
            println!(
                "    slice {number} of {slices}, {}: {} core-s per million samples",
                system.title(),
                figure((cpu - one.cpu) / millions)
            );
            one.cpu = cpu;
            one.sent += outcome.sent;
            one.seconds += outcome.seconds;
        }
    }
    Ok(())
}

impl Figures {
    fn new() -> Self {
        let times = |prometheus, victoria| {
            Some(Target::Times {
                prometheus,
                victoria,
            })
        };
        Self {
            cpu: Measure::new(
                "remote write 1.0, core-s per million samples",
                times(8.0, 2.5),
            ),
            rate: Measure::new("the same, wall seconds per million samples", None),
            resident: Measure::new(
                "resident memory per active series after the load, KiB",
                times(5.0, 2.0),
            ),
            anonymous: Measure::new("the same without pages of files, KiB", None),
            peak: Measure::new("most memory resident during the load, MiB", None),
            live: Measure::new(
                "bytes per sample on disk after the load, everything included",
                None,
            ),
            restart: Measure::new("ready after `kill -9`, s", None),
            again: Measure::new(
                "memory resident after the restart and all queries, MiB",
                None,
            ),
        }
    }

    /// Takes the figures of a loaded server, kills it and starts it again.
    fn of(&mut self, one: Loaded<'_>, series: f64, notes: &mut Vec<String>) -> Result<Server> {
        let system = one.server.system;
        let memory = one.server.memory()?;
        self.resident
            .add(system, memory.resident as f64 / 1_024.0 / series);
        self.anonymous
            .add(system, memory.anonymous as f64 / 1_024.0 / series);
        self.peak.add(system, memory.peak as f64 / MIB);
        one.server.flush()?;
        let live = disk::bytes(&one.server.data()) as f64 / one.sent as f64;
        self.live.add(system, live);
        one.server.kill();
        let server = Server::start(one.installed, &one.folder, NO_TARGETS)?;
        self.restart.add(system, server.ready_after.as_secs_f64());
        let note = format!(
            "{}: {} samples in {} s of wall time.",
            system.title(),
            figure(one.sent as f64),
            figure(one.seconds)
        );
        println!("    {note}");
        notes.push(note);
        Ok(server)
    }

    fn list(self) -> Vec<Measure> {
        vec![
            self.cpu,
            self.rate,
            self.resident,
            self.anonymous,
            self.peak,
            self.live,
            self.restart,
            self.again,
        ]
    }
}

/// What dashboards and explorers ask.
fn queries() -> Vec<(Query, Target)> {
    let one = r#"{instance="host-00007.example.com:9100",device="dev0"}"#;
    let list = vec![
        Query::instant("one series", format!("node_memory_3_bytes{one}")),
        Query::instant("sum of a metric", "sum by (cluster) (node_memory_3_bytes)"),
        Query::instant(
            "rate of all byte counters",
            r#"sum by (job) (rate({__name__=~"node_bytes_.*_total"}[5m]))"#,
        ),
        Query::instant(
            "sum of many metrics",
            r#"sum by (job) ({__name__=~"node_bytes_.*_total"})"#,
        ),
        Query::instant("topk", "topk(10, rate(node_bytes_1_total[5m]))"),
        Query::range(
            "one series, 1 h",
            Some(1.0),
            15,
            format!("rate(node_cpu_seconds_1_total{one}[5m])"),
        ),
        Query::range(
            "rate by mode",
            None,
            60,
            "sum by (mode) (rate(node_cpu_seconds_1_total[5m]))",
        ),
        Query::range(
            "gauge by cluster",
            None,
            60,
            "avg by (cluster) (node_memory_3_bytes)",
        ),
        Query::range(
            "quantile of a histogram",
            None,
            60,
            "histogram_quantile(0.9, sum by (le) (rate(http_request_duration_seconds_bucket[5m])))",
        ),
        Query::range(
            "regular expression, max over time",
            None,
            60,
            r#"max by (cluster) (max_over_time(node_memory_3_bytes{instance=~"host-000[0-4].*"}[10m]))"#,
        ),
        Query {
            name: "values of a label",
            ask: Ask::LabelValues,
            text: "instance".to_owned(),
        },
        Query {
            name: "series",
            ask: Ask::Series,
            text: r#"node_load_1{cluster="c1"}"#.to_owned(),
        },
    ];
    list.into_iter()
        .map(|query| (query, Target::Query))
        .collect()
}

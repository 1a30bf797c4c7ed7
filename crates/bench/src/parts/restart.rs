//! Death with a long log, and how soon everything is there again.

use super::equality::lost;
use super::{MIB, NO_TARGETS, Part};
use crate::disk;
use crate::remote_write::{Load, Protocol, Timeline};
use crate::report::{Measure, Section, Target, figure};
use crate::run::Bench;
use crate::server::Server;
use crate::sizes::STEP_MS;
use anyhow::{Result, bail};

pub(super) fn run(bench: &Bench) -> Result<Section> {
    let size = bench.sizes.restart;
    let shape = bench.shape(size.hosts, None);
    let timeline = Timeline::ending(bench.data_end_ms(), STEP_MS, size.steps);
    let samples = shape.series() as f64 * size.steps as f64;
    let repetitions = bench.options.repetitions.max(1);
    let mut section = Part::Restart.section();
    section.conditions = vec![
        (
            "data".to_owned(),
            format!(
                "{}, {} samples by remote write",
                shape.words(),
                figure(samples)
            ),
        ),
        (
            "death".to_owned(),
            format!(
                "`kill -9` as soon as the last sample is acknowledged, then {repetitions} starts, each with \
                 what the death left; what is lost is counted per metric against what was acknowledged"
            ),
        ),
    ];
    let mut ready = Measure::new("from start to ready, s", Some(Target::AtMost(1.0)));
    let mut missing = Measure::new("acknowledged samples lost", Some(Target::AtMost(0.0)));
    let mut peak = Measure::new("most memory resident during the start, MiB", None);
    for installed in &bench.installed {
        let folder = bench.fresh_folder(Part::Restart, installed.system)?;
        let server = Server::start(installed, &folder, NO_TARGETS)?;
        let system = server.system;
        let outcome = Load::new(server.write_url(), Protocol::V1, &shape, timeline).finish();
        let data = server.data();
        server.kill();
        if let Some(error) = outcome.first_error {
            bail!(
                "{} refused {} samples: {error}",
                system.title(),
                outcome.failed
            );
        }
        let (log, all) = (disk::bytes(&data.join("wal")), disk::bytes(&data));
        let death = folder.join("death");
        std::fs::rename(&data, &death)?;
        for repetition in 0..repetitions {
            // A start may leave less to do for the next one.
            if data.exists() {
                std::fs::remove_dir_all(&data)?;
            }
            disk::copy(&death, &data)?;
            let server = Server::start(installed, &folder, NO_TARGETS)?;
            ready.add(system, server.ready_after.as_secs_f64());
            peak.add(system, server.memory()?.peak as f64 / MIB);
            println!(
                "    {}: {} s",
                system.title(),
                figure(server.ready_after.as_secs_f64())
            );
            // All starts are alike, and counting takes its time.
            if repetition == 0 || repetition + 1 == repetitions {
                missing.add(system, lost(&server, &shape, timeline)?);
            }
            server.kill();
        }
        let note = format!(
            "{}: {} MB on disk at the death, {} MB of them in the log.",
            system.title(),
            figure(all as f64 / 1e6),
            figure(log as f64 / 1e6)
        );
        println!("    {note}");
        section.notes.push(note);
    }
    section.measures = vec![ready, missing, peak];
    Ok(section)
}

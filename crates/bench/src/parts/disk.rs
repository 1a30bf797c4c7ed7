//! Bytes on disk, once every server has brought its data to its final form.

use super::equality::lost;
use super::{NO_TARGETS, Part};
use crate::disk::{blocks, bytes, settle};
use crate::remote_write::{Load, Protocol, Timeline};
use crate::report::{Measure, Section, Target, figure};
use crate::run::Bench;
use crate::server::Server;
use crate::sizes::STEP_MS;
use crate::system::System;
use anyhow::{Result, bail};

pub(super) fn run(bench: &Bench) -> Result<Section> {
    let size = bench.sizes.disk;
    let shape = bench.shape(size.hosts, None);
    let timeline = Timeline::ending(bench.data_end_ms(), STEP_MS, size.steps);
    let hours = size.steps as f64 * STEP_MS as f64 / 3.6e6;
    let mut section = Part::Disk.section();
    section.conditions = vec![
        ("data".to_owned(), format!("{}, {} h at 15 s", shape.words(), figure(hours))),
        (
            "at rest".to_owned(),
            format!(
                "after the load, and a forced merge where there is one, until the bytes on disk have \
                 not changed for {} s",
                bench.sizes.quiet.as_secs()
            ),
        ),
        (
            "compacted".to_owned(),
            "blocks with their index over the samples in them; for VictoriaMetrics, which has no log, \
             everything over all samples"
                .to_owned(),
        ),
    ];
    let mut compacted = Measure::new(
        "bytes per sample, compacted",
        Some(Target::Times {
            prometheus: 3.0,
            victoria: 1.0,
        }),
    );
    let mut all = Measure::new(
        "bytes per sample, everything on disk over all samples",
        None,
    );
    let mut cpu = Measure::new("core-s per million samples, compaction included", None);
    for installed in &bench.installed {
        let folder = bench.fresh_folder(Part::Disk, installed.system)?;
        let server = Server::start(installed, &folder, NO_TARGETS)?;
        let system = server.system;
        let outcome = Load::new(server.write_url(), Protocol::V1, &shape, timeline).finish();
        if let Some(error) = outcome.first_error {
            bail!(
                "{} refused {} samples: {error}",
                system.title(),
                outcome.failed
            );
        }
        server.flush()?;
        server.merge()?;
        let rests = settle(&server.data(), bench.sizes.quiet, bench.sizes.settle_limit);
        let sent = outcome.sent as f64;
        cpu.add(system, server.cpu_seconds()? / sent * 1e6);
        let everything = bytes(&server.data()) as f64 / sent;
        all.add(system, everything);
        let blocks = blocks(&server.data());
        if system == System::Victoria {
            compacted.add(system, everything);
        } else if blocks.samples > 0 {
            compacted.add(system, blocks.bytes as f64 / blocks.samples as f64);
        }
        let missing = lost(&server, &shape, timeline)?;
        let note = format!(
            "{}: {} samples, {missing} missing; {} blocks with {} samples; {}.",
            system.title(),
            figure(sent),
            blocks.count,
            figure(blocks.samples as f64),
            if rests {
                "came to rest"
            } else {
                "had not come to rest when it was measured"
            },
        );
        println!("    {note}");
        section.notes.push(note);
        server.stop();
    }
    section.measures = vec![compacted, all, cpu];
    Ok(section)
}

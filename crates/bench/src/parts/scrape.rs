//! Processor time of scraping: every target every second, one server after the other.

use super::pages::Pages;
use super::{MIB, Part};
use crate::report::{Measure, Section, Target, figure};
use crate::run::Bench;
use crate::server::Server;
use anyhow::Result;
use std::time::{Duration, Instant};

pub(super) fn run(bench: &Bench) -> Result<Section> {
    let size = bench.sizes.scrape;
    let shape = bench.shape(size.hosts, None);
    let windows = bench.options.repetitions.max(1);
    let mut section = Part::Scrape.section();
    section.conditions = vec![
        ("data".to_owned(), shape.words()),
        (
            "scraping".to_owned(),
            format!(
                "every {} s, plain text; {} s measured in {windows} windows after {} s, one server after the other",
                size.interval_s,
                size.measured.as_secs(),
                size.warm_up.as_secs()
            ),
        ),
    ];
    let mut cpu = Measure::new(
        "scraping, core-s per million samples",
        Some(Target::Times {
            prometheus: 6.0,
            victoria: 8.0,
        }),
    );
    let per_series = Target::Times {
        prometheus: 5.0,
        victoria: 2.0,
    };
    let mut resident = Measure::new("resident memory per active series, KiB", Some(per_series));
    let mut anonymous = Measure::new("the same without pages of files, KiB", None);
    let mut peak = Measure::new("most memory resident, MiB", None);
    for installed in &bench.installed {
        let pages = Pages::start(&shape, size.interval_s)?;
        let config = pages.config(&shape, size.interval_s);
        let folder = bench.fresh_folder(Part::Scrape, installed.system)?;
        let server = Server::start(installed, &folder, &config)?;
        std::thread::sleep(size.warm_up);
        let (begin, pages_cpu) = (Instant::now(), pages.cpu_seconds()?);
        let mut samples = 0;
        for _ in 0..windows {
            let (asked, taken) = (pages.asked()?, server.cpu_seconds()?);
            std::thread::sleep(size.measured / u32::try_from(windows)?);
            let scraped = (pages.asked()? - asked) * shape.lines;
            let taken = server.cpu_seconds()? - taken;
            cpu.add(server.system, taken / scraped as f64 * 1e6);
            samples += scraped;
        }
        let elapsed = begin.elapsed().as_secs_f64();
        let memory = server.memory()?;
        let series = shape.series() as f64;
        resident.add(server.system, memory.resident as f64 / 1_024.0 / series);
        anonymous.add(server.system, memory.anonymous as f64 / 1_024.0 / series);
        peak.add(server.system, memory.peak as f64 / MIB);
        let pages_cpu = (pages.cpu_seconds()? - pages_cpu) / elapsed * 100.0;
        let rate = samples as f64 / elapsed;
        let up = all_up(bench, &server, shape.instances)?;
        let note = format!(
            "{}: {} samples/s, {up}; the pages took {} % of a core.",
            server.system.title(),
            figure(rate),
            figure(pages_cpu)
        );
        println!("    {note}");
        section.notes.push(note);
        server.stop();
    }
    section.measures = vec![cpu, resident, anonymous, peak];
    Ok(section)
}

/// Whether the server stored what it scraped: `up` of all targets, in words.
pub(super) fn all_up(bench: &Bench, server: &Server, targets: usize) -> Result<String> {
    let begin = Instant::now();
    loop {
        let up = server.number("sum(up)", bench.now_ms())?.unwrap_or(0.0);
        // What was scraped last takes a moment to show.
        if up == targets as f64 || begin.elapsed() > Duration::from_secs(15) {
            return Ok(format!("{up} of {targets} targets up"));
        }
        std::thread::sleep(Duration::from_millis(500));
    }
}

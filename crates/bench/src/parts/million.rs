//! Many series over a while: memory, and how late scrapes come when the server is busy with itself.

use super::lateness::{lateness, quantile};
use super::pages::Pages;
use super::scrape::all_up;
use super::{MIB, Part};
use crate::disk;
use crate::report::{Measure, Section, Target, figure};
use crate::run::Bench;
use crate::server::Server;
use crate::system::System;
use anyhow::Result;
use std::time::{Duration, Instant};

pub(super) fn run(bench: &Bench) -> Result<Section> {
    let size = bench.sizes.million;
    let shape = bench.shape(size.hosts, None);
    let mut section = Part::Million.section();
    section.conditions = vec![
        ("data".to_owned(), shape.words()),
        (
            "scraping".to_owned(),
            format!(
                "every {} s for {} s after {} s; scrapes are timed where they arrive",
                size.interval_s,
                size.measured.as_secs(),
                size.warm_up.as_secs()
            ),
        ),
    ];
    let mut most = Measure::new("most memory resident, MiB", Some(Target::AtMost(700.0)));
    let mut anonymous = Measure::new("memory without pages of files at the end, MiB", None);
    let mut late = Measure::new("latest scrape of the run, ms", Some(Target::AtMost(50.0)));
    let mut usual = Measure::new("scrapes late by less than this: 99.9 %, ms", None);
    let mut longest = Measure::new("longest scrape, as the server tells, ms", None);
    let mut cpu = Measure::new("core-s per million samples, everything included", None);
    let interval_ms = size.interval_s as f64 * 1e3;
    for installed in &bench.installed {
        if installed.system != System::Watchfire && !bench.options.million_peers {
            continue;
        }
        let pages = Pages::start(&shape, size.interval_s)?;
        let config = pages.config(&shape, size.interval_s);
        let folder = bench.fresh_folder(Part::Million, installed.system)?;
        let server = Server::start(installed, &folder, &config)?;
        std::thread::sleep(size.warm_up);
        let warm = pages.arrivals()?;
        let (begin, taken) = (Instant::now(), server.cpu_seconds()?);
        let (mut peak, mut blocks, mut written) = (0, disk::blocks(&server.data()).count, 0);
        while begin.elapsed() < size.measured {
            std::thread::sleep(Duration::from_secs(1));
            peak = peak.max(server.memory()?.resident);
            let now = disk::blocks(&server.data()).count;
            written += now.saturating_sub(blocks);
            blocks = now;
        }
        let arrivals = pages.arrivals()?;
        let taken = server.cpu_seconds()? - taken;
        let mut all: Vec<f64> = arrivals
            .iter()
            .zip(&warm)
            .flat_map(|(all, warm)| {
                lateness(all.get(warm.len()..).unwrap_or_default(), interval_ms)
            })
            .collect();
        all.sort_by(f64::total_cmp);
        let samples = all.len() * shape.lines;
        let system = server.system;
        most.add(system, peak as f64 / MIB);
        anonymous.add(system, server.memory()?.anonymous as f64 / MIB);
        late.add(system, all.last().copied().unwrap_or(f64::NAN));
        usual.add(system, quantile(&all, 0.999).unwrap_or(f64::NAN));
        cpu.add(system, taken / samples as f64 * 1e6);
        let query = "max(max_over_time(scrape_duration_seconds[1h]))";
        if let Some(seconds) = server.number(query, bench.now_ms())? {
            longest.add(system, seconds * 1e3);
        }
        let up = all_up(bench, &server, shape.instances)?;
        let note = format!(
            "{}: {} samples/s, {up}; {written} blocks were written meanwhile; {} MB on disk at the end.",
            system.title(),
            figure(samples as f64 / begin.elapsed().as_secs_f64()),
            figure(disk::bytes(&server.data()) as f64 / 1e6),
        );
        println!("    {note}");
        section.notes.push(note);
        server.stop();
    }
    section.measures = vec![most, anonymous, late, usual, longest, cpu];
    Ok(section)
}

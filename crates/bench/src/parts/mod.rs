//! The parts of a run.

mod contest;
mod disk;
mod equality;
mod lateness;
mod million;
mod pages;
mod promql;
mod restart;
mod scrape;
mod write;

use crate::report::Section;
use crate::run::Bench;
use anyhow::Result;
use clap::ValueEnum;

/// A part, which can be run alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// Processor time of scraping every second.
    Scrape,
    /// Processor time and memory of remote write, then queries.
    Write,
    /// Processor time of queries over many series and long ranges.
    Promql,
    /// Bytes on disk once everything has come to rest.
    Disk,
    /// Start after a death with a long log.
    Restart,
    /// A million series.
    Million,
}

impl Part {
    /// The word on the command line and in files.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Scrape => "scrape",
            Self::Write => "write",
            Self::Promql => "promql",
            Self::Disk => "disk",
            Self::Restart => "restart",
            Self::Million => "million",
        }
    }

    /// The heading on the page.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Scrape => "Scraping",
            Self::Write => "Remote write, then queries",
            Self::Promql => "Queries over many series",
            Self::Disk => "Disk",
            Self::Restart => "Start after `kill -9`",
            Self::Million => "Many series",
        }
    }

    /// Measures.
    ///
    /// # Errors
    /// If a server does not start, ends, or does not answer as its API promises.
    pub(crate) fn run(self, bench: &Bench) -> Result<Section> {
        let section = match self {
            Self::Scrape => scrape::run(bench),
            Self::Write => write::run(bench),
            Self::Promql => promql::run(bench),
            Self::Disk => disk::run(bench),
            Self::Restart => restart::run(bench),
            Self::Million => million::run(bench),
        };
        bench.clean(self);
        section
    }

    /// A section with nothing in it yet.
    fn section(self) -> Section {
        Section {
            part: self.key().to_owned(),
            title: self.title().to_owned(),
            conditions: Vec::new(),
            measures: Vec::new(),
            notes: Vec::new(),
        }
    }
}

/// Configuration of a server that scrapes nothing.
const NO_TARGETS: &str = "global:\n  scrape_interval: 15s\n";

/// Bytes in a mebibyte.
const MIB: f64 = 1_048_576.0;

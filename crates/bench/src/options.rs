//! The command line.

use crate::generator::{Mix, Shape};
use crate::parts::Part;
use crate::remote_write::Protocol;
use crate::system::System;
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// Measures Watchfire beside Prometheus and VictoriaMetrics.
#[derive(Debug, Parser)]
#[command(name = "watchfire-bench")]
pub struct Options {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Measures and writes the page.
    Run(Run),
    /// Shows the generator's data as pages to scrape; prints the port it listens on.
    Serve(Serve),
    /// Loads the generator's data into a receiver of remote write.
    Write(Write),
}

/// What is measured, and on which servers.
#[derive(Debug, Clone, Args)]
pub(crate) struct Run {
    /// A smoke run of a few minutes: everything scaled down, the page beside the results.
    #[arg(long)]
    pub(crate) quick: bool,
    /// Only these parts; the page keeps what earlier runs found for the others.
    #[arg(long, value_name = "PART", value_delimiter = ',')]
    pub(crate) only: Vec<Part>,
    /// Servers to measure; a peer that is not installed is left out.
    #[arg(
        long,
        value_delimiter = ',',
        default_value = "watchfire,prometheus,victoria"
    )]
    pub(crate) systems: Vec<System>,
    /// Our server.
    #[arg(long, default_value = "target/release/watchfire")]
    pub(crate) watchfire_bin: PathBuf,
    /// Prometheus.
    #[arg(long, default_value = "prometheus")]
    pub(crate) prometheus_bin: PathBuf,
    /// VictoriaMetrics.
    #[arg(long, default_value = "victoria-metrics")]
    pub(crate) victoria_bin: PathBuf,
    /// Where servers keep their data meanwhile, and results stay.
    #[arg(long, default_value = "target/bench")]
    pub(crate) folder: PathBuf,
    /// The page to write. Default: docs/benchmarks.md, or with --quick a page beside the results.
    #[arg(long)]
    pub(crate) page: Option<PathBuf>,
    /// What the data follows from.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// How much of the data moves.
    #[arg(long, value_enum, default_value_t = Mix::Normal)]
    pub(crate) mix: Mix,
    /// Repetitions of each timing.
    #[arg(long, default_value_t = 5)]
    pub(crate) repetitions: usize,
    /// Hours of data in the part `disk`.
    #[arg(long)]
    pub(crate) disk_hours: Option<f64>,
    /// Minutes that the part `million` lasts.
    #[arg(long)]
    pub(crate) million_minutes: Option<u64>,
    /// Puts the peers through the part `million`, too.
    #[arg(long)]
    pub(crate) million_peers: bool,
}

/// The data's shape.
#[derive(Debug, Clone, Args)]
pub(crate) struct Data {
    /// Targets.
    #[arg(long, default_value_t = 100)]
    pub(crate) instances: usize,
    /// Lines of each target.
    #[arg(long, default_value_t = 1_000)]
    pub(crate) series: usize,
    /// What the data follows from.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// How much of the data moves.
    #[arg(long, value_enum, default_value_t = Mix::Normal)]
    pub(crate) mix: Mix,
    /// Only this metric.
    #[arg(long)]
    pub(crate) metric: Option<String>,
}

impl Data {
    /// The shape that the flags describe.
    pub(crate) fn shape(&self) -> Shape {
        Shape {
            instances: self.instances,
            lines: self.series,
            seed: self.seed,
            mix: self.mix,
            metric: self.metric.clone(),
        }
    }
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Serve {
    /// Port to listen on; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    pub(crate) port: u16,
    /// The data goes one step in so many milliseconds.
    #[arg(long, default_value_t = 1_000)]
    pub(crate) step_ms: u64,
    #[command(flatten)]
    pub(crate) data: Data,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Write {
    /// The receiver.
    #[arg(long, default_value = "http://127.0.0.1:9090/api/v1/write")]
    pub(crate) url: String,
    /// Version of the protocol.
    #[arg(long, value_enum, default_value_t = Protocol::V1)]
    pub(crate) protocol: Protocol,
    /// Seconds between two samples of a series.
    #[arg(long, default_value_t = 15)]
    pub(crate) step_s: i64,
    /// Samples per series.
    #[arg(long, default_value_t = 480)]
    pub(crate) steps: u64,
    /// Time of the last sample, in milliseconds since the epoch; default: now.
    #[arg(long)]
    pub(crate) end_ms: Option<i64>,
    #[command(flatten)]
    pub(crate) data: Data,
}

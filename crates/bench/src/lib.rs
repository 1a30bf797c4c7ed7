//! Measures Watchfire beside Prometheus and VictoriaMetrics, on one machine in one run, and writes
//! `docs/benchmarks.md` from what it found.
//!
//! Deliberately does not look inside the servers: they are child processes that get the same data over
//! the same protocols and are asked the same questions; processor time and memory come from the kernel,
//! sizes from the file system.
//!
//! Data in: a seed and a shape, from which the generator makes the same series in every run, as pages to
//! scrape or as remote write. Data out: a section of figures for each part, as JSON in the folder of the
//! run, and the page made of them.
//!
//! ```no_run
//! use clap::Parser as _;
//! let options = bench::Options::parse_from(["watchfire-bench", "run", "--quick"]);
//! bench::execute(options)?;
//! # Ok::<(), anyhow::Error>(())
//! ```

#![expect(
    clippy::print_stdout,
    reason = "a tool that reports on its standard output"
)]

mod disk;
mod generator;
mod http;
mod options;
mod parts;
mod procfs;
mod protobuf;
mod queries;
mod remote_write;
mod report;
mod run;
mod serve;
mod server;
mod sizes;
mod system;

pub use options::Options;

use anyhow::Result;
use clock::{Clock, SystemClock};
use options::Command;
use remote_write::{Load, Timeline};
use std::net::TcpListener;
use std::time::Duration;

/// Does what the command line says.
///
/// # Errors
/// If something that is needed is not there, a server does not start, or its answers cannot be read.
pub fn execute(options: Options) -> Result<()> {
    match options.command {
        Command::Run(run) => run::run(&run),
        Command::Serve(serve) => {
            let listener = TcpListener::bind(("127.0.0.1", serve.port))?;
            let step = Duration::from_millis(serve.step_ms);
            serve::serve(&listener, &serve.data.shape(), step)
        }
        Command::Write(write) => {
            let end = write.end_ms.unwrap_or(SystemClock.now().0);
            let timeline = Timeline::ending(end, write.step_s * 1_000, write.steps);
            let shape = write.data.shape();
            let outcome = Load::new(write.url, write.protocol, &shape, timeline).finish();
            println!(
                "{} samples taken, {} refused, {} bytes on the wire, {:.2} s{}",
                outcome.sent,
                outcome.failed,
                outcome.wire_bytes,
                outcome.seconds,
                outcome
                    .first_error
                    .map_or(String::new(), |error| format!("; {error}")),
            );
            Ok(())
        }
    }
}

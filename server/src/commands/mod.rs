//! Subcommands: what `promtool` does, under the names that its users know.

mod promql_test;
mod query;
mod tsdb;

use clap::Subcommand;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// What to do instead of serving.
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Command {
    /// Asks a server, this one or a Prometheus.
    #[command(subcommand)]
    Query(query::Query),
    /// Runs tests.
    #[command(subcommand)]
    Test(Test),
    /// Looks into a data folder.
    #[command(subcommand)]
    Tsdb(tsdb::Tsdb),
}

/// Tests to run.
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Test {
    /// Runs scripts in Prometheus' test language of PromQL and prints each failed case, and last the count.
    Promql {
        /// Scripts.
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
    },
}

/// Something that went wrong, as the exit status 1.
type Result<T> = anyhow::Result<T>;

/// Runs `command`. The exit status is 0, 1 where something failed, 2 (from clap) for wrong arguments.
pub(crate) fn run(command: &Command) -> ExitCode {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let done = match command {
        Command::Query(query) => query::run(query, &mut out),
        Command::Test(Test::Promql { files }) => promql_test::run(files, &mut out),
        Command::Tsdb(tsdb) => tsdb::run(tsdb, &mut out),
    };
    let flushed = out.flush();
    let done = done.and_then(|passed| flushed.map(|()| passed).map_err(Into::into));
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        // Whoever read the output has read enough.
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            // Nothing is left to do where even this cannot be said.
            let _ = writeln!(std::io::stderr(), "error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let io = error.downcast_ref::<std::io::Error>();
    io.is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}

//! Subcommands: what `promtool` does, under the names that its users know.

mod alive_check;
mod config_check;
mod discovery_check;
mod metrics_check;
mod promql_test;
mod query;
mod rules_check;
mod rules_test;
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
    /// Checks files before a server reads them.
    #[command(subcommand)]
    Check(Check),
    /// Runs tests.
    #[command(subcommand)]
    Test(Test),
    /// Looks into a data folder.
    #[command(subcommand)]
    Tsdb(tsdb::Tsdb),
}

/// Files to check.
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Check {
    /// Reads configuration files, and those that they name, and tells what is wrong with them.
    Config(config_check::CheckConfig),
    /// Reads web configuration files and tells what is wrong with them.
    WebConfig(config_check::CheckWebConfig),
    /// Reads rule files and tells what is wrong with them.
    Rules(rules_check::CheckRules),
    /// Looks for the targets of a job and prints their labels before and after relabelling.
    ServiceDiscovery(discovery_check::CheckDiscovery),
    /// Tells whether a server lives.
    Healthy(alive_check::CheckAlive),
    /// Tells whether a server answers requests.
    Ready(alive_check::CheckAlive),
    /// Reads a metrics page from the standard input and tells what goes against Prometheus' conventions.
    Metrics(metrics_check::CheckMetrics),
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
    /// Runs unit tests of rules, in promtool's format.
    Rules(rules_test::TestRules),
}

/// Something that went wrong, as the exit status 1.
type Result<T> = anyhow::Result<T>;

/// Runs `command`. The exit status is 0, 1 where something failed, 2 (from clap) for wrong arguments, 3 where a
/// check found something that is hardly meant and was told to mind.
pub(crate) fn run(command: &Command) -> ExitCode {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let status = |passed: bool| u8::from(!passed);
    let done = match command {
        Command::Query(query) => query::run(query, &mut out).map(status),
        Command::Check(Check::Config(check)) => check.run(&mut out),
        Command::Check(Check::WebConfig(check)) => check.run(&mut out),
        Command::Check(Check::Rules(check)) => check.run(&mut out),
        Command::Check(Check::Metrics(check)) => check.run(&mut out),
        Command::Check(Check::ServiceDiscovery(check)) => check.run(&mut out),
        Command::Check(Check::Healthy(check)) => check.run("/-/healthy", &mut out),
        Command::Check(Check::Ready(check)) => check.run("/-/ready", &mut out),
        Command::Test(Test::Promql { files }) => promql_test::run(files, &mut out).map(status),
        Command::Test(Test::Rules(test)) => test.run(&mut out).map(status),
        Command::Tsdb(tsdb) => tsdb::run(tsdb, &mut out).map(status),
    };
    let flushed = out.flush();
    let done = done.and_then(|status| flushed.map(|()| status).map_err(Into::into));
    match done {
        Ok(status) => ExitCode::from(status),
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

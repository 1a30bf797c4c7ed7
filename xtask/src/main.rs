//! The project's only door: `cargo xtask <command>`.
//!
//! Every step that a fresh machine needs is inside, in the order in which it is needed, and a step that
//! is done is not done again. Given are Rust, Node and a C compiler; the rest is fetched from package
//! registries, into the user's cache folder where it is a tool (see [`tools`]).

#![expect(
    clippy::print_stdout,
    reason = "a command line tool speaks on its standard output"
)]
#![expect(clippy::print_stderr, reason = "and fails on its standard error")]

mod bench;
mod browser;
mod differential;
mod editor;
mod fingerprint;
mod fuzz;
mod lighthouse;
mod postgres;
mod process;
mod site;
mod style;
mod suite;
mod tools;
mod wasm;
mod workspace;

use anyhow::{Result, bail};
use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask <command> [arguments]

  run [flags]   build everything (release) and start the server on http://127.0.0.1:9090;
                flags go to the server, as in: cargo xtask run --config.file=prometheus.yml
  test          all checks and tests: format, clippy, unit, integration, WebAssembly, browser
  check         the quick part: format, clippy, unit and integration tests
  e2e [args]    the browser tests alone; arguments go to Playwright
  dev [flags]   as run, but a debug build of the server (quicker to build, slower to run)
  bench [args]  measure beside Prometheus and VictoriaMetrics and write docs/benchmarks.md;
                --quick is a smoke run, --only PART runs one part
  differential [COUNT [SEED]]
                ask this server and an installed Prometheus for random expressions (10,000) and
                compare what they answer
  fuzz [args]   random bytes for every decoder, 60 s each, one after the other; --seconds N for
                another time, names of targets (fuzz/fuzz_targets) for those alone
  lighthouse [PAGE...]
                measure the pages with Lighthouse on a line of 10 Mbit/s and 40 ms; WATCHFIRE_URL names
                a server that runs already
  dashboards [--long]
                a dashboard of thirty panels over a day of samples, in a browser on a release build:
                how long it takes, what it asks, what it keeps after 300 refreshes; --long makes
                them 5,760, as many as eight hours have at 5 s
  setup         fetch and build the tools, nothing else
";

fn main() -> ExitCode {
    match command() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn command() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().unwrap_or_default();
    let rest: Vec<String> = arguments.collect();
    match name.as_str() {
        "run" => suite::run(suite::Build::Release, &rest),
        "dev" => suite::run(suite::Build::Debug, &rest),
        "test" => suite::test(),
        "check" => suite::check(),
        "e2e" => suite::e2e(&rest),
        "dashboards" => suite::dashboards(&rest),
        "bench" => bench::bench(&rest),
        "fuzz" => fuzz::fuzz(&rest),
        "differential" => differential::differential(&rest),
        "lighthouse" => suite::lighthouse(&rest),
        "setup" => suite::setup(),
        "" | "help" | "-h" | "--help" => {
            print!("{USAGE}");
            Ok(())
        }
        other => bail!("there is no command `{other}`\n\n{USAGE}"),
    }
}

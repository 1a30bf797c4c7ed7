//! The commands: which steps, in which order.

use crate::process::{cargo, command, run as run_process, step};
use crate::workspace::{root, target};
use crate::{browser, lighthouse, postgres, site, tools, wasm};
use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// How the server is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Build {
    Debug,
    Release,
}

impl Build {
    fn folder(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Release => "release",
        }
    }
}

/// Fetches and builds the tools.
pub(crate) fn setup() -> Result<()> {
    tools::ensure()?;
    wasm::ensure()?;
    println!("all tools are there");
    Ok(())
}

/// Builds everything and starts the server in the foreground.
pub(crate) fn run(build: Build, arguments: &[String]) -> Result<()> {
    site::ensure()?;
    let server = server(build)?;
    println!(
        "==> Watchfire: http://{} (Ctrl-C stops it)",
        listen_address(arguments)
    );
    // In place of this program, so that signals reach the server itself.
    let error = command(server, &root()).args(arguments).exec();
    Err(error).context("cannot start the server")
}

/// Where the server will listen, as its flags say.
fn listen_address(arguments: &[String]) -> &str {
    const FLAG: &str = "--web.listen-address";
    let mut given = arguments.iter();
    while let Some(argument) = given.next() {
        match argument.strip_prefix(FLAG) {
            Some("") => return given.next().map_or("", String::as_str),
            Some(rest) if rest.starts_with('=') => return rest.trim_start_matches('='),
            _ => {}
        }
    }
    "127.0.0.1:9090"
}

/// The quick part of [`test`]: installs nothing.
pub(crate) fn check() -> Result<()> {
    let tests = check_counted(false)?;
    print_totals(&[("tests", tests)])
}

fn check_counted(has_postgres: bool) -> Result<Counts> {
    step("format", || {
        run_process(cargo(&root()).args(["fmt", "--all", "--check"]))
    })?;
    step("clippy", || {
        let clippy = ["clippy", "--locked", "--all-targets"];
        run_process(
            cargo(&root())
                .args(clippy)
                .args(["--", "--deny", "warnings"]),
        )
    })?;
    step("building the tests", || {
        run_process(cargo(&root()).args(["test", "--locked", "--no-run"]))
    })?;
    step("unit and integration tests", || {
        let mut tests = cargo(&root());
        tests.args(["test", "--locked", "--quiet", "--no-fail-fast"]);
        if has_postgres {
            tests.env("WATCHFIRE_REQUIRE_POSTGRES", "1");
        }
        counted(&mut tests)
    })
}

/// Everything: what continuous integration runs.
pub(crate) fn test() -> Result<()> {
    let tests = check_counted(postgres::ensure())?;
    site::ensure()?;
    let server = server(Build::Debug)?;
    let browser = browser_counted(&server, &[])?;
    print_totals(&[
        ("unit and integration tests", tests),
        ("browser tests", browser),
    ])
}

/// The browser tests alone.
pub(crate) fn e2e(arguments: &[String]) -> Result<()> {
    site::ensure()?;
    browser::test(&server(Build::Debug)?, arguments)
}

/// What Lighthouse says about the pages of a release build.
pub(crate) fn lighthouse(names: &[String]) -> Result<()> {
    let built = || {
        site::ensure()?;
        server(Build::Release)
    };
    lighthouse::measure(built, names)
}

/// What dashboards cost, on a release build.
pub(crate) fn dashboards(arguments: &[String]) -> Result<()> {
    let is_long = match arguments {
        [] => false,
        [flag] if flag == "--long" => true,
        other => bail!("unknown arguments {other:?}"),
    };
    site::ensure()?;
    let server = server(Build::Release)?;
    let refreshes = if is_long { "5760" } else { "300" };
    let variables = [
        ("WATCHFIRE_DAY_STEP", "15000"),
        ("WATCHFIRE_REFRESHES", refreshes),
    ];
    let specs = ["dashboard-load.spec.ts", "dashboard-memory.spec.ts"].map(str::to_owned);
    browser::test_with(&server, &specs, &variables)
}

fn server(build: Build) -> Result<PathBuf> {
    step(format!("server ({})", build.folder()), || {
        let mut cargo = cargo(&root());
        cargo.args(["build", "--locked", "--package", "watchfire"]);
        if build == Build::Release {
            cargo.arg("--release");
        }
        run_process(&mut cargo)
    })?;
    Ok(target().join(build.folder()).join("watchfire"))
}

/// Tests that ran.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Counts {
    passed: usize,
    failed: usize,
}

impl Counts {
    fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// Runs a test command, passes its output on, and sums up its `test result:` lines.
fn counted(command: &mut Command) -> Result<Counts> {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start the tests")?;
    let output = child.stdout.take().context("the tests have no output")?;
    let mut counts = Counts::default();
    for line in BufReader::new(output).lines() {
        let line = line?;
        counts.add(parse_result(&line));
        println!("{line}");
    }
    let status = child.wait()?;
    if !status.success() {
        bail!(
            "tests failed: {} passed, {} failed",
            counts.passed,
            counts.failed
        );
    }
    Ok(counts)
}

fn parse_result(line: &str) -> Counts {
    let count = |word: &str| -> usize {
        let mut parts = line.split([';', '.']).map(str::trim);
        parts
            .find_map(|part| part.strip_suffix(word)?.trim().parse().ok())
            .unwrap_or(0)
    };
    if line.starts_with("test result:") {
        Counts {
            passed: count("passed"),
            failed: count("failed"),
        }
    } else {
        Counts::default()
    }
}

/// Runs the browser tests and reads their totals from the report file.
fn browser_counted(server: &std::path::Path, arguments: &[String]) -> Result<Counts> {
    browser::test(server, arguments)?;
    let report = root().join("end2end/test-results/counts.txt");
    let text = std::fs::read_to_string(&report)
        .with_context(|| format!("the browser tests left no {}", report.display()))?;
    let mut numbers = text.split_whitespace().map(str::parse);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(passed)), Some(Ok(failed))) => Ok(Counts { passed, failed }),
        _ => bail!("{} does not hold two numbers", report.display()),
    }
}

fn print_totals(parts: &[(&str, Counts)]) -> Result<()> {
    let mut all = Counts::default();
    println!();
    for (name, counts) in parts {
        println!("{name}: {} passed, {} failed", counts.passed, counts.failed);
        all.add(*counts);
    }
    println!("{} passed, {} failed", all.passed, all.failed);
    if all.passed == 0 {
        bail!("no test ran");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_to_look_at_is_the_one_of_the_flags() {
        let arguments = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(listen_address(&[]), "127.0.0.1:9090");
        assert_eq!(
            listen_address(&arguments("--x --web.listen-address=:80 --y")),
            ":80"
        );
        assert_eq!(
            listen_address(&arguments("--web.listen-address 0.0.0.0:9")),
            "0.0.0.0:9"
        );
    }

    #[test]
    fn counts_are_read_from_the_runners_lines() {
        let line = "test result: ok. 14 passed; 2 failed; 0 ignored; 0 measured; finished in 0.00s";
        assert_eq!(
            parse_result(line),
            Counts {
                passed: 14,
                failed: 2
            }
        );
        assert_eq!(parse_result("running 3 tests"), Counts::default());
    }
}

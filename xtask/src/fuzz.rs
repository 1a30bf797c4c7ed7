//! Fuzzing: random bytes for everything that reads bytes which others wrote.
//!
//! The targets are in `fuzz/`, a workspace of its own: they take a nightly compiler.

use crate::process::{answer, command, find, path_with, run, step};
use crate::tools::cargo_tool;
use crate::workspace::{fuzz_target, root};
use anyhow::{Context, Result, bail};
use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Builds targets with the compiler's counters of what was reached, and starts them.
const CARGO_FUZZ: &str = "0.13.2";
const TOOLCHAIN: &str = "nightly";
const SECONDS: u32 = 60;
/// An input that takes longer is a finding. Units: seconds.
const TIMEOUT: u32 = 10;

/// What the arguments ask for.
struct Wanted {
    seconds: u32,
    targets: Vec<String>,
}

/// What came of one target.
struct Outcome {
    target: String,
    executions: u64,
    seconds: f64,
    /// What was said last, if it failed.
    finding: Option<String>,
}

/// Runs targets one after the other; all of them where none is named.
pub(crate) fn fuzz(arguments: &[String]) -> Result<()> {
    let wanted = wanted(arguments)?;
    nightly()?;
    let bin = cargo_tool("cargo-fuzz", CARGO_FUZZ, &["--locked"])?;
    let path = path_with(&[&bin])?;
    step("fuzz targets (release, instrumented)", || {
        run(cargo_fuzz(&path).args(["build", "--sanitizer", "none", "--fuzz-dir", "fuzz"]))
    })?;
    let mut outcomes = Vec::new();
    for target in &wanted.targets {
        let what = format!("{target}, {} s", wanted.seconds);
        outcomes.push(step(what, || run_target(target, wanted.seconds, &path))?);
    }
    println!(
        "\n{:<18} {:>14} {:>8}  result",
        "target", "executions", "seconds"
    );
    for one in &outcomes {
        let result = one.finding.as_deref().unwrap_or("nothing found");
        println!(
            "{:<18} {:>14} {:>8.1}  {result}",
            one.target, one.executions, one.seconds
        );
    }
    let found = outcomes.iter().filter(|one| one.finding.is_some()).count();
    if found > 0 {
        bail!("{found} targets failed; the inputs are in fuzz/artifacts");
    }
    Ok(())
}

fn wanted(arguments: &[String]) -> Result<Wanted> {
    let known = targets()?;
    let mut wanted = Wanted {
        seconds: SECONDS,
        targets: Vec::new(),
    };
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        let (name, value) = match argument.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (argument.as_str(), None),
        };
        if name == "--seconds" {
            let value = value.or_else(|| arguments.next().map(String::as_str));
            let value = value.context("--seconds takes a number")?;
            wanted.seconds = value.parse().context("--seconds takes a number")?;
        } else if known.contains(argument) {
            wanted.targets.push(argument.clone());
        } else {
            bail!(
                "there is no fuzz target `{argument}`; there are: {}",
                known.join(", ")
            );
        }
    }
    if wanted.targets.is_empty() {
        wanted.targets = known;
    }
    Ok(wanted)
}

/// The names of all targets. Ordering: by name.
fn targets() -> Result<Vec<String>> {
    let folder = root().join("fuzz/fuzz_targets");
    let entries =
        std::fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut names = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            names.extend(
                path.file_stem()
                    .map(|name| name.to_string_lossy().into_owned()),
            );
        }
    }
    names.sort();
    Ok(names)
}

/// Makes sure that the compiler is there.
fn nightly() -> Result<()> {
    if find("rustup").is_none() {
        bail!("fuzzing takes a nightly compiler: install rustup (https://rustup.rs) and try again");
    }
    let list = answer(command("rustup", &root()).args(["toolchain", "list"])).unwrap_or_default();
    if list.lines().any(|line| line.starts_with(TOOLCHAIN)) {
        return Ok(());
    }
    step(format!("fetching the {TOOLCHAIN} compiler"), || {
        run(command("rustup", &root()).args([
            "toolchain",
            "install",
            TOOLCHAIN,
            "--profile",
            "minimal",
        ]))
    })
}

/// `cargo fuzz` of the nightly compiler.
fn cargo_fuzz(path: &OsString) -> Command {
    let mut command = command("rustup", &root());
    command.args(["run", TOOLCHAIN, "cargo", "fuzz"]);
    command
        .env("PATH", path)
        .env("CARGO_TARGET_DIR", fuzz_target());
    // Of the cargo that runs this program, which is of another compiler.
    for name in [
        "CARGO",
        "RUSTC",
        "RUSTFLAGS",
        "CARGO_MANIFEST_DIR",
        "CARGO_MANIFEST_PATH",
    ] {
        command.env_remove(name);
    }
    command
}

fn run_target(target: &str, seconds: u32, path: &OsString) -> Result<Outcome> {
    let mut run = cargo_fuzz(path);
    run.args([
        "run",
        "--sanitizer",
        "none",
        "--fuzz-dir",
        "fuzz",
        target,
        "--",
    ]);
    run.arg(format!("-max_total_time={seconds}"));
    run.arg(format!("-timeout={TIMEOUT}"));
    run.args([
        "-max_len=4096",
        "-rss_limit_mb=3000",
        "-print_final_stats=1",
    ]);
    let words: PathBuf = root().join(format!("fuzz/dictionaries/{target}.dict"));
    if words.is_file() {
        run.arg(format!("-dict={}", words.display()));
    }
    let start = std::time::Instant::now();
    let mut child = run
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .context("cannot start cargo fuzz")?;
    let mut outcome = Outcome {
        target: target.to_owned(),
        executions: 0,
        seconds: 0.0,
        finding: None,
    };
    let mut last = Vec::new();
    for line in BufReader::new(child.stderr.take().context("no standard error")?).lines() {
        let line = line.unwrap_or_default();
        if let Some((_, number)) = line.split_once("stat::number_of_executed_units:") {
            outcome.executions = number.trim().parse().unwrap_or(0);
        }
        if outcome.finding.is_none()
            && (line.contains("panicked at") || line.contains("ERROR: libFuzzer"))
        {
            outcome.finding = Some(line.clone());
        }
        last.push(line);
        // Of the messages only those at the end tell about a failure.
        if last.len() > 60 {
            last.remove(0);
        }
    }
    let status = child.wait().context("cannot wait for cargo fuzz")?;
    outcome.seconds = start.elapsed().as_secs_f64();
    if !status.success() {
        eprintln!("{}", last.join("\n"));
        outcome.finding.get_or_insert_with(|| status.to_string());
    }
    Ok(outcome)
}

//! Random expressions asked of this server and of an installed Prometheus.

use crate::process::{cargo, run};
use crate::site;
use crate::workspace::root;
use anyhow::{Result, bail};

/// Expressions when no number is given.
const USUAL_COUNT: u32 = 10_000;

/// Runs the comparison with `arguments`: how many expressions, and which seed.
pub(crate) fn differential(arguments: &[String]) -> Result<()> {
    let mut numbers = Vec::new();
    for argument in arguments {
        match argument.parse::<u64>() {
            Ok(number) => numbers.push(number),
            Err(_) => bail!("`{argument}` is no number; usage: differential [COUNT [SEED]]"),
        }
    }
    let count = numbers.first().copied().unwrap_or(u64::from(USUAL_COUNT));
    site::ensure()?;
    let mut tests = cargo(&root());
    tests.args(["test", "--locked", "--release", "--package", "watchfire"]);
    tests.args(["--test", "it", "--", "--nocapture", "differential::"]);
    tests.env("WATCHFIRE_DIFFERENTIAL", count.to_string());
    if let Some(seed) = numbers.get(1) {
        tests.env("WATCHFIRE_DIFFERENTIAL_SEED", seed.to_string());
    }
    run(&mut tests)
}

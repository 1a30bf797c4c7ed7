//! The benchmark beside Prometheus and VictoriaMetrics.

use crate::process::{cargo, command, run, step};
use crate::site;
use crate::workspace::{root, target};
use anyhow::Result;

/// Builds the server and the benchmark, and runs it; it writes docs/benchmarks.md.
pub(crate) fn bench(arguments: &[String]) -> Result<()> {
    site::ensure()?;
    step("server and benchmark (release)", || {
        let packages = ["--package", "watchfire", "--package", "watchfire-bench"];
        let build = ["build", "--locked", "--release"];
        run(cargo(&root()).args(build).args(packages))
    })?;
    let folder = target().join("release");
    let ours = format!("--watchfire-bin={}", folder.join("watchfire").display());
    let given = arguments
        .iter()
        .any(|argument| argument.starts_with("--watchfire-bin"));
    let mut bench = command(folder.join("watchfire-bench"), &root());
    bench.arg("run").args(arguments);
    run(bench.args((!given).then_some(ours)))
}

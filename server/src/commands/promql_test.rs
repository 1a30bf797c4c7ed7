//! `watchfire test promql`.

use super::Result;
use anyhow::Context;
use std::io::Write;
use std::path::PathBuf;

/// Runs the scripts `files`; whether every case passed.
pub(crate) fn run(files: &[PathBuf], out: &mut dyn Write) -> Result<bool> {
    let mut scripts = Vec::with_capacity(files.len());
    for file in files {
        let text = std::fs::read_to_string(file)
            .with_context(|| format!("cannot read {}", file.display()))?;
        scripts.push((file.display().to_string(), text));
    }
    Ok(promqltest::run_scripts(&scripts, out)?)
}

//! What tests found.

use crate::{Error, Result, TestFile, TestOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// What the tests of one file found.
#[derive(Debug, Default)]
pub struct Report {
    /// Tests that were run.
    pub tests: usize,
    /// What is not as expected. Ordering: of the tests.
    pub failures: Vec<Failure>,
    /// What is probably wrong with the file.
    pub warnings: Vec<String>,
}

/// One thing that is not as expected.
#[derive(Debug)]
#[non_exhaustive]
pub enum Failure {
    /// The test could not be run.
    Broken(Error),
    /// A rule failed, or a result differs: told in promtool's words, over several lines.
    Different(String),
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Broken(error) => error.fmt(f),
            Self::Different(text) => f.write_str(text),
        }
    }
}

impl Report {
    pub(crate) fn fail(&mut self, error: Error) {
        self.failures.push(Failure::Broken(error));
    }
}

/// Runs the test files `paths` and tells of each in promtool's words, what is wrong to `err`; whether all
/// passed.
///
/// # Errors
/// What writing fails with.
pub fn run_files(
    paths: &[PathBuf],
    options: &TestOptions,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<bool> {
    let mut passed = true;
    for path in paths {
        writeln!(out, "Unit Testing:  {}", path.display())?;
        // What goes to two places stays in order where both are one terminal.
        out.flush()?;
        let report = run_file(path, options);
        let (warnings, failures) = match &report {
            Ok(report) => (
                report.warnings.clone(),
                report.failures.iter().map(ToString::to_string).collect(),
            ),
            Err(error) => (Vec::new(), vec![error.clone()]),
        };
        for warning in warnings {
            writeln!(err, "  WARNING: {warning}")?;
        }
        if failures.is_empty() {
            writeln!(out, "  SUCCESS\n")?;
            continue;
        }
        passed = false;
        writeln!(err, "  FAILED:")?;
        for failure in failures {
            writeln!(err, "{failure}\n")?;
        }
        err.flush()?;
        writeln!(out)?;
    }
    Ok(passed)
}

fn run_file(path: &Path, options: &TestOptions) -> Result<Report, String> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    let file = TestFile::parse(&text).map_err(|error| error.to_string())?;
    Ok(file.run(path.parent().unwrap_or(Path::new("")), options))
}

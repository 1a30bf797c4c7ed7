//! How scripts went.

use crate::run;
use std::io::{self, Write};

/// One case that failed, or one command that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Line of the command, counted from 1.
    pub line: usize,
    /// The expression, or the command.
    pub case: String,
    /// What had to come out.
    pub expected: String,
    /// What came out.
    pub got: String,
}

/// How the cases of a script went.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// Name of the script.
    pub name: String,
    /// Cases that passed.
    pub passed: usize,
    /// What failed. Ordering: by line.
    pub failed: Vec<Failure>,
}

impl Report {
    /// Writes every failure.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_failures(&self, out: &mut dyn Write) -> io::Result<()> {
        for failure in &self.failed {
            let Failure {
                line,
                case,
                expected,
                got,
            } = failure;
            writeln!(out, "{}:{line}: {case}", self.name)?;
            writeln!(out, "  expected: {expected}")?;
            writeln!(out, "  got:      {got}")?;
        }
        Ok(())
    }
}

/// Runs scripts, each a name and a text; writes every failure to `out`, and at the end how many cases
/// passed and failed. Whether all passed.
///
/// # Errors
/// Those of `out`.
pub fn run_scripts(scripts: &[(String, String)], out: &mut dyn Write) -> io::Result<bool> {
    let (mut passed, mut failed) = (0, 0);
    for (name, text) in scripts {
        let report = run(text, name);
        report.write_failures(out)?;
        passed += report.passed;
        failed += report.failed.len();
    }
    writeln!(out, "{passed} passed, {failed} failed")?;
    Ok(failed == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(script: &str) -> (bool, String) {
        let mut out = Vec::new();
        let all = run_scripts(&[("x.test".to_owned(), script.to_owned())], &mut out).unwrap();
        (all, String::from_utf8(out).unwrap())
    }

    #[test]
    fn failures_are_told_with_what_was_expected() {
        let script =
            "load 1m\n  a 1 2 3\n\neval instant at 1m a\n  a 3\n\neval instant at 1m a\n  a 2\n";
        let (all, text) = written(script);
        assert!(!all);
        assert_eq!(
            text,
            "x.test:4: a\n  expected: a 3\n  got:      a 2\n1 passed, 1 failed\n"
        );
    }

    #[test]
    fn what_cannot_be_read_fails() {
        let (all, text) = written("eval instant at 1m sum(\n  {} 1\n\nlod 5m\n  a 1\n");
        assert!(!all);
        assert!(text.ends_with("0 passed, 3 failed\n"), "{text}");
        assert_eq!(written(""), (true, "0 passed, 0 failed\n".to_owned()));
    }
}

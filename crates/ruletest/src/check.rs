//! `check rules`: whether rule files can be loaded, and what in them is hardly meant.

use promql_syntax::ParseOptions;
use rules::{FileErrors, RuleFile};
use std::io::{self, Read, Write};
use std::path::PathBuf;

/// How rule files are checked.
#[derive(Debug, Clone)]
pub struct CheckOptions {
    /// Which parts of PromQL are there.
    pub parse: ParseOptions,
    /// Whether duplicate rules are told.
    pub duplicates: bool,
}

impl Default for CheckOptions {
    fn default() -> Self {
        Self {
            parse: ParseOptions::default(),
            duplicates: true,
        }
    }
}

/// What a check came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Checked {
    /// All is well.
    Good,
    /// All can be loaded, but something is hardly meant.
    Lint,
    /// Something cannot be loaded.
    Bad,
}

/// Checks the rule files `paths`, or `stdin` if there is none, and tells of each in promtool's words, what is
/// wrong to `err`.
///
/// # Errors
/// What reading or writing fails with.
pub fn check_rules(
    paths: &[PathBuf],
    stdin: &mut dyn Read,
    options: &CheckOptions,
    (out, err): (&mut dyn Write, &mut dyn Write),
) -> io::Result<Checked> {
    let mut worst = Checked::Good;
    if paths.is_empty() {
        writeln!(out, "Checking standard input")?;
        let mut text = String::new();
        stdin.read_to_string(&mut text)?;
        return told(
            RuleFile::parse(&text, "stdin", options.parse),
            options,
            (out, err),
        );
    }
    for path in paths {
        writeln!(out, "Checking {}", path.display())?;
        // What goes to two places stays in order where both are one terminal.
        out.flush()?;
        let read = RuleFile::load(path, options.parse);
        worst = worst.max(told(read, options, (&mut *out, &mut *err))?);
    }
    Ok(worst)
}

fn told(
    read: Result<RuleFile, FileErrors>,
    options: &CheckOptions,
    (out, err): (&mut dyn Write, &mut dyn Write),
) -> io::Result<Checked> {
    let file = match read {
        Ok(file) => file,
        Err(errors) => {
            writeln!(err, "  FAILED:\n{errors}")?;
            err.flush()?;
            writeln!(out)?;
            return Ok(Checked::Bad);
        }
    };
    let duplicates = if options.duplicates {
        file.duplicates()
    } else {
        Vec::new()
    };
    if duplicates.is_empty() {
        writeln!(out, "  SUCCESS: {} rules found\n", file.rule_count())?;
        return Ok(Checked::Good);
    }
    writeln!(err, "  FAILED:")?;
    writeln!(
        err,
        "lint error {} duplicate rule(s) found.",
        duplicates.len()
    )?;
    for duplicate in duplicates {
        write!(err, "{duplicate}")?;
    }
    writeln!(err, "Might cause inconsistency while recording expressions")?;
    err.flush()?;
    writeln!(out)?;
    Ok(Checked::Lint)
}

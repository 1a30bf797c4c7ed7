//! `watchfire check rules`.

use super::Result;
use crate::wire::parse_options;
use clap::{Args, ValueEnum};
use ruletest::{CheckOptions, Checked, check_rules};
use std::io::Write;
use std::path::PathBuf;

/// The status where something is hardly meant and `--lint-fatal` is given; promtool's.
const LINT_STATUS: u8 = 3;

/// Rule files, and how they are checked.
#[derive(Debug, Clone, Args)]
pub(crate) struct CheckRules {
    /// Rule files; the standard input if there is none.
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,

    /// What to tell besides what is wrong.
    #[arg(long, value_name = "WHAT", default_value = "duplicate-rules")]
    lint: Lint,

    /// Exit status 3 where there is something to tell.
    #[arg(long = "lint-fatal")]
    lint_fatal: bool,

    /// Features of PromQL to switch on, by Prometheus' names, separated by commas.
    #[arg(long = "enable-feature", value_name = "NAMES", value_delimiter = ',')]
    features: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Lint {
    All,
    DuplicateRules,
    None,
}

impl CheckRules {
    /// Checks the files; the exit status.
    pub(crate) fn run(&self, out: &mut dyn Write) -> Result<u8> {
        let options = CheckOptions {
            parse: parse_options(&self.features),
            duplicates: self.lint != Lint::None,
        };
        let (mut stdin, mut err) = (std::io::stdin().lock(), std::io::stderr().lock());
        let checked = check_rules(&self.files, &mut stdin, &options, (out, &mut err))?;
        Ok(match checked {
            Checked::Bad => 1,
            Checked::Lint if self.lint_fatal => LINT_STATUS,
            Checked::Lint | Checked::Good => 0,
        })
    }
}

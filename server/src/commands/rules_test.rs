//! `watchfire test rules`.

use super::Result;
use crate::wire::parse_options;
use clap::Args;
use ruletest::{TestOptions, run_files};
use std::io::Write;
use std::path::PathBuf;

/// Test files, and which of their tests are run.
#[derive(Debug, Clone, Args)]
pub(crate) struct TestRules {
    /// Test files.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    /// Regular expression; only tests whose name it matches run. May be given several times.
    #[arg(long = "run", value_name = "REGEX")]
    run: Vec<String>,

    /// Features of PromQL to switch on, by Prometheus' names, separated by commas.
    #[arg(long = "enable-feature", value_name = "NAMES", value_delimiter = ',')]
    features: Vec<String>,
}

impl TestRules {
    /// Runs the tests; whether all passed.
    pub(crate) fn run(&self, out: &mut dyn Write) -> Result<bool> {
        let mut options = TestOptions {
            parse: parse_options(&self.features),
            run: self.run.clone(),
            ..TestOptions::default()
        };
        let delayed = "promql-delayed-name-removal";
        options.engine.delayed_name_removal = self.features.iter().any(|name| name == delayed);
        Ok(run_files(
            &self.files,
            &options,
            out,
            &mut std::io::stderr().lock(),
        )?)
    }
}

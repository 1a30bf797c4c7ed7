//! `watchfire check config` and `check web-config`.

use super::Result;
use crate::cli::duration;
use crate::wire::parse_options;
use clap::{Args, ValueEnum};
use config::{
    Auth, Config, Credential, DiscoveryConfig, HttpClientConfig, ScrapeConfig, TlsConfig, WebConfig,
};
use model::DurationMs;
use ruletest::{CheckOptions, Checked, check_rules};
use std::io::Write;
use std::path::{Path, PathBuf};

/// The status where something is hardly meant and `--lint-fatal` is given; promtool's.
const LINT_STATUS: u8 = 3;

/// Configuration files, and how they are checked.
#[derive(Debug, Clone, Args)]
pub(crate) struct CheckConfig {
    /// Configuration files.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    /// Looks at the files alone, not at those that they name.
    #[arg(long = "syntax-only")]
    syntax_only: bool,

    /// What to tell besides what is wrong.
    #[arg(long, value_name = "WHAT", default_value = "duplicate-rules")]
    lint: Lint,

    /// Exit status 3 where there is something to tell.
    #[arg(long = "lint-fatal")]
    lint_fatal: bool,

    /// How far back a query of the server will look for a sample.
    #[arg(long = "query.lookback-delta", value_name = "DURATION", default_value = "5m", value_parser = duration)]
    lookback_delta: DurationMs,

    /// Features of PromQL to switch on, by Prometheus' names, separated by commas.
    #[arg(long = "enable-feature", value_name = "NAMES", value_delimiter = ',')]
    features: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Lint {
    All,
    DuplicateRules,
    None,
    TooLongScrapeInterval,
}

/// Web configuration files.
#[derive(Debug, Clone, Args)]
pub(crate) struct CheckWebConfig {
    /// Web configuration files.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
}

impl CheckConfig {
    /// Checks the files; the exit status.
    pub(crate) fn run(&self, out: &mut dyn Write) -> Result<u8> {
        let mut status = 0;
        for file in &self.files {
            writeln!(out, "Checking {}", file.display())?;
            let checked = Config::load(file)
                .map_err(Into::into)
                .and_then(|config| self.check_named(&config).map(|()| config));
            let config = match checked {
                Ok(config) => config,
                Err(error) => {
                    out.flush()?;
                    writeln!(std::io::stderr(), "  FAILED: {error:#}")?;
                    writeln!(out)?;
                    status = 1;
                    continue;
                }
            };
            let rules = config.rule_paths()?;
            if !rules.is_empty() {
                writeln!(out, "  SUCCESS: {} rule files found", rules.len())?;
            }
            let shown = file.display();
            writeln!(
                out,
                " SUCCESS: {shown} is valid prometheus config file syntax"
            )?;
            writeln!(out)?;
            if self.tell_long_intervals(&config)? && self.lint_fatal && status == 0 {
                status = LINT_STATUS;
            }
            if !rules.is_empty() && !self.syntax_only {
                let of_rules = self.check_rules(&rules, out)?;
                status = if status == 1 || of_rules == 1 {
                    1
                } else {
                    status.max(of_rules)
                };
            }
        }
        Ok(status)
    }

    /// Tells which jobs are scraped so rarely that queries will not see their last sample; whether there are any.
    fn tell_long_intervals(&self, config: &Config) -> Result<bool> {
        if !matches!(self.lint, Lint::All | Lint::TooLongScrapeInterval) {
            return Ok(false);
        }
        let is_long = |job: &&ScrapeConfig| job.scrape_interval >= self.lookback_delta;
        let mut any = false;
        for job in config.scrape_configs.iter().filter(is_long) {
            any = true;
            let (name, interval) = (&job.job_name, job.scrape_interval);
            writeln!(
                std::io::stderr(),
                "  FAILED: lint error too long scrape interval found, data point will be marked as stale - job: {name}, interval: {interval}"
            )?;
        }
        Ok(any)
    }

    fn check_rules(&self, files: &[PathBuf], out: &mut dyn Write) -> Result<u8> {
        let options = CheckOptions {
            parse: parse_options(&self.features),
            duplicates: matches!(self.lint, Lint::All | Lint::DuplicateRules),
        };
        let (mut stdin, mut err) = (std::io::empty(), std::io::stderr().lock());
        let checked = check_rules(files, &mut stdin, &options, (out, &mut err))?;
        Ok(match checked {
            Checked::Bad => 1,
            Checked::Lint if self.lint_fatal => LINT_STATUS,
            Checked::Lint | Checked::Good => 0,
        })
    }

    /// Whether the files are there that the configuration names.
    fn check_named(&self, config: &Config) -> Result<()> {
        if self.syntax_only {
            return Ok(());
        }
        for pattern in &config.rule_files {
            let explicit = !pattern.contains(['*', '?', '[']);
            if explicit && !Path::new(pattern).exists() {
                anyhow::bail!("{pattern:?} does not point to an existing file");
            }
        }
        for job in &config.scrape_configs {
            check_client(&job.client)?;
            check_discoveries(&job.discoveries)?;
        }
        for group in &config.alerting.alertmanagers {
            check_client(&group.client)?;
            check_discoveries(&group.discoveries)?;
        }
        Ok(())
    }
}

fn check_discoveries(discoveries: &[DiscoveryConfig]) -> Result<()> {
    for discovery in discoveries {
        match discovery {
            DiscoveryConfig::Http(http) => check_client(&http.client)?,
            DiscoveryConfig::File(files) => {
                for pattern in &files.files {
                    let paths = config::glob(pattern)?;
                    if paths.is_empty() && !pattern.contains('*') {
                        // Nothing is left to do where even this cannot be said.
                        let _ = writeln!(
                            std::io::stderr(),
                            "  WARNING: file {pattern:?} for file_sd in scrape job does not exist"
                        );
                    }
                    for path in paths {
                        let text = std::fs::read_to_string(&path)
                            .map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))?;
                        config::parse_target_groups(&text, &path).map_err(|error| {
                            anyhow::anyhow!(
                                "checking SD file {:?}: {error}",
                                path.display().to_string()
                            )
                        })?;
                    }
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn check_client(client: &HttpClientConfig) -> Result<()> {
    match &client.auth {
        Some(Auth::Header(header)) => {
            check_credential(&header.credentials, "authorization credentials")?;
        }
        Some(Auth::Basic(basic)) => check_credential(&basic.password, "basic auth password")?,
        Some(Auth::OAuth2(oauth2)) => {
            check_credential(&oauth2.client_secret, "OAuth 2 client secret")?;
            check_tls(&oauth2.tls)?;
        }
        None => {}
    }
    check_tls(&client.tls)
}

fn check_credential(credential: &Credential, what: &str) -> Result<()> {
    match credential {
        Credential::File(path) => check_file(path, what),
        _ => Ok(()),
    }
}

fn check_tls(tls: &TlsConfig) -> Result<()> {
    if let Some(path) = &tls.cert_file {
        check_file(path, "client cert")?;
    }
    if let Some(path) = &tls.ca_file {
        check_file(path, "CA")?;
    }
    check_credential(&tls.key, "client key")
}

fn check_file(path: &Path, what: &str) -> Result<()> {
    std::fs::metadata(path).map(drop).map_err(|error| {
        anyhow::anyhow!(
            "error checking {what} file {:?}: {error}",
            path.display().to_string()
        )
    })
}

impl CheckWebConfig {
    /// Checks the files; the exit status.
    pub(crate) fn run(&self, out: &mut dyn Write) -> Result<u8> {
        let mut status = 0;
        for file in &self.files {
            match WebConfig::load(file) {
                Ok(_) => writeln!(out, "{} SUCCESS", file.display())?,
                Err(error) => {
                    out.flush()?;
                    writeln!(std::io::stderr(), "{} FAILED: {error}", file.display())?;
                    status = 1;
                }
            }
        }
        Ok(status)
    }
}

//! `watchfire check service-discovery`.

use super::Result;
use crate::cli::duration;
use anyhow::Context;
use clap::Args;
use clock::SystemClock;
use config::{Config, ScrapeConfig};
use discovery::{DiscoveryDeps, Manager, Sources};
use model::{DurationMs, Labels};
use scrape::{PreviewedTarget, preview};
use serde_json::{Map, Value};
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// After so long without news what was found is all.
const QUIET: Duration = Duration::from_secs(5);

/// A job, and how long to look for its targets.
#[derive(Debug, Clone, Args)]
pub(crate) struct CheckDiscovery {
    /// Configuration file.
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Job of the file.
    #[arg(value_name = "JOB")]
    job: String,

    /// How long discoveries may take.
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = duration)]
    timeout: DurationMs,
}

impl CheckDiscovery {
    /// Prints all targets as JSON; the exit status.
    pub(crate) fn run(&self, out: &mut dyn Write) -> Result<u8> {
        let config = Config::load(&self.file).context("cannot load config")?;
        let jobs = &config.scrape_configs;
        let Some(job) = jobs.iter().find(|job| job.job_name == self.job) else {
            let mut names = String::new();
            for job in jobs {
                names.push_str("\n  ");
                names.push_str(&job.job_name);
            }
            anyhow::bail!("job `{}` does not exist; the jobs are:{names}", self.job);
        };
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        let found = runtime.block_on(discover(job, self.timeout.to_std()));
        let all: Vec<Value> = found.iter().map(shown).collect();
        writeln!(out, "{}", serde_json::to_string_pretty(&all)?)?;
        Ok(0)
    }
}

async fn discover(job: &ScrapeConfig, timeout: Duration) -> Vec<PreviewedTarget> {
    let registry = selfmon::Registry::default();
    let manager = Manager::new(DiscoveryDeps::new("check", registry, Arc::new(SystemClock)));
    manager.apply(vec![Sources::of_job(job)]);
    let look = || preview(job, &manager.groups(&job.job_name));
    if job.discoveries.is_empty() {
        return look();
    }
    let all = async {
        loop {
            let has_found = !look().is_empty();
            let news = tokio::time::timeout(QUIET, manager.changed()).await;
            if news.is_err() && has_found {
                return;
            }
        }
    };
    // What was found by then.
    let _ = tokio::time::timeout(timeout, all).await;
    look()
}

fn shown(target: &PreviewedTarget) -> Value {
    let labels = |labels: &Labels| {
        let pairs = labels.iter();
        let pairs = pairs.map(|(name, value)| (name.to_owned(), Value::from(value)));
        Value::Object(pairs.collect())
    };
    let mut shown = Map::new();
    shown.insert("discoveredLabels".into(), labels(&target.discovered_labels));
    shown.insert("labels".into(), labels(&target.labels));
    if !target.error.is_empty() {
        shown.insert("error".into(), Value::from(target.error.as_str()));
    }
    Value::Object(shown)
}

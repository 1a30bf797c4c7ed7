//! Jobs to targets: which loops should run.

use crate::failure_log::{FailureLog, FailureLogs};
use crate::metrics::ScrapeMetrics;
use crate::schedule::{Schedule, fnv1a};
use crate::status::DroppedTarget;
use crate::target::{Settled, Target};
use config::{Config, HttpClientConfig, ScrapeConfig};
use http_client::HttpClient;
use model::Labels;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::Instant;
use tracing::warn;

/// Targets that are equal in these are one target.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct TargetKey {
    pub(crate) pool: String,
    pub(crate) url: String,
    pub(crate) labels: Labels,
}

/// One loop that should run.
pub(crate) struct Desired {
    pub(crate) key: TargetKey,
    pub(crate) target: Arc<Target>,
    pub(crate) config: Arc<ScrapeConfig>,
    pub(crate) http: HttpClient,
    pub(crate) above_limit: Option<(u64, u64)>,
    pub(crate) failures: Option<FailureLog>,
    pub(crate) schedule: Schedule,
}

/// Targets that relabelling dropped.
#[derive(Debug, Default)]
pub(crate) struct Dropped {
    /// Those that are remembered. Ordering: by job as in the configuration, then as discovered.
    pub(crate) targets: Vec<DroppedTarget>,
    /// All, by job.
    pub(crate) counts: BTreeMap<String, u64>,
}

/// The jobs of a configuration.
#[derive(Default)]
pub(crate) struct Jobs {
    /// Places targets on their grids: servers that differ in their external labels scrape the same target
    /// at different times.
    seed: u64,
    list: Vec<Job>,
    failures: FailureLogs,
}

struct Job {
    /// Settings without targets: loops compare them.
    settings: Arc<ScrapeConfig>,
    client: HttpClientConfig,
    http: HttpClient,
}

impl Jobs {
    /// Takes the jobs of `config`. Those whose client stays the same keep its tokens.
    pub(crate) fn apply(&mut self, config: &Config) {
        self.seed = fnv1a(&[&config.global.external_labels.to_string()]);
        let jobs = config.scrape_configs.iter();
        self.failures
            .open(jobs.map(|job| job.scrape_failure_log_file.as_str()));
        let before = std::mem::take(&mut self.list);
        for job in &config.scrape_configs {
            let settings = Arc::new(ScrapeConfig {
                static_configs: Vec::new(),
                discoveries: Vec::new(),
                ..job.clone()
            });
            let same = before
                .iter()
                .find(|have| have.settings.job_name == job.job_name && have.client == job.client);
            self.list.push(Job {
                http: same.map_or_else(|| HttpClient::new(&job.client), |have| have.http.clone()),
                client: job.client.clone(),
                settings,
            });
        }
    }

    /// Settings of all jobs. Ordering: as in the configuration.
    pub(crate) fn settings(&self) -> Vec<Arc<ScrapeConfig>> {
        self.list
            .iter()
            .map(|job| Arc::clone(&job.settings))
            .collect()
    }

    /// The loops of all jobs for what was discovered, each target once, and what relabelling dropped.
    pub(crate) fn desired(
        &self,
        discovery: &discovery::Manager,
        metrics: &ScrapeMetrics,
    ) -> (Vec<Desired>, Dropped) {
        let mut seen = HashSet::new();
        let mut all = Vec::new();
        let mut dropped = Dropped::default();
        for job in &self.list {
            let began = Instant::now();
            let targets: Vec<(TargetKey, Target)> =
                targets_of(&job.settings, discovery, &mut dropped, metrics)
                    .into_iter()
                    .map(|target| (key_of(&target), target))
                    .filter(|(key, _)| seen.insert(key.clone()))
                    .collect();
            let name = &job.settings.job_name;
            metrics
                .lengths
                .note_sync(name, began.elapsed().as_secs_f64());
            let above_limit = check_target_limit(&job.settings, targets.len() as u64, metrics);
            for (key, target) in targets {
                let schedule = Schedule::new(target.interval, target.hash() ^ self.seed);
                all.push(Desired {
                    key,
                    target: Arc::new(target),
                    config: Arc::clone(&job.settings),
                    http: job.http.clone(),
                    above_limit,
                    failures: self.failures.get(&job.settings.scrape_failure_log_file),
                    schedule,
                });
            }
        }
        (all, dropped)
    }
}

fn targets_of(
    job: &ScrapeConfig,
    discovery: &discovery::Manager,
    dropped: &mut Dropped,
    metrics: &ScrapeMetrics,
) -> Vec<Target> {
    let mut targets = Vec::new();
    let kept = usize::try_from(job.limits.kept_dropped_targets).unwrap_or(usize::MAX);
    let mut remembered = 0;
    let count = dropped.counts.entry(job.job_name.clone()).or_default();
    for group in discovery.groups(&job.job_name) {
        for target in &group.targets {
            let mut labels = group.labels.to_builder();
            for (name, value) in target.iter() {
                labels.set(name, value);
            }
            match Target::settle_labels(job, labels) {
                Ok(Settled::Scraped(target)) => targets.push(target),
                Ok(Settled::Dropped(discovered_labels)) => {
                    *count += 1;
                    if kept == 0 || remembered < kept {
                        remembered += 1;
                        dropped.targets.push(DroppedTarget {
                            pool: job.job_name.clone(),
                            discovered_labels,
                        });
                    }
                }
                Err(error) => {
                    metrics.sync_failures.with(&[&job.job_name]).inc();
                    warn!(job = %job.job_name, source = %group.source, %target, %error, "target is left out");
                }
            }
        }
    }
    targets
}

fn check_target_limit(
    job: &ScrapeConfig,
    targets: u64,
    metrics: &ScrapeMetrics,
) -> Option<(u64, u64)> {
    let limit = job.limits.targets;
    let above = limit > 0 && targets > limit;
    if above {
        metrics.exceeded_target_limit.inc();
    }
    above.then_some((targets, limit))
}

fn key_of(target: &Target) -> TargetKey {
    let socket = target.socket.as_deref().unwrap_or("");
    TargetKey {
        pool: target.pool.clone(),
        url: format!("{}{socket}", target.url),
        labels: target.labels.clone(),
    }
}

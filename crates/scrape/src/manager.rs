//! All targets of a configuration.

use crate::buffers::Buffers;
use crate::job_loop::TargetLoop;
use crate::metadata::TargetMetadata;
use crate::metrics::ScrapeMetrics;
use crate::schedule::{Schedule, fnv1a};
use crate::series_cache::SeriesCache;
use crate::status::{DroppedTarget, SharedStatus, TargetStatus};
use crate::target::{Settled, Target};
use clock::Clock;
use config::{Config, ScrapeConfig};
use model::Labels;
use parking_lot::RwLock;
use selfmon::Registry;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::Arc;
use storage::Appender;
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::{error, warn};

/// What scraping needs from outside.
#[derive(Clone)]
pub struct ScrapeDeps {
    /// Where samples go.
    pub appender: Arc<dyn Appender>,
    /// Tells the time of scrapes.
    pub clock: Arc<dyn Clock>,
    /// Where scraping counts what it does.
    pub registry: Registry,
    /// Series that one target may have, 0 for any number. Those beyond are refused and counted while the
    /// known ones go on. A series counts until its target has not exposed it for some scrapes.
    pub max_series_per_target: usize,
}

/// Runs one loop per target.
///
/// All methods need a tokio runtime with time and I/O. Loops end with [`shutdown`](Self::shutdown), or when
/// the manager is dropped.
pub struct Manager {
    deps: ScrapeDeps,
    buffers: Buffers,
    metrics: ScrapeMetrics,
    /// What is shown. Ordering: as in the configuration.
    statuses: RwLock<Vec<SharedStatus>>,
    dropped: RwLock<Vec<DroppedTarget>>,
    loops: Mutex<Loops>,
}

#[derive(Default)]
struct Loops {
    running: HashMap<TargetKey, Running>,
    tasks: JoinSet<(TargetKey, SeriesCache)>,
    /// Jobs of the configuration that runs.
    pools: HashSet<String>,
}

/// Targets that are equal in these are one target.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct TargetKey {
    pool: String,
    url: String,
    labels: Labels,
}

/// One running loop and what it was started with.
struct Running {
    stop: CancellationToken,
    target: Arc<Target>,
    config: Arc<ScrapeConfig>,
    above_limit: Option<(u64, u64)>,
    schedule: Schedule,
    status: SharedStatus,
}

/// One loop that should run.
struct Desired {
    key: TargetKey,
    target: Arc<Target>,
    config: Arc<ScrapeConfig>,
    above_limit: Option<(u64, u64)>,
    schedule: Schedule,
}

impl fmt::Debug for Manager {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let targets = self.statuses.read().len();
        f.debug_struct("Manager")
            .field("targets", &targets)
            .finish_non_exhaustive()
    }
}

impl Manager {
    /// A manager without targets.
    pub fn new(deps: ScrapeDeps) -> Self {
        let metrics = ScrapeMetrics::new(&deps.registry);
        Self {
            deps,
            buffers: Buffers::default(),
            metrics,
            statuses: RwLock::default(),
            dropped: RwLock::default(),
            loops: Mutex::default(),
        }
    }

    /// Scrapes what `config` says from now on. Targets that stay the same are not touched; those whose
    /// settings changed keep their series; the series of those that are gone end.
    pub async fn apply(&self, config: &Config) {
        let mut loops = self.loops.lock().await;
        let mut dropped = Vec::new();
        let desired = self.desired(config, &mut dropped);
        let mut caches = self.stop_changed(&mut loops, &desired).await;
        let mut statuses = Vec::new();
        for desired in desired {
            let key = desired.key.clone();
            let (cache, old_status) = caches.remove(&key).unwrap_or_default();
            let running = loops
                .running
                .remove(&key)
                .unwrap_or_else(|| self.start(&mut loops.tasks, desired, cache, old_status));
            statuses.push(running.status.clone());
            loops.running.insert(key, running);
        }
        *self.statuses.write() = statuses;
        *self.dropped.write() = dropped;
        self.count_pools(&mut loops, config);
    }

    /// All targets as they stand now. Ordering: by job as in the configuration, then as written.
    pub fn targets(&self) -> Vec<TargetStatus> {
        self.statuses.read().iter().map(SharedStatus::get).collect()
    }

    /// The targets that relabelling dropped. Ordering: as for [`targets`](Self::targets).
    pub fn dropped_targets(&self) -> Vec<DroppedTarget> {
        self.dropped.read().clone()
    }

    /// What the targets say about their metrics. Ordering: by target as in [`targets`](Self::targets), then
    /// by family name.
    pub fn metadata(&self) -> Vec<TargetMetadata> {
        let statuses = self.statuses.read().clone();
        let mut all = Vec::new();
        for status in statuses {
            let target = status.get().labels;
            for (family, metadata) in status.metadata().lock().families() {
                all.push(TargetMetadata {
                    target: target.clone(),
                    family,
                    metadata,
                });
            }
        }
        all
    }

    /// Stops all loops and waits for them. What is being stored is stored; no series ends.
    pub async fn shutdown(&self) {
        let mut loops = self.loops.lock().await;
        for running in loops.running.values() {
            running.stop.cancel();
        }
        while loops.tasks.join_next().await.is_some() {}
        loops.running.clear();
    }

    /// The loops of `config`, each target once.
    fn desired(&self, config: &Config, dropped: &mut Vec<DroppedTarget>) -> Vec<Desired> {
        // Servers that differ in their external labels scrape the same target at different times.
        let seed = fnv1a(&[&config.global.external_labels.to_string()]);
        let mut seen = HashSet::new();
        let mut all = Vec::new();
        for job in &config.scrape_configs {
            // The loops compare their settings: targets are not among them.
            let settings = Arc::new(ScrapeConfig {
                static_configs: Vec::new(),
                ..job.clone()
            });
            let targets: Vec<(TargetKey, Target)> = self
                .targets_of(job, dropped)
                .into_iter()
                .map(|target| (key_of(&target), target))
                .filter(|(key, _)| seen.insert(key.clone()))
                .collect();
            let above_limit = self.check_target_limit(job, targets.len() as u64);
            for (key, target) in targets {
                let schedule = Schedule::new(target.interval, target.hash() ^ seed);
                let (target, config) = (Arc::new(target), Arc::clone(&settings));
                all.push(Desired {
                    key,
                    target,
                    config,
                    above_limit,
                    schedule,
                });
            }
        }
        all
    }

    fn targets_of(&self, job: &ScrapeConfig, dropped: &mut Vec<DroppedTarget>) -> Vec<Target> {
        let mut targets = Vec::new();
        for group in &job.static_configs {
            for address in &group.targets {
                match Target::settle(job, address, &group.labels) {
                    Ok(Settled::Scraped(target)) => targets.push(target),
                    Ok(Settled::Dropped(discovered_labels)) => {
                        let pool = job.job_name.clone();
                        dropped.push(DroppedTarget {
                            pool,
                            discovered_labels,
                        });
                    }
                    Err(error) => {
                        self.metrics.sync_failures.with(&[&job.job_name]).inc();
                        warn!(job = %job.job_name, %address, %error, "target is left out");
                    }
                }
            }
        }
        targets
    }

    fn check_target_limit(&self, job: &ScrapeConfig, targets: u64) -> Option<(u64, u64)> {
        let limit = job.limits.targets;
        let above = limit > 0 && targets > limit;
        if above {
            self.metrics.exceeded_target_limit.inc();
        }
        above.then_some((targets, limit))
    }

    /// Stops the loops that are not desired as they run. Gives the series of those that will run again.
    async fn stop_changed(
        &self,
        loops: &mut Loops,
        desired: &[Desired],
    ) -> HashMap<TargetKey, (SeriesCache, Option<SharedStatus>)> {
        let wanted: HashMap<&TargetKey, &Desired> = desired
            .iter()
            .map(|desired| (&desired.key, desired))
            .collect();
        let mut stopping = HashMap::new();
        loops.running.retain(|key, running| {
            let stays = wanted.get(key).is_some_and(|desired| running.runs(desired));
            if !stays {
                running.stop.cancel();
                stopping.insert(key.clone(), running.parts(self));
            }
            stays
        });
        let mut kept = HashMap::new();
        while !stopping.is_empty() {
            let (key, mut cache) = match loops.tasks.join_next().await {
                None => break,
                Some(Ok(ended)) => ended,
                Some(Err(error)) => {
                    error!(%error, "a scrape loop ended by a panic");
                    continue;
                }
            };
            let Some(old) = stopping.remove(&key) else {
                continue;
            };
            let again = wanted.get(&key).filter(|desired| {
                desired.config.extra_scrape_metrics == old.config.extra_scrape_metrics
            });
            if again.is_some() {
                cache.forget_names();
                kept.insert(key, (cache, Some(old.status)));
            } else {
                self.end(old, cache).await;
            }
        }
        kept
    }

    /// Ends the series of a target that is gone.
    async fn end(&self, old: TargetLoop, cache: SeriesCache) {
        let now = self.deps.clock.now();
        let ended = tokio::task::spawn_blocking(move || old.ingest(cache).end(now)).await;
        if let Err(error) = ended {
            error!(%error, "ending the series of a removed target panicked");
        }
    }

    fn start(
        &self,
        tasks: &mut JoinSet<(TargetKey, SeriesCache)>,
        desired: Desired,
        cache: SeriesCache,
        old_status: Option<SharedStatus>,
    ) -> Running {
        let Desired {
            key,
            target,
            config,
            above_limit,
            schedule,
        } = desired;
        let status = match old_status {
            Some(status) => {
                status.update(|status| {
                    status.scrape_interval = target.interval;
                    status.scrape_timeout = target.timeout;
                    status.discovered_labels = target.discovered.clone();
                });
                status
            }
            None => SharedStatus::new(&target),
        };
        let stop = CancellationToken::new();
        let running = Running {
            stop,
            target,
            config,
            above_limit,
            schedule,
            status,
        };
        let (target_loop, stop) = (running.parts(self), running.stop.clone());
        tasks.spawn(async move { (key, target_loop.run(cache, stop).await) });
        running
    }

    fn count_pools(&self, loops: &mut Loops, config: &Config) {
        let pools: HashSet<String> = config
            .scrape_configs
            .iter()
            .map(|job| job.job_name.clone())
            .collect();
        for gone in loops.pools.difference(&pools) {
            self.metrics.pool_targets.remove(&[gone]);
            self.metrics.pool_target_limit.remove(&[gone]);
        }
        for job in &config.scrape_configs {
            let name = job.job_name.as_str();
            let count = loops.running.keys().filter(|key| key.pool == name).count();
            self.metrics.pool_targets.with(&[name]).set(count as f64);
            self.metrics
                .pool_target_limit
                .with(&[name])
                .set(job.limits.targets as f64);
            self.metrics.pool_syncs.with(&[name]).inc();
        }
        self.metrics
            .pools
            .add(pools.difference(&loops.pools).count() as f64);
        loops.pools = pools;
    }
}

impl Running {
    fn runs(&self, desired: &Desired) -> bool {
        self.target == desired.target
            && self.config == desired.config
            && self.above_limit == desired.above_limit
            && self.schedule == desired.schedule
    }

    fn parts(&self, manager: &Manager) -> TargetLoop {
        TargetLoop {
            target: Arc::clone(&self.target),
            config: Arc::clone(&self.config),
            appender: Arc::clone(&manager.deps.appender),
            clock: Arc::clone(&manager.deps.clock),
            buffers: manager.buffers.clone(),
            metrics: manager.metrics.clone(),
            status: self.status.clone(),
            schedule: self.schedule,
            series_limit: manager.deps.max_series_per_target,
            above_limit: self.above_limit,
        }
    }
}

fn key_of(target: &Target) -> TargetKey {
    let (pool, url) = (target.pool.clone(), target.url.to_string());
    TargetKey {
        pool,
        url,
        labels: target.labels.clone(),
    }
}

//! All targets of a configuration.

use crate::buffers::Buffers;
use crate::failure_log::FailureLog;
use crate::job_loop::TargetLoop;
use crate::metadata::FamilyMetadata;
use crate::metrics::ScrapeMetrics;
use crate::pool::{Desired, Dropped, Jobs, TargetKey};
use crate::schedule::Schedule;
use crate::series_cache::SeriesCache;
use crate::status::{DroppedTarget, SharedStatus, TargetStatus};
use crate::target::Target;
use clock::Clock;
use config::{Config, ScrapeConfig};
use discovery::{DiscoveryDeps, Sources};
use http_client::HttpClient;
use model::{Labels, MetricFamily, MetricKind};
use parking_lot::RwLock;
use selfmon::Registry;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Instant;
use storage::Appender;
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::error;

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
    /// Whether zeros are stored at the times when pages say that series began.
    pub stores_starts: bool,
}

/// Discovers targets and runs one loop per target.
///
/// All methods need a tokio runtime with time and I/O. Loops end with [`shutdown`](Self::shutdown), or when
/// the manager is dropped.
pub struct Manager {
    inner: Arc<Inner>,
    /// Passes on what discovery finds; begun with the first configuration.
    following: Mutex<JoinSet<()>>,
}

struct Inner {
    deps: ScrapeDeps,
    buffers: Buffers,
    metrics: ScrapeMetrics,
    discovery: Arc<discovery::Manager>,
    /// What is shown. Ordering: as in the configuration.
    statuses: RwLock<Vec<SharedStatus>>,
    dropped: RwLock<Dropped>,
    pools: RwLock<Vec<Arc<ScrapeConfig>>>,
    loops: Mutex<Loops>,
}

#[derive(Default)]
struct Loops {
    running: HashMap<TargetKey, Running>,
    tasks: JoinSet<(TargetKey, SeriesCache)>,
    /// The configuration that runs.
    jobs: Jobs,
    /// Names of its jobs.
    pools: HashSet<String>,
    /// Whether nothing is to be begun any more.
    closed: bool,
}

/// One running loop and what it was started with.
struct Running {
    stop: CancellationToken,
    target: Arc<Target>,
    config: Arc<ScrapeConfig>,
    http: HttpClient,
    above_limit: Option<(u64, u64)>,
    failures: Option<FailureLog>,
    schedule: Schedule,
    status: SharedStatus,
}

impl fmt::Debug for Manager {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let targets = self.inner.statuses.read().len();
        f.debug_struct("Manager")
            .field("targets", &targets)
            .finish_non_exhaustive()
    }
}

impl Manager {
    /// A manager without targets.
    pub fn new(deps: ScrapeDeps) -> Self {
        let (registry, clock) = (deps.registry.clone(), Arc::clone(&deps.clock));
        let discovery = DiscoveryDeps::new("scrape", registry, clock);
        let inner = Inner {
            metrics: ScrapeMetrics::new(&deps.registry),
            discovery: Arc::new(discovery::Manager::new(discovery)),
            deps,
            buffers: Buffers::default(),
            statuses: RwLock::default(),
            dropped: RwLock::default(),
            pools: RwLock::default(),
            loops: Mutex::default(),
        };
        let inner = Arc::new(inner);
        let weak = Arc::downgrade(&inner);
        inner.deps.registry.collect(move || {
            let inner = weak.upgrade();
            inner.map_or_else(Vec::new, |inner| inner.metadata_families())
        });
        Self {
            inner,
            following: Mutex::default(),
        }
    }

    /// Discovers and scrapes what `config` says from now on. Targets that stay the same are not touched;
    /// those whose settings changed keep their series; the series of those that are gone end.
    pub async fn apply(&self, config: &Config) {
        let began = Instant::now();
        let sources = config.scrape_configs.iter().map(Sources::of_job);
        let mut loops = self.inner.loops.lock().await;
        self.inner.discovery.apply(sources.collect());
        loops.jobs.apply(config);
        let pools = config.scrape_configs.iter().cloned().map(Arc::new);
        *self.inner.pools.write() = pools.collect();
        self.inner.sync(&mut loops).await;
        self.inner.note_reload(config, began);
        drop(loops);
        let mut following = self.following.lock().await;
        if following.is_empty() {
            self.follow(&mut following);
        }
    }

    /// Begins to pass on what discovery finds.
    fn follow(&self, following: &mut JoinSet<()>) {
        let discovery = Arc::clone(&self.inner.discovery);
        let inner = Arc::downgrade(&self.inner);
        following.spawn(async move {
            while discovery.changed().await {
                let Some(inner) = inner.upgrade() else {
                    return;
                };
                let mut loops = inner.loops.lock().await;
                inner.sync(&mut loops).await;
            }
        });
    }

    /// All targets as they stand now. Ordering: by job as in the configuration, then as discovered.
    pub fn targets(&self) -> Vec<TargetStatus> {
        self.inner
            .statuses
            .read()
            .iter()
            .map(SharedStatus::get)
            .collect()
    }

    /// The targets that relabelling dropped, those that `keep_dropped_targets` leaves out not among them.
    /// Ordering: as for [`targets`](Self::targets).
    pub fn dropped_targets(&self) -> Vec<DroppedTarget> {
        self.inner.dropped.read().targets.clone()
    }

    /// How many targets relabelling dropped in each job. Ordering: by job.
    pub fn dropped_counts(&self) -> BTreeMap<String, u64> {
        self.inner.dropped.read().counts.clone()
    }

    /// The jobs, those without targets too. Ordering: as in the configuration.
    pub fn pools(&self) -> Vec<Arc<ScrapeConfig>> {
        self.inner.pools.read().clone()
    }

    /// Shows `visit` what the targets say about their metrics, until it breaks off: the target's labels, the
    /// family's name, and what is said. Nothing is copied: there may be very many.
    ///
    /// Ordering: by target as in [`targets`](Self::targets), then as the families were first met.
    pub fn visit_metadata(
        &self,
        mut visit: impl FnMut(&Labels, &str, &FamilyMetadata) -> ControlFlow<()>,
    ) {
        let statuses = self.inner.statuses.read().clone();
        for status in statuses {
            let target = status.get().labels;
            for (family, metadata) in status.metadata().lock().families() {
                if visit(&target, family, metadata).is_break() {
                    return;
                }
            }
        }
    }

    /// Stops all loops and waits for them. What is being stored is stored; no series ends.
    pub async fn shutdown(&self) {
        let mut loops = self.inner.loops.lock().await;
        loops.closed = true;
        self.inner.discovery.apply(Vec::new());
        for running in loops.running.values() {
            running.stop.cancel();
        }
        while loops.tasks.join_next().await.is_some() {}
        loops.running.clear();
    }
}

impl Inner {
    /// Runs the loops of the targets as they are known now, and no others.
    async fn sync(&self, loops: &mut Loops) {
        if loops.closed {
            return;
        }
        let (desired, dropped) = loops.jobs.desired(&self.discovery, &self.metrics);
        let mut caches = self.stop_changed(loops, &desired).await;
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
        self.count_pools(loops);
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
            http,
            above_limit,
            failures,
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
            http,
            above_limit,
            failures,
            schedule,
            status,
        };
        let (target_loop, stop) = (running.parts(self), running.stop.clone());
        tasks.spawn(async move { (key, target_loop.run(cache, stop).await) });
        running
    }

    fn note_reload(&self, config: &Config, began: Instant) {
        let seconds = began.elapsed().as_secs_f64();
        for job in &config.scrape_configs {
            let interval = job.scrape_interval.to_string();
            self.metrics.lengths.note_reload(&interval, seconds);
            self.metrics.pool_reloads.inc();
        }
    }

    /// How much is known of the families of each job's targets.
    fn metadata_families(&self) -> Vec<MetricFamily> {
        let mut sizes: BTreeMap<String, (usize, usize)> = BTreeMap::new();
        for status in self.statuses.read().clone() {
            let (entries, bytes) = status.metadata().lock().size();
            let of_job = sizes.entry(status.get().pool).or_default();
            *of_job = (of_job.0 + entries, of_job.1 + bytes);
        }
        let mut entries = MetricFamily::new(
            "prometheus_target_metadata_cache_entries",
            MetricKind::Gauge,
            "Families of a job's targets whose type and help are known.",
        );
        let mut bytes = MetricFamily::new(
            "prometheus_target_metadata_cache_bytes",
            MetricKind::Gauge,
            "Bytes of what is known of the families of a job's targets.",
        );
        for (job, (number, size)) in sizes {
            let labels = Labels::from_pairs([("scrape_job", job)]);
            entries.push(labels.clone(), number as f64);
            bytes.push(labels, size as f64);
        }
        vec![entries, bytes]
    }

    fn count_pools(&self, loops: &mut Loops) {
        let jobs = loops.jobs.settings();
        let pools: HashSet<String> = jobs.iter().map(|job| job.job_name.clone()).collect();
        for gone in loops.pools.difference(&pools) {
            self.metrics.forget_pool(gone);
        }
        for job in jobs {
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

    fn parts(&self, manager: &Inner) -> TargetLoop {
        TargetLoop {
            target: Arc::clone(&self.target),
            config: Arc::clone(&self.config),
            http: self.http.clone(),
            appender: Arc::clone(&manager.deps.appender),
            clock: Arc::clone(&manager.deps.clock),
            buffers: manager.buffers.clone(),
            metrics: manager.metrics.clone(),
            status: self.status.clone(),
            schedule: self.schedule,
            series_limit: manager.deps.max_series_per_target,
            above_limit: self.above_limit,
            stores_starts: manager.deps.stores_starts,
            failures: self.failures.clone(),
        }
    }
}

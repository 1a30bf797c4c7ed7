//! All discoveries of a configuration.

use crate::discoverer::{Groups, Sink};
use crate::group::TargetGroup;
use crate::mechanism::discoverer;
use crate::metrics::ManagerMetrics;
use clock::Clock;
use config::{AlertmanagerConfig, DiscoveryConfig, ScrapeConfig, StaticConfig};
use parking_lot::Mutex;
use selfmon::Registry;
use std::collections::BTreeSet;
use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// Least and longest time between two updates that are passed on.
const LEAST_WAIT: Duration = Duration::from_millis(100);
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// What discovery needs from outside.
#[derive(Clone)]
pub struct DiscoveryDeps {
    /// Who uses the targets, as metrics say it: `scrape` or `notify`.
    pub name: &'static str,
    /// Where discovery counts what it does.
    pub registry: Registry,
    /// Tells the time of updates.
    pub clock: Arc<dyn Clock>,
    /// DNS servers to ask instead of the system's.
    pub dns_servers: Vec<SocketAddr>,
}

impl DiscoveryDeps {
    /// The usual ones: the system's DNS servers.
    pub fn new(name: &'static str, registry: Registry, clock: Arc<dyn Clock>) -> Self {
        Self {
            name,
            registry,
            clock,
            dns_servers: Vec::new(),
        }
    }
}

/// Where the targets of one job come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sources {
    /// The job.
    pub job: String,
    /// Targets that are written down.
    pub static_configs: Vec<StaticConfig>,
    /// Discoveries.
    pub discoveries: Vec<DiscoveryConfig>,
}

impl Sources {
    /// Where the targets of a scrape config come from.
    pub fn of_job(job: &ScrapeConfig) -> Self {
        Self {
            job: job.job_name.clone(),
            static_configs: job.static_configs.clone(),
            discoveries: job.discoveries.clone(),
        }
    }

    /// Where the Alertmanagers of a section come from; `index` is the section's.
    pub fn of_alertmanagers(index: usize, section: &AlertmanagerConfig) -> Self {
        Self {
            job: format!("config-{index}"),
            static_configs: section.static_configs.clone(),
            discoveries: section.discoveries.clone(),
        }
    }
}

/// Runs one task per discovery; jobs with equal discoveries share one.
///
/// All methods need a tokio runtime with time and I/O. The tasks end when the manager is dropped.
pub struct Manager {
    deps: DiscoveryDeps,
    metrics: ManagerMetrics,
    changed: Arc<Notify>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    sources: Vec<Sources>,
    providers: Vec<Provider>,
    /// When the last update was passed on, and how long the next one waits.
    passed_on: Option<Instant>,
    wait: Duration,
}

/// One discovery at work.
struct Provider {
    settings: DiscoveryConfig,
    groups: Groups,
    /// Its task, which ends when this is dropped.
    _task: JoinSet<()>,
}

impl fmt::Debug for Manager {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let providers = self.state.lock().providers.len();
        f.debug_struct("Manager")
            .field("name", &self.deps.name)
            .field("providers", &providers)
            .finish_non_exhaustive()
    }
}

impl Manager {
    /// A manager without discoveries.
    pub fn new(deps: DiscoveryDeps) -> Self {
        Self {
            metrics: ManagerMetrics::new(&deps.registry, deps.name),
            deps,
            changed: Arc::default(),
            state: Mutex::default(),
        }
    }

    /// Discovers for these jobs from now on. Discoveries whose settings stay the same are not touched and
    /// keep what they found.
    pub fn apply(&self, sources: Vec<Sources>) {
        let mut state = self.state.lock();
        let jobs: BTreeSet<&str> = sources.iter().map(|source| source.job.as_str()).collect();
        for gone in &state.sources {
            if !jobs.contains(gone.job.as_str()) {
                self.metrics.discovered.remove(&[self.deps.name, &gone.job]);
            }
        }
        let mut before = std::mem::take(&mut state.providers);
        for source in &sources {
            for settings in &source.discoveries {
                let is_same = |provider: &Provider| provider.settings == *settings;
                if state.providers.iter().any(is_same) {
                    continue;
                }
                let kept = before
                    .iter()
                    .position(is_same)
                    .map(|at| before.swap_remove(at));
                let provider = kept.or_else(|| self.start(settings, &source.job));
                state.providers.extend(provider);
            }
        }
        state.sources = sources;
        drop(before);
        self.count(&state);
    }

    fn start(&self, settings: &DiscoveryConfig, job: &str) -> Option<Provider> {
        let discoverer = discoverer(settings, &self.deps, job)?;
        let groups = Groups::default();
        let sink = Sink {
            groups: Arc::clone(&groups),
            changed: Arc::clone(&self.changed),
            received: self.metrics.received.clone(),
        };
        let mut task = JoinSet::new();
        task.spawn(discoverer.run(sink));
        Some(Provider {
            settings: settings.clone(),
            groups,
            _task: task,
        })
    }

    /// Waits until some discovery found something else. Changes that come close together are one; the wait
    /// for more grows from a tenth of a second to 5 seconds while they keep coming. Always true: there is no
    /// end to changes.
    pub async fn changed(&self) -> bool {
        self.changed.notified().await;
        let wait_until = {
            let mut state = self.state.lock();
            let quiet = state
                .passed_on
                .is_none_or(|last| last.elapsed() > 2 * state.wait.max(LEAST_WAIT));
            state.wait = if quiet {
                LEAST_WAIT
            } else {
                self.metrics.delayed.inc();
                (state.wait * 2).min(LONGEST_WAIT)
            };
            Instant::now() + state.wait
        };
        tokio::time::sleep_until(wait_until).await;
        let mut state = self.state.lock();
        state.passed_on = Some(Instant::now());
        self.metrics.updates.inc();
        let seconds = self.deps.clock.now().0 as f64 / 1000.0;
        self.deps
            .registry
            .gauge(
                "prometheus_sd_last_update_timestamp_seconds",
                "When targets were passed on last, in seconds since the epoch.",
                &[("name", self.deps.name)],
            )
            .set(seconds);
        self.count(&state);
        true
    }

    /// The groups of a job as they stand now. Ordering: those that are written down, then by discovery as
    /// in the configuration, then by source.
    pub fn groups(&self, job: &str) -> Vec<Arc<TargetGroup>> {
        let state = self.state.lock();
        let source = state.sources.iter().find(|source| source.job == job);
        source
            .map(|source| groups_of(&state, source))
            .unwrap_or_default()
    }

    fn count(&self, state: &State) {
        for source in &state.sources {
            let groups = groups_of(state, source);
            let targets: usize = groups.iter().map(|group| group.targets.len()).sum();
            let gauge = self.metrics.discovered.with(&[self.deps.name, &source.job]);
            gauge.set(targets as f64);
        }
    }
}

fn groups_of(state: &State, source: &Sources) -> Vec<Arc<TargetGroup>> {
    let mut groups: Vec<Arc<TargetGroup>> = source
        .static_configs
        .iter()
        .enumerate()
        .map(|(index, group)| Arc::new(TargetGroup::of_list(index.to_string(), group, None)))
        .collect();
    for settings in &source.discoveries {
        let is_same = |provider: &&Provider| provider.settings == *settings;
        if let Some(provider) = state.providers.iter().find(is_same) {
            groups.extend(provider.groups.lock().values().cloned());
        }
    }
    groups
}

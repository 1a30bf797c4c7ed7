//! All Alertmanagers, through changes of the configuration and of what is discovered.

use crate::metrics::{Metrics, latency_family};
use crate::sender::Sender;
use crate::target::targets;
use clock::Clock;
use config::{Alerting, AlertmanagerConfig};
use discovery::{DiscoveryDeps, Sources};
use http::Uri;
use http_client::HttpClient;
use model::Labels;
use parking_lot::Mutex;
use relabel::{Rule, Verdict, apply};
use rules::{Notification, Notifier};
use selfmon::Registry;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::task::{AbortHandle, JoinSet};

/// How long a queue may take to empty when the server stops.
const DRAIN_TIME: Duration = Duration::from_secs(30);
/// Time between two looks whether it is empty.
const DRAIN_LOOK: Duration = Duration::from_millis(20);

/// What sending needs from outside.
#[derive(Clone)]
pub struct NotifyDeps {
    /// Where sending counts what it does.
    pub registry: Registry,
    /// Tells the time to discoveries.
    pub clock: Arc<dyn Clock>,
    /// Alerts that may wait for one Alertmanager (`--alertmanager.notification-queue-capacity`).
    pub queue_capacity: usize,
    /// Most alerts of one request.
    pub batch_size: usize,
    /// Whether what waits is sent when the server stops (`--alertmanager.drain-notification-queue-on-shutdown`).
    pub drains: bool,
}

impl NotifyDeps {
    /// Prometheus' defaults: 10,000 alerts, 256 of them at once, all sent before the end.
    pub fn new(registry: Registry, clock: Arc<dyn Clock>) -> Self {
        Self {
            registry,
            clock,
            queue_capacity: 10_000,
            batch_size: 256,
            drains: true,
        }
    }
}

/// The addresses of Alertmanagers. Ordering: of the configuration and of discovery.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Alertmanagers {
    /// Those that alerts are sent to.
    pub active: Vec<String>,
    /// Those that relabelling dropped.
    pub dropped: Vec<String>,
}

/// Sends alerts to all Alertmanagers. Needs a tokio runtime with time and I/O for everything but
/// [`send`](Notifier::send). Its tasks end when it is dropped.
pub struct Manager {
    shared: Arc<Shared>,
}

struct Shared {
    deps: NotifyDeps,
    metrics: Metrics,
    discovery: Arc<discovery::Manager>,
    state: Mutex<State>,
    tasks: Mutex<JoinSet<()>>,
    /// Whether there is a task that follows what is discovered.
    watched: AtomicBool,
}

#[derive(Default)]
struct State {
    external_labels: Labels,
    rules: Vec<Rule>,
    sections: Vec<Section>,
}

/// One section of the configuration with its Alertmanagers.
struct Section {
    config: AlertmanagerConfig,
    client: HttpClient,
    senders: Vec<Running>,
    dropped: Vec<String>,
}

/// A sender with its task.
struct Running {
    sender: Arc<Sender>,
    task: AbortHandle,
}

impl Manager {
    /// No Alertmanagers yet.
    pub fn new(deps: NotifyDeps) -> Self {
        let discovery_deps =
            DiscoveryDeps::new("notify", deps.registry.clone(), Arc::clone(&deps.clock));
        let shared = Arc::new(Shared {
            metrics: Metrics::new(&deps.registry, deps.queue_capacity),
            discovery: Arc::new(discovery::Manager::new(discovery_deps)),
            deps,
            state: Mutex::default(),
            tasks: Mutex::default(),
            watched: AtomicBool::new(false),
        });
        // Weak: the registry outlives the manager.
        let weak = Arc::downgrade(&shared);
        shared.deps.registry.collect(move || {
            let shared = weak.upgrade();
            shared
                .map(|shared| shared.latencies())
                .into_iter()
                .collect()
        });
        Self { shared }
    }

    /// Sends as `alerting` says from now on. Alertmanagers of sections that stay the same keep what waits for
    /// them.
    pub fn apply(&self, alerting: &Alerting, external_labels: &Labels) {
        let sections = &alerting.alertmanagers;
        let sources = sections.iter().enumerate();
        let sources = sources.map(|(index, section)| Sources::of_alertmanagers(index, section));
        self.shared.discovery.apply(sources.collect());
        self.shared.set(alerting, external_labels);
        self.shared.sync();
        if !self.shared.watched.swap(true, Ordering::Relaxed) {
            let discovery = Arc::clone(&self.shared.discovery);
            let shared = Arc::downgrade(&self.shared);
            self.shared.tasks.lock().spawn(async move {
                while discovery.changed().await {
                    let Some(shared) = shared.upgrade() else {
                        return;
                    };
                    shared.sync();
                }
            });
        }
    }

    /// The Alertmanagers as they stand now.
    pub fn alertmanagers(&self) -> Alertmanagers {
        let state = self.shared.state.lock();
        let mut all = Alertmanagers::default();
        for section in &state.sections {
            let urls = section.senders.iter().map(|one| one.sender.url.to_string());
            all.active.extend(urls);
            all.dropped.extend(section.dropped.iter().cloned());
        }
        all
    }

    /// Sends what still waits, unless that is switched off, and ends. To be called when no rule is evaluated
    /// any more.
    pub async fn shutdown(&self) {
        let senders: Vec<Running> = {
            let mut state = self.shared.state.lock();
            let sections = std::mem::take(&mut state.sections);
            sections
                .into_iter()
                .flat_map(|section| section.senders)
                .collect()
        };
        if self.shared.deps.drains {
            for running in &senders {
                running.sender.drain();
            }
            let drained = async {
                while senders.iter().any(|running| !running.task.is_finished()) {
                    tokio::time::sleep(DRAIN_LOOK).await;
                }
            };
            if tokio::time::timeout(DRAIN_TIME, drained).await.is_err() {
                tracing::warn!("alerts that could not be sent in time are dropped");
            }
        }
        self.shared.tasks.lock().abort_all();
    }
}

impl Shared {
    fn set(&self, alerting: &Alerting, external_labels: &Labels) {
        let mut state = self.state.lock();
        state.external_labels = external_labels.clone();
        state.rules.clone_from(&alerting.alert_relabel_configs);
        let mut old = std::mem::take(&mut state.sections);
        for config in &alerting.alertmanagers {
            let same = old.iter().position(|section| section.config == *config);
            state.sections.push(match same {
                Some(at) => old.remove(at),
                None => Section {
                    config: config.clone(),
                    client: HttpClient::new(&config.client),
                    senders: Vec::new(),
                    dropped: Vec::new(),
                },
            });
        }
        for gone in old.into_iter().flat_map(|section| section.senders) {
            self.end(&gone);
        }
    }

    /// Brings senders in line with what is discovered.
    fn sync(&self) {
        let mut state = self.state.lock();
        let mut tasks = self.tasks.lock();
        while tasks.try_join_next().is_some() {}
        let mut active = 0;
        for (index, section) in state.sections.iter_mut().enumerate() {
            let job = Sources::of_alertmanagers(index, &section.config).job;
            let found = targets(&section.config, &self.discovery.groups(&job));
            let mut old = std::mem::take(&mut section.senders);
            for url in found.active {
                let same = old.iter().position(|running| running.sender.url == url);
                section.senders.push(match same {
                    Some(at) => old.remove(at),
                    None => self.start(url, section, &mut tasks),
                });
            }
            for gone in &old {
                self.end(gone);
            }
            section.dropped = found.dropped;
            active += section.senders.len();
        }
        self.metrics.discovered.set(active as f64);
    }

    fn start(&self, url: Uri, section: &Section, tasks: &mut JoinSet<()>) -> Running {
        let metrics = self.metrics.sender(&url.to_string());
        let sender = Arc::new(Sender::new(
            url,
            section.client.clone(),
            section.config.timeout.to_std(),
            self.deps.queue_capacity,
            self.deps.batch_size,
            metrics,
        ));
        Running {
            task: tasks.spawn(Arc::clone(&sender).run()),
            sender,
        }
    }

    fn end(&self, running: &Running) {
        running.task.abort();
        self.metrics.forget(&running.sender.url.to_string());
    }

    fn latencies(&self) -> model::MetricFamily {
        let state = self.state.lock();
        let senders = state.sections.iter().flat_map(|section| &section.senders);
        latency_family(
            senders
                .flat_map(|one| one.sender.metrics.latency(&one.sender.url.to_string()))
                .collect(),
        )
    }
}

impl Notifier for Manager {
    fn send(&self, alerts: Vec<Notification>) {
        let state = self.shared.state.lock();
        let own = alerts.into_iter().filter_map(|mut alert| {
            let mut labels = alert.labels.to_builder();
            for (name, value) in state.external_labels.iter() {
                if alert.labels.get(name).is_none() {
                    labels.set(name, value);
                }
            }
            alert.labels = labels.build();
            relabelled(Arc::new(alert), &state.rules)
        });
        let own: Vec<Arc<Notification>> = own.collect();
        for section in &state.sections {
            let rules = &section.config.alert_relabel_configs;
            let alerts = own
                .iter()
                .filter_map(|alert| relabelled(Arc::clone(alert), rules));
            let alerts: Vec<Arc<Notification>> = alerts.collect();
            if alerts.is_empty() {
                continue;
            }
            for running in &section.senders {
                running.sender.add(&alerts);
            }
        }
    }
}

/// The alert with the labels that `rules` make, unless they drop it.
fn relabelled(alert: Arc<Notification>, rules: &[Rule]) -> Option<Arc<Notification>> {
    if rules.is_empty() {
        return Some(alert);
    }
    let mut labels = alert.labels.to_builder();
    if apply(rules, &mut labels) != Verdict::Keep {
        return None;
    }
    let labels = labels.build();
    Some(Arc::new(Notification {
        labels,
        ..(*alert).clone()
    }))
}

impl std::fmt::Debug for Manager {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Manager")
            .field("alertmanagers", &self.alertmanagers())
            .finish_non_exhaustive()
    }
}

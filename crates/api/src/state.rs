//! What the handlers work on.

use crate::access::Door;
use crate::cors::CorsOrigins;
use crate::federate::FederationMetrics;
use crate::gate::QueryGate;
use crate::instrument::HttpMetrics;
use crate::notifications::Notifications;
use crate::queries::QueryBook;
use crate::query_log::QueryLog;
use crate::query_metrics::QueryMetrics;
use crate::running_config::RunningConfig;
use api_types::BuildInfo;
use clock::Clock;
use model::{DurationMs, MetricFamily, TimestampMs};
use rules::SharedEngine;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use storage::{Admin, Queryable, ReplayStatus};

/// What the handlers work on; the server fills it.
pub struct ApiState {
    /// Who comes in: what of the rules of folders somebody may see.
    pub door: Arc<Door>,
    /// Samples.
    pub storage: Arc<dyn Queryable>,
    /// What an operator may ask of the storage.
    pub admin: Arc<dyn Admin>,
    /// Whether clients may delete and snapshot.
    pub admin_enabled: bool,
    /// How far reading the log back has come.
    pub replay: Box<dyn Fn() -> ReplayStatus + Send + Sync>,
    /// Takes samples that others push; `None` where that is off.
    pub receiver: Option<Arc<remote::Receiver>>,
    /// Evaluates queries.
    pub engine: SharedEngine,
    /// Lets so many queries run at once.
    pub gate: QueryGate,
    /// What runs and what was asked.
    pub book: QueryBook,
    /// What an operator should know.
    pub notifications: Notifications,
    /// Lines about queries.
    pub query_log: QueryLog,
    /// What queries take, made from the registry.
    pub queries: QueryMetrics,
    /// Longest time a query may take.
    pub query_timeout: DurationMs,
    /// What of PromQL is switched on.
    pub parse_options: promql_syntax::ParseOptions,
    /// Counters of federation, made from the registry.
    pub federation: FederationMetrics,
    /// Which pages from elsewhere may read answers.
    pub cors: CorsOrigins,
    /// Targets.
    pub scrape: Arc<scrape::Manager>,
    /// Groups of rules.
    pub rules: Arc<rules::Manager>,
    /// Alerts on their way.
    pub notify: Arc<notify::Manager>,
    /// The server's own metrics.
    pub registry: selfmon::Registry,
    /// The machine's metrics, computed when asked.
    pub node: Box<dyn Fn() -> Vec<MetricFamily> + Send + Sync>,
    /// Time of day.
    pub clock: Arc<dyn Clock>,
    /// Whether the server is starting, ready or stopping.
    pub readiness: Readiness,
    /// What was built.
    pub build: BuildInfo,
    /// What runs.
    pub runtime: RuntimeFacts,
    /// The running configuration.
    pub config: RunningConfig,
    /// All flags with their values.
    pub flags: BTreeMap<String, String>,
    /// Counters of requests, made from the registry.
    pub http: HttpMetrics,
}

/// Facts for `/api/v1/status/runtimeinfo` that do not change while the server runs.
#[derive(Debug, Clone)]
pub struct RuntimeFacts {
    /// When the server started.
    pub start_time: TimestampMs,
    /// Working directory.
    pub working_directory: String,
    /// Host name.
    pub hostname: String,
    /// Worker threads.
    pub worker_threads: u64,
    /// Corrupted places found in the write-ahead log.
    pub corruptions: u64,
    /// Retention as `15d`.
    pub storage_retention: String,
}

/// Whether the server is starting, ready or stopping. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Readiness(Arc<AtomicU8>);

// 0, where it begins, is neither: starting.
const READY: u8 = 1;
const STOPPING: u8 = 2;

impl Readiness {
    /// From now on requests are answered.
    pub fn set_ready(&self) {
        self.0.store(READY, Ordering::Release);
    }

    /// From now on requests are refused because the server stops.
    pub fn set_stopping(&self) {
        self.0.store(STOPPING, Ordering::Release);
    }

    pub(crate) fn is_ready(&self) -> bool {
        self.0.load(Ordering::Acquire) == READY
    }

    pub(crate) fn is_stopping(&self) -> bool {
        self.0.load(Ordering::Acquire) == STOPPING
    }
}

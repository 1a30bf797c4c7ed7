//! What rules stand on, and how they are evaluated.

use crate::notifier::{Discard, Notifier};
use crate::shared_engine::SharedEngine;
use clock::{Clock, SystemClock};
use model::{DurationMs, Labels};
use promql_syntax::ParseOptions;
use selfmon::Registry;
use std::sync::Arc;
use std::time::Duration;
use storage::{Appender, Queryable};

/// What rules stand on.
#[derive(Clone)]
pub struct RuleDeps {
    /// Where samples are read.
    pub storage: Arc<dyn Queryable>,
    /// Where results go.
    pub appender: Arc<dyn Appender>,
    /// Evaluates expressions.
    pub engine: SharedEngine,
    /// How queries inside templates are parsed.
    pub parse_options: ParseOptions,
    /// Longest time one query may take.
    pub query_timeout: Duration,
    /// Who is told of alerts.
    pub notifier: Arc<dyn Notifier>,
    /// Tells when evaluations happened.
    pub clock: Arc<dyn Clock>,
    /// Where the rules' own metrics are.
    pub registry: Registry,
}

impl RuleDeps {
    /// Rules over a storage, with everything else as it usually is and nobody to be told.
    pub fn new(storage: Arc<dyn Queryable>, appender: Arc<dyn Appender>) -> Self {
        Self {
            storage,
            appender,
            engine: SharedEngine::default(),
            parse_options: ParseOptions::default(),
            query_timeout: Duration::from_mins(2),
            notifier: Arc::new(Discard),
            clock: Arc::new(SystemClock),
            registry: Registry::default(),
        }
    }
}

/// How rules are evaluated. All of it may change with the configuration.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleOptions {
    /// Time between evaluations of groups that name none.
    pub evaluation_interval: DurationMs,
    /// How far in the past the rules of groups look that do not say it.
    pub query_offset: DurationMs,
    /// Labels of this server, for templates.
    pub external_labels: Labels,
    /// The address under which people reach this server, without a slash at its end.
    pub external_url: Arc<str>,
    /// How old the state of an alert may be to be restored.
    pub outage_tolerance: DurationMs,
    /// Shortest `for` of alerts that are restored, and how long they then still wait.
    pub for_grace_period: DurationMs,
    /// Shortest time between two tellings of the same alert.
    pub resend_delay: DurationMs,
    /// Whether groups that begin take up the state that was stored.
    pub restore: bool,
    /// Rules of a group that may be evaluated at once where none needs another; 1 is one by one.
    pub max_concurrent: usize,
}

impl Default for RuleOptions {
    /// Prometheus' defaults.
    fn default() -> Self {
        Self {
            evaluation_interval: DurationMs::from_secs(60),
            query_offset: DurationMs(0),
            external_labels: Labels::empty(),
            external_url: Arc::from("http://localhost:9090"),
            outage_tolerance: DurationMs::from_secs(3600),
            for_grace_period: DurationMs::from_secs(600),
            resend_delay: DurationMs::from_secs(60),
            restore: true,
            max_concurrent: 1,
        }
    }
}

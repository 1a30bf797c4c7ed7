//! The configuration while the server runs: read again when somebody asks or a file changed.

use crate::rule_tasks::{self, RuleTasks};
use api::{Notifications, QueryLog, RunningConfig};
use clock::Clock;
use config::Config;
use promql::EngineOptions;
use rules::SharedEngine;
use scrape::Manager;
use selfmon::{Gauge, Registry};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;

/// What an operator is told while the last reload has failed.
const UNSUCCESSFUL: &str =
    "The last reload of the configuration failed; the one before it runs on.";

/// Why a new configuration does not run, or not as a whole.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// It cannot be read or says something wrong: the old one runs on.
    #[error(transparent)]
    Load(#[from] rule_tasks::Error),
    /// A component did not take it; the others did.
    #[error("one or more errors occurred while applying the new configuration: {0}")]
    Apply(QueryLogError),
}

/// The file for the query log cannot be opened.
#[derive(Debug, thiserror::Error)]
#[error("cannot open the query log {path}: {reason}")]
pub(crate) struct QueryLogError {
    path: String,
    reason: std::io::Error,
}

/// What a configuration is handed to.
pub(crate) struct Components {
    pub(crate) running: RunningConfig,
    pub(crate) notifications: Notifications,
    pub(crate) scrape: Arc<Manager>,
    pub(crate) rules: Arc<RuleTasks>,
    pub(crate) engine: SharedEngine,
    pub(crate) query_log: QueryLog,
    pub(crate) sender: Arc<remote_send::Manager>,
    pub(crate) clock: Arc<dyn Clock>,
}

/// Reads the configuration again and hands its parts to the components. Clones share it.
#[derive(Clone)]
pub(crate) struct Reloader {
    shared: Arc<Shared>,
}

struct Shared {
    /// None where the server runs without a file.
    file: Option<PathBuf>,
    /// The configuration that runs. One reload at a time.
    current: Mutex<Config>,
    components: Components,
    successful: Gauge,
    succeeded_at: Gauge,
}

impl Reloader {
    /// Takes over a server that runs `config`, read from `file`.
    pub(crate) fn new(
        file: Option<PathBuf>,
        config: Config,
        components: Components,
        registry: &Registry,
    ) -> Self {
        let successful = registry.gauge(
            "prometheus_config_last_reload_successful",
            "Whether the last attempt to load the configuration worked.",
            &[],
        );
        let succeeded_at = registry.gauge(
            "prometheus_config_last_reload_success_timestamp_seconds",
            "When the configuration was loaded last, in seconds since the epoch.",
            &[],
        );
        let shared = Shared {
            file,
            current: Mutex::new(config),
            components,
            successful,
            succeeded_at,
        };
        shared.note_success();
        Self {
            shared: Arc::new(shared),
        }
    }

    /// Reads the file again. Where that fails, everything goes on as it was.
    ///
    /// # Errors
    /// The file's fault, or that of a component that does not take what the file says.
    pub(crate) async fn reload(&self) -> Result<(), Error> {
        let shared = &self.shared;
        let mut current = shared.current.lock().await;
        let Some(file) = shared.file.clone() else {
            tracing::info!("no configuration file: nothing to reload");
            return Ok(());
        };
        let shown = file.display().to_string();
        let rules = Arc::clone(&shared.components.rules);
        let loaded = tokio::task::spawn_blocking(move || {
            let config = Config::load(&file)?;
            let rules = rules.load(&config)?;
            Ok((config, rules))
        });
        let loaded = loaded.await.unwrap_or_else(|panicked| {
            Err(rule_tasks::Error::Paths(config::Error::Read {
                path: PathBuf::from(&shown),
                reason: std::io::Error::other(panicked),
            }))
        });
        let (config, rules) = match loaded {
            Ok(loaded) => loaded,
            Err(error) => {
                shared.note_failure(&error);
                tracing::error!(file = shown, %error, "configuration not reloaded, the old one stays");
                return Err(Error::Load(error));
            }
        };
        warn_of(&config, Some(&current));
        let components = &shared.components;
        let applied = components
            .apply(shared.file.as_deref(), &config, rules)
            .await;
        *current = config;
        match applied {
            Ok(()) => {
                shared.note_success();
                tracing::info!(file = shown, "configuration reloaded");
                Ok(())
            }
            Err(error) => {
                shared.note_failure(&error);
                tracing::error!(file = shown, %error, "configuration reloaded in part");
                Err(Error::Apply(error))
            }
        }
    }

    /// Looks every `interval` whether a file of the configuration changed, and reloads then.
    pub(crate) async fn watch(self, interval: Duration) {
        let mut before = self.fingerprint().await;
        loop {
            tokio::time::sleep(interval).await;
            let now = self.fingerprint().await;
            if now != before {
                tracing::info!("configuration files changed, reloading");
                // Told in the log and the metrics.
                let _ = self.reload().await;
                before = now;
            }
        }
    }

    /// What all files of the configuration say, as a number; 0 where there is none.
    async fn fingerprint(&self) -> u64 {
        let (config, file) = (
            self.shared.current.lock().await.clone(),
            self.shared.file.clone(),
        );
        let Some(file) = file else {
            return 0;
        };
        let read = tokio::task::spawn_blocking(move || fingerprint(&file, &config));
        read.await.unwrap_or(0)
    }
}

impl Shared {
    fn note_success(&self) {
        self.successful.set(1.0);
        let now = self.components.clock.now();
        self.succeeded_at.set(now.0 as f64 / 1000.0);
        self.components.notifications.remove(UNSUCCESSFUL);
    }

    fn note_failure(&self, error: &dyn std::fmt::Display) {
        self.successful.set(0.0);
        let now = self.components.clock.now();
        self.components.running.set_failed(&error.to_string(), now);
        self.components.notifications.add(UNSUCCESSFUL, now);
    }
}

impl Components {
    /// Hands the parts of a configuration out. A component that fails stops none of the others.
    async fn apply(
        &self,
        file: Option<&Path>,
        config: &Config,
        rules: Vec<rules::RuleFile>,
    ) -> Result<(), QueryLogError> {
        self.running.set(config, file, self.clock.now());
        let logs = set_query_log(&self.query_log, config);
        self.engine.set_options(EngineOptions {
            default_subquery_step: config.global.evaluation_interval,
            ..self.engine.get().options().clone()
        });
        let external_labels = &config.global.external_labels;
        self.sender
            .apply(&config.remote_write, external_labels)
            .await;
        self.scrape.apply(config).await;
        self.rules.apply(rules, config).await;
        logs
    }
}

/// Logs queries where the configuration says.
///
/// # Errors
/// The file cannot be opened; then queries are logged as before.
pub(crate) fn set_query_log(log: &QueryLog, config: &Config) -> Result<(), QueryLogError> {
    let path = &config.global.query_log_file;
    let file = Some(Path::new(path)).filter(|file| !file.as_os_str().is_empty());
    log.set_file(file).map_err(|reason| QueryLogError {
        path: path.clone(),
        reason,
    })
}

fn fingerprint(file: &Path, config: &Config) -> u64 {
    let mut hasher = DefaultHasher::new();
    let further = config.scrape_config_paths().unwrap_or_default();
    let rules = config.rule_paths().unwrap_or_default();
    for path in std::iter::once(file.to_owned()).chain(further).chain(rules) {
        path.hash(&mut hasher);
        std::fs::read(&path).ok().hash(&mut hasher);
    }
    hasher.finish()
}

/// Tells what stands in the configuration and has no effect, and what a restart is needed for.
pub(crate) fn warn_of(config: &Config, before: Option<&Config>) {
    for warning in &config.warnings {
        if before.is_none_or(|before| !before.warnings.contains(warning)) {
            let place = format!("{}:{}", warning.path.display(), warning.line);
            tracing::warn!(place, field = warning.field, "field has no effect yet");
        }
    }
    if before.is_some_and(|before| before.storage != config.storage) {
        tracing::warn!("changes of the section `storage` have effect after a restart");
    }
}

//! The configuration while the server runs: read again when somebody asks or a file changed.

use crate::rule_tasks::{self, RuleTasks};
use api::RunningConfig;
use clock::Clock;
use config::Config;
use scrape::Manager;
use selfmon::{Gauge, Registry};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;

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
    running: RunningConfig,
    scrape: Arc<Manager>,
    rules: Arc<RuleTasks>,
    clock: Arc<dyn Clock>,
    successful: Gauge,
    succeeded_at: Gauge,
}

impl Reloader {
    /// Takes over a server that runs `config`, read from `file`.
    pub(crate) fn new(
        file: Option<PathBuf>,
        config: Config,
        running: RunningConfig,
        scrape: Arc<Manager>,
        rules: Arc<RuleTasks>,
        clock: Arc<dyn Clock>,
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
            running,
            scrape,
            rules,
            clock,
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
    /// The file's fault.
    pub(crate) async fn reload(&self) -> Result<(), rule_tasks::Error> {
        let shared = &self.shared;
        let mut current = shared.current.lock().await;
        let Some(file) = shared.file.clone() else {
            tracing::info!("no configuration file: nothing to reload");
            return Ok(());
        };
        let shown = file.display().to_string();
        let rules = Arc::clone(&shared.rules);
        let loaded = tokio::task::spawn_blocking(move || {
            let config = Config::load(&file)?;
            let rules = rules.load(&config)?;
            Ok((config, rules))
        });
        let loaded = loaded.await.unwrap_or_else(|panicked| {
            Err(rule_tasks::Error::Paths(config::Error::Read {
                path: PathBuf::from(&shown),
                source: std::io::Error::other(panicked),
            }))
        });
        match loaded {
            Ok((config, rules)) => {
                warn_of(&config, Some(&current));
                shared.scrape.apply(&config).await;
                shared.rules.apply(rules, &config).await;
                shared.running.set(config.to_yaml(), shared.clock.now());
                *current = config;
                shared.note_success();
                tracing::info!(file = shown, "configuration reloaded");
                Ok(())
            }
            Err(error) => {
                shared.successful.set(0.0);
                shared.running.set_failed();
                tracing::error!(file = shown, %error, "configuration not reloaded, the old one stays");
                Err(error)
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
        self.succeeded_at.set(self.clock.now().0 as f64 / 1000.0);
    }
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

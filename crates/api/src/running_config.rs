//! What the configuration that runs says to clients; it may change while the server runs.

use config::Config;
use model::{Labels, TimestampMs};
use std::sync::{Arc, PoisonError, RwLock};

/// The configuration that runs. Clones share it.
#[derive(Debug, Clone)]
pub struct RunningConfig(Arc<RwLock<Shown>>);

#[derive(Debug)]
struct Shown {
    yaml: String,
    external_labels: Labels,
    loaded: TimestampMs,
    successful: bool,
}

impl RunningConfig {
    /// The configuration `config`, loaded at `loaded`.
    pub fn new(config: &Config, loaded: TimestampMs) -> Self {
        Self(Arc::new(RwLock::new(Shown::new(config, loaded))))
    }

    /// Another one runs from now on.
    pub fn set(&self, config: &Config, loaded: TimestampMs) {
        let mut shown = self.0.write().unwrap_or_else(PoisonError::into_inner);
        *shown = Shown::new(config, loaded);
    }

    /// The last attempt to load another one failed.
    pub fn set_failed(&self) {
        let mut shown = self.0.write().unwrap_or_else(PoisonError::into_inner);
        shown.successful = false;
    }

    /// As YAML, secrets hidden.
    pub fn yaml(&self) -> String {
        self.read(|shown| shown.yaml.clone())
    }

    /// Labels for everything that leaves this server.
    pub fn external_labels(&self) -> Labels {
        self.read(|shown| shown.external_labels.clone())
    }

    /// When it was loaded.
    pub fn loaded(&self) -> TimestampMs {
        self.read(|shown| shown.loaded)
    }

    /// Whether the last attempt to load one worked.
    pub fn is_successful(&self) -> bool {
        self.read(|shown| shown.successful)
    }

    fn read<T>(&self, read: impl FnOnce(&Shown) -> T) -> T {
        read(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Shown {
    fn new(config: &Config, loaded: TimestampMs) -> Self {
        Self {
            yaml: config.to_yaml(),
            external_labels: config.global.external_labels.clone(),
            loaded,
            successful: true,
        }
    }
}

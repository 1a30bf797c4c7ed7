//! The configuration that runs, as it is shown; it may change while the server runs.

use model::TimestampMs;
use std::sync::{Arc, PoisonError, RwLock};

/// The configuration that runs. Clones share it.
#[derive(Debug, Clone)]
pub struct RunningConfig(Arc<RwLock<Shown>>);

#[derive(Debug)]
struct Shown {
    yaml: String,
    loaded: TimestampMs,
    successful: bool,
}

impl RunningConfig {
    /// The configuration `yaml`, loaded at `loaded`.
    pub fn new(yaml: String, loaded: TimestampMs) -> Self {
        Self(Arc::new(RwLock::new(Shown {
            yaml,
            loaded,
            successful: true,
        })))
    }

    /// Another one runs from now on.
    pub fn set(&self, yaml: String, loaded: TimestampMs) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Shown {
            yaml,
            loaded,
            successful: true,
        };
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

//! The engine while the configuration changes.

use parking_lot::RwLock;
use promql::{Engine, EngineOptions};
use std::sync::Arc;

/// The engine that evaluates queries, which a new configuration may replace. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct SharedEngine(Arc<RwLock<Engine>>);

impl SharedEngine {
    /// An engine with these options.
    pub fn new(options: EngineOptions) -> Self {
        Self(Arc::new(RwLock::new(Engine::new(options))))
    }

    /// The engine as it is now.
    pub fn get(&self) -> Engine {
        self.0.read().clone()
    }

    /// Evaluates later queries with these options. Queries that run go on with the old ones; the memory that they
    /// hold is not counted against the new engine's.
    pub fn set_options(&self, options: EngineOptions) {
        let mut engine = self.0.write();
        if *engine.options() != options {
            *engine = Engine::new(options);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::DurationMs;

    #[test]
    fn clones_see_new_options() {
        let engine = SharedEngine::default();
        let clone = engine.clone();
        let default_subquery_step = DurationMs(7);
        engine.set_options(EngineOptions {
            default_subquery_step,
            ..EngineOptions::default()
        });
        let step = clone.get().options().default_subquery_step;
        assert_eq!(step, default_subquery_step);
    }
}

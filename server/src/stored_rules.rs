//! Rules of the metadata while the server runs: read at the start, after every change made here, and now and
//! then, because other servers may share the database and folders are renamed.

use crate::rule_tasks::RuleTasks;
use api::{Door, RuleKeeper, StoredGroups, stored_groups};
use metadata::BoxFuture;
use rules::FileErrors;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;

/// How often changes that were made elsewhere are looked for.
const EVERY: Duration = Duration::from_secs(10);

/// Runs the rules of the metadata beside those of files.
pub(crate) struct StoredRules {
    tasks: Arc<RuleTasks>,
    door: Arc<Door>,
    /// What was read last, so that a rule that does not run is told of once. Held until it runs: of two who
    /// look at once, the one who read last must run last.
    last: Mutex<StoredGroups>,
}

impl StoredRules {
    pub(crate) fn new(tasks: Arc<RuleTasks>, door: Arc<Door>) -> Self {
        Self {
            tasks,
            door,
            last: Mutex::default(),
        }
    }

    /// Runs the rules as they are now. What runs stays where they cannot be read.
    async fn look(&self) {
        let Some(metadata) = self.door.metadata() else {
            return;
        };
        let mut last = self.last.lock().await;
        let stored = match stored_groups(metadata, self.tasks.parse_options()).await {
            Ok(stored) => stored,
            Err(error) => {
                tracing::error!(%error, "cannot read the rules of the metadata");
                return;
            }
        };
        let before = std::mem::replace(&mut *last, stored.clone());
        for (uid, problem) in &stored.problems {
            if before.problems.get(uid) != Some(problem) {
                tracing::warn!(uid, problem, "a rule of the metadata does not run");
            }
        }
        self.tasks.apply_stored(stored.files).await;
    }

    /// Looks for changes for ever, the first time at once.
    pub(crate) async fn watch(self: Arc<Self>) {
        let mut ticks = tokio::time::interval(EVERY);
        loop {
            ticks.tick().await;
            self.look().await;
        }
    }
}

impl RuleKeeper for StoredRules {
    fn files(&self) -> Vec<PathBuf> {
        self.tasks.files()
    }

    fn stored_changed(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.look())
    }

    fn file_changed<'k>(&'k self, path: &'k Path) -> BoxFuture<'k, Result<(), FileErrors>> {
        Box::pin(self.tasks.apply_file(path))
    }
}

//! What a discovery must do.

use crate::group::TargetGroup;
use parking_lot::Mutex;
use selfmon::Counter;
use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use tokio::sync::Notify;

/// A discovery at work; it ends by being dropped.
pub type Running = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Finds targets and tells what it found, for as long as it is polled.
pub trait Discoverer: Send + 'static {
    /// Looks for targets and gives groups to `sink` whenever they may have changed.
    fn run(self: Box<Self>, sink: Sink) -> Running;
}

/// Groups by source. Ordering: by source.
pub(crate) type Groups = Arc<Mutex<BTreeMap<String, Arc<TargetGroup>>>>;

/// Where a discovery puts what it found.
#[derive(Clone)]
pub struct Sink {
    pub(crate) groups: Groups,
    pub(crate) changed: Arc<Notify>,
    pub(crate) received: Counter,
}

impl fmt::Debug for Sink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sink").finish_non_exhaustive()
    }
}

impl Sink {
    /// Puts groups in the place of those of the same sources; a group without targets takes them away.
    pub fn send(&self, groups: Vec<TargetGroup>) {
        self.received.inc();
        let mut all = self.groups.lock();
        let mut changed = false;
        for group in groups {
            if group.targets.is_empty() {
                changed |= all.remove(&group.source).is_some();
            } else if all.get(&group.source).is_none_or(|have| **have != group) {
                all.insert(group.source.clone(), Arc::new(group));
                changed = true;
            }
        }
        drop(all);
        if changed {
            self.changed.notify_one();
        }
    }
}

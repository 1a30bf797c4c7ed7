//! The alerts that wait for one Alertmanager.

use parking_lot::Mutex;
use rules::Notification;
use std::collections::VecDeque;
use std::sync::Arc;
use tokio::sync::Notify;

/// A queue of bounded length.
pub(crate) struct Queue {
    alerts: Mutex<VecDeque<Arc<Notification>>>,
    capacity: usize,
    filled: Notify,
}

impl Queue {
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            alerts: Mutex::default(),
            capacity: capacity.max(1),
            filled: Notify::new(),
        }
    }

    /// Adds alerts at the end; gives the number of old ones that had to go.
    pub(crate) fn add(&self, alerts: impl Iterator<Item = Arc<Notification>>) -> usize {
        let mut queue = self.alerts.lock();
        queue.extend(alerts);
        let dropped = queue.len().saturating_sub(self.capacity);
        queue.drain(..dropped);
        drop(queue);
        self.filled.notify_one();
        dropped
    }

    /// Takes up to `most` of the oldest alerts.
    pub(crate) fn take(&self, most: usize) -> Vec<Arc<Notification>> {
        let mut queue = self.alerts.lock();
        let count = queue.len().min(most);
        queue.drain(..count).collect()
    }

    pub(crate) fn len(&self) -> usize {
        self.alerts.lock().len()
    }

    /// Waits until somebody added alerts since the last wait.
    pub(crate) async fn filled(&self) {
        self.filled.notified().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Labels, TimestampMs};

    #[test]
    fn the_oldest_alerts_go_where_there_are_too_many() {
        let queue = Queue::new(3);
        let alert = |time| {
            Arc::new(Notification {
                labels: Labels::empty(),
                annotations: Vec::new(),
                starts_at: TimestampMs(time),
                ends_at: TimestampMs(0),
                generator_url: String::new(),
            })
        };
        assert_eq!(queue.add((0..2).map(alert)), 0);
        assert_eq!(queue.add((2..7).map(alert)), 4);
        let times = |taken: Vec<Arc<Notification>>| -> Vec<i64> {
            taken.iter().map(|alert| alert.starts_at.0).collect()
        };
        assert_eq!(times(queue.take(2)), [4, 5]);
        assert_eq!((times(queue.take(2)), queue.len()), (vec![6], 0));
    }
}

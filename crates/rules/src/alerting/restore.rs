//! The state of alerts from before a restart.

use super::{ALERT_NAME, ALERTS_FOR_STATE, AlertingRule};
use crate::{Result, RuleOptions};
use model::{DurationMs, Labels, MatchOp, Matcher, TimeRange, TimestampMs, is_stale};
use std::collections::HashMap;
use std::sync::atomic::Ordering;
use storage::{Matchers, Newest, Queryable};

/// What restoring needs to know.
#[derive(Clone, Copy)]
pub(crate) struct Restoration<'o> {
    pub(crate) storage: &'o dyn Queryable,
    pub(crate) options: &'o RuleOptions,
    pub(crate) now: TimestampMs,
}

/// The last state that was stored of an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stored {
    /// When it was stored.
    at: TimestampMs,
    /// Since when the alert was there.
    active_at: TimestampMs,
}

impl AlertingRule {
    /// Takes up how long the alerts were there before a restart; from now on their states are stored.
    ///
    /// # Errors
    /// [`Error::Storage`](crate::Error::Storage) where the states cannot be read; then the alerts wait from
    /// the start.
    pub(crate) fn restore(&self, with: Restoration<'_>) -> Result<()> {
        let done = if self.patience.hold < with.options.for_grace_period {
            // Such an alert waits less than a restored one would.
            Ok(())
        } else {
            self.take_up(with)
        };
        self.restored.store(true, Ordering::Relaxed);
        done
    }

    fn take_up(&self, with: Restoration<'_>) -> Result<()> {
        let stored = self.stored(with)?;
        let grace = with.options.for_grace_period;
        for (labels, alert) in self.alerts.lock().iter_mut() {
            if let Some(stored) = stored.get(labels) {
                alert.active_at = resumed(*stored, with.now, self.patience.hold, grace);
            }
        }
        Ok(())
    }

    /// The last state of every alert of this rule that was there when the server went down.
    fn stored(&self, with: Restoration<'_>) -> Result<HashMap<Labels, Stored>> {
        let mut matchers = vec![
            Matcher::metric(ALERTS_FOR_STATE),
            Matcher::new(ALERT_NAME, MatchOp::Equal, self.name()),
        ];
        for (name, text) in &self.definition.labels {
            // What a template gave is not known here.
            if !text.contains("{{") {
                matchers.push(Matcher::new(name, MatchOp::Equal, text));
            }
        }
        let start = with.now - with.options.outage_tolerance;
        let range = TimeRange::inclusive(start, with.now);
        let selection = with.storage.select(&Matchers::compile(&matchers)?, range)?;
        let mut newest = Newest::default();
        selection.newest(range, &mut newest)?;
        let mut stored = HashMap::new();
        for (index, (time, value)) in newest.times.iter().zip(&newest.values).enumerate() {
            if *time == Newest::NONE || is_stale(*value) {
                continue;
            }
            let labels = selection.labels(index).without_metric_name();
            let state = Stored {
                at: TimestampMs(*time),
                active_at: TimestampMs::from_seconds(value.trunc()),
            };
            stored.insert(labels, state);
        }
        Ok(stored)
    }
}

/// Since when an alert is there that was `stored` before an outage which ends `now`.
fn resumed(stored: Stored, now: TimestampMs, hold: DurationMs, grace: DurationMs) -> TimestampMs {
    let down_at = stored.at.0.div_euclid(1000) * 1000;
    let waited = down_at - stored.active_at.0;
    let left = hold.0 - waited;
    if left <= 0 {
        // It was firing, and fires again at the next evaluation.
        stored.active_at
    } else if left < grace.0 {
        // It fires when the grace period is over.
        now + grace - hold
    } else {
        // The outage does not count.
        stored.active_at + DurationMs(now.0 - down_at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(active: i64, down: i64, now: i64, expected: i64) {
        let minutes = |n: i64| TimestampMs(n * 60_000);
        let stored = Stored {
            at: minutes(down),
            active_at: minutes(active),
        };
        let (hold, grace) = (DurationMs::from_secs(3600), DurationMs::from_secs(600));
        assert_eq!(
            resumed(stored, minutes(now), hold, grace),
            minutes(expected)
        );
    }

    #[test]
    fn what_is_left_to_wait_decides_how_an_alert_goes_on() {
        // Firing when it went down.
        check(0, 60, 70, 0);
        // Five minutes were left: it fires ten minutes after the restart.
        check(0, 55, 70, 70 + 10 - 60);
        // Half an hour was left, and still is.
        check(0, 30, 70, 40);
    }
}

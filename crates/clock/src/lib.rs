//! The clock as a parameter, so that tests move time by hand.
//!
//! The only crate that asks the operating system for the time of day.

use model::{DurationMs, TimestampMs};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Tells the time of day.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// Now, in milliseconds since the epoch. May jump either way when an operator sets the clock.
    fn now(&self) -> TimestampMs;
}

/// The operating system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that may")]
    fn now(&self) -> TimestampMs {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        TimestampMs(since.map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX)))
    }
}

/// A clock that stands still until it is moved. Clones share the hand.
#[derive(Debug, Clone, Default)]
pub struct ManualClock {
    now: Arc<AtomicI64>,
}

impl ManualClock {
    /// A clock that shows `now`.
    pub fn at(now: TimestampMs) -> Self {
        Self {
            now: Arc::new(AtomicI64::new(now.0)),
        }
    }

    /// Moves the hand by `by`.
    pub fn advance(&self, by: DurationMs) {
        self.now.fetch_add(by.0, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> TimestampMs {
        TimestampMs(self.now.load(Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn manual_clock_moves_only_by_hand() {
        let clock = ManualClock::at(TimestampMs(5));
        let other = clock.clone();
        clock.advance(DurationMs(10));
        assert_eq!(other.now(), TimestampMs(15));
    }

    #[test]
    fn system_clock_is_past_this_code() {
        assert!(SystemClock.now() > TimestampMs(1_700_000_000_000));
    }
}

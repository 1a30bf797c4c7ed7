//! When groups are evaluated: each at its own place on the interval, the same after every restart.

use model::{DurationMs, TimestampMs};
use xxhash_rust::xxh3::xxh3_64;

/// The grid of times of one group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Slots {
    interval: i64,
    offset: i64,
}

impl Slots {
    /// The grid of the group `name` of `file`.
    pub(crate) fn new(file: &str, name: &str, interval: DurationMs) -> Self {
        let interval = interval.0.max(1);
        let key = format!("{name}\u{ff}{file}");
        let spread = xxh3_64(key.as_bytes()) % interval.unsigned_abs();
        Self {
            interval,
            offset: i64::try_from(spread).unwrap_or(0),
        }
    }

    /// The first slot after `now`.
    pub(crate) fn after(self, now: TimestampMs) -> TimestampMs {
        let since = now.0.saturating_sub(self.offset);
        let base = since - since.rem_euclid(self.interval);
        TimestampMs(base + self.offset + self.interval)
    }

    /// The newest slot at `now` behind the slot `last`, and how many were missed in between.
    pub(crate) fn due(self, last: TimestampMs, now: TimestampMs) -> (TimestampMs, u64) {
        let passed = (now.0.saturating_sub(last.0)) / self.interval;
        let missed = (passed - 1).max(0);
        let slot = last
            .0
            .saturating_add((missed + 1).saturating_mul(self.interval));
        (TimestampMs(slot), missed.unsigned_abs())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_spread_over_their_interval_and_stay_where_they_are() {
        let minute = DurationMs::from_secs(60);
        let offsets: Vec<i64> = (0..100)
            .map(|n| {
                Slots::new("rules.yml", &format!("group {n}"), minute)
                    .after(TimestampMs(0))
                    .0
            })
            .collect();
        assert!(offsets.iter().all(|slot| (1..=60_000).contains(slot)));
        let early = offsets.iter().filter(|slot| **slot <= 30_000).count();
        assert!(
            (25..75).contains(&early),
            "{early} of 100 in the first half"
        );
        let slots = Slots::new("rules.yml", "group 1", minute);
        assert_eq!(
            slots.after(TimestampMs(7_000_000)).0 % 60_000,
            offsets[1] % 60_000
        );
    }

    #[test]
    fn slots_that_passed_are_counted_and_left_out() {
        let slots = Slots {
            interval: 10,
            offset: 3,
        };
        assert_eq!(slots.after(TimestampMs(13)), TimestampMs(23));
        assert_eq!(
            slots.due(TimestampMs(23), TimestampMs(33)),
            (TimestampMs(33), 0)
        );
        assert_eq!(
            slots.due(TimestampMs(23), TimestampMs(42)),
            (TimestampMs(33), 0)
        );
        assert_eq!(
            slots.due(TimestampMs(23), TimestampMs(58)),
            (TimestampMs(53), 2)
        );
    }
}

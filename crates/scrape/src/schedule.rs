//! When a target is scraped: on a grid of its own, so that targets spread over the interval and
//! timestamps come out even.

use model::{DurationMs, TimestampMs};

/// How far a scrape may start from its grid point and still carry the grid point's time.
const TOLERANCE_MS: i64 = 2;

/// The grid `offset + n * interval` since the epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Schedule {
    interval: i64,
    offset: i64,
}

impl Schedule {
    /// A grid whose offset comes from the target's `hash`, the same after every restart.
    pub(crate) fn new(interval: DurationMs, hash: u64) -> Self {
        let interval = interval.0.max(1);
        let offset = hash % interval.unsigned_abs();
        Self {
            interval,
            offset: i64::try_from(offset).unwrap_or(0),
        }
    }

    /// The first grid point after `now`.
    pub(crate) fn next_after(self, now: TimestampMs) -> TimestampMs {
        let since = (now.0 - self.offset).rem_euclid(self.interval);
        TimestampMs(now.0 + self.interval - since)
    }

    /// The grid point to wait for once the scrape of `ideal` is over. Points that passed meanwhile are
    /// left out; a clock that was set back does not make the wait longer than an interval.
    pub(crate) fn following(self, ideal: TimestampMs, now: TimestampMs) -> TimestampMs {
        let next = TimestampMs(ideal.0 + self.interval);
        let expected = now < next && next.0 - now.0 <= self.interval + self.tolerance();
        if expected { next } else { self.next_after(now) }
    }

    /// Whether it is time for the scrape of `ideal`; a timer may ring a little early.
    pub(crate) fn is_due(self, ideal: TimestampMs, now: TimestampMs) -> bool {
        now.0 + self.tolerance() >= ideal.0
    }

    /// The time that the samples of a scrape get which starts at `now` and was due at `ideal`.
    pub(crate) fn align(self, ideal: TimestampMs, now: TimestampMs) -> TimestampMs {
        if (now.0 - ideal.0).abs() <= self.tolerance() {
            ideal
        } else {
            now
        }
    }

    /// A hundredth of the interval, or less.
    fn tolerance(self) -> i64 {
        TOLERANCE_MS.min(self.interval / 100)
    }
}

/// FNV-1a, 64 bits: the same on every machine and in every version.
pub(crate) fn fnv1a(parts: &[&str]) -> u64 {
    let bytes = parts.iter().flat_map(|part| part.bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVERY: Schedule = Schedule {
        interval: 1000,
        offset: 300,
    };

    fn at(millis: i64) -> TimestampMs {
        TimestampMs(millis)
    }

    #[test]
    fn grid_points_are_offset_from_the_epoch() {
        for (now, next) in [
            (0, 300),
            (299, 300),
            (300, 1300),
            (1301, 2300),
            (-800, -700),
        ] {
            assert_eq!(EVERY.next_after(at(now)), at(next), "after {now}");
        }
        assert_eq!(Schedule::new(DurationMs(1000), 77_300), EVERY);
    }

    #[test]
    fn late_scrapes_leave_grid_points_out() {
        assert_eq!(EVERY.following(at(300), at(900)), at(1300));
        assert_eq!(EVERY.following(at(300), at(1300)), at(2300));
        assert_eq!(EVERY.following(at(300), at(5500)), at(6300));
    }

    #[test]
    fn a_clock_that_is_set_back_does_not_stop_scraping() {
        assert_eq!(EVERY.following(at(900_300), at(500)), at(1300));
        assert!(!EVERY.is_due(at(900_300), at(500)));
    }

    #[test]
    fn times_near_the_grid_are_moved_onto_it() {
        assert_eq!(EVERY.align(at(1300), at(1302)), at(1300));
        assert_eq!(EVERY.align(at(1300), at(1298)), at(1300));
        assert_eq!(EVERY.align(at(1300), at(1303)), at(1303));
        let fast = Schedule {
            interval: 100,
            offset: 0,
        };
        assert_eq!(fast.align(at(100), at(102)), at(102));
        assert!(EVERY.is_due(at(1300), at(1298)) && !EVERY.is_due(at(1300), at(1297)));
    }

    #[test]
    fn early_timers_do_not_scrape_a_grid_point_twice() {
        assert_eq!(EVERY.following(at(1300), at(1299)), at(2300));
    }

    #[test]
    fn hashes_are_those_of_fnv1a() {
        assert_eq!(fnv1a(&["a"]), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(fnv1a(&["foo", "bar"]), 0x8594_4171_f739_67e8);
    }
}

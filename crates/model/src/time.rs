//! Points in time and ranges of it.

use crate::DurationMs;
use std::fmt;
use std::ops::{Add, Sub};

/// A point in time. Units: milliseconds since 1970-01-01T00:00:00Z, negative before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct TimestampMs(pub i64);

impl TimestampMs {
    /// The earliest time there is.
    pub const MIN: Self = Self(i64::MIN);
    /// The latest time there is.
    pub const MAX: Self = Self(i64::MAX);

    /// Seconds since the epoch, with the milliseconds as fraction.
    pub fn as_seconds(self) -> f64 {
        self.0 as f64 / 1000.0
    }

    /// The nearest millisecond to `seconds`, saturating; NaN becomes 0.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "float casts saturate, as documented"
    )]
    pub fn from_seconds(seconds: f64) -> Self {
        Self((seconds * 1000.0).round() as i64)
    }
}

impl Add<DurationMs> for TimestampMs {
    type Output = Self;
    fn add(self, duration: DurationMs) -> Self {
        Self(self.0.saturating_add(duration.0))
    }
}

impl Sub<DurationMs> for TimestampMs {
    type Output = Self;
    fn sub(self, duration: DurationMs) -> Self {
        Self(self.0.saturating_sub(duration.0))
    }
}

impl fmt::Display for TimestampMs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// A stretch of time. Bounds: `start` included, `end` excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeRange {
    /// First millisecond inside.
    pub start: TimestampMs,
    /// First millisecond after.
    pub end: TimestampMs,
}

impl TimeRange {
    /// All of time (but its very last millisecond).
    pub const ALL: Self = Self {
        start: TimestampMs::MIN,
        end: TimestampMs::MAX,
    };

    /// The half-open range from `start` up to, and without, `end`.
    pub fn new(start: TimestampMs, end: TimestampMs) -> Self {
        Self { start, end }
    }

    /// The range that the HTTP API and PromQL mean: both ends included.
    pub fn inclusive(start: TimestampMs, last: TimestampMs) -> Self {
        Self {
            start,
            end: TimestampMs(last.0.saturating_add(1)),
        }
    }

    /// Whether no millisecond lies inside.
    pub fn is_empty(self) -> bool {
        self.start >= self.end
    }

    /// Whether `time` lies inside.
    pub fn contains(self, time: TimestampMs) -> bool {
        self.start <= time && time < self.end
    }

    /// Whether some millisecond lies in both ranges.
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_round_to_the_nearest_millisecond() {
        assert_eq!(TimestampMs::from_seconds(1.0005), TimestampMs(1001));
        assert_eq!(TimestampMs::from_seconds(-0.2), TimestampMs(-200));
        assert_eq!(TimestampMs(1500).as_seconds(), 1.5);
    }

    #[test]
    fn inclusive_range_contains_its_last_millisecond_and_not_the_next() {
        let range = TimeRange::inclusive(TimestampMs(5), TimestampMs(10));
        assert!(range.contains(TimestampMs(5)) && range.contains(TimestampMs(10)));
        assert!(!range.contains(TimestampMs(11)) && !range.contains(TimestampMs(4)));
    }
}

//! The lengths of time that the buttons step through.

pub(super) const MINUTE: i64 = 60_000;
pub(super) const HOUR: i64 = 60 * MINUTE;
pub(super) const DAY: i64 = 24 * HOUR;

/// What the - and + of a range step through. Units: milliseconds.
const RANGES: [i64; 20] = [
    1000,
    10_000,
    MINUTE,
    5 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    7 * DAY,
    14 * DAY,
    28 * DAY,
    56 * DAY,
    112 * DAY,
    182 * DAY,
    365 * DAY,
    730 * DAY,
];

/// The next range up, or the same at the end of the scale.
pub fn longer_range(range: i64) -> i64 {
    RANGES.into_iter().find(|r| *r > range).unwrap_or(range)
}

/// The next range down, likewise.
pub fn shorter_range(range: i64) -> i64 {
    RANGES
        .into_iter()
        .rev()
        .find(|r| *r < range)
        .unwrap_or(range)
}

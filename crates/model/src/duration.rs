//! Durations as Prometheus writes them: `1h30m`, `15s`, `0`.

use std::fmt;
use std::str::FromStr;

/// A length of time. Units: milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct DurationMs(pub i64);

/// Units from the longest to the shortest: the order in which they may follow each other.
const UNITS: [(&str, i64); 7] = [
    ("y", 365 * 86_400_000),
    ("w", 7 * 86_400_000),
    ("d", 86_400_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1_000),
    ("ms", 1),
];

impl DurationMs {
    /// `n` seconds.
    pub const fn from_secs(n: i64) -> Self {
        Self(n.saturating_mul(1000))
    }

    /// Seconds, with the milliseconds as fraction.
    pub fn as_seconds(self) -> f64 {
        self.0 as f64 / 1000.0
    }

    /// The same length for the standard library; negative lengths become zero.
    pub fn to_std(self) -> std::time::Duration {
        std::time::Duration::from_millis(u64::try_from(self.0).unwrap_or(0))
    }
}

/// Why a text is no duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParseDurationError {
    /// Nothing was written.
    Empty,
    /// Not number-unit pairs in falling order (`m` after `s`, a unit twice, a unit that does not exist).
    Malformed,
    /// Longer than milliseconds in 63 bits of nanoseconds, Prometheus' bound.
    OutOfRange,
}

impl fmt::Display for ParseDurationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "empty duration string",
            Self::Malformed => "not a valid duration string",
            Self::OutOfRange => "duration out of range",
        })
    }
}

impl std::error::Error for ParseDurationError {}

impl FromStr for DurationMs {
    type Err = ParseDurationError;

    /// Reads `0` or number-unit pairs in falling order of unit, each unit at most once.
    ///
    /// Source: `common/model.ParseDuration`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "" => return Err(ParseDurationError::Empty),
            "0" => return Ok(Self(0)),
            _ => {}
        }
        let mut rest = text;
        let mut total: i64 = 0;
        let mut allowed: &[(&str, i64)] = &UNITS;
        while !rest.is_empty() {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let (number, after) = rest.split_at(digits);
            let letters = after.bytes().take_while(u8::is_ascii_alphabetic).count();
            let (unit, next) = after.split_at(letters);
            let place = allowed
                .iter()
                .position(|(name, _)| *name == unit)
                .ok_or(ParseDurationError::Malformed)?;
            let (_, millis) = *allowed.get(place).ok_or(ParseDurationError::Malformed)?;
            allowed = allowed.get(place + 1..).unwrap_or(&[]);
            if number.is_empty() {
                return Err(ParseDurationError::Malformed);
            }
            let number: i64 = number.parse().map_err(|_| ParseDurationError::OutOfRange)?;
            total = number
                .checked_mul(millis)
                .and_then(|part| total.checked_add(part))
                .filter(|sum| sum.checked_mul(1_000_000).is_some())
                .ok_or(ParseDurationError::OutOfRange)?;
            rest = next;
        }
        Ok(Self(total))
    }
}

impl fmt::Display for DurationMs {
    /// The shortest form that reads back to the same length: `1h30m`, `15s`, `0s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 {
            return f.write_str("0s");
        }
        if self.0 < 0 {
            f.write_str("-")?;
        }
        let mut rest = self.0.unsigned_abs();
        for (unit, millis) in UNITS {
            let millis = millis.unsigned_abs();
            // Years and weeks only where they come out even: 30d, not 4w2d.
            let exact_only = matches!(unit, "y" | "w");
            if exact_only && !rest.is_multiple_of(millis) {
                continue;
            }
            let count = rest / millis;
            if count > 0 {
                write!(f, "{count}{unit}")?;
                rest %= millis;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, millis: i64) {
        assert_eq!(text.parse(), Ok(DurationMs(millis)), "{text}");
    }

    #[test]
    fn durations_are_sums_of_falling_units() {
        check("0", 0);
        check("15s", 15_000);
        check("1h30m", 5_400_000);
        check("1d2h3m4s5ms", 93_784_005);
        check("1y", 31_536_000_000);
        check("324ms", 324);
    }

    #[test]
    fn malformed_durations_are_refused() {
        use ParseDurationError::{Empty, Malformed, OutOfRange};
        for (text, error) in [
            ("", Empty),
            ("1", Malformed),
            ("5m1h", Malformed),
            ("1s1s", Malformed),
            ("-1s", Malformed),
            ("1.5s", Malformed),
            ("s", Malformed),
            ("1 s", Malformed),
            ("294y", OutOfRange),
            ("99999999999999999999s", OutOfRange),
        ] {
            assert_eq!(text.parse::<DurationMs>(), Err(error), "{text}");
        }
    }

    #[test]
    fn printed_durations_read_back() {
        for (millis, text) in [
            (0, "0s"),
            (15_000, "15s"),
            (5_400_000, "1h30m"),
            (604_800_000, "1w"),
            (30 * 86_400_000, "30d"),
            (31_536_000_000, "1y"),
            (1_001, "1s1ms"),
        ] {
            assert_eq!(DurationMs(millis).to_string(), text);
            if millis > 0 {
                check(text, millis);
            }
        }
        assert_eq!(DurationMs(-60_000).to_string(), "-1m");
    }
}

//! Zones by the names of the IANA database.

use chrono::{DateTime, Offset, TimeZone};
use chrono_tz::Tz;
use dashboard::Zone;

/// A zone.
#[derive(Debug, Clone, Copy)]
pub(super) struct NamedZone(Tz);

impl NamedZone {
    /// The zone of a name; a picture knows no browser, whose zone is then UTC.
    pub(super) fn parse(name: &str) -> Option<Self> {
        match name {
            "utc" | "UTC" | "browser" => Some(Self(Tz::UTC)),
            name => name.parse().ok().map(Self),
        }
    }
}

impl Default for NamedZone {
    fn default() -> Self {
        Self(Tz::UTC)
    }
}

impl Zone for NamedZone {
    fn offset_at(&self, utc: i64) -> i64 {
        let Some(moment) = DateTime::from_timestamp_millis(utc) else {
            return 0;
        };
        let offset = self.0.offset_from_utc_datetime(&moment.naive_utc());
        i64::from(offset.fix().local_minus_utc()) * 1000
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_have_names_and_summer_time() {
        let zone = NamedZone::parse("Europe/Berlin").unwrap();
        assert_eq!(zone.offset_at(1_700_000_000_000), 3_600_000);
        assert_eq!(zone.offset_at(1_690_000_000_000), 7_200_000);
        assert_eq!(NamedZone::parse("browser").unwrap().offset_at(0), 0);
        assert_eq!(zone.offset_at(i64::MAX), 0);
        assert!(NamedZone::parse("Mars/Olympus").is_none());
    }
}

//! The zone in which times are told.

use chart::CivilTime;

/// A zone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Zone {
    /// As the server thinks and addresses are written.
    #[default]
    Utc,
    /// As the browser's system has it. For the browser only.
    Local,
}

impl Zone {
    /// How far the zone's clocks are ahead of UTC at a time. Units: seconds.
    pub fn ahead(self, seconds: f64) -> f64 {
        match self {
            Self::Utc => 0.0,
            Self::Local => {
                let date = js_sys::Date::new(&(seconds * 1e3).into());
                -date.get_timezone_offset() * 60.0
            }
        }
    }

    /// What the zone's clocks show. Units: seconds since the epoch.
    pub fn civil(self, seconds: f64) -> CivilTime {
        CivilTime::from_seconds(seconds + self.ahead(seconds))
    }

    /// The time at which the zone's clocks show `civil`. Units: seconds since the epoch.
    pub fn seconds(self, civil: CivilTime) -> f64 {
        let shown = civil.to_seconds();
        // Close to a change of clocks the first guess lies on its other side.
        let guess = shown - self.ahead(shown);
        shown - self.ahead(guess)
    }

    /// The zone in a word: `UTC`, `UTC+9`, `UTC-3:30`.
    pub fn name(self, seconds: f64) -> String {
        let minutes = self.ahead(seconds) / 60.0;
        if minutes == 0.0 {
            return "UTC".to_owned();
        }
        let sign = if minutes < 0.0 { '-' } else { '+' };
        let (hours, rest) = ((minutes.abs() / 60.0).floor(), minutes.abs() % 60.0);
        if rest == 0.0 {
            format!("UTC{sign}{hours}")
        } else {
            format!("UTC{sign}{hours}:{rest:02}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utc_is_as_it_is_written() {
        let civil = Zone::Utc.civil(1_700_000_000.0);
        assert_eq!(civil.to_string(), "2023-11-14 22:13:20");
        assert_eq!(Zone::Utc.seconds(civil), 1_700_000_000.0);
        assert_eq!(Zone::Utc.name(0.0), "UTC");
    }
}

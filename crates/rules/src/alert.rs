//! One alert and its life.

use crate::file::Pairs;
use model::{DurationMs, Labels, TimestampMs};
use std::fmt;

/// How long a resolved alert is kept, so that it is told again to Alertmanagers that missed it.
const RESOLVED_RETENTION: DurationMs = DurationMs::from_secs(15 * 60);

/// Where an alert stands. Ordering: the more it matters, the greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum AlertState {
    /// Its rule was not evaluated yet.
    #[default]
    Unknown,
    /// It was firing and does no more.
    Inactive,
    /// Its series is there, but not for long enough.
    Pending,
    /// It fires.
    Firing,
}

impl AlertState {
    /// The word of the API and of the label `alertstate`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Inactive => "inactive",
            Self::Pending => "pending",
            Self::Firing => "firing",
        }
    }
}

impl fmt::Display for AlertState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One alert.
#[derive(Debug, Clone, PartialEq)]
pub struct Alert {
    /// Labels, `alertname` among them: what tells the alert from others.
    pub labels: Labels,
    /// Annotations, expanded. Ordering: by name.
    pub annotations: Pairs,
    /// Where it stands.
    pub state: AlertState,
    /// Value of its series when that was last there; 0 for a histogram.
    pub value: f64,
    /// Since when its series is there.
    pub active_at: TimestampMs,
    /// When it began to fire.
    pub fired_at: Option<TimestampMs>,
    /// When it stopped firing.
    pub resolved_at: Option<TimestampMs>,
    /// When it was last told.
    pub last_sent_at: Option<TimestampMs>,
    /// Until when what was last told holds.
    pub valid_until: Option<TimestampMs>,
    /// Since when it fires although its series has gone.
    pub keep_firing_since: Option<TimestampMs>,
}

/// The times that decide an alert's life.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patience {
    pub(crate) hold: DurationMs,
    pub(crate) keep_firing_for: DurationMs,
}

/// What became of an alert at one evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It is pending or firing.
    Active,
    /// It is resolved, and kept for a while.
    Resolved,
    /// Nothing is left of it.
    Gone,
}

impl Alert {
    /// An alert whose series is there for the first time.
    pub(crate) fn new(labels: Labels, annotations: Pairs, value: f64, at: TimestampMs) -> Self {
        Self {
            labels,
            annotations,
            state: AlertState::Pending,
            value,
            active_at: at,
            fired_at: None,
            resolved_at: None,
            last_sent_at: None,
            valid_until: None,
            keep_firing_since: None,
        }
    }

    /// Moves on to `at`, where the alert's series is there or not.
    pub(crate) fn step(&mut self, present: bool, at: TimestampMs, patience: Patience) -> Fate {
        if present {
            self.keep_firing_since = None;
        } else {
            let keeps = self.keeps_firing(at, patience.keep_firing_for);
            let past = self
                .resolved_at
                .is_some_and(|resolved| at.0 - resolved.0 > RESOLVED_RETENTION.0);
            if self.state == AlertState::Pending || past {
                return Fate::Gone;
            }
            if !keeps {
                if self.state != AlertState::Inactive {
                    self.state = AlertState::Inactive;
                    self.resolved_at = Some(at);
                }
                return Fate::Resolved;
            }
        }
        let held = at.0 - self.active_at.0 >= patience.hold.0;
        match self.state {
            AlertState::Pending if held => {
                self.state = AlertState::Firing;
                self.fired_at = Some(at);
            }
            // The rule waits longer than it did when the alert began to fire.
            AlertState::Firing if present && !held => {
                self.state = AlertState::Pending;
                self.fired_at = None;
            }
            _ => {}
        }
        Fate::Active
    }

    fn keeps_firing(&mut self, at: TimestampMs, keep_firing_for: DurationMs) -> bool {
        if self.state != AlertState::Firing || keep_firing_for.0 <= 0 {
            return false;
        }
        let since = *self.keep_firing_since.get_or_insert(at);
        at.0 - since.0 < keep_firing_for.0
    }

    /// Whether the alert must be told at `at`: it has just been resolved, or the last time is long past.
    pub(crate) fn needs_sending(&self, at: TimestampMs, resend_delay: DurationMs) -> bool {
        if self.state == AlertState::Pending {
            return false;
        }
        let Some(sent) = self.last_sent_at else {
            return true;
        };
        self.resolved_at.is_some_and(|resolved| resolved > sent) || sent + resend_delay < at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000;

    fn walk(patience: Patience, presence: &str) -> String {
        let mut alert = Alert::new(Labels::empty(), Vec::new(), 1.0, TimestampMs(0));
        let mut shown = String::new();
        for (index, there) in (0_i64..).zip(presence.chars()) {
            let at = TimestampMs(index * MINUTE);
            let fate = alert.step(there == '1', at, patience);
            shown.push(match (fate, alert.state) {
                (Fate::Gone, _) => '-',
                (Fate::Resolved, _) => 'r',
                (Fate::Active, AlertState::Pending) => 'p',
                (Fate::Active, AlertState::Firing) => 'F',
                (Fate::Active, _) => '?',
            });
        }
        shown
    }

    fn minutes(hold: i64, keep: i64) -> Patience {
        Patience {
            hold: DurationMs(hold * MINUTE),
            keep_firing_for: DurationMs(keep * MINUTE),
        }
    }

    #[test]
    fn alerts_wait_fire_and_resolve() {
        assert_eq!(walk(minutes(0, 0), "11"), "FF");
        assert_eq!(walk(minutes(2, 0), "1111"), "ppFF");
        assert_eq!(walk(minutes(2, 0), "110"), "pp-");
        assert_eq!(walk(minutes(1, 0), "11000"), "pFrrr");
    }

    #[test]
    fn resolved_alerts_go_after_a_quarter_of_an_hour() {
        let presence = format!("1{}", "0".repeat(17));
        assert_eq!(
            walk(minutes(0, 0), &presence),
            format!("F{}-", "r".repeat(16))
        );
    }

    #[test]
    fn firing_goes_on_for_as_long_as_the_rule_keeps_it() {
        assert_eq!(walk(minutes(0, 2), "1000"), "FFFr");
        assert_eq!(walk(minutes(0, 2), "1001000"), "FFFFFFr");
    }

    #[test]
    fn alerts_are_told_at_once_and_then_in_intervals() {
        let delay = DurationMs(MINUTE);
        let mut alert = Alert::new(Labels::empty(), Vec::new(), 1.0, TimestampMs(0));
        assert!(!alert.needs_sending(TimestampMs(0), delay));
        alert.state = AlertState::Firing;
        assert!(alert.needs_sending(TimestampMs(0), delay));
        alert.last_sent_at = Some(TimestampMs(0));
        assert!(!alert.needs_sending(TimestampMs(MINUTE), delay));
        assert!(alert.needs_sending(TimestampMs(MINUTE + 1), delay));
        alert.state = AlertState::Inactive;
        alert.resolved_at = Some(TimestampMs(5));
        assert!(alert.needs_sending(TimestampMs(5), delay));
    }
}

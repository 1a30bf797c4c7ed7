//! Who is told of alerts.

use crate::alert::Alert;
use crate::file::Pairs;
use model::{Labels, TimestampMs};

/// One alert as it is told.
#[derive(Debug, Clone, PartialEq)]
pub struct Notification {
    /// Labels.
    pub labels: Labels,
    /// Annotations. Ordering: by name.
    pub annotations: Pairs,
    /// When it began to fire.
    pub starts_at: TimestampMs,
    /// When it was resolved; of one that fires, until when it may be taken for firing.
    pub ends_at: TimestampMs,
    /// Where the alert's expression can be looked at.
    pub generator_url: String,
}

/// Takes alerts. Called from evaluations, so it must not wait for anybody.
pub trait Notifier: Send + Sync {
    /// Tells of `alerts`, of which there is at least one, all of one rule.
    fn send(&self, alerts: Vec<Notification>);
}

/// Tells nobody.
#[derive(Debug, Clone, Copy, Default)]
pub struct Discard;

impl Notifier for Discard {
    fn send(&self, _alerts: Vec<Notification>) {}
}

impl Notification {
    /// What is told of `alert`.
    pub(crate) fn of(alert: &Alert, generator_url: &str) -> Self {
        let began = alert.fired_at.unwrap_or(alert.active_at);
        Self {
            labels: alert.labels.clone(),
            annotations: alert.annotations.clone(),
            starts_at: began,
            ends_at: alert.resolved_at.or(alert.valid_until).unwrap_or(began),
            generator_url: generator_url.to_owned(),
        }
    }
}

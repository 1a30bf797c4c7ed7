//! Alerting rules: every series of the result is an alert.

mod expand;
mod restore;

pub(crate) use expand::Texts;
pub(crate) use restore::Restoration;

use crate::alert::{Alert, AlertState, Fate, Patience};
use crate::file::{RuleDefinition, RuleKind};
use crate::notifier::Notification;
use crate::query::{Asker, World, element_value};
use crate::rule::Moment;
use crate::{Error, Result, RuleOptions};
use model::{DurationMs, Labels, METRIC_NAME, TimestampMs};
use parking_lot::Mutex;
use promql::VectorElement;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The series that says that an alert is there.
pub(crate) const ALERTS: &str = "ALERTS";
/// The series whose value is the time since when an alert is there.
pub(crate) const ALERTS_FOR_STATE: &str = "ALERTS_FOR_STATE";
/// The label with an alert's name.
pub(crate) const ALERT_NAME: &str = "alertname";
/// The label of [`ALERTS`] with the state.
const ALERT_STATE: &str = "alertstate";

/// An alerting rule with its alerts.
pub(crate) struct AlertingRule {
    definition: Arc<RuleDefinition>,
    patience: Patience,
    texts: Texts,
    alerts: Mutex<HashMap<Labels, Alert>>,
    /// Whether what was stored before a restart has been taken up: before, no state is stored.
    restored: AtomicBool,
}

impl AlertingRule {
    /// The rule of `definition`, if that is of an alert.
    pub(crate) fn new(definition: Arc<RuleDefinition>, restored: bool) -> Option<Self> {
        let RuleKind::Alert {
            hold,
            keep_firing_for,
            ..
        } = definition.kind
        else {
            return None;
        };
        Some(Self {
            texts: Texts::of(&definition),
            definition,
            patience: Patience {
                hold,
                keep_firing_for,
            },
            alerts: Mutex::default(),
            restored: AtomicBool::new(restored),
        })
    }

    fn name(&self) -> &str {
        self.definition.name()
    }

    /// Asks, moves all alerts on, and gives the series of their states.
    pub(crate) fn evaluate(
        &self,
        asker: &Asker<'_>,
        options: &RuleOptions,
        moment: Moment,
        limit: usize,
    ) -> Result<Vec<VectorElement>> {
        let elements = asker.vector(&self.definition.expr, moment.shifted)?;
        let world = World {
            asker,
            at: moment.at,
            external_url: &options.external_url,
            is_trial: false,
        };
        let mut found = HashMap::with_capacity(elements.len());
        for element in &elements {
            let expanded = self.texts.expand(self.name(), element, options, &world);
            let value = element_value(element);
            let labels = expanded.labels;
            let alert = Alert::new(labels.clone(), expanded.annotations, value, moment.at);
            if found.insert(labels, alert).is_some() {
                return Err(Error::SameLabelset { what: "alert" });
            }
        }
        self.advance(found, moment, limit)
    }

    fn advance(
        &self,
        found: HashMap<Labels, Alert>,
        moment: Moment,
        limit: usize,
    ) -> Result<Vec<VectorElement>> {
        let mut alerts = self.alerts.lock();
        let present: HashSet<Labels> = found.keys().cloned().collect();
        for (labels, new) in found {
            match alerts.get_mut(&labels) {
                Some(known) if known.state != AlertState::Inactive => {
                    known.value = new.value;
                    known.annotations = new.annotations;
                }
                _ => {
                    alerts.insert(labels, new);
                }
            }
        }
        let mut active = 0;
        let mut states = Vec::new();
        let tells = self.restored.load(Ordering::Relaxed);
        alerts.retain(|labels, alert| {
            match alert.step(present.contains(labels), moment.at, self.patience) {
                Fate::Gone => return false,
                Fate::Resolved => {}
                Fate::Active => {
                    active += 1;
                    if tells {
                        states.extend(state_series(alert, moment.shifted));
                    }
                }
            }
            true
        });
        if limit > 0 && active > limit {
            alerts.clear();
            return Err(Error::Limit {
                limit,
                got: active,
                what: "alerts",
            });
        }
        Ok(states)
    }

    /// The alerts that must be told at `at`, noted as told.
    pub(crate) fn due(
        &self,
        at: TimestampMs,
        interval: DurationMs,
        options: &RuleOptions,
        generator_url: &str,
    ) -> Vec<Notification> {
        let mut due = Vec::new();
        let mut alerts = self.alerts.lock();
        let mut all: Vec<&mut Alert> = alerts.values_mut().collect();
        all.sort_by(|a, b| a.labels.cmp(&b.labels));
        for alert in all {
            if !alert.needs_sending(at, options.resend_delay) {
                continue;
            }
            alert.last_sent_at = Some(at);
            // Long enough for two evaluations or sendings to fail.
            let pause = interval.max(options.resend_delay);
            alert.valid_until = Some(at + DurationMs(pause.0.saturating_mul(4)));
            due.push(Notification::of(alert, generator_url));
        }
        due
    }

    /// The greatest state of the alerts; of a rule without any, whether it was evaluated.
    pub(crate) fn state(&self, evaluated: bool) -> AlertState {
        let none = if evaluated {
            AlertState::Inactive
        } else {
            AlertState::Unknown
        };
        let alerts = self.alerts.lock();
        let greatest = alerts.values().map(|alert| alert.state).max();
        greatest.unwrap_or(none).max(none)
    }

    /// Alerts that are pending or firing. Ordering: by labels.
    pub(crate) fn active(&self) -> Vec<Alert> {
        let alerts = self.alerts.lock();
        let mut active: Vec<Alert> = alerts
            .values()
            .filter(|alert| alert.state != AlertState::Inactive)
            .cloned()
            .collect();
        active.sort_by(|a, b| a.labels.cmp(&b.labels));
        active
    }

    /// Takes over the alerts of the rule that this one replaces.
    pub(crate) fn take_over(&self, other: &Self) {
        self.alerts.lock().clone_from(&other.alerts.lock());
        let restored = other.restored.load(Ordering::Relaxed);
        self.restored.store(restored, Ordering::Relaxed);
    }
}

/// The two series of an alert.
fn state_series(alert: &Alert, at: TimestampMs) -> [VectorElement; 2] {
    let element = |labels, value| VectorElement {
        labels,
        time: at,
        value,
        histogram: None,
    };
    let mut builder = alert.labels.to_builder();
    let since = builder.set(METRIC_NAME, ALERTS_FOR_STATE).build();
    let state = builder
        .set(METRIC_NAME, ALERTS)
        .set(ALERT_STATE, alert.state.as_str())
        .build();
    let seconds = alert.active_at.0.div_euclid(1000) as f64;
    [element(state, 1.0), element(since, seconds)]
}

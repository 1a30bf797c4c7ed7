//! A rule with what became of it.

use crate::alerting::AlertingRule;
use crate::file::{RuleDefinition, RuleKind};
use crate::query::Asker;
use crate::sink::Sink;
use crate::snapshot::{Health, RuleDetail, RuleSnapshot};
use crate::{RuleOptions, recording};
use model::TimestampMs;
use parking_lot::Mutex;
use std::sync::Arc;
use std::time::Duration;

/// A rule of a running group.
pub(crate) struct Rule {
    pub(crate) definition: Arc<RuleDefinition>,
    /// The expression, as the engine prints it.
    pub(crate) query: String,
    /// The alerts, if it is an alerting rule.
    pub(crate) alerting: Option<AlertingRule>,
    /// Locked only for the moment of a look or a change.
    pub(crate) record: Mutex<Record>,
    /// Locked while results are written.
    pub(crate) sink: Mutex<Sink>,
}

/// How the last evaluation went.
#[derive(Debug, Clone, Default)]
pub(crate) struct Record {
    pub(crate) health: Health,
    pub(crate) last_error: Option<String>,
    pub(crate) duration: Duration,
    pub(crate) at: Option<TimestampMs>,
}

/// The times of one evaluation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    /// The slot.
    pub(crate) at: TimestampMs,
    /// The slot less the group's offset: when queries are asked and results stored.
    pub(crate) shifted: TimestampMs,
}

impl Rule {
    pub(crate) fn new(definition: RuleDefinition, restored: bool) -> Self {
        let definition = Arc::new(definition);
        let alerting = match definition.kind {
            RuleKind::Alert { .. } => AlertingRule::new(Arc::clone(&definition), restored),
            RuleKind::Record { .. } => None,
        };
        Self {
            query: definition.expr.to_string(),
            definition,
            alerting,
            record: Mutex::default(),
            sink: Mutex::default(),
        }
    }

    /// What the rule gives at `moment`.
    pub(crate) fn evaluate(
        &self,
        asker: &Asker<'_>,
        options: &RuleOptions,
        moment: Moment,
        limit: usize,
    ) -> crate::Result<Vec<promql::VectorElement>> {
        match &self.alerting {
            Some(alerting) => alerting.evaluate(asker, options, moment, limit),
            None => recording::evaluate(&self.definition, asker, moment.shifted, limit),
        }
    }

    pub(crate) fn snapshot(&self) -> RuleSnapshot {
        let record = self.record.lock().clone();
        RuleSnapshot {
            name: self.definition.name().to_owned(),
            query: self.query.clone(),
            labels: self.definition.labels.clone(),
            detail: match (&self.definition.kind, &self.alerting) {
                (
                    RuleKind::Alert {
                        hold,
                        keep_firing_for,
                        annotations,
                        ..
                    },
                    Some(alerting),
                ) => RuleDetail::Alerting {
                    state: alerting.state(record.at.is_some()),
                    hold: *hold,
                    keep_firing_for: *keep_firing_for,
                    annotations: annotations.clone(),
                    alerts: alerting.active(),
                },
                _ => RuleDetail::Recording,
            },
            health: record.health,
            last_error: record.last_error,
            evaluation_time: record.duration,
            last_evaluation: record.at,
        }
    }

    /// Whether the two are the same rule: of one name, with the same labels.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        self.definition.name() == other.definition.name()
            && self.definition.labels == other.definition.labels
            && self.alerting.is_some() == other.alerting.is_some()
    }
}

//! `POST /api/watchfire/rules/check`: what is wrong with a rule, before anybody saves it.

use super::convert::{form_faults, of_form};
use super::error::FormError;
use super::state::{Body, RuleFormState};
use api_types::{RuleCheck, RuleFields};
use axum::extract::State;
use axum::response::Response;
use rules::{Pairs, RuleDefinition, RuleDetail, RuleSnapshot, WrittenKind, WrittenRule};
use serde::Deserialize;
use std::sync::Arc;

/// A rule, and what it said when its form was opened.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CheckQuery {
    #[serde(flatten)]
    rule: RuleFields,
    before: Option<RuleFields>,
}

/// `POST /api/watchfire/rules/check`
pub(super) async fn check(
    State(state): State<Arc<RuleFormState>>,
    Body(query): Body<CheckQuery>,
) -> Result<Response, FormError> {
    let written = of_form(&query.rule)?;
    let options = state.api.parse_options;
    let before = query.before.as_ref().map(of_form).transpose()?;
    let before = before.and_then(|before| before.check(options).ok());
    let answer = match written.check(options) {
        Ok(rule) => RuleCheck {
            faults: Vec::new(),
            warnings: warnings(&state, &written, &rule, before.as_ref()),
        },
        Err(faults) => RuleCheck {
            faults: form_faults(&faults),
            warnings: Vec::new(),
        },
    };
    Ok(crate::response::json(serde_json::json!(answer).to_string()))
}

/// What `check rules` tells of a file that can be loaded: rules that cannot be told apart.
fn warnings(
    state: &RuleFormState,
    written: &WrittenRule,
    rule: &RuleDefinition,
    before: Option<&RuleDefinition>,
) -> Vec<String> {
    let is_like = |other: &RuleSnapshot| {
        let alerts = matches!(other.detail, RuleDetail::Alerting { .. });
        alerts == (written.kind == WrittenKind::Alert)
            && other.name == rule.name()
            && other.labels == rule.labels
    };
    let was_like = before.is_some_and(|before| {
        before.name() == rule.name()
            && before.labels == rule.labels
            && std::mem::discriminant(&before.kind) == std::mem::discriminant(&rule.kind)
    });
    let mut places = Vec::new();
    for group in state.api.rules.groups() {
        let count = group.rules.iter().filter(|other| is_like(other)).count();
        places.extend(std::iter::repeat_n((group.file, group.name), count));
    }
    // One of them is the rule itself.
    if places.len() <= usize::from(was_like) {
        return Vec::new();
    }
    let places: Vec<String> = places
        .into_iter()
        .map(|(file, group)| format!("{file}, group {group:?}"))
        .collect();
    let labels = shown(&rule.labels);
    vec![format!(
        "duplicate rule: {}{labels} is also in {}; what they give cannot be told apart",
        rule.name(),
        places.join("; ")
    )]
}

fn shown(labels: &Pairs) -> String {
    if labels.is_empty() {
        return String::new();
    }
    let pairs = labels.iter();
    let pairs: Vec<String> = pairs
        .map(|(name, value)| format!("{name}={value:?}"))
        .collect();
    format!("{{{}}}", pairs.join(", "))
}

//! `/api/v1/rules`, `/api/v1/alerts`, `/api/v1/alertmanagers`.

use crate::access::Sender;
use crate::error::{ApiError, ErrorKind};
use crate::grafana::GrafanaError;
use crate::params::Params;
use crate::response::success;
use crate::rule_forms::{is_stored, stored_files};
use crate::state::ApiState;
use crate::targets::map;
use crate::time::{ZERO_TIME, format_time};
use api_types::{
    Alert, AlertingRule, Alertmanager, AlertmanagersData, AlertsData, LabelMap, RecordingRule,
    Rule, RuleGroup, RulesData,
};
use axum::extract::State;
use axum::response::Response;
use model::{DurationMs, Labels, TimestampMs};
use rules::{GroupSnapshot, RuleDetail, RuleSnapshot};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::sync::Arc;
use storage::Matchers;
use template::format_exponent;

/// `/api/v1/rules`
pub(crate) async fn rules(
    State(state): State<Arc<ApiState>>,
    sender: Sender,
    params: Params,
) -> Result<Response, ApiError> {
    let filter = Filter::new(&params)?;
    let page = Page::new(&params)?;
    let groups = seen_groups(&state, &sender).await?;
    Ok(success(page.cut(filter.groups(groups))?))
}

/// `/api/v1/alerts`
pub(crate) async fn alerts(
    State(state): State<Arc<ApiState>>,
    sender: Sender,
) -> Result<Response, ApiError> {
    let groups = seen_groups(&state, &sender).await?;
    let rules = groups.iter().flat_map(|group| &group.rules);
    let alerts = rules.flat_map(|rule| match &rule.detail {
        RuleDetail::Alerting { alerts, .. } => alerts.as_slice(),
        RuleDetail::Recording => &[],
    });
    Ok(success(AlertsData {
        alerts: alerts.map(alert).collect(),
    }))
}

/// `/api/v1/alertmanagers`
pub(crate) async fn alertmanagers(State(state): State<Arc<ApiState>>) -> Response {
    let all = state.notify.alertmanagers();
    let shape = |urls: Vec<String>| urls.into_iter().map(|url| Alertmanager { url }).collect();
    success(AlertmanagersData {
        active_alertmanagers: shape(all.active),
        dropped_alertmanagers: shape(all.dropped),
    })
}

/// The groups that the sender may see, in the shape of the API.
pub(crate) async fn shown_groups(
    state: &ApiState,
    sender: &Sender,
) -> Result<Vec<RuleGroup>, ApiError> {
    let groups = seen_groups(state, sender).await?;
    Ok(groups.iter().map(|one| group(one, false)).collect())
}

/// The groups that run, without those of folders that the sender may not see into. Rules of files are open
/// to whoever may see alerts.
async fn seen_groups(state: &ApiState, sender: &Sender) -> Result<Vec<GroupSnapshot>, ApiError> {
    let mut groups = state.rules.groups();
    if !groups.iter().any(|group| is_stored(&group.file)) {
        return Ok(groups);
    }
    // Before there are metadata, none of their rules run.
    let Some(metadata) = state.door.metadata() else {
        return Ok(groups);
    };
    let failed = |error: GrafanaError| ApiError::new(ErrorKind::Internal, error.message());
    let visible = state.door.visible(sender).await.map_err(failed)?;
    let known = stored_files(metadata, &visible).await;
    let known = known.map_err(|error| failed(error.into()))?;
    // What is not known any more is hidden too: a folder that got another name a moment ago.
    groups.retain(|group| match known.get(&group.file) {
        Some(is_visible) => *is_visible,
        None => !is_stored(&group.file),
    });
    Ok(groups)
}

/// Which rules are wanted.
struct Filter {
    alerting: bool,
    recording: bool,
    without_alerts: bool,
    names: Vec<String>,
    groups: Vec<String>,
    files: Vec<String>,
    any_of: Vec<Matchers>,
}

impl Filter {
    fn new(params: &Params) -> Result<Self, ApiError> {
        let kind = params.get("type").unwrap_or_default().to_lowercase();
        if !["", "alert", "record"].contains(&kind.as_str()) {
            let cause = format!("not supported value \"{kind}\"");
            return Err(ApiError::parameter("type", cause));
        }
        let without_alerts = match params.get("exclude_alerts") {
            // Go's boolean words.
            Some("1" | "t" | "T" | "true" | "TRUE" | "True") => true,
            None | Some("" | "0" | "f" | "F" | "false" | "FALSE" | "False") => false,
            Some(other) => {
                let cause = format!("error converting exclude_alerts: unable to parse \"{other}\"");
                return Err(ApiError::parameter("exclude_alerts", cause));
            }
        };
        let all = |name: &str| params.all(name).map(str::to_owned).collect();
        let wrong = |cause: String| ApiError::parameter("match[]", cause);
        Ok(Self {
            alerting: kind != "record",
            recording: kind != "alert",
            without_alerts,
            names: all("rule_name[]"),
            groups: all("rule_group[]"),
            files: all("file[]"),
            any_of: params.selectors().map_err(wrong)?,
        })
    }

    /// The groups that have a wanted rule, with those rules.
    fn groups(&self, all: Vec<GroupSnapshot>) -> Vec<RuleGroup> {
        let is_in =
            |list: &[String], one: &str| list.is_empty() || list.iter().any(|have| have == one);
        let wanted =
            |one: &GroupSnapshot| is_in(&self.groups, &one.name) && is_in(&self.files, &one.file);
        let mut found = Vec::new();
        for mut one in all.into_iter().filter(wanted) {
            one.rules
                .retain(|rule| is_in(&self.names, &rule.name) && self.wants(rule));
            if !one.rules.is_empty() {
                found.push(group(&one, self.without_alerts));
            }
        }
        found
    }

    fn wants(&self, rule: &RuleSnapshot) -> bool {
        let of_kind = match rule.detail {
            RuleDetail::Alerting { .. } => self.alerting,
            RuleDetail::Recording => self.recording,
        };
        let labels = || Labels::from_pairs(rule.labels.iter().map(|(name, value)| (name, value)));
        of_kind && (self.any_of.is_empty() || self.any_of.iter().any(|one| one.matches(&labels())))
    }
}

/// Which part of a long list is wanted.
struct Page {
    limit: Option<usize>,
    token: Option<String>,
}

impl Page {
    fn new(params: &Params) -> Result<Self, ApiError> {
        let token = params
            .get("group_next_token")
            .filter(|token| !token.is_empty());
        let limit = params.get("group_limit").filter(|limit| !limit.is_empty());
        let Some(limit) = limit else {
            return match token {
                None => Ok(Self {
                    limit: None,
                    token: None,
                }),
                Some(_) => Err(ApiError::parameter(
                    "group_limit",
                    "group_limit needs to be present in order to paginate over the groups",
                )),
            };
        };
        let number = limit.parse::<i64>().map_err(|error| {
            let cause = format!("group_limit needs to be a valid number: {error}");
            ApiError::parameter("group_limit", cause)
        })?;
        let limit = usize::try_from(number).ok().filter(|limit| *limit > 0);
        let limit = limit.ok_or_else(|| {
            ApiError::parameter("group_limit", "group_limit needs to be greater than 0")
        })?;
        Ok(Self {
            limit: Some(limit),
            token: token.map(str::to_owned),
        })
    }

    fn cut(&self, mut groups: Vec<RuleGroup>) -> Result<RulesData, ApiError> {
        if let Some(wanted) = &self.token {
            let at = groups.iter().position(|one| token_of(one) == *wanted);
            let at = at.ok_or_else(|| {
                let cause =
                    format!("invalid group_next_token '{wanted}'. were rule groups changed?");
                ApiError::new(ErrorKind::BadData, cause)
            })?;
            groups.drain(..at);
        }
        let next = self.limit.and_then(|limit| groups.get(limit));
        let group_next_token = next.map(token_of);
        groups.truncate(self.limit.unwrap_or(usize::MAX));
        Ok(RulesData {
            groups,
            group_next_token,
        })
    }
}

/// What names the group when the list goes on with it.
fn token_of(group: &RuleGroup) -> String {
    let digest = Sha256::digest(format!("{};{}", group.file, group.name));
    digest.iter().fold(String::new(), |mut text, byte| {
        // Writing into a text does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn seconds(duration: DurationMs) -> f64 {
    duration.as_seconds()
}

fn time(time: Option<TimestampMs>) -> String {
    time.map_or_else(|| ZERO_TIME.to_owned(), format_time)
}

fn pairs(pairs: &[(String, String)]) -> LabelMap {
    pairs.iter().cloned().collect()
}

fn group(one: &GroupSnapshot, without_alerts: bool) -> RuleGroup {
    RuleGroup {
        name: one.name.clone(),
        file: one.file.clone(),
        rules: one
            .rules
            .iter()
            .map(|one| rule(one, without_alerts))
            .collect(),
        interval: seconds(one.interval),
        limit: one.limit as u64,
        evaluation_time: one.evaluation_time.as_secs_f64(),
        last_evaluation: time(one.last_evaluation),
    }
}

fn rule(one: &RuleSnapshot, without_alerts: bool) -> Rule {
    let health = one.health.as_str().to_owned();
    let last_error = one.last_error.clone().unwrap_or_default();
    let evaluation_time = one.evaluation_time.as_secs_f64();
    let last_evaluation = time(one.last_evaluation);
    match &one.detail {
        RuleDetail::Recording => Rule::Recording(RecordingRule {
            name: one.name.clone(),
            query: one.query.clone(),
            labels: pairs(&one.labels),
            health,
            last_error,
            evaluation_time,
            last_evaluation,
        }),
        RuleDetail::Alerting {
            state,
            hold,
            keep_firing_for,
            annotations,
            alerts,
        } => Rule::Alerting(AlertingRule {
            state: state.as_str().to_owned(),
            name: one.name.clone(),
            query: one.query.clone(),
            duration: seconds(*hold),
            keep_firing_for: seconds(*keep_firing_for),
            labels: pairs(&one.labels),
            annotations: pairs(annotations),
            alerts: if without_alerts {
                Vec::new()
            } else {
                alerts.iter().map(alert).collect()
            },
            health,
            last_error,
            evaluation_time,
            last_evaluation,
        }),
    }
}

fn alert(one: &rules::Alert) -> Alert {
    Alert {
        labels: map(&one.labels),
        annotations: pairs(&one.annotations),
        state: one.state.as_str().to_owned(),
        active_at: format_time(one.active_at),
        keep_firing_since: one.keep_firing_since.map(format_time),
        value: format_exponent(one.value),
    }
}

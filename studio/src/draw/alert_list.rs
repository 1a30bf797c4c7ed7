//! A list of alerts, or their number.

use crate::board::{Board, scope_of};
use crate::call::Load;
use api_types::{AlertingRule, LabelMap, Rule, RulesData};
use app::components::{TimeAgo, use_clock};
use app::data::get;
use app::site::at;
use app::state::encode;
use app::words::{t, t_string, use_i18n};
use dashboard::{AlertListOptions, Choice, Format, Panel, Regex, interpolate};
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::{MatchOp, Matcher};
use serde_json::Value;
use std::sync::Arc;

/// A line of the list: a rule, or one of its alerts.
#[derive(Debug, Clone, PartialEq)]
struct Line {
    name: String,
    /// `firing`, `pending`, `error`, `normal`.
    state: &'static str,
    /// Of its first alert, if there is one.
    since: String,
    labels: LabelMap,
    /// Alerts that are firing or pending.
    active: usize,
    /// What it stands under, where lines are grouped.
    group: String,
}

/// What it is when nothing is said: as the worst of its alerts, or broken.
fn state_of(rule: &AlertingRule) -> &'static str {
    match rule.state.as_str() {
        "firing" => "firing",
        "pending" => "pending",
        _ if rule.health == "err" => "error",
        _ => "normal",
    }
}

fn importance(state: &str) -> usize {
    ["firing", "error", "pending", "normal"]
        .iter()
        .position(|known| *known == state)
        .unwrap_or(usize::MAX)
}

/// Matchers such as `{severity="page"}`; the braces may be left out. None that cannot be read.
fn matchers_of(text: &str) -> Option<Vec<Matcher>> {
    let inner = text.trim().trim_start_matches('{').trim_end_matches('}');
    if inner.trim().is_empty() {
        return Some(Vec::new());
    }
    promql_syntax::parse_selector(&format!("{{{inner}}}")).ok()
}

/// Whether a label's value is what a matcher wants; a pattern stands for the whole value.
fn holds(matcher: &Matcher, value: &str) -> bool {
    let fits = || {
        let whole = format!("/^(?:{})$/", matcher.value.replace('/', "\\/"));
        Regex::from_slashed(&whole).is_ok_and(|pattern| pattern.is_match(value))
    };
    match matcher.op {
        MatchOp::Equal => matcher.value == value,
        MatchOp::NotEqual => matcher.value != value,
        MatchOp::Regex => fits(),
        MatchOp::NotRegex => !fits(),
    }
}

/// The lines that the options ask for, in their order.
fn lines(data: &RulesData, options: &AlertListOptions, uid: &str) -> Vec<Line> {
    // A filter that cannot be read matches nothing, as a wrong query shows nothing.
    let Some(matchers) = matchers_of(&options.labels) else {
        return Vec::new();
    };
    let wanted = options.name.trim().to_lowercase();
    let folder = options.folder.to_lowercase();
    let fits_all = |labels: &LabelMap, name: &str| {
        matchers.iter().all(|matcher| {
            let own = labels.get(&matcher.name).map(String::as_str);
            let value = own.unwrap_or(if matcher.name == "alertname" {
                name
            } else {
                ""
            });
            holds(matcher, value)
        })
    };
    let group_of = |labels: &LabelMap| {
        let values = options.group_by.iter();
        let values = values.map(|name| labels.get(name).cloned().unwrap_or_default());
        values.collect::<Vec<_>>().join(", ")
    };
    let mut found = Vec::new();
    for group in &data.groups {
        if !folder.is_empty() && !group.file.to_lowercase().contains(&folder) {
            continue;
        }
        for rule in &group.rules {
            let Rule::Alerting(rule) = rule else { continue };
            let of_dashboard = rule.annotations.get("__dashboardUid__");
            if options.this_dashboard && of_dashboard.map(String::as_str) != Some(uid)
                || !rule.name.to_lowercase().contains(&wanted)
            {
                continue;
            }
            let state = state_of(rule);
            let alerts: Vec<_> = rule
                .alerts
                .iter()
                .filter(|alert| fits_all(&alert.labels, &rule.name))
                .collect();
            let each = options.show_instances || !options.group_by.is_empty();
            if each && !alerts.is_empty() {
                for alert in alerts {
                    let state = if alert.state == "firing" {
                        "firing"
                    } else {
                        "pending"
                    };
                    if options.states.iter().any(|known| known == state) {
                        found.push(Line {
                            name: rule.name.clone(),
                            state,
                            since: alert.active_at.clone(),
                            labels: alert.labels.clone(),
                            active: 1,
                            group: group_of(&alert.labels),
                        });
                    }
                }
                continue;
            }
            let fits =
                !alerts.is_empty() || rule.alerts.is_empty() && fits_all(&rule.labels, &rule.name);
            if fits && options.states.iter().any(|known| known == state) {
                let since = alerts.iter().map(|alert| alert.active_at.clone()).min();
                found.push(Line {
                    name: rule.name.clone(),
                    state,
                    since: since.unwrap_or_default(),
                    labels: rule.labels.clone(),
                    active: alerts.len(),
                    group: group_of(&rule.labels),
                });
            }
        }
    }
    order(&mut found, options.sort_order);
    // Groups stay in the order of their first lines.
    if !options.group_by.is_empty() {
        found.sort_by(|a, b| a.group.cmp(&b.group));
    }
    found
}

fn order(lines: &mut [Line], sort: i64) {
    let by_name = |a: &Line, b: &Line| a.name.cmp(&b.name);
    lines.sort_by(|a, b| match sort {
        2 => by_name(b, a),
        3 => importance(a.state)
            .cmp(&importance(b.state))
            .then_with(|| by_name(a, b)),
        4 => a.since.cmp(&b.since).then_with(|| by_name(a, b)),
        5 => b.since.cmp(&a.since).then_with(|| by_name(a, b)),
        _ => by_name(a, b),
    });
}

/// The options of a panel, values of variables put in.
fn options_of(board: Board, json: &Value, clones: &[(String, Choice)]) -> AlertListOptions {
    let panel = Panel::of(json);
    let mut options = AlertListOptions::read(panel.map_or(&Value::Null, |panel| panel.options()));
    scope_of(board, clones, |scope| {
        options.name = interpolate(&options.name, scope, &Format::Text);
        options.labels = interpolate(&options.labels, scope, &Format::Promql);
    });
    options
}

/// The alerts of the server that the panel asks for.
#[component]
pub(crate) fn AlertListView(
    panel: Signal<Arc<Value>>,
    clones: Vec<(String, Choice)>,
    board: Board,
) -> impl IntoView {
    let i18n = use_i18n();
    let clock = use_clock();
    let data = RwSignal::new(Load::<Arc<RulesData>>::Waiting);
    Effect::new(move |_| {
        board.beat.track();
        spawn_local(async move {
            let answer = get::<RulesData>("/api/v1/rules?type=alert", None).await;
            let next = match answer {
                Ok(answer) => Load::Ready(Arc::new(answer.data)),
                Err(error) => Load::Failed(error),
            };
            if data.try_get_untracked().is_some_and(|old| old != next) {
                data.try_set(next);
            }
        });
    });
    let clones = StoredValue::new(clones);
    let options = Memo::new(move |_| {
        board.values.track();
        options_of(board, &panel.get(), &clones.get_value())
    });
    let found = Memo::new(move |_| {
        let uid = board.meta.with(|meta| meta.uid.clone());
        data.with(|data| {
            data.ready()
                .map(|data| options.with(|options| lines(data, options, &uid)))
        })
    });
    let word = move |state: &str| match state {
        "firing" => t_string!(i18n, boards.firing),
        "pending" => t_string!(i18n, boards.pending),
        "error" => t_string!(i18n, boards.broken),
        _ => t_string!(i18n, boards.normal),
    };
    let line = move |line: &Line| {
        let state = line.state;
        let badge = match state {
            "firing" | "error" => "firing",
            "pending" => "pending",
            _ => "up",
        };
        let labels: Vec<_> = line
            .labels
            .iter()
            .filter(|(name, _)| name.as_str() != "alertname")
            .map(|(name, value)| view! { <span class="tag">{format!("{name}={value}")}</span> })
            .collect();
        let (since, active) = (line.since.clone(), line.active);
        view! {
            <li class="alert-line">
                <span class="badge" data-state=badge>{move || word(state)}</span>
                <a class="alert-line__name" href=at(&format!("/alerts?search={}", encode(&line.name)))>{line.name.clone()}</a>
                {(active > 1).then(|| view! { <span class="alert-line__note">{t!(i18n, boards.alerts_of, n = move || active)}</span> })}
                {(!since.is_empty()).then(|| view! { <span class="alert-line__note"><TimeAgo time=since clock/></span> })}
                <span class="alert-line__labels">{labels}</span>
            </li>
        }
    };
    move || {
        if let Some(error) = data.with(|data| match data {
            Load::Failed(error) => Some(error.to_string()),
            _ => None,
        }) {
            return view! { <p class="tile__none" data-kind="error" role="alert">{error}</p> }
                .into_any();
        }
        let Some(all) = found.get() else {
            return view! { <p class="tile__none">{t!(i18n, shell.loading)}</p> }.into_any();
        };
        let options = options.get();
        if options.as_number {
            let state = all
                .iter()
                .map(|line| line.state)
                .min_by_key(|state| importance(state));
            let n = all.iter().map(|line| line.active.max(1)).sum::<usize>();
            return view! {
                <div class="alert-count" data-state=state.unwrap_or("normal")>
                    <span class="alert-count__value">{n}</span>
                </div>
            }
            .into_any();
        }
        if all.is_empty() {
            return view! { <p class="tile__none">{t!(i18n, boards.no_alerts)}</p> }.into_any();
        }
        let more = all.len().saturating_sub(options.max_items);
        let mut last = None;
        let items = all.iter().take(options.max_items).map(|one| {
            let head = (!options.group_by.is_empty() && last != Some(&one.group)).then(|| {
                view! { <li class="alert-line__group">{one.group.clone()}</li> }
            });
            last = Some(&one.group);
            view! { {head}{line(one)} }
        });
        view! {
            <ul class="alert-lines fill--scroll">
                {items.collect_view()}
                {(more > 0).then(|| view! { <li class="form__note">{t!(i18n, dashboards.more_values, n = move || more)}</li> })}
            </ul>
        }
        .into_any()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn data() -> RulesData {
        let rule = |name: &str, state: &str, health: &str, alerts: Value| {
            json!({"type": "alerting", "name": name, "state": state, "health": health, "query": "x", "duration": 0,
                "keepFiringFor": 0, "labels": {}, "annotations": if name == "Disk" { json!({"__dashboardUid__": "u"}) } else { json!({}) },
                "alerts": alerts, "evaluationTime": 0, "lastEvaluation": ""})
        };
        let alert = |severity: &str, state: &str, at: &str| json!({"labels": {"alertname": "A", "severity": severity}, "annotations": {}, "state": state, "activeAt": at, "value": "1"});
        let groups = json!({"groups": [{"name": "g", "file": "Machines/g", "interval": 1, "limit": 0, "evaluationTime": 0,
        "lastEvaluation": "", "rules": [
            rule("Disk", "firing", "ok", json!([alert("page", "firing", "2026-01-02"), alert("info", "pending", "2026-01-01")])),
            rule("Calm", "inactive", "ok", json!([])),
            rule("Broken", "inactive", "err", json!([])),
            rule("Soon", "pending", "ok", json!([alert("page", "pending", "2026-01-03")])),
        ]}]});
        serde_json::from_value(groups).unwrap()
    }

    #[track_caller]
    fn check(options: Value, expected: &[&str]) {
        let found = lines(&data(), &AlertListOptions::read(&options), "u");
        let found: Vec<String> = found
            .iter()
            .map(|line| format!("{} {} {}", line.name, line.state, line.active))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn states_names_labels_folders_and_the_dashboard_choose() {
        check(
            json!({}),
            &["Broken error 0", "Disk firing 2", "Soon pending 1"],
        );
        check(json!({"stateFilter": {"normal": true}}), &["Calm normal 0"]);
        check(json!({"alertName": "so"}), &["Soon pending 1"]);
        check(
            json!({"alertInstanceLabelFilter": "{severity=\"info\"}"}),
            &["Disk firing 1"],
        );
        check(
            json!({"alertInstanceLabelFilter": "severity=~\"p.*\"", "sortOrder": 3}),
            &["Disk firing 1", "Soon pending 1"],
        );
        check(json!({"alertInstanceLabelFilter": "{severity="}), &[]);
        check(json!({"dashboardAlerts": true}), &["Disk firing 2"]);
        check(
            json!({"folder": {"title": "machines"}, "sortOrder": 2}),
            &["Soon pending 1", "Disk firing 2", "Broken error 0"],
        );
        check(json!({"folder": {"title": "other"}}), &[]);
    }

    #[test]
    fn each_alert_is_a_line_where_that_is_asked() {
        check(
            json!({"showInstances": true, "sortOrder": 5, "stateFilter": {"firing": true, "pending": true}}),
            &["Soon pending 1", "Disk firing 1", "Disk pending 1"],
        );
        let options = json!({"groupMode": "custom", "groupBy": ["severity"], "stateFilter": {"firing": true, "pending": true}});
        let found = lines(&data(), &AlertListOptions::read(&options), "u");
        let groups: Vec<&str> = found.iter().map(|line| line.group.as_str()).collect();
        assert_eq!(groups, ["info", "page", "page"]);
    }
}

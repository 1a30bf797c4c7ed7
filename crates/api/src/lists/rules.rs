//! `/api/watchfire/rules`: groups of rules, the alerts' page among its readers.

use super::{Cut, Search, push_pairs, words};
use crate::access::Sender;
use crate::alerting;
use crate::error::ApiError;
use crate::params::Params;
use crate::response::success;
use crate::state::ApiState;
use api_types::{GroupRow, Rule, RuleGroup, RuleList, RuleRow};
use axum::extract::State;
use axum::response::Response;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Groups per page where the call names no number.
const USUAL: usize = 10;

/// Most alerts of one rule; their numbers are told whole.
const MAX_ALERTS: usize = 200;

/// States of alerts, the one that matters most first.
const STATES: [&str; 4] = ["firing", "pending", "unknown", "inactive"];

/// `/api/watchfire/rules`: `type` (`alert`, `record`), `state` and `health` (words between commas), `search`,
/// `sort=state` for the groups that matter most first, `page`, `per_page`.
pub(crate) async fn list(
    State(state): State<Arc<ApiState>>,
    sender: Sender,
    params: Params,
) -> Result<Response, ApiError> {
    let cut = Cut::new(&params, USUAL)?;
    let groups = alerting::shown_groups(&state, &sender).await?;
    Ok(success(choose(groups, &Choice::new(&params), &cut)))
}

struct Choice {
    kind: Option<&'static str>,
    states: Vec<String>,
    health: Vec<String>,
    search: Search,
    by_state: bool,
}

impl Choice {
    fn new(params: &Params) -> Self {
        Self {
            kind: match params.get("type") {
                Some("alert") => Some("alert"),
                Some("record") => Some("record"),
                _ => None,
            },
            states: words(params, "state"),
            health: words(params, "health"),
            search: Search::new(params),
            by_state: params.get("sort") == Some("state"),
        }
    }

    fn wants(&self, rule: &Rule, group: &str, file: &str) -> bool {
        let facts = Facts::of(rule);
        let is_in = |list: &[String], word: &str| list.is_empty() || list.iter().any(|w| w == word);
        self.is_kind(rule)
            && is_in(&self.states, facts.state)
            && is_in(&self.health, facts.health)
            && (self.search.is_empty() || self.search.finds(&facts.text(group, file)))
    }

    fn is_kind(&self, rule: &Rule) -> bool {
        match rule {
            Rule::Alerting(_) => self.kind != Some("record"),
            Rule::Recording(_) => self.kind != Some("alert"),
        }
    }
}

/// What both kinds of rules have.
struct Facts<'a> {
    name: &'a str,
    query: &'a str,
    labels: &'a api_types::LabelMap,
    health: &'a str,
    /// Empty for a recording rule.
    state: &'a str,
}

impl<'a> Facts<'a> {
    fn of(rule: &'a Rule) -> Self {
        match rule {
            Rule::Alerting(rule) => Self {
                name: &rule.name,
                query: &rule.query,
                labels: &rule.labels,
                health: &rule.health,
                state: &rule.state,
            },
            Rule::Recording(rule) => Self {
                name: &rule.name,
                query: &rule.query,
                labels: &rule.labels,
                health: &rule.health,
                state: "",
            },
        }
    }

    fn text(&self, group: &str, file: &str) -> String {
        let mut text = format!("{} {group} {file} {}", self.name, self.query);
        push_pairs(
            &mut text,
            self.labels.iter().map(|(n, v)| (n.as_str(), v.as_str())),
        );
        text
    }
}

fn choose(groups: Vec<RuleGroup>, choice: &Choice, cut: &Cut) -> RuleList {
    let mut list = RuleList::default();
    let mut chosen = Vec::new();
    let mut total = 0;
    for group in groups {
        let own = group.rules.iter().filter(|rule| choice.is_kind(rule));
        total += usize::from(own.clone().next().is_some());
        for rule in own {
            let facts = Facts::of(rule);
            *list.health.entry(facts.health.to_owned()).or_default() += 1;
            if !facts.state.is_empty() {
                *list.states.entry(facts.state.to_owned()).or_default() += 1;
            }
        }
        let row = row(group, choice);
        if !row.rules.is_empty() {
            chosen.push(row);
        }
    }
    if choice.by_state {
        // Stable: groups of the same rank keep their order.
        chosen.sort_by(|a, b| {
            rank(&a.states)
                .cmp(&rank(&b.states))
                .then(a.name.cmp(&b.name))
        });
    }
    (list.groups, list.paging) = cut.take(chosen, total);
    list
}

fn row(group: RuleGroup, choice: &Choice) -> GroupRow {
    let id = format!("{};{}", group.file, group.name);
    let mut states = BTreeMap::new();
    let mut rules = Vec::new();
    for (index, rule) in group.rules.into_iter().enumerate() {
        if let Rule::Alerting(rule) = &rule {
            *states.entry(rule.state.clone()).or_default() += 1;
        }
        if choice.wants(&rule, &group.name, &group.file) {
            rules.push(rule_row(format!("{id};{index}"), rule));
        }
    }
    GroupRow {
        id,
        name: group.name,
        file: group.file,
        interval: group.interval,
        evaluation_time: group.evaluation_time,
        last_evaluation: group.last_evaluation,
        states,
        rules,
    }
}

fn rule_row(id: String, mut rule: Rule) -> RuleRow {
    let (mut pending, mut firing) = (0, 0);
    if let Rule::Alerting(rule) = &mut rule {
        for alert in &rule.alerts {
            pending += usize::from(alert.state == "pending");
            firing += usize::from(alert.state == "firing");
        }
        // Those that fire first, the oldest of them at the top.
        rule.alerts.sort_by(|a, b| {
            let key = |alert: &api_types::Alert| (rank_of(&alert.state), alert.active_at.clone());
            key(a).cmp(&key(b))
        });
        rule.alerts.truncate(MAX_ALERTS);
    }
    RuleRow {
        id,
        rule,
        pending,
        firing,
    }
}

fn rank(states: &BTreeMap<String, usize>) -> usize {
    let ranks = states.keys().map(|state| rank_of(state));
    ranks.min().unwrap_or(STATES.len())
}

fn rank_of(state: &str) -> usize {
    let found = STATES.iter().position(|one| *one == state);
    found.unwrap_or(STATES.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use api_types::{Alert, AlertingRule, RecordingRule};

    fn alerting(name: &str, state: &str) -> Rule {
        let alert = |state: &str, at: &str| Alert {
            state: state.to_owned(),
            active_at: at.to_owned(),
            ..Alert::default()
        };
        let alerts = match state {
            "firing" => vec![
                alert("pending", "1"),
                alert("firing", "3"),
                alert("firing", "2"),
            ],
            _ => Vec::new(),
        };
        Rule::Alerting(AlertingRule {
            name: name.to_owned(),
            state: state.to_owned(),
            health: "ok".to_owned(),
            query: "up == 0".to_owned(),
            labels: [("severity".to_owned(), "page".to_owned())].into(),
            alerts,
            ..AlertingRule::default()
        })
    }

    fn groups() -> Vec<RuleGroup> {
        let group = |name: &str, rules| RuleGroup {
            name: name.to_owned(),
            file: "rules.yml".to_owned(),
            rules,
            ..RuleGroup::default()
        };
        let recording = Rule::Recording(RecordingRule {
            name: "job:up:sum".to_owned(),
            health: "err".to_owned(),
            ..RecordingRule::default()
        });
        vec![
            group("a", vec![alerting("Quiet", "inactive"), recording]),
            group(
                "b",
                vec![alerting("Loud", "firing"), alerting("Soon", "pending")],
            ),
        ]
    }

    fn choice() -> Choice {
        Choice {
            kind: None,
            states: Vec::new(),
            health: Vec::new(),
            search: Search(Vec::new()),
            by_state: false,
        }
    }

    fn names(list: &RuleList) -> Vec<String> {
        let rules = list.groups.iter().flat_map(|group| &group.rules);
        rules
            .map(|row| Facts::of(&row.rule).name.to_owned())
            .collect()
    }

    const FIRST: Cut = Cut {
        page: 1,
        per_page: 10,
    };

    #[test]
    fn states_are_counted_whatever_the_filters_say() {
        let list = choose(
            groups(),
            &Choice {
                states: vec!["firing".into()],
                ..choice()
            },
            &FIRST,
        );
        assert_eq!(names(&list), ["Loud"]);
        assert_eq!(list.states["pending"], 1);
        assert_eq!((list.health["ok"], list.health["err"]), (3, 1));
        assert_eq!((list.paging.matched, list.paging.total), (1, 2));
    }

    #[test]
    fn groups_that_fire_come_first_and_so_do_their_oldest_alerts() {
        let list = choose(
            groups(),
            &Choice {
                kind: Some("alert"),
                by_state: true,
                ..choice()
            },
            &FIRST,
        );
        assert_eq!(names(&list), ["Loud", "Soon", "Quiet"]);
        let loud = &list.groups[0].rules[0];
        assert_eq!((loud.pending, loud.firing), (1, 2));
        let Rule::Alerting(rule) = &loud.rule else {
            panic!("{loud:?}")
        };
        let times: Vec<_> = rule.alerts.iter().map(|a| a.active_at.as_str()).collect();
        assert_eq!(times, ["2", "3", "1"]);
    }

    #[test]
    fn a_search_looks_at_names_labels_groups_and_expressions() {
        let found = |text: &str| {
            let search = Search(text.split(' ').map(str::to_owned).collect());
            names(&choose(groups(), &Choice { search, ..choice() }, &FIRST))
        };
        assert_eq!(found("severity=\"page\" soon"), ["Soon"]);
        assert_eq!(found("up:sum"), ["job:up:sum"]);
        assert!(found("nothing").is_empty());
    }
}

use crate::bench::{Bench, minute, options};
use model::{DurationMs, Labels};
use rules::{AlertState, RuleDetail, RuleOptions};

const DOWN: &str = r#"
groups:
- name: g
  interval: 1m
  rules:
  - alert: Down
    expr: up == 0
    for: 2m
    labels: {severity: "{{ if eq $labels.job \"a\" }}page{{ else }}mail{{ end }}"}
    annotations:
      summary: "{{ $labels.job }} has {{ $value }} in {{ $externalLabels.region }}, {{ query \"up\" | len }} known"
      broken: "{{ .Nope }}"
"#;

#[test]
fn an_alert_waits_fires_and_is_resolved_and_its_states_are_series() {
    let bench = Bench::new();
    let options = RuleOptions {
        external_labels: Labels::from_pairs([("region", "eu")]),
        external_url: "http://wf:9090".into(),
        ..options()
    };
    let group = bench.apply(DOWN, &options).started.remove(0);
    for n in 0..4 {
        bench.add("up{job=\"a\"}", minute(n), if n < 3 { 0.0 } else { 1.0 });
        group.evaluate(minute(n));
        let expected = match n {
            0 | 1 => vec!["pending {alertname=\"Down\", job=\"a\", severity=\"page\"}".to_owned()],
            2 => vec!["firing {alertname=\"Down\", job=\"a\", severity=\"page\"}".to_owned()],
            _ => vec![],
        };
        assert_eq!(bench.alerts(), expected, "minute {n}");
    }
    let labels = "alertname=\"Down\"";
    assert_eq!(
        bench.samples("ALERTS"),
        [
            format!(
                "ALERTS{{{labels}, alertstate=\"firing\", job=\"a\", severity=\"page\"}} 2=1 3=stale"
            ),
            format!(
                "ALERTS{{{labels}, alertstate=\"pending\", job=\"a\", severity=\"page\"}} 0=1 1=1 2=stale"
            ),
        ]
    );
    assert_eq!(
        bench.samples("ALERTS_FOR_STATE"),
        [format!(
            "ALERTS_FOR_STATE{{{labels}, job=\"a\", severity=\"page\"}} 0=0 1=0 2=0 3=stale"
        )]
    );
    let [firing, resolved] = &bench.told()[..] else {
        panic!()
    };
    assert_eq!((firing.starts_at, firing.ends_at), (minute(2), minute(6)));
    assert_eq!(
        (resolved.starts_at, resolved.ends_at),
        (minute(2), minute(3))
    );
    assert_eq!(
        firing.generator_url,
        "http://wf:9090/graph?g0.expr=up+%3D%3D+0&g0.tab=1"
    );
    let annotation = |name: &str| {
        let found = firing.annotations.iter().find(|(have, _)| have == name);
        found.unwrap().1.clone()
    };
    assert_eq!(annotation("summary"), "a has 0 in eu, 1 known");
    assert!(
        annotation("broken").starts_with(
            "<error expanding template: error executing template __alert_Down: template: __alert_Down:1:"
        ),
        "{}",
        annotation("broken")
    );
    assert!(bench.metric("prometheus_template_text_expansion_failures_total") > 0.0);
}

#[test]
fn alerts_are_told_again_after_the_delay_only() {
    let bench = Bench::new();
    let text = "groups: [{name: g, interval: 30s, rules: [{alert: A, expr: vector(1)}]}]";
    let group = bench.run(text);
    let told: Vec<usize> = (0..6)
        .map(|half| {
            group.evaluate(model::TimestampMs(half * 30_000));
            bench.told().len()
        })
        .collect();
    assert_eq!(told, [1, 0, 0, 1, 0, 0]);
}

#[test]
fn equal_labels_and_too_many_alerts_are_errors() {
    let bench = Bench::new();
    let group = bench.run(
        "groups: [{name: g, limit: 1, rules: [{alert: Same, expr: up, labels: {job: x}}, {alert: Many, expr: up}]}]",
    );
    bench.add("up{job=\"a\"}", minute(0), 1.0);
    bench.add("up{job=\"b\"}", minute(0), 1.0);
    group.evaluate(minute(0));
    let errors: Vec<String> = group
        .snapshot()
        .rules
        .into_iter()
        .filter_map(|rule| rule.last_error)
        .collect();
    assert_eq!(
        errors,
        [
            "vector contains metrics with the same labelset after applying alert labels",
            "exceeded limit of 1 with 2 alerts",
        ]
    );
    assert_eq!(bench.alerts(), Vec::<String>::new());
}

#[test]
fn a_rule_is_unknown_until_it_was_evaluated() {
    let bench = Bench::new();
    let group = bench.run("groups: [{name: g, rules: [{alert: A, expr: up == 0}]}]");
    let state = || match &group.snapshot().rules[0].detail {
        RuleDetail::Alerting { state, .. } => *state,
        RuleDetail::Recording => panic!(),
    };
    assert_eq!(state(), AlertState::Unknown);
    group.evaluate(minute(0));
    assert_eq!(state(), AlertState::Inactive);
}

/// Evaluates an alert that is there at all times: before an outage up to minute `down`, and after it from
/// minute `back` on; gives what the alert's state is from then on, minute by minute.
#[track_caller]
fn after_outage(down: i64, back: i64, tolerance: DurationMs) -> String {
    let text = "groups: [{name: g, interval: 1m, rules: [{alert: A, expr: vector(1), for: 1h, labels: {x: y}}]}]";
    let before = Bench::new();
    let group = before.run(text);
    for n in 0..=down {
        group.evaluate(minute(n));
    }
    let after = Bench::over(before.store.clone());
    let options = RuleOptions {
        outage_tolerance: tolerance,
        ..RuleOptions::default()
    };
    let group = after.apply(text, &options).started.remove(0);
    let states = (back..back + 20).map(|n| {
        group.evaluate(minute(n));
        match after.manager.alerts()[0].state {
            AlertState::Pending => 'p',
            AlertState::Firing => 'F',
            _ => '?',
        }
    });
    states.collect()
}

#[test]
fn the_wait_before_an_outage_counts_after_it() {
    let hour = DurationMs::from_secs(3600);
    // It fired: it fires again when its state has been taken up at the second evaluation.
    assert_eq!(after_outage(61, 70, hour), format!("pp{}", "F".repeat(18)));
    // Five minutes were left: ten minutes of grace from the second evaluation on.
    assert_eq!(
        after_outage(55, 70, hour),
        format!("{}{}", "p".repeat(11), "F".repeat(9))
    );
    // Fifteen minutes were left, and are left from then on.
    assert_eq!(
        after_outage(45, 70, hour),
        format!("{}{}", "p".repeat(16), "F".repeat(4))
    );
    // Down for longer than is tolerated: all over again.
    let short = DurationMs::from_secs(300);
    assert_eq!(after_outage(61, 70, short), "p".repeat(20));
}

#[test]
fn states_are_not_stored_before_they_are_restored() {
    let bench = Bench::new();
    let text = "groups: [{name: g, rules: [{alert: A, expr: vector(1)}]}]";
    let group = bench.apply(text, &RuleOptions::default()).started.remove(0);
    for n in 0..3 {
        group.evaluate(minute(n));
    }
    assert_eq!(
        bench.samples("ALERTS"),
        ["ALERTS{alertname=\"A\", alertstate=\"firing\"} 2=1"]
    );
}

use crate::bench::{Bench, minute, options};
use rules::{Health, RuleOptions};

#[test]
fn results_are_stored_under_the_rules_name_and_vanished_series_end() {
    let bench = Bench::new();
    let group = bench.run(
        "groups: [{name: g, labels: {team: x}, rules: [{record: 'job:up', expr: 'up == 1', labels: {env: prod, instance: ''}}]}]",
    );
    bench.add("up{job=\"a\",instance=\"1\"}", minute(0), 1.0);
    bench.add("up{job=\"b\"}", minute(0), 1.0);
    group.evaluate(minute(0));
    bench.add("up{job=\"b\"}", minute(1), 0.0);
    group.evaluate(minute(1));
    group.evaluate(minute(2));
    assert_eq!(
        bench.samples("job:up"),
        [
            "job:up{env=\"prod\", job=\"a\", team=\"x\"} 0=1 1=1 2=1",
            "job:up{env=\"prod\", job=\"b\", team=\"x\"} 0=1 1=stale",
        ]
    );
    assert_eq!(bench.metric("prometheus_rule_evaluations_total"), 3.0);
    assert_eq!(bench.metric("prometheus_rule_group_iterations_total"), 3.0);
    assert_eq!(
        bench.metric("prometheus_rule_group_last_evaluation_samples"),
        1.0
    );
}

#[test]
fn an_offset_moves_queries_and_results_into_the_past() {
    let bench = Bench::new();
    let group =
        bench.run("groups: [{name: g, query_offset: 2m, rules: [{record: r, expr: 'time()'}]}]");
    group.evaluate(minute(10));
    assert_eq!(bench.samples("r"), ["r 8=480"]);
}

#[test]
fn a_rule_that_fails_says_why_and_the_others_go_on() {
    let bench = Bench::new();
    let group = bench.run(
        "
groups:
- name: g
  limit: 1
  rules:
  - {record: many, expr: up}
  - {record: same, expr: up, labels: {job: x}}
  - {record: text, expr: '\"a\"'}
  - {record: fine, expr: sum(up)}
",
    );
    bench.add("up{job=\"a\"}", minute(0), 1.0);
    bench.add("up{job=\"b\"}", minute(0), 1.0);
    group.evaluate(minute(0));
    let rules = group.snapshot().rules;
    let told: Vec<(Health, &str)> = rules
        .iter()
        .map(|rule| (rule.health, rule.last_error.as_deref().unwrap_or("")))
        .collect();
    assert_eq!(
        told,
        [
            (Health::Bad, "exceeded limit of 1 with 2 series"),
            (
                Health::Bad,
                "vector contains metrics with the same labelset after applying rule labels"
            ),
            (Health::Bad, "rule result is not a vector or scalar"),
            (Health::Good, ""),
        ]
    );
    assert_eq!(bench.samples("fine"), ["fine 0=2"]);
    assert_eq!(
        bench.metric("prometheus_rule_evaluation_failures_total"),
        3.0
    );
}

#[test]
fn rules_see_what_rules_before_them_gave_one_by_one_or_at_once() {
    let text = "
groups:
- name: g
  rules:
  - {record: a, expr: vector(1)}
  - {record: b, expr: a + 1}
  - {record: c, expr: vector(5)}
  - {record: d, expr: b + c}
";
    for max_concurrent in [1, 3] {
        let bench = Bench::new();
        let options = RuleOptions {
            max_concurrent,
            ..options()
        };
        let group = bench.apply(text, &options).started.remove(0);
        group.evaluate(minute(0));
        assert_eq!(bench.samples("d"), ["d 0=7"], "{max_concurrent} at once");
    }
}

#[test]
fn missed_slots_are_counted() {
    let bench = Bench::new();
    let group = bench.run("groups: [{name: g, interval: 1m, rules: []}]");
    let first = group.first_slot(minute(0));
    let late = model::TimestampMs(first.0 + 3 * 60_000 + 5);
    assert_eq!(group.due_slot(first, late).0, first.0 + 3 * 60_000);
    assert_eq!(
        bench.metric("prometheus_rule_group_iterations_missed_total"),
        2.0
    );
}

#[test]
fn a_stopped_group_stores_nothing_and_ends_its_series_when_it_is_told_to() {
    let bench = Bench::new();
    let group = bench.run("groups: [{name: g, rules: [{record: r, expr: vector(1)}]}]");
    group.evaluate(minute(0));
    group.stop();
    group.evaluate(minute(1));
    group.end_series(minute(2));
    assert_eq!(bench.samples("r"), ["r 0=1 2=stale"]);
}

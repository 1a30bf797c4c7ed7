use crate::bench::{Bench, minute, options};
use model::Labels;
use rules::RuleOptions;

const TWO: &str = "
groups:
- name: one
  rules: [{alert: A, expr: vector(1), for: 5m}, {record: r, expr: vector(1)}]
- name: two
  rules: [{record: s, expr: vector(1)}]
";

#[test]
fn groups_that_stay_the_same_are_not_touched() {
    let bench = Bench::new();
    let started = bench.apply(TWO, &options()).started;
    assert_eq!(started.len(), 2);
    let again = bench.apply(TWO, &options());
    assert!(again.started.is_empty() && again.stopped.is_empty());
    // The state is only taken up at the start of the server.
    let again = bench.apply(
        TWO,
        &RuleOptions {
            restore: true,
            ..options()
        },
    );
    assert!(again.started.is_empty());
    let other = RuleOptions {
        external_labels: Labels::from_pairs([("a", "b")]),
        ..options()
    };
    assert_eq!(bench.apply(TWO, &other).started.len(), 2);
}

#[test]
fn changed_groups_take_over_alerts_and_series_and_end_those_of_removed_rules() {
    let bench = Bench::new();
    for group in bench.apply(TWO, &options()).started {
        group.evaluate(minute(0));
    }
    let changed = "
groups:
- name: one
  rules: [{alert: A, expr: vector(2), for: 5m}]
";
    let change = bench.apply(changed, &options());
    let names = |groups: &[std::sync::Arc<rules::GroupRunner>]| -> Vec<String> {
        groups.iter().map(|group| group.name().to_owned()).collect()
    };
    assert_eq!(
        (names(&change.started), names(&change.stopped)),
        (
            vec!["one".to_owned()],
            vec!["one".to_owned(), "two".to_owned()]
        )
    );
    change.started[0].evaluate(minute(1));
    let alert = &bench.manager.alerts()[0];
    assert_eq!((alert.active_at, alert.value), (minute(0), 2.0));
    assert_eq!(bench.samples("r"), ["r 0=1 1=stale"]);
    for group in &change.stopped {
        group.end_series(minute(2));
    }
    assert_eq!(bench.samples("s"), ["s 0=1 2=stale"]);
    assert_eq!(
        bench.samples("ALERTS").len(),
        1,
        "the alert's series goes on"
    );
    assert!(!bench.samples("ALERTS")[0].contains("stale"));
    assert_eq!(bench.metric("prometheus_rule_group_rules"), 1.0);
}

#[test]
fn a_group_that_moves_to_another_file_keeps_its_alerts() {
    let bench = Bench::new();
    for group in bench.apply(TWO, &options()).started {
        group.evaluate(minute(0));
    }
    let parse = |path| rules::RuleFile::parse(TWO, path, promql_syntax::ParseOptions::default());
    let change = bench
        .manager
        .apply(vec![parse("other.yml").unwrap()], &options());
    assert_eq!((change.started.len(), change.stopped.len()), (2, 2));
    for group in &change.started {
        group.evaluate(minute(1));
    }
    for group in &change.stopped {
        group.end_series(minute(2));
    }
    let alert = &bench.manager.alerts()[0];
    assert_eq!(alert.active_at, minute(0));
    assert_eq!(bench.samples("s"), ["s 0=1 1=1"]);
    // One file named twice is one file.
    let twice = vec![parse("other.yml").unwrap(), parse("other.yml").unwrap()];
    let change = bench.manager.apply(twice, &options());
    assert!(change.started.is_empty() && change.stopped.is_empty());
}

//! What is told of tests that fail: promtool's words.

use ruletest::{TestFile, TestOptions};
use std::path::Path;

/// The failures of a test file beside which there is a rule file `rules.yml`.
fn failures(rules: &str, tests: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("rules.yml"), rules).unwrap();
    let file = TestFile::parse(tests).unwrap();
    let report = file.run(folder.path(), &TestOptions::default());
    report.failures.iter().map(ToString::to_string).collect()
}

const RULES: &str = r#"
groups:
- name: g
  rules:
  - alert: Down
    expr: up == 0
    for: 5m
    labels: {severity: page}
    annotations: {summary: "{{ $labels.job }} down"}
"#;

#[test]
fn alerts_that_differ_are_listed_side_by_side() {
    let told = failures(
        RULES,
        r#"
rule_files: [rules.yml]
tests:
- name: named
  interval: 1m
  input_series: [{series: 'up{job="a"}', values: 0x10}]
  alert_rule_test:
  - {eval_time: 5m, alertname: Down, exp_alerts: []}
  - {eval_time: 4m, alertname: Down, exp_alerts: []}
  - {eval_time: 5m, alertname: Other, exp_alerts: [{exp_labels: {a: b}}]}
"#,
    );
    assert_eq!(
        told,
        [
            "    name: named,\n    alertname: Down, time: 5m, \n        exp:[], \n        got:[\n            0:\n              Labels:{alertname=\"Down\", job=\"a\", severity=\"page\"}\n              Annotations:{summary=\"a down\"}\n            ]",
            "    name: named,\n    alertname: Other, time: 5m, \n        exp:[\n            0:\n              Labels:{a=\"b\", alertname=\"Other\"}\n              Annotations:{}\n            ], \n        got:[]",
        ]
    );
}

#[test]
fn samples_that_differ_are_listed_and_queries_that_fail_say_why() {
    let told = failures(
        RULES,
        r#"
tests:
- interval: 1s
  input_series: [{series: x, values: 0+1x60}]
  promql_expr_test:
  - {expr: x, eval_time: 30s, exp_samples: []}
  - {expr: x+, eval_time: 30s, exp_samples: []}
  - {expr: 'x[1m]', eval_time: 30s, exp_samples: []}
  - {expr: x, eval_time: 30s, exp_samples: [{labels: 'x{', value: 1}]}
  - {expr: 'label_replace(x,"a","b","","")', eval_time: 30s, exp_samples: [{labels: x, value: 1},{labels: '{a="b"}', value: 1.5e-10}]}
"#,
    );
    assert_eq!(
        told,
        [
            "    expr: \"x\", time: 30s,\n        exp: nil\n        got: {__name__=\"x\"} 0E+00",
            "    expr: \"x+\", time: 30s, err: 1:3: parse error: unexpected end of input",
            "    expr: \"x[1m]\", time: 30s, err: rule result is not a vector or scalar",
            "    expr: \"x\", time: 30s, err: labels \"x{\": 1:3: parse error: unexpected end of input inside braces",
            "    expr: \"label_replace(x,\\\"a\\\",\\\"b\\\",\\\"\\\",\\\"\\\")\", time: 30s,\n        exp: {__name__=\"x\"} 1E+00, {a=\"b\"} 1.5E-10\n        got: {__name__=\"x\", a=\"b\"} 0E+00",
        ]
    );
}

#[test]
fn rules_that_fail_end_the_test() {
    let told = failures(
        "groups: [{name: g, rules: [{record: y, expr: 'label_replace(x, \"a\", \"\", \"b\", \".*\")'}]}]",
        r#"
rule_files: [rules.yml]
tests:
- input_series: [{series: 'x{a="1"}', values: 1}, {series: 'x{a="2"}', values: 1}]
  promql_expr_test: [{expr: nonsense(, eval_time: 1m}]
"#,
    );
    assert_eq!(
        told,
        ["    rule: y, time: 0s, err: vector cannot contain metrics with the same labelset"]
    );
}

#[test]
fn only_tests_that_are_asked_for_run() {
    let file = TestFile::parse(
        "tests: [{name: one}, {name: two, promql_expr_test: [{expr: '1', exp_samples: []}]}]",
    )
    .unwrap();
    let options = |pattern: &str| TestOptions {
        run: vec![pattern.to_owned()],
        ..TestOptions::default()
    };
    let run = |pattern| file.run(Path::new("."), &options(pattern));
    assert_eq!((run("n").tests, run("n").failures.len()), (1, 0));
    assert_eq!((run("^t").tests, run("o").tests), (1, 2));
    assert_eq!(run("two").failures.len(), 1);
    assert_eq!(run("(").failures[0].to_string(), "error parsing regexp: (");
}

#[test]
fn templates_expand_as_prometheus_expands_them() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
    let text = std::fs::read_to_string(folder.join("template_tests.yml")).unwrap();
    let file = TestFile::parse(&text).unwrap();
    let report = file.run(&folder, &TestOptions::default());
    let told: Vec<String> = report.failures.iter().map(ToString::to_string).collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
}

use super::*;

fn parse(text: &str) -> Result<RuleFile, FileErrors> {
    RuleFile::parse(text, "r.yml", ParseOptions::default())
}

#[track_caller]
fn refused(text: &str, expected: &[&str]) {
    let errors = parse(text).unwrap_err().to_string();
    assert_eq!(errors, expected.join("\n"), "{text}");
}

#[test]
fn every_field_is_read_and_rules_win_over_their_group() {
    let file = parse(
        r#"
groups:
- name: g
  interval: 30s
  query_offset: 1m
  limit: 10
  labels: {team: a, severity: 1}
  rules:
  - record: sum:up
    expr: sum(up)
  - alert: Down
    expr: up == 0
    for: 5m
    keep_firing_for: 10m
    labels: {severity: page, empty: }
    annotations: {summary: "{{ $labels.instance }} down", n: 1.5}
---
not: read
"#,
    )
    .unwrap();
    let [group] = &file.groups[..] else { panic!() };
    assert_eq!(
        (
            group.interval,
            group.query_offset,
            group.limit,
            file.rule_count()
        ),
        (
            Some(DurationMs::from_secs(30)),
            Some(DurationMs::from_secs(60)),
            10,
            2
        )
    );
    let pairs = |all: &[(&str, &str)]| -> Pairs {
        all.iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect()
    };
    assert_eq!(
        group.rules[0].labels,
        pairs(&[("severity", "1"), ("team", "a")])
    );
    let alert = &group.rules[1];
    assert_eq!(
        alert.labels,
        pairs(&[("empty", ""), ("severity", "page"), ("team", "a")])
    );
    let RuleKind::Alert {
        name,
        hold,
        keep_firing_for,
        annotations,
    } = &alert.kind
    else {
        panic!()
    };
    assert_eq!(
        (name.as_str(), *hold, *keep_firing_for),
        (
            "Down",
            DurationMs::from_secs(300),
            DurationMs::from_secs(600)
        )
    );
    assert_eq!(
        *annotations,
        pairs(&[("n", "1.5"), ("summary", "{{ $labels.instance }} down")])
    );
}

#[test]
fn empty_files_have_no_groups() {
    for text in ["", "groups:", "groups: []", "# nothing\n"] {
        assert_eq!(parse(text).unwrap().groups, [], "{text}");
    }
}

#[test]
fn faults_of_rules_are_all_told_with_their_places() {
    refused(
        r#"groups:
- name: g
  rules:
  - record: a
    alert: b
    expr: 1
  - expr: 1
  - record: c
  - record: "d{a=1}"
    expr: 1
    for: 5m
    annotations: {a: b}
  - record: e
    expr: 1
    labels:
      __name__: x
      "": y
  - alert: f
    expr: up ==
    labels:
      a: "{{ .x"
    annotations:
      b: "{{ nope }}"
- name: g
  rules: []
- name: ""
"#,
        &[
            "r.yml: 4:13: 5:12: group \"g\", rule 1, \"b\": only one of 'record' and 'alert' must be set",
            "r.yml: 0:0: 0:0: group \"g\", rule 2, \"\": one of 'record' or 'alert' must be set",
            "r.yml: 0:0: group \"g\", rule 3, \"c\": field 'expr' must be set in rule",
            "r.yml: 9:13: group \"g\", rule 4, \"d{a=1}\": invalid field 'annotations' in recording rule",
            "r.yml: 9:13: group \"g\", rule 4, \"d{a=1}\": invalid field 'for' in recording rule",
            "r.yml: 9:13: group \"g\", rule 4, \"d{a=1}\": braces present in the recording rule name; should it be in expr?: d{a=1}",
            "r.yml: group \"g\", rule 5, \"e\": invalid label name: ",
            "r.yml: group \"g\", rule 5, \"e\": invalid label name: __name__",
            "r.yml: 19:11: group \"g\", rule 6, \"f\": could not parse expression: 1:6: parse error: unexpected end of input",
            "r.yml: group \"g\", rule 6, \"f\": label \"a\": template: __alert_f:1: unclosed action",
            "r.yml: group \"g\", rule 6, \"f\": annotation \"b\": template: __alert_f:1: function \"nope\" not defined",
            "r.yml: 24:3: groupname: \"g\" is repeated in the same file",
            "r.yml: 26:3: Groupname must not be empty",
        ],
    );
}

#[test]
fn faults_of_the_yaml_are_told_in_prometheus_words() {
    refused(
        "groups:\n- name: g\n  interval: 1x\n",
        &["r.yml: not a valid duration string: \"1x\""],
    );
    refused(
        "groups:\n- name: g\n  foo: 1\n",
        &[
            "r.yml: yaml: unmarshal errors:\n  line 3: field foo not found in type rulefmt.RuleGroup",
        ],
    );
    refused(
        "groups:\n- name: g\n  rules:\n  - record: a\n    expr: 1\n    bar: 2\n",
        &["r.yml: yaml: unmarshal errors:\n  line 6: field bar not found in type rulefmt.Rule"],
    );
    refused(
        "groups:\n- name: a\n  name: b\n",
        &["r.yml: yaml: unmarshal errors:\n  line 3: mapping key \"name\" already defined"],
    );
    assert!(parse("- foo\n").is_err() && parse("groups: [\n").is_err());
}

#[test]
fn rules_that_cannot_be_told_apart_are_listed_once() {
    let file = parse(
        "
groups:
- name: a
  labels: {x: y}
  rules: [{record: n, expr: '1'}, {record: m, expr: '1', labels: {x: z}}]
- name: b
  rules: [{record: n, expr: '2', labels: {x: y}}, {alert: n, expr: '1', labels: {x: y}}]
",
    )
    .unwrap();
    let found = file.duplicates();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].to_string(), "Metric: n\nLabel(s):\n\tx: y\n");
}

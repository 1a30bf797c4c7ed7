use super::*;
use crate::written::WrittenKind;

const FILE: &str = "\
# Rules of the API.
groups:
  # The first group.
  - name: api   # its name
    interval: 30s
    rules:
      # When nothing answers.
      - alert: Down        # page somebody
        expr: up{job=\"api\"} == 0   # the usual
        for: 5m
        labels:
          severity: page   # not mail
          team: 'api'
        annotations:
          # Shown in the chat.
          summary: \"{{ $labels.instance }} is down\"

      - record: job:up:sum
        expr: |  # by job
          sum by (job) (
            up
          )
  - name: other
    rules:
    - {alert: Flow, expr: up > 1, labels: {a: b}}  # short
    - alert: Last
      expr: vector(1)
# The end.
";

fn place(group: &str, rule: usize) -> RulePlace {
    let group = group.to_owned();
    RulePlace { group, rule }
}

fn rule_at(text: &str, group: &str, rule: usize) -> WrittenRule {
    let groups = written_groups(text).unwrap();
    let group = groups.iter().find(|one| one.name == group).unwrap();
    group.rules[rule].clone()
}

fn edited(text: &str, edit: &FileEdit) -> String {
    edit_file(text, edit, ParseOptions::default()).unwrap_or_else(|error| panic!("{error}"))
}

/// Changes a rule; gives the lines that went and came.
fn change(
    text: &str,
    (group, rule): (&str, usize),
    with: impl FnOnce(&mut WrittenRule),
) -> Vec<String> {
    let mut new = rule_at(text, group, rule);
    with(&mut new);
    let place = place(group, rule);
    let edit = FileEdit::Set { place, rule: new };
    difference(text, &edited(text, &edit))
}

fn difference(before: &str, after: &str) -> Vec<String> {
    let diff = crate::unified_diff(before, after, "a", "b");
    let lines = diff.lines().skip(2);
    lines
        .filter(|line| line.starts_with(['+', '-']))
        .map(str::to_owned)
        .collect()
}

#[test]
fn a_change_that_changes_nothing_leaves_every_byte() {
    for (group, rule) in [("api", 0), ("api", 1), ("other", 0), ("other", 1)] {
        assert_eq!(change(FILE, (group, rule), |_| {}), Vec::<String>::new());
    }
}

#[test]
fn comments_beside_changed_fields_stay() {
    let lines = change(FILE, ("api", 0), |rule| {
        rule.name = "ApiDown".into();
        rule.expr = "up{job=\"api\"} < 1".into();
        rule.hold = "10m".into();
        rule.labels.insert("severity".into(), "mail".into());
    });
    assert_eq!(
        lines,
        [
            "-      - alert: Down        # page somebody",
            "-        expr: up{job=\"api\"} == 0   # the usual",
            "-        for: 5m",
            "+      - alert: ApiDown        # page somebody",
            "+        expr: up{job=\"api\"} < 1   # the usual",
            "+        for: 10m",
            "-          severity: page   # not mail",
            "+          severity: mail   # not mail",
        ]
    );
}

#[test]
fn fields_come_and_go_by_whole_lines() {
    let lines = change(FILE, ("api", 0), |rule| {
        rule.hold = String::new();
        rule.keep_firing_for = "1h".into();
        rule.labels.remove("team");
        rule.labels.insert("zone".into(), "1".into());
        rule.annotations.insert("text".into(), "a\nb".into());
    });
    assert_eq!(
        lines,
        [
            "-        for: 5m",
            "+        keep_firing_for: 1h",
            "-          team: 'api'",
            "+          zone: '1'",
            "+          text: |-",
            "+            a",
            "+            b",
        ]
    );
    let lines = change(FILE, ("api", 0), |rule| {
        rule.labels.clear();
    });
    assert_eq!(lines.len(), 3, "{lines:?}");
    let lines = change(FILE, ("other", 1), |rule| {
        rule.labels.insert("a".into(), "b".into());
    });
    assert_eq!(lines, ["+      labels:", "+        a: b"]);
}

#[test]
fn blocks_stay_blocks_and_expressions_of_several_lines_become_some() {
    let lines = change(FILE, ("api", 1), |rule| {
        rule.expr = "sum by (job) (up)".into();
    });
    assert_eq!(
        lines,
        [
            "-          sum by (job) (",
            "-            up",
            "-          )",
            "+          sum by (job) (up)",
        ]
    );
    let lines = change(FILE, ("api", 0), |rule| rule.expr = "up\n== 0".into());
    assert_eq!(
        lines,
        [
            "-        expr: up{job=\"api\"} == 0   # the usual",
            "+        expr: |-   # the usual",
            "+          up",
            "+          == 0",
        ]
    );
}

#[test]
fn rules_in_braces_are_written_anew_in_braces() {
    let lines = change(FILE, ("other", 0), |rule| rule.hold = "1m".into());
    assert_eq!(
        lines,
        [
            "-    - {alert: Flow, expr: up > 1, labels: {a: b}}  # short",
            "+    - {alert: Flow, expr: up > 1, for: 1m, labels: {a: b}}  # short",
        ]
    );
}

#[test]
fn an_alert_becomes_a_recorded_series() {
    let lines = change(FILE, ("other", 1), |rule| {
        rule.kind = WrittenKind::Record;
        rule.name = "last:one".into();
    });
    assert_eq!(lines, ["-    - alert: Last", "+    - record: last:one"]);
}

#[test]
fn rules_are_taken_away_and_added() {
    let place = place("api", 1);
    let lines = difference(FILE, &edited(FILE, &FileEdit::Remove { place }));
    assert_eq!(lines.len(), 5, "{lines:?}");
    assert!(lines.iter().all(|line| line.starts_with('-')));
    let rule = WrittenRule {
        name: "New".into(),
        expr: "up > 2".into(),
        ..WrittenRule::default()
    };
    for (group, expected) in [
        ("api", vec!["+      - alert: New", "+        expr: up > 2"]),
        ("other", vec!["+    - alert: New", "+      expr: up > 2"]),
        (
            "third",
            vec![
                "+  - name: third",
                "+    rules:",
                "+      - alert: New",
                "+        expr: up > 2",
            ],
        ),
    ] {
        let edit = FileEdit::Add {
            group: group.into(),
            rule: rule.clone(),
        };
        assert_eq!(difference(FILE, &edited(FILE, &edit)), expected);
    }
}

#[test]
fn the_last_rule_of_a_group_leaves_an_empty_list_which_takes_a_rule_again() {
    let text = "groups:\n- name: g\n  rules:  # none yet\n  - alert: A\n    expr: up\n";
    let place = place("g", 0);
    let empty = edited(text, &FileEdit::Remove { place });
    assert_eq!(empty, "groups:\n- name: g\n  rules: []  # none yet\n");
    let edit = FileEdit::Add {
        group: "g".into(),
        rule: rule_at(text, "g", 0),
    };
    let full = edited(&empty, &edit);
    assert_eq!(
        written_groups(&full).unwrap(),
        written_groups(text).unwrap()
    );
    for nothing in ["", "groups: []\n", "groups:\n", "# only words"] {
        let full = edited(nothing, &edit);
        assert_eq!(written_groups(&full).unwrap()[0].rules.len(), 1, "{full}");
    }
}

#[test]
fn ends_of_lines_stay_as_they_are() {
    let windows = FILE.replace('\n', "\r\n");
    let mut rule = rule_at(&windows, "api", 0);
    rule.hold = "7m".into();
    rule.keep_firing_for = "1m".into();
    let place = place("api", 0);
    let new = edited(&windows, &FileEdit::Set { place, rule });
    assert_eq!(new.matches('\n').count(), new.matches("\r\n").count());
    let open = "groups: [{name: g, rules: [{alert: A, expr: up}, {alert: B, expr: up}]}]";
    let mut rule = rule_at(open, "g", 1);
    rule.expr = "up{a=\"b\"}".into();
    let new = edited(
        open,
        &FileEdit::Set {
            place: RulePlace {
                group: "g".into(),
                rule: 1,
            },
            rule,
        },
    );
    assert_eq!(
        new,
        "groups: [{name: g, rules: [{alert: A, expr: up}, {alert: B, expr: \"up{a=\\\"b\\\"}\"}]}]"
            .replace("\"up{a=\\\"b\\\"}\"", "'up{a=\"b\"}'")
    );
}

#[test]
fn what_others_refer_to_is_not_changed_behind_their_back() {
    let text = "\
groups:
- name: g
  rules:
  - alert: A
    expr: &e up == 0
    labels: &l {severity: page}
  - alert: B
    expr: *e
    labels: *l
";
    let mut first = rule_at(text, "g", 0);
    first.expr = "up == 1".into();
    let set = |rule: usize, new: WrittenRule| FileEdit::Set {
        place: place("g", rule),
        rule: new,
    };
    let refused = edit_file(text, &set(0, first), ParseOptions::default());
    assert!(matches!(refused, Err(EditError::Entangled)));
    let mut second = rule_at(text, "g", 1);
    second.expr = "up == 2".into();
    second.labels.insert("severity".into(), "mail".into());
    let new = edited(text, &set(1, second));
    assert_eq!(
        difference(text, &new),
        [
            "-    expr: *e",
            "-    labels: *l",
            "+    expr: up == 2",
            "+    labels:",
            "+      severity: mail",
        ]
    );
}

#[test]
fn what_is_not_there_is_named() {
    let options = ParseOptions::default();
    let error = |edit: FileEdit| edit_file(FILE, &edit, options).unwrap_err().to_string();
    let gone = FileEdit::Remove {
        place: place("nope", 0),
    };
    assert_eq!(error(gone), "there is no group `nope` in the file");
    let gone = FileEdit::Remove {
        place: place("api", 7),
    };
    assert_eq!(error(gone), "group `api` has no rule 8");
    let broken = edit_file(
        "groups: [{name: g, rules: [{}]}]",
        &FileEdit::Remove {
            place: place("g", 0),
        },
        options,
    );
    assert!(matches!(broken, Err(EditError::File(_))));
}

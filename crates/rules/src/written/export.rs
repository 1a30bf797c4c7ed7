//! Written rules as the text of a rule file.

use super::{WrittenGroup, WrittenRule, literal, one_line};
use std::collections::BTreeMap;

/// The rule file of `groups`: fields in the usual order, texts of several lines as blocks.
pub fn rule_yaml(groups: &[WrittenGroup]) -> String {
    if groups.is_empty() {
        return "groups: []\n".to_owned();
    }
    let mut out = String::from("groups:\n");
    for group in groups {
        out.push_str(&group_item(group, 2, "\n"));
    }
    out
}

/// A group as an item of a list whose dash stands at `indent`, with the end of its last line.
pub(crate) fn group_item(group: &WrittenGroup, indent: usize, line_end: &str) -> String {
    let mut lines = Lines::new(indent + 2, line_end);
    lines.text("name", &group.name);
    lines.some("interval", &group.interval);
    lines.some("query_offset", &group.query_offset);
    if group.limit > 0 {
        lines.raw("limit", &group.limit.to_string());
    }
    lines.pairs("labels", &group.labels);
    if group.rules.is_empty() {
        lines.raw("rules", "[]");
    } else {
        lines.raw("rules", "");
    }
    let rules = group.rules.iter();
    let rules = rules.map(|rule| rule_item(rule, indent + 4, line_end));
    lines.item() + &rules.collect::<String>()
}

/// A rule as an item of a list whose dash stands at `indent`, with the end of its last line.
pub(crate) fn rule_item(rule: &WrittenRule, indent: usize, line_end: &str) -> String {
    rule_lines(rule, indent + 2, line_end).item()
}

fn rule_lines<'l>(rule: &WrittenRule, indent: usize, line_end: &'l str) -> Lines<'l> {
    let mut lines = Lines::new(indent, line_end);
    lines.text(rule.kind.as_str(), &rule.name);
    lines.text("expr", &rule.expr);
    lines.some("for", &rule.hold);
    lines.some("keep_firing_for", &rule.keep_firing_for);
    lines.pairs("labels", &rule.labels);
    lines.pairs("annotations", &rule.annotations);
    lines
}

/// The fields of a mapping, each on its lines.
pub(crate) struct Lines<'l> {
    indent: usize,
    line_end: &'l str,
    out: String,
}

impl<'l> Lines<'l> {
    pub(crate) fn new(indent: usize, line_end: &'l str) -> Self {
        Self {
            indent,
            line_end,
            out: String::new(),
        }
    }

    fn raw(&mut self, name: &str, value: &str) {
        self.out.extend(std::iter::repeat_n(' ', self.indent));
        self.out.push_str(name);
        self.out.push(':');
        if !value.is_empty() {
            self.out.push(' ');
            self.out.push_str(value);
        }
        self.out.push_str(self.line_end);
    }

    pub(crate) fn text(&mut self, name: &str, value: &str) {
        let value = block_scalar(value, self.indent + 2, self.line_end);
        self.raw(&one_line(name), &value);
    }

    pub(crate) fn some(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            self.text(name, value);
        }
    }

    pub(crate) fn pairs(&mut self, name: &str, pairs: &BTreeMap<String, String>) {
        if pairs.is_empty() {
            return;
        }
        self.raw(name, "");
        self.indent += 2;
        for (name, value) in pairs {
            self.text(name, value);
        }
        self.indent -= 2;
    }

    pub(crate) fn finish(self) -> String {
        self.out
    }

    /// The mapping as an item of a list: a dash in front of its first line.
    fn item(self) -> String {
        let mut out = self.out;
        if let Some(at) = self.indent.checked_sub(2) {
            out.replace_range(at..=at, "-");
        }
        out
    }
}

/// A value in a block: several lines as a literal block where that holds them.
pub(crate) fn block_scalar(value: &str, indent: usize, line_end: &str) -> String {
    let block = value
        .contains('\n')
        .then(|| literal(value, indent, "", line_end));
    block.flatten().unwrap_or_else(|| one_line(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RuleFile;
    use crate::written::WrittenKind;
    use promql_syntax::ParseOptions;

    #[test]
    fn exported_groups_are_read_back() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let groups = [
            WrittenGroup {
                name: "api: one".into(),
                interval: "30s".into(),
                limit: 7,
                labels: [pair("team", "api")].into(),
                rules: vec![
                    WrittenRule {
                        name: "Slow".into(),
                        expr: "a\n  > 5\n".into(),
                        hold: "5m".into(),
                        annotations: [pair("summary", "{{ $value }}: much"), pair("text", "a\nb")]
                            .into(),
                        ..WrittenRule::default()
                    },
                    WrittenRule {
                        kind: WrittenKind::Record,
                        name: "a:b".into(),
                        expr: "sum(a)".into(),
                        labels: [pair("nr", "1")].into(),
                        ..WrittenRule::default()
                    },
                ],
                ..WrittenGroup::default()
            },
            WrittenGroup {
                name: "empty".into(),
                ..WrittenGroup::default()
            },
        ];
        let text = rule_yaml(&groups);
        let expected = "\
groups:
  - name: 'api: one'
    interval: 30s
    limit: 7
    labels:
      team: api
    rules:
      - alert: Slow
        expr: |
          a
            > 5
        for: 5m
        annotations:
          summary: '{{ $value }}: much'
          text: |-
            a
            b
      - record: a:b
        expr: sum(a)
        labels:
          nr: '1'
  - name: empty
    rules: []
";
        assert_eq!(text, expected);
        let file = RuleFile::parse(&text, "f", ParseOptions::default()).unwrap();
        assert_eq!((file.groups.len(), file.rule_count()), (2, 2));
        assert_eq!(file.groups[0].rules[1].labels.len(), 2);
        assert_eq!(rule_yaml(&[]), "groups: []\n");
    }
}

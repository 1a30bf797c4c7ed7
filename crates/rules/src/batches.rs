//! Which rules of a group may be evaluated at once.

use crate::alerting::{ALERT_NAME, ALERTS, ALERTS_FOR_STATE};
use crate::file::{RuleDefinition, RuleKind};
use model::{MatchOp, Matcher};
use promql_syntax::{Expr, ExprKind};
use storage::CompiledMatcher;

/// Rules, by number, that may be evaluated at once; one batch after the other.
pub(crate) type Batches = Vec<Vec<usize>>;

/// The batches of `rules`: those that read nothing of their group, then those that read and are read, one by
/// one, then those that nobody reads. Where it cannot be known who reads whom, all one by one.
pub(crate) fn batches(rules: &[RuleDefinition]) -> Batches {
    let count = rules.len();
    let one_by_one = || (0..count).map(|index| vec![index]).collect();
    let mut reads: Vec<Vec<usize>> = Vec::with_capacity(count);
    for rule in rules {
        let selectors = selectors(&rule.expr);
        if selectors
            .iter()
            .any(|matchers| metric_name(matchers).is_none())
        {
            return one_by_one();
        }
        let read = rules
            .iter()
            .enumerate()
            .filter(|(_, other)| selectors.iter().any(|matchers| may_select(matchers, other)));
        reads.push(read.map(|(index, _)| index).collect());
    }
    let is_read = |index: usize| reads.iter().any(|read| read.contains(&index));
    let (mut first, mut middle, mut last) = (Vec::new(), Vec::new(), Vec::new());
    for (index, read) in reads.iter().enumerate() {
        if read.is_empty() {
            first.push(index);
        } else if is_read(index) {
            middle.push(vec![index]);
        } else {
            last.push(index);
        }
    }
    let mut all = vec![first];
    all.append(&mut middle);
    all.push(last);
    all.retain(|batch| !batch.is_empty());
    all
}

fn selectors(expr: &Expr) -> Vec<Vec<Matcher>> {
    let mut found = Vec::new();
    expr.walk(&mut |inner| match &inner.kind {
        ExprKind::Selector(selector) => found.push(selector.all_matchers()),
        ExprKind::Matrix(matrix) => found.push(matrix.selector.all_matchers()),
        _ => {}
    });
    found
}

/// The one metric name that a selector takes.
fn metric_name(matchers: &[Matcher]) -> Option<&str> {
    let named =
        |matcher: &&Matcher| matcher.name == model::METRIC_NAME && matcher.op == MatchOp::Equal;
    matchers
        .iter()
        .find(named)
        .map(|matcher| matcher.value.as_str())
}

/// Whether a selector may find what `rule` stores.
fn may_select(matchers: &[Matcher], rule: &RuleDefinition) -> bool {
    let name = metric_name(matchers).unwrap_or("");
    match &rule.kind {
        RuleKind::Record { name: record } => name == record,
        RuleKind::Alert { name: alert, .. } => {
            let takes = |matcher: &Matcher| {
                matcher.name != ALERT_NAME
                    || CompiledMatcher::compile(matcher).is_ok_and(|test| test.matches(alert))
            };
            [ALERTS, ALERTS_FOR_STATE].contains(&name) && matchers.iter().all(takes)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RuleFile;
    use promql_syntax::ParseOptions;

    #[track_caller]
    fn check(rules: &str, expected: &[&[usize]]) {
        let text = format!("groups: [{{name: g, rules: [{rules}]}}]");
        let file = RuleFile::parse(&text, "r.yml", ParseOptions::default()).unwrap();
        assert_eq!(batches(&file.groups[0].rules), expected);
    }

    #[test]
    fn rules_that_read_each_other_wait_for_each_other() {
        check("{record: a, expr: up}, {record: b, expr: up}", &[&[0, 1]]);
        check(
            "{record: a, expr: up}, {record: b, expr: sum(a)}, {record: c, expr: b}, {alert: D, expr: 'a > 1'}",
            &[&[0], &[1], &[2, 3]],
        );
        check("{record: a, expr: a offset 1m}", &[&[0]]);
        check(
            "{alert: A, expr: up}, {alert: B, expr: 'ALERTS{alertname=\"A\"}'}, {alert: C, expr: 'ALERTS{alertname!~\"A|B\"}'}",
            &[&[0], &[2], &[1]],
        );
    }

    #[test]
    fn selectors_without_a_name_allow_nothing_at_once() {
        check(
            "{record: a, expr: up}, {record: b, expr: '{job=\"x\"}'}",
            &[&[0], &[1]],
        );
    }
}

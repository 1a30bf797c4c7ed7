//! What each rule of a list does, one after the other: for people who wonder where a target went.

use crate::apply::Verdict;
use crate::rule::Rule;
use model::Labels;

/// What one rule does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step<'r> {
    /// The rule.
    pub rule: &'r Rule,
    /// The labels after it; none after a rule that dropped.
    pub output: Labels,
    /// Whether what has the labels is still there.
    pub verdict: Verdict,
}

/// Applies `rules` to `labels` and tells of each what came out. After a rule that drops, nothing comes out of
/// the rest.
pub fn steps<'r>(rules: &'r [Rule], labels: &Labels) -> Vec<Step<'r>> {
    let mut builder = labels.to_builder();
    let mut verdict = Verdict::Keep;
    let step = |rule: &'r Rule| {
        if verdict == Verdict::Keep {
            verdict = rule.apply(&mut builder);
        }
        Step {
            rule,
            output: match verdict {
                Verdict::Keep => builder.build(),
                Verdict::Drop => Labels::empty(),
            },
            verdict,
        }
    };
    rules.iter().map(step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RuleFields;

    #[test]
    fn rules_after_a_drop_are_listed_and_do_nothing() {
        let text = |text: &str| Some(text.to_owned());
        let replace = RuleFields {
            target_label: text("a"),
            replacement: text("x"),
            ..RuleFields::default()
        };
        let drop = RuleFields {
            action: text("drop"),
            source_labels: vec!["a".to_owned()],
            regex: text("x"),
            ..RuleFields::default()
        };
        let rules = [replace.clone(), drop, replace].map(|fields| Rule::new(fields).unwrap());
        let steps = steps(&rules, &Labels::from_pairs([("b", "1")]));
        let told: Vec<_> = steps
            .iter()
            .map(|step| (step.output.to_string(), step.verdict))
            .collect();
        assert_eq!(
            told,
            [
                (r#"{a="x", b="1"}"#.to_owned(), Verdict::Keep),
                ("{}".to_owned(), Verdict::Drop),
                ("{}".to_owned(), Verdict::Drop)
            ]
        );
    }
}

//! How the two sides of an operator find each other.

use api_types::{LabelMap, VectorSample};
use promql_syntax::VectorMatching;
use std::collections::BTreeMap;

/// The series of both sides that have the same labels, as far as these are compared.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MatchGroup {
    /// The labels that are compared.
    pub labels: LabelMap,
    /// Series on the left.
    pub left: Vec<VectorSample>,
    /// Series on the right.
    pub right: Vec<VectorSample>,
}

impl MatchGroup {
    /// Whether both sides are there.
    pub fn is_whole(&self) -> bool {
        !self.left.is_empty() && !self.right.is_empty()
    }
}

/// Groups of the series of both sides. Ordering: by the compared labels.
pub fn match_groups(
    matching: &VectorMatching,
    left: Vec<VectorSample>,
    right: Vec<VectorSample>,
) -> Vec<MatchGroup> {
    let mut groups: BTreeMap<LabelMap, MatchGroup> = BTreeMap::new();
    for (sample, is_left) in left
        .into_iter()
        .map(|s| (s, true))
        .chain(right.into_iter().map(|s| (s, false)))
    {
        let key = compared(matching, &sample.metric);
        let group = groups.entry(key.clone()).or_insert_with(|| MatchGroup {
            labels: key,
            ..MatchGroup::default()
        });
        if is_left {
            group.left.push(sample);
        } else {
            group.right.push(sample);
        }
    }
    groups.into_values().collect()
}

fn compared(matching: &VectorMatching, labels: &LabelMap) -> LabelMap {
    let named = |name: &String| matching.labels.contains(name);
    labels
        .iter()
        .filter(|(name, _)| {
            if matching.on {
                named(name)
            } else {
                *name != "__name__" && !named(name)
            }
        })
        .map(|(n, v)| (n.clone(), v.clone()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use promql_syntax::ExprKind;

    fn sample(pairs: &[(&str, &str)]) -> VectorSample {
        VectorSample {
            metric: pairs
                .iter()
                .map(|(n, v)| ((*n).into(), (*v).into()))
                .collect(),
            value: None,
            histogram: None,
        }
    }

    fn matching(text: &str) -> VectorMatching {
        match promql_syntax::parse(text).unwrap().kind {
            ExprKind::Binary(binary) => binary.matching.unwrap(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn without_words_all_labels_but_the_name_are_compared() {
        let left = vec![
            sample(&[("__name__", "a"), ("x", "1")]),
            sample(&[("__name__", "a"), ("x", "2")]),
        ];
        let right = vec![sample(&[("__name__", "b"), ("x", "1")])];
        let groups = match_groups(&matching("a / b"), left, right);
        assert_eq!(groups.len(), 2);
        assert!(groups[0].is_whole() && !groups[1].is_whole());
    }

    #[test]
    fn on_and_ignoring_choose_the_labels() {
        let left = || {
            vec![
                sample(&[("x", "1"), ("y", "1")]),
                sample(&[("x", "1"), ("y", "2")]),
            ]
        };
        let right = || vec![sample(&[("x", "1"), ("z", "1")])];
        let groups = match_groups(&matching("a / on (x) group_left b"), left(), right());
        assert_eq!((groups.len(), groups[0].left.len()), (1, 2));
        let groups = match_groups(
            &matching("a / ignoring (y, z) group_left b"),
            left(),
            right(),
        );
        assert_eq!(groups.len(), 1);
    }
}

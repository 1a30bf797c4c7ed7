//! What is allowed in a rule file and hardly meant.

use super::Pairs;
use super::RuleFile;
use std::fmt;

/// A name with labels that several rules have: what they record or alert of cannot be told apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Duplicate {
    /// The name.
    pub name: String,
    /// The labels.
    pub labels: Pairs,
}

impl fmt::Display for Duplicate {
    /// As promtool lists it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Metric: {}", self.name)?;
        writeln!(f, "Label(s):")?;
        self.labels
            .iter()
            .try_for_each(|(name, value)| writeln!(f, "\t{name}: {value}"))
    }
}

pub(super) fn duplicates(file: &RuleFile) -> Vec<Duplicate> {
    let rules = file.groups.iter().flat_map(|group| &group.rules);
    let mut all: Vec<Duplicate> = rules
        .map(|rule| Duplicate {
            name: rule.name().to_owned(),
            labels: rule.labels.clone(),
        })
        .collect();
    all.sort();
    let mut found: Vec<Duplicate> = Vec::new();
    for (one, next) in all.iter().zip(all.iter().skip(1)) {
        if one == next && found.last() != Some(one) {
            found.push(one.clone());
        }
    }
    found
}

//! Targets that were found together.

use config::StaticConfig;
use model::Labels;

/// Targets that were found together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetGroup {
    /// What the group was found in: a later group of the same source replaces it.
    pub source: String,
    /// Labels of each target, the address among them.
    pub targets: Vec<Labels>,
    /// Labels of all of them; those of a target win.
    pub labels: Labels,
}

/// The label of an address.
pub(crate) const ADDRESS: &str = "__address__";

impl TargetGroup {
    /// The targets of a written group, with a further label of all of them where `meta` names one.
    pub(crate) fn of_list(
        source: String,
        group: &StaticConfig,
        meta: Option<(&str, &str)>,
    ) -> Self {
        let mut labels = group.labels.to_builder();
        if let Some((name, value)) = meta {
            labels.set(name, value);
        }
        let address = |target: &String| Labels::from_pairs([(ADDRESS, target.as_str())]);
        Self {
            source,
            targets: group.targets.iter().map(address).collect(),
            labels: labels.build(),
        }
    }

    /// The group that takes all targets of `source` away.
    pub(crate) fn none(source: String) -> Self {
        Self {
            source,
            targets: Vec::new(),
            labels: Labels::empty(),
        }
    }
}

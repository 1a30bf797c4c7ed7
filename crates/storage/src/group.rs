//! Grouping of series by their labels.

use hashbrown::HashMap;
use model::{Labels, METRIC_NAME};

/// Which labels make the group.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grouping {
    /// Whether the named labels (and the metric name) are left out, instead of being all that counts.
    pub without: bool,
    /// Label names.
    pub names: Vec<String>,
}

impl Grouping {
    /// The label set of the group that `labels` belong to.
    pub fn key(&self, labels: &Labels) -> Labels {
        labels.filtered(|name| self.keeps(name))
    }

    /// Whether the label `name` is part of the group's label set.
    pub fn keeps(&self, name: &str) -> bool {
        let is_named = self.names.iter().any(|one| one == name);
        if self.without {
            !is_named && name != METRIC_NAME
        } else {
            is_named
        }
    }
}

/// Series in groups.
///
/// Shape: `group_of` has one entry per series, each below `labels.len()`. Ordering: groups are numbered
/// by their first series.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Groups {
    /// The group of each series.
    pub group_of: Vec<u32>,
    /// The label set of each group.
    pub labels: Vec<Labels>,
}

impl Groups {
    /// Groups label sets one by one.
    pub fn of(series: impl IntoIterator<Item = Labels>, grouping: &Grouping) -> Self {
        let mut numbers: HashMap<Labels, u32> = HashMap::new();
        let mut groups = Self::default();
        for labels in series {
            let key = grouping.key(&labels);
            let next = u32::try_from(groups.labels.len()).unwrap_or(u32::MAX);
            let number = *numbers.entry(key).or_insert_with_key(|key| {
                groups.labels.push(key.clone());
                next
            });
            groups.group_of.push(number);
        }
        groups
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_numbered_by_their_first_series() {
        let series = [("a", "1", "x"), ("a", "2", "y"), ("b", "1", "x")]
            .map(|(name, l, m)| Labels::from_pairs([(METRIC_NAME, name), ("l", l), ("m", m)]));
        let by = Grouping {
            without: false,
            names: vec!["l".into()],
        };
        let groups = Groups::of(series.clone(), &by);
        assert_eq!(groups.group_of, [0, 1, 0]);
        assert_eq!(groups.labels[1].to_string(), r#"{l="2"}"#);
        let without = Grouping {
            without: true,
            names: vec!["l".into()],
        };
        let groups = Groups::of(series, &without);
        assert_eq!(groups.group_of, [0, 1, 0]);
        assert_eq!(groups.labels[0].to_string(), r#"{m="x"}"#);
    }
}

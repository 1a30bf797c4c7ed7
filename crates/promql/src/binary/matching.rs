//! Which labels elements are matched by, and which labels results have.

use crate::series::{Series, Table};
use hashbrown::HashMap;
use model::{Labels, METRIC_NAME};
use promql_syntax::VectorMatching;

/// The labels that `on` or `ignoring` compares.
pub(super) fn match_labels(labels: &Labels, matching: &VectorMatching) -> Labels {
    let listed = |name: &str| matching.labels.iter().any(|label| label == name);
    if matching.on {
        labels.filtered(listed)
    } else {
        labels.filtered(|name| name != METRIC_NAME && !listed(name))
    }
}

/// Series of both sides by what they are matched by.
#[derive(Debug, Default)]
pub(super) struct Groups {
    places: HashMap<Labels, usize>,
    /// For every group, the numbers of the left and the right series. Ordering: of appearance.
    pub(super) members: Vec<(Vec<usize>, Vec<usize>)>,
    /// What each group has in common.
    pub(super) labels: Vec<Labels>,
}

impl Groups {
    pub(super) fn of(left: &Table<'_>, right: &Table<'_>, matching: &VectorMatching) -> Self {
        let mut groups = Self::default();
        for (index, series) in left.series.iter().enumerate() {
            groups.member(series, matching).0.push(index);
        }
        for (index, series) in right.series.iter().enumerate() {
            groups.member(series, matching).1.push(index);
        }
        groups
    }

    fn member(
        &mut self,
        series: &Series,
        matching: &VectorMatching,
    ) -> &mut (Vec<usize>, Vec<usize>) {
        let labels = match_labels(&series.labels, matching);
        let next = self.members.len();
        let place = *self.places.entry(labels).or_insert_with_key(|labels| {
            self.labels.push(labels.clone());
            next
        });
        if place == next {
            self.members.push((Vec::new(), Vec::new()));
        }
        #[expect(
            clippy::indexing_slicing,
            reason = "every place in the map is below the length"
        )]
        &mut self.members[place]
    }
}

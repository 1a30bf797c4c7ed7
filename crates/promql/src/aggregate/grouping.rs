//! Which group a series belongs to.

use crate::labels::is_metadata;
use crate::series::Series;
use hashbrown::HashMap;
use model::{Labels, METRIC_NAME};
use promql_syntax::Aggregate;

/// Finds groups by the labels of `by` or `without`.
pub(super) struct Grouping<'a> {
    names: &'a [String],
    without: bool,
    /// Whether dropped names can still be seen.
    delayed: bool,
    places: HashMap<Box<str>, usize>,
    found: Vec<(Labels, bool)>,
    key: String,
}

impl<'a> Grouping<'a> {
    pub(super) fn new(aggregate: &'a Aggregate, delayed: bool) -> Self {
        Self {
            names: &aggregate.grouping,
            without: aggregate.without,
            delayed,
            places: HashMap::new(),
            found: Vec::new(),
            key: String::new(),
        }
    }

    fn keeps(&self, name: &str, drop_name: bool) -> bool {
        if drop_name && !self.delayed && is_metadata(name) {
            return false;
        }
        let listed = self.names.iter().any(|have| have == name);
        if self.without {
            !listed && name != METRIC_NAME
        } else {
            listed
        }
    }

    /// The group of `series`; a new one has the next number.
    pub(super) fn place(&mut self, series: &Series) -> usize {
        let mut key = std::mem::take(&mut self.key);
        key.clear();
        for (name, value) in series.labels.iter() {
            if self.keeps(name, series.drop_name) {
                for part in [name, value] {
                    key.push_str(part);
                    // No valid text holds the byte 0 unescaped in a label; lengths keep it unambiguous.
                    key.push('\0');
                }
            }
        }
        let next = self.found.len();
        let place = self.places.get(key.as_str()).copied().unwrap_or(next);
        if place == next {
            let labels = series
                .labels
                .filtered(|name| self.keeps(name, series.drop_name));
            self.found.push((labels, series.drop_name));
            self.places.insert(key.as_str().into(), next);
        } else if let Some((_, drop_name)) = self.found.get_mut(place) {
            *drop_name |= series.drop_name;
        }
        self.key = key;
        place
    }

    /// Labels of the groups in order of their numbers, and whether the name in them counts as dropped.
    pub(super) fn into_labels(self) -> Vec<(Labels, bool)> {
        let delayed = self.delayed;
        self.found
            .into_iter()
            .map(|(labels, drop_name)| (labels, drop_name && delayed))
            .collect()
    }
}

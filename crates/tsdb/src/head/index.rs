//! The inverted index: which series have which label.

use model::Labels;
use roaring::RoaringBitmap;
use std::collections::BTreeMap;
use storage::{CompiledMatcher, Matchers};

/// Label name to value to series numbers.
#[derive(Debug, Default)]
pub(crate) struct Index {
    names: BTreeMap<Box<str>, BTreeMap<Box<str>, RoaringBitmap>>,
    all: RoaringBitmap,
}

impl Index {
    pub(crate) fn insert(&mut self, id: u32, labels: &Labels) {
        self.all.insert(id);
        for (name, value) in labels.iter() {
            // Looked up first: nearly every name and value is known already.
            if !self.names.contains_key(name) {
                self.names.insert(name.into(), BTreeMap::new());
            }
            let Some(values) = self.names.get_mut(name) else {
                continue;
            };
            if let Some(postings) = values.get_mut(value) {
                postings.insert(id);
            } else {
                values.insert(value.into(), RoaringBitmap::from_iter([id]));
            }
        }
    }

    pub(crate) fn remove(&mut self, id: u32, labels: &Labels) {
        self.all.remove(id);
        for (name, value) in labels.iter() {
            let Some(values) = self.names.get_mut(name) else {
                continue;
            };
            if let Some(postings) = values.get_mut(value) {
                postings.remove(id);
                if postings.is_empty() {
                    values.remove(value);
                }
            }
            if values.is_empty() {
                self.names.remove(name);
            }
        }
    }

    /// All series.
    pub(crate) fn all(&self) -> &RoaringBitmap {
        &self.all
    }

    /// The series that pass all `matchers`.
    pub(crate) fn select(&self, matchers: &Matchers) -> RoaringBitmap {
        // What a matcher accepts, as a set to keep or a set to take away, whichever is named by values.
        let (mut keep, mut take) = (Vec::new(), Vec::new());
        for matcher in matchers.iter() {
            if matcher.matches_empty() {
                take.push(self.with_value(matcher, |value| !matcher.matches(value)));
            } else {
                keep.push(self.accepted(matcher));
            }
        }
        keep.sort_by_key(RoaringBitmap::len);
        let mut sets = keep.into_iter();
        let mut result = sets.next().unwrap_or_else(|| self.all.clone());
        for set in sets {
            result &= set;
        }
        for set in take {
            result -= set;
        }
        result
    }

    fn accepted(&self, matcher: &CompiledMatcher) -> RoaringBitmap {
        let Some(values) = self.names.get(matcher.name()) else {
            return RoaringBitmap::new();
        };
        match matcher.literal_values() {
            Some(literals) => {
                let mut result = RoaringBitmap::new();
                for postings in literals.iter().filter_map(|literal| values.get(*literal)) {
                    result |= postings;
                }
                result
            }
            None => self.with_value(matcher, |value| matcher.matches(value)),
        }
    }

    fn with_value(
        &self,
        matcher: &CompiledMatcher,
        wanted: impl Fn(&str) -> bool,
    ) -> RoaringBitmap {
        let mut result = RoaringBitmap::new();
        for (value, postings) in self.names.get(matcher.name()).into_iter().flatten() {
            if wanted(value) {
                result |= postings;
            }
        }
        result
    }

    /// Label names that some series of `among` has; all names without it.
    pub(crate) fn names(&self, among: Option<&RoaringBitmap>) -> Vec<String> {
        let has = |values: &BTreeMap<Box<str>, RoaringBitmap>| {
            among.is_none_or(|ids| values.values().any(|postings| !postings.is_disjoint(ids)))
        };
        let names = self.names.iter().filter(|(_, values)| has(values));
        names.map(|(name, _)| name.to_string()).collect()
    }

    /// Values of `name` that some series of `among` has; all values without it.
    pub(crate) fn values(&self, name: &str, among: Option<&RoaringBitmap>) -> Vec<String> {
        let values = self.names.get(name).into_iter().flatten();
        values
            .filter(|(_, postings)| among.is_none_or(|ids| !postings.is_disjoint(ids)))
            .map(|(value, _)| value.to_string())
            .collect()
    }

    /// Distinct label pairs.
    pub(crate) fn pairs(&self) -> usize {
        self.names.values().map(BTreeMap::len).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{MatchOp, Matcher};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_index_finds_what_testing_every_series_finds(
            series in prop::collection::vec(prop::collection::vec(("[abc]", "[xyz]{1,2}"), 0..4), 0..30),
            wanted in prop::collection::vec(("[abcd]", 0usize..4, prop::sample::select(vec!["x", "y", "xy", "x.*", ".*", ".+", "", "x|z", "[xy]z?", "x|"])), 1..4),
        ) {
            let series: Vec<Labels> = series.into_iter().map(Labels::from_pairs).collect();
            let mut index = Index::default();
            for (id, labels) in (0..).zip(&series) {
                index.insert(id, labels);
            }
            let ops = [MatchOp::Equal, MatchOp::NotEqual, MatchOp::Regex, MatchOp::NotRegex];
            let written: Vec<Matcher> =
                wanted.into_iter().map(|(name, op, value)| Matcher::new(name, ops[op], value)).collect();
            let matchers = Matchers::compile(&written).unwrap();
            let expected: Vec<u32> = (0..)
                .zip(&series)
                .filter(|(_, labels)| matchers.matches(labels))
                .map(|(id, _)| id)
                .collect();
            prop_assert_eq!(index.select(&matchers).iter().collect::<Vec<_>>(), expected);
            for (id, labels) in (0..).zip(&series) {
                index.remove(id, labels);
            }
            prop_assert!(index.names.is_empty() && index.all.is_empty());
        }
    }
}

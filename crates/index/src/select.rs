//! Which series a selector means.

use crate::series::SeriesIndex;
use crate::value_sets::named_values;
use hashbrown::HashMap;
use roaring::RoaringBitmap;
use std::cmp::Reverse;
use storage::{CompiledMatcher, Matchers};

/// One row is read in the time in which so many numbers of a list are merged.
const ROW_COST: u64 = 16;

/// One matcher of a selector, on a label that some series has.
struct Clause<'a> {
    matcher: &'a CompiledMatcher,
    name: u32,
    /// Keep the series that have a told value, or take them away.
    keeps: bool,
    /// The told values, where the matcher names them.
    values: Option<Vec<u32>>,
    /// Series with told values, at most and about.
    estimate: u64,
}

impl SeriesIndex {
    /// The series that pass all `matchers`.
    ///
    /// The most selective matcher goes first, those that only take series away go last. Where few series
    /// are left, their rows are read instead of lists being merged.
    pub fn select(&self, matchers: &Matchers) -> RoaringBitmap {
        let mut clauses = Vec::new();
        for matcher in matchers.iter() {
            let keeps = !matcher.matches_empty();
            match self.names.find(matcher.name()) {
                Some(name) => clauses.push(self.clause(matcher, name, keeps)),
                None if keeps => return RoaringBitmap::new(),
                None => {}
            }
        }
        // Values that are named are cheaper than values that are tested.
        clauses.sort_by_key(|clause| {
            (
                Reverse(clause.keeps),
                clause.values.is_none(),
                clause.estimate,
            )
        });
        let mut found: Option<RoaringBitmap> = None;
        for clause in &clauses {
            let next = match found {
                None if clause.keeps => self.told_by(clause),
                None => self.narrow(self.all.clone(), clause),
                Some(found) => self.narrow(found, clause),
            };
            if next.is_empty() {
                return next;
            }
            found = Some(next);
        }
        found.unwrap_or_else(|| self.all.clone())
    }

    fn clause<'a>(&self, matcher: &'a CompiledMatcher, name: u32, keeps: bool) -> Clause<'a> {
        let Some(entry) = self.entries.get(name as usize) else {
            return Clause {
                matcher,
                name,
                keeps,
                values: Some(Vec::new()),
                estimate: 0,
            };
        };
        let values: Option<Vec<u32>> = named_values(matcher).map(|values| {
            let mut ids: Vec<u32> = values
                .iter()
                .filter_map(|value| entry.values.find(value))
                .collect();
            ids.sort_unstable();
            ids.dedup();
            ids
        });
        let estimate = match (&values, entry.postings.get()) {
            (Some(ids), Some(postings)) => {
                let lists = ids.iter().filter_map(|id| postings.get(*id as usize));
                lists.map(crate::postings::Postings::len).sum()
            }
            (Some(ids), None) => {
                self.all.len() * ids.len() as u64 / entry.values.len().max(1) as u64
            }
            (None, _) => self.all.len(),
        };
        Clause {
            matcher,
            name,
            keeps,
            values,
            estimate,
        }
    }

    /// The series that have a value that the clause tells apart.
    fn told_by(&self, clause: &Clause<'_>) -> RoaringBitmap {
        match &clause.values {
            Some(values) => self.series_of(clause.name, values),
            None => (*self.told_series(clause.name, clause.matcher)).clone(),
        }
    }

    fn narrow(&self, found: RoaringBitmap, clause: &Clause<'_>) -> RoaringBitmap {
        let Some(entry) = self.entries.get(clause.name as usize) else {
            return found;
        };
        let has_lists = entry.postings.get().is_some();
        let by_rows = found.len() * ROW_COST < clause.estimate
            || (!has_lists && found.len() * 2 < self.all.len());
        match &clause.values {
            Some(values) if by_rows => {
                self.filter(&found, clause, |value| values.binary_search(&value).is_ok())
            }
            None if by_rows
                && found.len() * 4 < entry.values.len() as u64
                && !self.knows_told_values(clause.name, clause.matcher) =>
            {
                // More values than series: only those that these series have are tested.
                let empty = clause.matcher.matches_empty();
                let mut tested = HashMap::new();
                self.filter(&found, clause, |value| {
                    *tested
                        .entry(value)
                        .or_insert_with(|| clause.matcher.matches(entry.values.get(value)) != empty)
                })
            }
            None if by_rows => {
                let values = self.told_values(clause.name, clause.matcher);
                self.filter(&found, clause, |value| values.binary_search(&value).is_ok())
            }
            Some(values) => merge(found, &self.series_of(clause.name, values), clause.keeps),
            None => merge(
                found,
                &self.told_series(clause.name, clause.matcher),
                clause.keeps,
            ),
        }
    }

    /// What the clause leaves of `found`, by reading its rows.
    fn filter(
        &self,
        found: &RoaringBitmap,
        clause: &Clause<'_>,
        mut is_told: impl FnMut(u32) -> bool,
    ) -> RoaringBitmap {
        let places = self.shapes.places_of(clause.name);
        let stays =
            |id: &u32| self.value_at(*id, &places).is_some_and(&mut is_told) == clause.keeps;
        let mut left = RoaringBitmap::new();
        left.extend(found.iter().filter(stays));
        left
    }
}

fn merge(mut found: RoaringBitmap, told: &RoaringBitmap, keeps: bool) -> RoaringBitmap {
    if keeps {
        found &= told;
    } else {
        found -= told;
    }
    found
}

//! The way out.

use super::Db;
use crate::head::{Head, Living};
use crate::select::{Selected, Sources, blocks_of};
use block::Block;
use hashbrown::HashSet;
use index::{SeriesIndex, identity};
use model::{Labels, Matcher, TimeRange, TimestampMs};
use roaring::RoaringBitmap;
use std::collections::BTreeMap;
use std::sync::Arc;
use storage::{
    Exemplar, LabelQuery, Matchers, Metadata, Queryable, Result, Selection, SeriesExemplars,
};

/// The series of one index that some of the selectors match.
fn matching(index: &SeriesIndex, any_of: &[Matchers]) -> RoaringBitmap {
    let mut ids = RoaringBitmap::new();
    for matchers in any_of {
        ids |= index.select(matchers);
    }
    ids
}

/// Sorted lists that stand one behind the other, made into one.
fn without_repetition(mut lists: Vec<String>) -> Vec<String> {
    // This sort finds runs that are sorted and merges them.
    lists.sort();
    lists.dedup();
    lists
}

/// What a label query asks of one index.
enum Among<'a> {
    All,
    /// Any of the head for which this is true.
    Living(&'a Living<'a>),
    These(RoaringBitmap),
}

impl Among<'_> {
    fn label_names(&self, index: &SeriesIndex) -> Vec<String> {
        match self {
            Self::All => index.label_names(None),
            Self::Living(living) => index.label_names_where(|id| living.has_or_had(id)),
            Self::These(ids) => index.label_names(Some(ids)),
        }
    }

    fn label_values(&self, index: &SeriesIndex, name: &str) -> Vec<String> {
        match self {
            Self::All => index.label_values(name, None),
            Self::Living(living) => index.label_values_where(name, |id| living.has_or_had(id)),
            Self::These(ids) => index.label_values(name, Some(ids)),
        }
    }
}

impl Db {
    /// Calls `each` with the head's index, then with that of every block of the range, and with the series
    /// there that the query is about.
    fn for_each_index(
        &self,
        query: LabelQuery<'_>,
        mut each: impl FnMut(&SeriesIndex, &Among<'_>),
    ) -> Result<()> {
        let blocks: Vec<Arc<Block>> = {
            // Together: a generation leaves the head only after its blocks have come.
            let head: &Head = &self.shared.head.read();
            let living = head.living(query.range);
            if query.any_of.is_empty() {
                each(&head.index, &Among::Living(&living));
            } else {
                let mut ids = matching(&head.index, query.any_of);
                ids = ids.iter().filter(|id| living.has_or_had(*id)).collect();
                each(&head.index, &Among::These(ids));
            }
            blocks_of(&self.shared.store, query.range)
        };
        for block in blocks {
            let index = block.index()?;
            if query.any_of.is_empty() {
                each(&index, &Among::All);
            } else {
                each(&index, &Among::These(matching(&index, query.any_of)));
            }
        }
        Ok(())
    }
}

impl Queryable for Db {
    fn select(&self, matchers: &Matchers, range: TimeRange) -> Result<Box<dyn Selection>> {
        let head = self.shared.head.read();
        let sources = Sources::new(&head, &self.shared.store, matchers, range);
        drop(head);
        let selected = Selected::new(Arc::clone(&self.shared), sources)?;
        Ok(Box::new(selected))
    }

    fn select_newest(&self, matchers: &Matchers, range: TimeRange) -> Result<Box<dyn Selection>> {
        let head = self.shared.head.read();
        let mut sources = Sources::newest(&head, &self.shared.store, matchers, range);
        drop(head);
        sources.know_newest(range);
        let selected = Selected::new(Arc::clone(&self.shared), sources)?;
        Ok(Box::new(selected))
    }

    fn series(&self, query: LabelQuery<'_>) -> Result<Vec<Labels>> {
        let mut found = Vec::new();
        let head = self.shared.head.read();
        let living = head.living(query.range);
        let all = if query.any_of.is_empty() {
            head.index.all().iter().collect()
        } else {
            matching(&head.index, query.any_of)
        };
        let of_head: RoaringBitmap = all.iter().filter(|id| living.has_or_had(*id)).collect();
        head.index.append_labels(of_head.iter(), &mut found);
        // As long as this is held, none of them goes, and links that are no older tell what they are.
        let (pin, removed) = (head.pin(), head.removed);
        let blocks = blocks_of(&self.shared.store, query.range);
        drop(living);
        drop(head);
        // Label sets are made once for each series, however many indexes have it.
        let mut seen: Option<HashSet<u128>> = None;
        for block in blocks {
            let index = block.index()?;
            let ordinals = if query.any_of.is_empty() {
                index.all().iter().collect()
            } else {
                matching(&index, query.any_of)
            };
            let of_block = (block.id(), &*index);
            let link = (self.shared.links).get(&self.shared, of_block, removed, ordinals.len());
            for ordinal in ordinals {
                let number = link.as_ref().and_then(|link| link.get(ordinal));
                if number.is_some_and(|number| of_head.contains(number)) {
                    continue;
                }
                let seen = seen.get_or_insert_with(|| found.iter().map(identity).collect());
                let series = index.identity(ordinal);
                if series.is_some_and(|series| seen.insert(series)) {
                    found.extend(index.labels(ordinal));
                }
            }
        }
        drop(pin);
        found.sort_unstable();
        Ok(found)
    }

    fn label_names(&self, query: LabelQuery<'_>) -> Result<Vec<String>> {
        let mut found = Vec::new();
        self.for_each_index(query, |index, among| {
            found.extend(among.label_names(index));
        })?;
        Ok(without_repetition(found))
    }

    fn label_values(&self, name: &str, query: LabelQuery<'_>) -> Result<Vec<String>> {
        let mut found = Vec::new();
        self.for_each_index(query, |index, among| {
            found.extend(among.label_values(index, name));
        })?;
        Ok(without_repetition(found))
    }

    fn exemplars(&self, any_of: &[Vec<Matcher>], range: TimeRange) -> Result<Vec<SeriesExemplars>> {
        let selectors = any_of
            .iter()
            .map(|matchers| Matchers::compile(matchers))
            .collect::<Result<Vec<_>>>()?;
        let mut found: BTreeMap<Labels, Vec<Exemplar>> = BTreeMap::new();
        let ring = self.shared.exemplars.read();
        for (series, exemplar) in ring.iter() {
            let is_wanted = range.contains(TimestampMs(exemplar.time))
                && selectors.iter().any(|matchers| matchers.matches(series));
            if is_wanted {
                found
                    .entry(series.clone())
                    .or_default()
                    .push(exemplar.clone());
            }
        }
        drop(ring);
        Ok(found
            .into_iter()
            .map(|(series, exemplars)| SeriesExemplars { series, exemplars })
            .collect())
    }

    fn metadata(&self) -> Vec<Metadata> {
        self.shared.metadata.read().values().cloned().collect()
    }
}

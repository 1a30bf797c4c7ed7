//! The way out.

use super::Db;
use crate::head::Head;
use crate::select::{Selected, Sources, blocks_of};
use block::Block;
use index::SeriesIndex;
use model::{Labels, Matcher, TimeRange, TimestampMs};
use roaring::RoaringBitmap;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use storage::{
    Exemplar, LabelQuery, Matchers, Metadata, Queryable, Result, Selection, SeriesExemplars,
};

/// The series of one index that a label query is about.
fn matching(index: &SeriesIndex, any_of: &[Matchers]) -> RoaringBitmap {
    if any_of.is_empty() {
        return index.all().clone();
    }
    let mut ids = RoaringBitmap::new();
    for matchers in any_of {
        ids |= index.select(matchers);
    }
    ids
}

impl Db {
    /// Calls `each` with the head's index, then with that of every block of the range, and with the series
    /// there that the query is about; `None` are all of them.
    fn for_each_index(
        &self,
        query: LabelQuery<'_>,
        mut each: impl FnMut(&SeriesIndex, Option<&RoaringBitmap>),
    ) -> Result<()> {
        let blocks: Vec<Arc<Block>> = {
            // Together: a generation leaves the head only after its blocks have come.
            let head: &Head = &self.shared.head.read();
            let among = head.alive(&matching(&head.index, query.any_of), query.range);
            each(&head.index, Some(&among));
            blocks_of(&self.shared.store, query.range)
        };
        for block in blocks {
            let index = block.index()?;
            if query.any_of.is_empty() {
                each(&index, None);
            } else {
                each(&index, Some(&matching(&index, query.any_of)));
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

    fn series(&self, query: LabelQuery<'_>) -> Result<Vec<Labels>> {
        let mut found = BTreeSet::new();
        self.for_each_index(query, |index, among| {
            let ids = among.unwrap_or(index.all()).iter();
            found.extend(ids.filter_map(|id| index.labels(id)));
        })?;
        Ok(found.into_iter().collect())
    }

    fn label_names(&self, query: LabelQuery<'_>) -> Result<Vec<String>> {
        let mut found = BTreeSet::new();
        self.for_each_index(query, |index, among| {
            found.extend(index.label_names(among));
        })?;
        Ok(found.into_iter().collect())
    }

    fn label_values(&self, name: &str, query: LabelQuery<'_>) -> Result<Vec<String>> {
        let mut found = BTreeSet::new();
        self.for_each_index(query, |index, among| {
            found.extend(index.label_values(name, among));
        })?;
        Ok(found.into_iter().collect())
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

//! The form that changes.

use crate::series::{SeriesIndex, is_row};
use crate::shapes::Shapes;
use crate::table::Table;
use crate::{Error, Result};
use hashbrown::{DefaultHashBuilder, HashTable};
use model::Labels;
use std::hash::{BuildHasher, Hasher};
use std::ops::Deref;

/// The index of series that come and go.
///
/// Ids rise from 0 in the order of arrival and are never given twice: a removed series that comes back
/// gets a new one. Series of one target should arrive together: then most of their labels take no memory.
/// Reading goes through [`SeriesIndex`].
#[derive(Debug)]
pub struct HeadIndex {
    index: SeriesIndex,
    /// Ids by hash of shape and values; hashes are not kept.
    by_row: HashTable<u32>,
    hasher: DefaultHashBuilder,
    /// The row at hand, kept for its memory.
    row: Vec<u32>,
}

impl Default for HeadIndex {
    fn default() -> Self {
        Self {
            index: SeriesIndex::empty(),
            by_row: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
            row: Vec::new(),
        }
    }
}

impl Deref for HeadIndex {
    type Target = SeriesIndex;

    fn deref(&self) -> &SeriesIndex {
        &self.index
    }
}

impl HeadIndex {
    /// The id of the series with these labels, and whether it is new.
    ///
    /// # Errors
    /// [`Error::Full`] and [`Error::TooManyLabels`], for new series only.
    pub fn insert(&mut self, labels: &Labels) -> Result<(u32, bool)> {
        self.insert_canonical(&labels.iter().collect::<Vec<_>>())
    }

    /// As [`insert`](Self::insert), without a [`Labels`]. Pairs that are not strictly sorted by name, or
    /// with empty values, are first made so as [`Labels::from_pairs`] does.
    ///
    /// # Errors
    /// As for [`insert`](Self::insert).
    pub fn insert_sorted(&mut self, pairs: &[(&str, &str)]) -> Result<(u32, bool)> {
        if self.index.is_canonical(pairs) {
            self.insert_canonical(pairs)
        } else {
            self.insert(&Labels::from_pairs(pairs.iter().copied()))
        }
    }

    fn insert_canonical(&mut self, pairs: &[(&str, &str)]) -> Result<(u32, bool)> {
        if self.index.table.is_full() {
            let known = self.find_canonical(pairs).map(|id| (id, false));
            return known.ok_or(Error::Full {
                what: "series numbers",
            });
        }
        let Self {
            index,
            by_row,
            hasher,
            row,
        } = self;
        let shape = match index.intern(pairs, row) {
            Ok(shape) => shape,
            Err(error) => {
                // Values that nobody has must not show.
                for (name, value) in index.shapes.get(index.last_shape).iter().zip(&*row) {
                    if let Some(entry) = index.entries.get_mut(*name as usize) {
                        entry.drop_unused(*value);
                    }
                }
                return Err(error);
            }
        };
        let hash = hash_of(hasher, shape, row.iter().copied());
        let table = &index.table;
        let is_it = |id: &u32| table.row(*id).is_some_and(|have| is_row(have, shape, row));
        if let Some(id) = by_row.find(hash, is_it) {
            return Ok((*id, false));
        }
        let id = index.table.push(shape, row)?;
        let (table, shapes) = (&index.table, &index.shapes);
        by_row.insert_unique(hash, id, |id| hash_at(hasher, table, shapes, *id));
        for (name, value) in index.shapes.get(shape).iter().zip(&*row) {
            if let Some(entry) = index.entries.get_mut(*name as usize) {
                entry.post(*value, id);
            }
        }
        index.all.insert(id);
        index.generation += 1;
        Ok((id, true))
    }

    /// The id of the series with these labels.
    pub fn find(&self, labels: &Labels) -> Option<u32> {
        self.find_canonical(&labels.iter().collect::<Vec<_>>())
    }

    /// As [`find`](Self::find), without a [`Labels`]. Pairs are as for
    /// [`insert_sorted`](Self::insert_sorted).
    pub fn find_sorted(&self, pairs: &[(&str, &str)]) -> Option<u32> {
        if self.index.is_canonical(pairs) {
            self.find_canonical(pairs)
        } else {
            self.find(&Labels::from_pairs(pairs.iter().copied()))
        }
    }

    fn find_canonical(&self, pairs: &[(&str, &str)]) -> Option<u32> {
        let mut row = Vec::with_capacity(pairs.len());
        let shape = self.index.row_of(pairs, &mut row)?;
        let hash = hash_of(&self.hasher, shape, row.iter().copied());
        let table: &Table = &self.index.table;
        let is_it = |id: &u32| table.row(*id).is_some_and(|have| is_row(have, shape, &row));
        self.by_row.find(hash, is_it).copied()
    }

    /// Removes series `id`; false if there is none. Values that no other series has go with it, and pages
    /// without series.
    pub fn remove(&mut self, id: u32) -> bool {
        let Self {
            index,
            by_row,
            hasher,
            row,
        } = self;
        let Some(have) = index.table.row(id) else {
            return false;
        };
        let shape = have.shape();
        row.clear();
        row.extend((0..index.shapes.get(shape).len()).map(|place| have.value(place)));
        let hash = hash_of(hasher, shape, row.iter().copied());
        if let Ok(entry) = by_row.find_entry(hash, |one| *one == id) {
            entry.remove();
        }
        for (name, value) in index.shapes.get(shape).iter().zip(&*row) {
            if let Some(entry) = index.entries.get_mut(*name as usize) {
                entry.unpost(*value, id);
            }
        }
        index.table.remove(id);
        index.all.remove(id);
        index.generation += 1;
        if by_row.capacity() > 4 * by_row.len().max(MIN_ROWS) {
            let (table, shapes) = (&index.table, &index.shapes);
            by_row.shrink_to(2 * by_row.len(), |id| hash_at(hasher, table, shapes, *id));
        }
        true
    }

    /// The id that the next new series gets.
    pub fn next_id(&self) -> u32 {
        self.index.table.bound()
    }

    /// Heap bytes, as [`SeriesIndex::heap_bytes`].
    pub fn heap_bytes(&self) -> usize {
        self.index.heap_bytes() + self.by_row.allocation_size() + self.row.capacity() * 4
    }
}

/// Below this many series the hash table keeps its memory.
const MIN_ROWS: usize = 1024;

fn hash_of(hasher: &DefaultHashBuilder, shape: u32, values: impl Iterator<Item = u32>) -> u64 {
    let mut state = hasher.build_hasher();
    state.write_u32(shape);
    values.for_each(|value| state.write_u32(value));
    state.finish()
}

fn hash_at(hasher: &DefaultHashBuilder, table: &Table, shapes: &Shapes, id: u32) -> u64 {
    table.row(id).map_or(0, |row| {
        let places = 0..shapes.get(row.shape()).len();
        hash_of(hasher, row.shape(), places.map(|place| row.value(place)))
    })
}

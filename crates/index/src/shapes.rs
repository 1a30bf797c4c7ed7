//! Sets of label names, numbered.

use crate::{Error, Result};
use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::BuildHasher;

/// Distinct sets of label names. Ordering: the names of a shape are sorted by their text.
#[derive(Default)]
pub(crate) struct Shapes {
    sets: Vec<Box<[u32]>>,
    lookup: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl Shapes {
    /// Number of shapes.
    pub(crate) fn len(&self) -> usize {
        self.sets.len()
    }

    /// The names of `shape`.
    pub(crate) fn get(&self, shape: u32) -> &[u32] {
        self.sets.get(shape as usize).map_or(&[], |names| names)
    }

    /// The shapes, by number.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &[u32]> {
        self.sets.iter().map(|names| &**names)
    }

    /// The number of the shape of `names`.
    pub(crate) fn find(&self, names: &[u32]) -> Option<u32> {
        self.lookup
            .find(self.hasher.hash_one(names), |shape| {
                self.get(*shape) == names
            })
            .copied()
    }

    /// The number of the shape of `names`, which is added if it is new.
    ///
    /// # Errors
    /// [`Error::Full`] beyond 2^32 shapes.
    pub(crate) fn intern(&mut self, names: &[u32]) -> Result<u32> {
        if let Some(shape) = self.find(names) {
            return Ok(shape);
        }
        let shape = u32::try_from(self.sets.len()).map_err(|_| Error::Full { what: "shapes" })?;
        self.sets.push(names.into());
        let (sets, hasher) = (&self.sets, &self.hasher);
        let hash_of =
            |shape: &u32| hasher.hash_one(sets.get(*shape as usize).map_or(&[][..], |n| n));
        self.lookup
            .insert_unique(hasher.hash_one(names), shape, hash_of);
        Ok(shape)
    }

    /// For every shape, where in its rows the value of `name` stands; [`Shapes::ABSENT`] where it has none.
    pub(crate) fn places_of(&self, name: u32) -> Vec<u32> {
        let place = |names: &[u32]| {
            names
                .iter()
                .zip(0..)
                .find(|(have, _)| **have == name)
                .map_or(Self::ABSENT, |(_, at)| at)
        };
        self.iter().map(place).collect()
    }

    /// No place.
    pub(crate) const ABSENT: u32 = u32::MAX;

    /// Heap bytes.
    pub(crate) fn heap_bytes(&self) -> usize {
        let sets: usize = self.sets.iter().map(|names| names.len() * 4).sum();
        sets + self.sets.capacity() * size_of::<Box<[u32]>>() + self.lookup.allocation_size()
    }
}

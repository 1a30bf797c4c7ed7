//! What is known about one label name.

use crate::Result;
use crate::dictionary::Dictionary;
use crate::postings::Postings;
use parking_lot::Mutex;
use std::sync::{Arc, OnceLock};

/// The values of one label and the series that have them.
#[derive(Default)]
pub(crate) struct NameEntry {
    pub(crate) values: Dictionary,
    /// By value; not there until somebody asks, in an index that does not change.
    pub(crate) postings: OnceLock<Vec<Postings>>,
    last: u32,
    sorted: Mutex<Option<Sorted>>,
}

/// Value numbers in the order of their texts.
#[derive(Clone)]
struct Sorted {
    epoch: u32,
    bound: u32,
    ids: Arc<[u32]>,
}

impl NameEntry {
    /// An entry whose postings grow as series come.
    pub(crate) fn growing() -> Self {
        Self {
            postings: OnceLock::from(Vec::new()),
            ..Self::default()
        }
    }

    /// An entry with all its values; postings come later.
    pub(crate) fn fixed(values: Dictionary) -> Self {
        Self {
            values,
            ..Self::default()
        }
    }

    /// The number of `value`, which is added if it is new. Targets repeat most of their labels from
    /// series to series, so the last one is tried first.
    pub(crate) fn intern(&mut self, value: &str) -> Result<u32> {
        if self.values.get(self.last) != value {
            self.last = self.values.intern(value)?;
        }
        Ok(self.last)
    }

    /// Adds series `id`, greater than all before, to those that have `value`.
    pub(crate) fn post(&mut self, value: u32, id: u32) {
        let bound = self.values.bound() as usize;
        let Some(postings) = self.postings.get_mut() else {
            return;
        };
        if postings.len() < bound {
            postings.resize_with(bound, Postings::default);
        }
        if let Some(one) = postings.get_mut(value as usize) {
            one.push(id);
        }
    }

    /// Takes series `id` from those that have `value`, and the value away with the last of them.
    pub(crate) fn unpost(&mut self, value: u32, id: u32) {
        if let Some(one) = self
            .postings
            .get_mut()
            .and_then(|all| all.get_mut(value as usize))
        {
            one.remove(id);
        }
        self.drop_unused(value);
    }

    /// Takes the value away if no series has it.
    pub(crate) fn drop_unused(&mut self, value: u32) {
        let postings = self.postings.get().and_then(|all| all.get(value as usize));
        if postings.is_none_or(Postings::is_empty) {
            self.values.remove(value);
        }
    }

    /// Value numbers in use, in the order of their texts.
    pub(crate) fn sorted(&self) -> Arc<[u32]> {
        let (bound, epoch) = (self.values.bound(), self.values.epoch());
        let known = self.sorted.lock().clone();
        // What was sorted before stays in front, so that the sort finds it as one run.
        let mut ids: Vec<u32> = match known {
            Some(known) if known.epoch == epoch && known.bound == bound => return known.ids,
            Some(known) if known.epoch == epoch => known
                .ids
                .iter()
                .copied()
                .chain(known.bound..bound)
                .collect(),
            _ => self.values.ids().collect(),
        };
        ids.sort_by(|a, b| self.values.get(*a).cmp(self.values.get(*b)));
        let ids: Arc<[u32]> = ids.into();
        *self.sorted.lock() = Some(Sorted {
            epoch,
            bound,
            ids: Arc::clone(&ids),
        });
        ids
    }

    /// Heap bytes.
    pub(crate) fn heap_bytes(&self) -> usize {
        let postings = self.postings.get().map_or(0, |all| {
            let lists: usize = all.iter().map(Postings::heap_bytes).sum();
            lists + all.capacity() * size_of::<Postings>()
        });
        let sorted = self
            .sorted
            .lock()
            .as_ref()
            .map_or(0, |sorted| sorted.ids.len() * 4);
        self.values.heap_bytes() + postings + sorted
    }
}

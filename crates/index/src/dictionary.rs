//! Texts and their numbers.

use crate::{Error, Result};
use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::BuildHasher;

/// Texts of removed values are tolerated up to this size before the rest is packed again.
const MIN_GARBAGE: usize = 16 << 10;

/// Distinct texts in one arena, each with a number.
///
/// A removed text's number is given to a later one; numbers in use never change.
#[derive(Default)]
pub(crate) struct Dictionary {
    text: String,
    spans: Vec<Span>,
    lookup: Lookup,
    free: Vec<u32>,
    /// Counts numbers that changed hands: whoever remembers numbers compares it.
    epoch: u32,
    garbage: usize,
}

/// Where a text stands in the arena; empty for a number that is free.
#[derive(Clone, Copy)]
struct Span {
    start: u32,
    len: u32,
}

enum Lookup {
    /// Numbers by hash of their text; hashes are not kept.
    Hashed(HashTable<u32>, DefaultHashBuilder),
    /// Numbers are in the order of the texts.
    Sorted,
}

impl Default for Lookup {
    fn default() -> Self {
        Self::Hashed(HashTable::new(), DefaultHashBuilder::default())
    }
}

impl Dictionary {
    /// A dictionary of the texts that end at `ends` of `text`. Ordering: sorted, without repetition.
    pub(crate) fn from_sorted(text: String, ends: &[u32]) -> Self {
        let mut start = 0;
        let spans = ends.iter().map(|end| {
            let span = Span {
                start,
                len: end.saturating_sub(start),
            };
            start = *end;
            span
        });
        let spans = spans.collect();
        Self {
            text,
            spans,
            lookup: Lookup::Sorted,
            ..Self::default()
        }
    }

    /// All numbers are below this.
    pub(crate) fn bound(&self) -> u32 {
        u32::try_from(self.spans.len()).unwrap_or(u32::MAX)
    }

    /// Differs from before if a number was taken away or given again since.
    pub(crate) fn epoch(&self) -> u32 {
        self.epoch
    }

    /// Count of numbers in use.
    pub(crate) fn len(&self) -> usize {
        self.spans.len() - self.free.len()
    }

    /// Whether numbers are in the order of the texts.
    pub(crate) fn is_sorted(&self) -> bool {
        matches!(self.lookup, Lookup::Sorted)
    }

    /// The text of number `id`; empty if it is not in use.
    pub(crate) fn get(&self, id: u32) -> &str {
        slice(&self.text, &self.spans, id)
    }

    /// The number of `text`.
    pub(crate) fn find(&self, text: &str) -> Option<u32> {
        match &self.lookup {
            Lookup::Hashed(table, hasher) => table
                .find(hasher.hash_one(text), |id| self.get(*id) == text)
                .copied(),
            Lookup::Sorted => {
                let at = self.lower_bound(text);
                (at < self.bound() && self.get(at) == text).then_some(at)
            }
        }
    }

    /// The first number whose text is not below `text`; for sorted dictionaries.
    pub(crate) fn lower_bound(&self, text: &str) -> u32 {
        let (mut low, mut high) = (0, self.bound());
        while low < high {
            let middle = low + (high - low) / 2;
            if self.get(middle) < text {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// The number of `text`, which is added if it is new.
    ///
    /// # Errors
    /// [`Error::Full`] beyond 4 GiB of text.
    pub(crate) fn intern(&mut self, text: &str) -> Result<u32> {
        let Self {
            text: arena,
            spans,
            lookup,
            free,
            epoch,
            ..
        } = self;
        let Lookup::Hashed(table, hasher) = lookup else {
            return Err(Error::Full {
                what: "a sorted dictionary",
            });
        };
        let hash = hasher.hash_one(text);
        if let Some(id) = table.find(hash, |id| slice(arena, spans, *id) == text) {
            return Ok(*id);
        }
        let full = |_| Error::Full {
            what: "text of one label's values",
        };
        let start = u32::try_from(arena.len()).map_err(full)?;
        u32::try_from(arena.len() + text.len()).map_err(full)?;
        // Below 4 GiB of texts there are fewer than 2^32 of them: none is empty, or only one.
        let span = Span {
            start,
            len: u32::try_from(text.len()).map_err(full)?,
        };
        arena.push_str(text);
        let id = if let Some(id) = free.pop() {
            *epoch = epoch.wrapping_add(1);
            if let Some(place) = spans.get_mut(id as usize) {
                *place = span;
            }
            id
        } else {
            let id = u32::try_from(spans.len()).map_err(full)?;
            spans.push(span);
            id
        };
        table.insert_unique(hash, id, |id| hasher.hash_one(slice(arena, spans, *id)));
        Ok(id)
    }

    /// Forgets number `id` and its text.
    pub(crate) fn remove(&mut self, id: u32) {
        let Lookup::Hashed(table, hasher) = &mut self.lookup else {
            return;
        };
        let hash = hasher.hash_one(slice(&self.text, &self.spans, id));
        let Ok(entry) = table.find_entry(hash, |have| *have == id) else {
            return;
        };
        entry.remove();
        if let Some(span) = self.spans.get_mut(id as usize) {
            self.garbage += span.len as usize;
            span.len = 0;
        }
        self.free.push(id);
        self.epoch = self.epoch.wrapping_add(1);
        if self.garbage > MIN_GARBAGE && self.garbage > self.text.len() / 2 {
            self.pack();
        }
    }

    fn pack(&mut self) {
        let mut packed = String::with_capacity(self.text.len() - self.garbage);
        for id in 0..self.bound() {
            let text = slice(&self.text, &self.spans, id);
            // Not beyond the old arena's length, which fits.
            let start = u32::try_from(packed.len()).unwrap_or(u32::MAX);
            packed.push_str(text);
            if let Some(span) = self.spans.get_mut(id as usize) {
                span.start = start;
            }
        }
        self.text = packed;
        self.garbage = 0;
    }

    /// Numbers in use.
    pub(crate) fn ids(&self) -> impl Iterator<Item = u32> {
        let free: hashbrown::HashSet<u32> = self.free.iter().copied().collect();
        (0..self.bound()).filter(move |id| free.is_empty() || !free.contains(id))
    }

    /// Heap bytes.
    pub(crate) fn heap_bytes(&self) -> usize {
        let lookup = match &self.lookup {
            Lookup::Hashed(table, _) => table.allocation_size(),
            Lookup::Sorted => 0,
        };
        self.text.capacity()
            + self.spans.capacity() * size_of::<Span>()
            + self.free.capacity() * 4
            + lookup
    }
}

fn slice<'a>(text: &'a str, spans: &[Span], id: u32) -> &'a str {
    let Some(span) = spans.get(id as usize) else {
        return "";
    };
    let start = span.start as usize;
    text.get(start..start + span.len as usize).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn removed_texts_give_back_number_and_space() {
        let mut dictionary = Dictionary::default();
        let keep = dictionary.intern("keep").unwrap();
        for round in 0..10_000 {
            let id = dictionary.intern(&format!("value-{round:08}")).unwrap();
            assert_eq!(id, 1);
            dictionary.remove(id);
        }
        assert_eq!(
            (dictionary.get(keep), dictionary.find("keep")),
            ("keep", Some(keep))
        );
        assert_eq!(
            (dictionary.find("value-00000007"), dictionary.len()),
            (None, 1)
        );
        assert_eq!(dictionary.ids().collect::<Vec<_>>(), [keep]);
        assert!(
            dictionary.heap_bytes() < 4 * MIN_GARBAGE,
            "{}",
            dictionary.heap_bytes()
        );
    }

    #[test]
    fn sorted_dictionaries_find_by_bisection() {
        let dictionary = Dictionary::from_sorted("abbc".into(), &[1, 3, 4]);
        assert_eq!(
            ["a", "bb", "c", "b", ""].map(|t| dictionary.find(t)),
            [Some(0), Some(1), Some(2), None, None]
        );
        assert_eq!(dictionary.lower_bound("b"), 1);
        assert_eq!(dictionary.lower_bound("d"), 3);
    }
}

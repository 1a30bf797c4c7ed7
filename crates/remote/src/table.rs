//! The cache from keys to series, in the order in which senders send them.

use hashbrown::HashTable;
use std::sync::atomic::{AtomicU16, AtomicU32, Ordering::Relaxed};
use storage::SeriesId;

/// Number of no entry.
pub(crate) const NONE: u32 = u32::MAX;

/// One known series: 24 bytes, beside 5 to 11 bytes of the index.
#[derive(Debug)]
pub(crate) struct Entry {
    hash: u64,
    series: SeriesId,
    /// The entry that followed this one last time. Only a guess: the hash decides.
    next: AtomicU32,
    /// Hash of the metadata that came with the series last; 0 for none.
    metadata: AtomicU32,
    /// Minute of last use, modulo 2^16.
    seen: AtomicU16,
    /// Length of the label fields that were hashed; 0 if they are no single piece of up to 64 KiB.
    head: u16,
}

impl Entry {
    pub(crate) fn hash(&self) -> u64 {
        self.hash
    }

    pub(crate) fn series(&self) -> SeriesId {
        self.series
    }

    pub(crate) fn head(&self) -> usize {
        usize::from(self.head)
    }

    /// Notes the hash of the metadata that came with the series; whether it is another one than before.
    pub(crate) fn note_metadata(&self, hash: u32) -> bool {
        self.metadata.load(Relaxed) != hash && {
            self.metadata.store(hash, Relaxed);
            true
        }
    }
}

/// A series to remember.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fresh {
    pub(crate) hash: u64,
    pub(crate) head: u16,
    pub(crate) series: SeriesId,
    pub(crate) metadata: u32,
}

/// Known series. Looking up takes a shared reference, so that requests do not wait for each other.
#[derive(Debug, Default)]
pub(crate) struct Table {
    entries: Vec<Entry>,
    /// Places in `entries` by hash.
    index: HashTable<u32>,
}

/// Where a request is in the order of entries.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cursor {
    last: u32,
    minute: u16,
}

impl Cursor {
    /// The beginning of a request.
    pub(crate) fn new(minute: u16) -> Self {
        Self { last: NONE, minute }
    }
}

impl Table {
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Bytes of memory, for accounting.
    pub(crate) fn heap_bytes(&self) -> usize {
        self.entries.capacity() * size_of::<Entry>() + self.index.allocation_size()
    }

    /// The entry that follows, if things go as last time.
    #[inline]
    pub(crate) fn predicted(&self, cursor: Cursor) -> Option<(u32, &Entry)> {
        let last = self.entries.get(cursor.last as usize)?;
        let next = last.next.load(Relaxed);
        self.entries.get(next as usize).map(|entry| (next, entry))
    }

    /// The entry with this hash, wherever it is.
    pub(crate) fn find(&self, hash: u64) -> Option<(u32, &Entry)> {
        let found = *self
            .index
            .find(hash, |at| self.hash_at(*at) == Some(hash))?;
        self.entries.get(found as usize).map(|entry| (found, entry))
    }

    /// Goes on to `entry`, number `at`, and remembers that it follows the one before.
    #[inline]
    pub(crate) fn advance(&self, cursor: &mut Cursor, at: u32, entry: &Entry) {
        if let Some(last) = self.entries.get(cursor.last as usize)
            && last.next.load(Relaxed) != at
        {
            last.next.store(at, Relaxed);
        }
        if entry.seen.load(Relaxed) != cursor.minute {
            entry.seen.store(cursor.minute, Relaxed);
        }
        cursor.last = at;
    }

    /// Remembers series, in the order in which they came; known keys get the new id.
    pub(crate) fn insert(&mut self, fresh: impl IntoIterator<Item = Fresh>, minute: u16) {
        for one in fresh {
            let known = self.find(one.hash).map(|(at, _)| at);
            if let Some(entry) = known.and_then(|at| self.entries.get_mut(at as usize)) {
                entry.series = one.series;
                *entry.metadata.get_mut() = one.metadata;
                *entry.seen.get_mut() = minute;
                continue;
            }
            let Ok(at) = u32::try_from(self.entries.len()) else {
                return;
            };
            self.entries.push(Entry {
                hash: one.hash,
                series: one.series,
                // New series mostly come in a row.
                next: AtomicU32::new(at.saturating_add(1)),
                metadata: AtomicU32::new(one.metadata),
                seen: AtomicU16::new(minute),
                head: one.head,
            });
            self.index_one(one.hash, at);
        }
    }

    /// Forgets series that were not used for `idle` minutes, and all but those of this minute (or even
    /// all) if more than `most` stay.
    pub(crate) fn sweep(&mut self, minute: u16, idle: u16, most: usize) {
        // A clock that was set back counts like one that went on.
        let age = |entry: &Entry| {
            let ahead = entry.seen.load(Relaxed).wrapping_sub(minute);
            ahead.min(ahead.wrapping_neg())
        };
        self.retain(|entry| age(entry) <= idle);
        if self.len() > most {
            self.retain(|entry| age(entry) == 0);
        }
        if self.len() > most {
            self.retain(|_| false);
        }
    }

    /// Forgets which metadata came with the series.
    pub(crate) fn forget_metadata(&mut self) {
        for entry in &mut self.entries {
            *entry.metadata.get_mut() = 0;
        }
    }

    fn retain(&mut self, keep: impl Fn(&Entry) -> bool) {
        let mut kept = 0;
        let places: Vec<u32> = self
            .entries
            .iter()
            .map(|entry| {
                if keep(entry) {
                    kept += 1;
                    kept - 1
                } else {
                    NONE
                }
            })
            .collect();
        if kept as usize == self.entries.len() {
            return;
        }
        self.entries.retain(keep);
        self.entries.shrink_to(self.entries.len() * 2);
        self.index = HashTable::with_capacity(self.entries.len());
        for at in 0..kept {
            if let Some(hash) = self.hash_at(at) {
                self.index_one(hash, at);
            }
        }
        for entry in &mut self.entries {
            let next = entry.next.get_mut();
            *next = places.get(*next as usize).copied().unwrap_or(NONE);
        }
    }

    fn hash_at(&self, at: u32) -> Option<u64> {
        self.entries.get(at as usize).map(|entry| entry.hash)
    }

    fn index_one(&mut self, hash: u64, at: u32) {
        let entries = &self.entries;
        self.index.insert_unique(hash, at, |at| {
            entries.get(*at as usize).map_or(0, |entry| entry.hash)
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fresh(range: std::ops::Range<u32>) -> impl Iterator<Item = Fresh> {
        range.map(|number| Fresh {
            hash: u64::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15),
            head: 7,
            series: SeriesId(number),
            metadata: 0,
        })
    }

    fn series_of(table: &Table, number: u32) -> Option<u32> {
        let hash = fresh(number..number + 1).next()?.hash;
        table.find(hash).map(|(_, entry)| entry.series().0)
    }

    #[test]
    fn entries_take_24_bytes() {
        assert_eq!(size_of::<Entry>(), 24);
        let mut table = Table::default();
        table.insert(fresh(0..100_000), 0);
        assert!(table.heap_bytes() < 100_000 * 45, "{}", table.heap_bytes());
    }

    #[test]
    fn the_order_of_the_last_request_is_predicted() {
        let mut table = Table::default();
        table.insert(fresh(0..4), 0);
        let walk = |order: &[u32]| {
            let mut cursor = Cursor::new(0);
            let mut hits = 0;
            for number in order {
                let hash = fresh(*number..number + 1).next().unwrap().hash;
                let guess = table.predicted(cursor);
                hits += usize::from(guess.is_some_and(|(_, entry)| entry.hash() == hash));
                let (at, entry) = table.find(hash).unwrap();
                table.advance(&mut cursor, at, entry);
            }
            hits
        };
        assert_eq!(walk(&[0, 1, 2, 3]), 3);
        assert_eq!(walk(&[3, 1, 0, 2]), 0);
        assert_eq!(walk(&[3, 1, 0, 2]), 3);
    }

    #[test]
    fn idle_entries_go_and_links_follow_the_rest() {
        let mut table = Table::default();
        table.insert(fresh(0..10), 65_530);
        table.insert(fresh(5..8), 4);
        table.sweep(4, 9, usize::MAX);
        assert_eq!(table.len(), 3);
        assert_eq!(series_of(&table, 4), None);
        assert_eq!(series_of(&table, 6), Some(6));
        let mut cursor = Cursor::new(4);
        let (at, entry) = table.find(fresh(5..6).next().unwrap().hash).unwrap();
        table.advance(&mut cursor, at, entry);
        assert_eq!(table.predicted(cursor).unwrap().1.series(), SeriesId(6));
    }

    #[test]
    fn more_than_the_most_never_stay() {
        let mut table = Table::default();
        table.insert(fresh(0..10), 1);
        table.insert(fresh(10..14), 2);
        table.sweep(2, 100, 12);
        assert_eq!(table.len(), 4);
        table.sweep(2, 100, 3);
        assert_eq!(table.len(), 0);
    }
}

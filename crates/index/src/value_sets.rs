//! Which values a matcher tells from an absent label, remembered.

use crate::names::NameEntry;
use crate::postings::{Postings, bitmap_bytes, union};
use crate::series::SeriesIndex;
use hashbrown::HashMap;
use model::MatchOp;
use parking_lot::Mutex;
use roaring::RoaringBitmap;
use std::sync::Arc;
use storage::CompiledMatcher;

/// Remembered matchers, at most.
const MAX_ENTRIES: usize = 256;
/// Bytes that they may take; the longest unused ones go first.
const MAX_BYTES: usize = 8 << 20;
/// What makes a regular expression more than a text.
const META: &str = r"\.+*?()|[]{}^$";

/// What was found for each (name, operator, pattern).
#[derive(Default)]
pub(crate) struct ValueSets(Mutex<Remembered>);

#[derive(Default)]
struct Remembered {
    sets: HashMap<(u32, MatchOp, String), ValueSet>,
    /// Counts uses.
    clock: u64,
    bytes: usize,
}

#[derive(Clone)]
struct ValueSet {
    epoch: u32,
    /// Values below this number were tested.
    tested: u32,
    values: Arc<Vec<u32>>,
    /// Their series, at one generation of the index.
    series: Option<(u64, Arc<RoaringBitmap>)>,
    used: u64,
    bytes: usize,
}

impl ValueSets {
    fn get(&self, key: &(u32, MatchOp, String)) -> Option<ValueSet> {
        let mut remembered = self.0.lock();
        remembered.clock += 1;
        let now = remembered.clock;
        let set = remembered.sets.get_mut(key)?;
        set.used = now;
        Some(set.clone())
    }

    fn put(&self, key: (u32, MatchOp, String), mut set: ValueSet) {
        let series = set
            .series
            .as_ref()
            .map_or(0, |(_, bitmap)| bitmap_bytes(bitmap));
        set.bytes = set.values.len() * 4 + series + key.2.len() + 128;
        if set.bytes > MAX_BYTES / 2 {
            return;
        }
        let mut remembered = self.0.lock();
        remembered.clock += 1;
        set.used = remembered.clock;
        remembered.bytes += set.bytes;
        let old = remembered.sets.insert(key, set);
        remembered.bytes -= old.map_or(0, |old| old.bytes);
        while remembered.sets.len() > MAX_ENTRIES || remembered.bytes > MAX_BYTES {
            let oldest = remembered.sets.iter().min_by_key(|(_, set)| set.used);
            let Some(oldest) = oldest.map(|(key, _)| key.clone()) else {
                break;
            };
            remembered.bytes -= remembered.sets.remove(&oldest).map_or(0, |set| set.bytes);
        }
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        self.0.lock().bytes
    }
}

fn key_of(name: u32, matcher: &CompiledMatcher) -> (u32, MatchOp, String) {
    (name, matcher.op(), matcher.source().value.clone())
}

impl SeriesIndex {
    /// Whether [`Self::told_values`] would have nothing to test.
    pub(crate) fn knows_told_values(&self, name: u32, matcher: &CompiledMatcher) -> bool {
        let Some(entry) = self.entries.get(name as usize) else {
            return true;
        };
        let set = self.value_sets.get(&key_of(name, matcher));
        set.is_some_and(|set| {
            set.epoch == entry.values.epoch() && set.tested == entry.values.bound()
        })
    }

    /// The values of `name` that `matcher` treats otherwise than an absent label. Ordering: by number.
    pub(crate) fn told_values(&self, name: u32, matcher: &CompiledMatcher) -> Arc<Vec<u32>> {
        self.told(name, matcher).values
    }

    /// The series with [`Self::told_values`].
    pub(crate) fn told_series(&self, name: u32, matcher: &CompiledMatcher) -> Arc<RoaringBitmap> {
        let mut set = self.told(name, matcher);
        if let Some((_, series)) = set.series.filter(|(at, _)| *at == self.generation) {
            return series;
        }
        let series = Arc::new(self.series_of(name, &set.values));
        set.series = Some((self.generation, Arc::clone(&series)));
        self.value_sets.put(key_of(name, matcher), set);
        series
    }

    /// The series that have one of `values`.
    pub(crate) fn series_of(&self, name: u32, values: &[u32]) -> RoaringBitmap {
        let postings = self.postings(name);
        match values {
            [one] => postings
                .get(*one as usize)
                .map(Postings::to_bitmap)
                .unwrap_or_default(),
            _ => union(
                values
                    .iter()
                    .filter_map(|value| postings.get(*value as usize)),
            ),
        }
    }

    fn told(&self, name: u32, matcher: &CompiledMatcher) -> ValueSet {
        let key = key_of(name, matcher);
        let nothing = ValueSet {
            epoch: 0,
            tested: 0,
            values: Arc::default(),
            series: None,
            used: 0,
            bytes: 0,
        };
        let Some(entry) = self.entries.get(name as usize) else {
            return nothing;
        };
        let bound = entry.values.bound();
        let known = self
            .value_sets
            .get(&key)
            .filter(|set| set.epoch == entry.values.epoch());
        let mut set = known.unwrap_or(ValueSet {
            epoch: entry.values.epoch(),
            ..nothing
        });
        if set.tested < bound {
            let more = test_values(entry, matcher, set.tested);
            if !more.is_empty() {
                let mut values = set.values.to_vec();
                values.extend(more);
                set.values = Arc::new(values);
            }
            set.tested = bound;
            self.value_sets.put(key, set.clone());
        }
        set
    }
}

fn test_values(entry: &NameEntry, matcher: &CompiledMatcher, from: u32) -> Vec<u32> {
    let values = &entry.values;
    let empty = matcher.matches_empty();
    let is_regex = matches!(matcher.op(), MatchOp::Regex | MatchOp::NotRegex);
    // With a prefix the empty text does not match, so what is told apart is what matches.
    let prefix = if is_regex {
        literal_prefix(&matcher.source().value)
    } else {
        ""
    };
    let is_told = |id: &u32| {
        let value = values.get(*id);
        !value.is_empty() && value.starts_with(prefix) && matcher.matches(value) != empty
    };
    if !prefix.is_empty() && values.is_sorted() {
        let first = values.lower_bound(prefix).max(from);
        let range = (first..values.bound()).take_while(|id| values.get(*id).starts_with(prefix));
        return range.filter(is_told).collect();
    }
    (from..values.bound()).filter(is_told).collect()
}

/// The text that every match of `pattern` begins with, as far as it is easily seen.
fn literal_prefix(pattern: &str) -> &str {
    let Some(end) = pattern.find(|c| META.contains(c)) else {
        return pattern;
    };
    let (prefix, rest) = pattern.split_at(end);
    if pattern.contains('|') {
        return "";
    }
    // What may be absent is no prefix.
    match rest.chars().next() {
        Some('?' | '*' | '{') => {
            let last = prefix.char_indices().next_back().map_or(0, |(at, _)| at);
            prefix.get(..last).unwrap_or("")
        }
        _ => prefix,
    }
}

/// The values that `matcher` tells from an absent label, if it names them.
pub(crate) fn named_values(matcher: &CompiledMatcher) -> Option<Vec<&str>> {
    let pattern = matcher.source().value.as_str();
    let values = match matcher.op() {
        MatchOp::Equal | MatchOp::NotEqual => vec![pattern],
        MatchOp::Regex => matcher.literal_values()?,
        MatchOp::NotRegex => {
            let is_literal = |text: &str| !text.contains(|c: char| META.contains(c));
            pattern
                .split('|')
                .all(is_literal)
                .then(|| pattern.split('|').collect())?
        }
    };
    // Whoever names the empty text treats all other values alike, and they are not named.
    (!values.contains(&"")).then_some(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literal_prefixes_end_before_what_may_be_absent() {
        let cases = [
            ("node.*", "node"),
            ("ab?c", "a"),
            ("ab*", "a"),
            ("ab{0,2}", "a"),
            ("ab+", "ab"),
            ("é?", ""),
            ("a|b.", ""),
            ("(?i)a.", ""),
            ("a(b|c).", ""),
            (".*", ""),
            ("a\\.b", "a"),
            ("", ""),
            ("ab", "ab"),
        ];
        for (pattern, prefix) in cases {
            assert_eq!(literal_prefix(pattern), prefix, "{pattern}");
        }
    }

    #[test]
    fn memory_of_remembered_sets_is_bounded() {
        let sets = ValueSets::default();
        for n in 0..2_000u32 {
            let values = Arc::new((0..n * 10).collect());
            let set = ValueSet {
                epoch: 0,
                tested: 0,
                values,
                series: None,
                used: 0,
                bytes: 0,
            };
            sets.put((n, MatchOp::Regex, format!("{n}.*")), set);
            assert!(sets.heap_bytes() <= MAX_BYTES);
            assert!(sets.0.lock().sets.len() <= MAX_ENTRIES);
        }
        assert!(
            sets.get(&(1_999, MatchOp::Regex, "1999.*".into()))
                .is_some()
        );
        assert!(sets.get(&(0, MatchOp::Regex, "0.*".into())).is_none());
        let remembered = sets.0.lock();
        assert_eq!(
            remembered.bytes,
            remembered.sets.values().map(|set| set.bytes).sum::<usize>()
        );
    }
}

//! What fills the index.

use crate::series::SeriesIndex;
use model::METRIC_NAME;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A text and how much of it there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelCount {
    /// A label name or one label's value.
    pub text: String,
    /// How much.
    pub count: u64,
}

/// A label with its value and how many series have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairCount {
    /// Label name.
    pub name: String,
    /// Label value.
    pub value: String,
    /// Series that have it.
    pub count: u64,
}

/// Cardinality of an index.
///
/// Ordering: every list falls by count; equal counts are in byte order of the text.
/// Source: the definitions of Prometheus' `/api/v1/status/tsdb` (3.14).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IndexStats {
    /// Series.
    pub series: u64,
    /// Distinct label names.
    pub names: u64,
    /// Distinct pairs of name and value.
    pub pairs: u64,
    /// Series per metric name.
    pub series_per_metric: Vec<LabelCount>,
    /// Distinct values per label name.
    pub values_per_name: Vec<LabelCount>,
    /// Bytes per label name: its value's length, summed over the series that have the label. What it
    /// would take to store every value at every series; here each value is stored once.
    pub bytes_per_name: Vec<LabelCount>,
    /// Series per pair.
    pub series_per_pair: Vec<PairCount>,
}

/// The greatest counts of some.
struct Top<T> {
    limit: usize,
    heap: BinaryHeap<Reverse<(u64, Reverse<T>)>>,
}

impl<T: Ord> Top<T> {
    fn new(limit: usize) -> Self {
        Self {
            limit,
            heap: BinaryHeap::new(),
        }
    }

    fn push(&mut self, count: u64, what: T) {
        self.heap.push(Reverse((count, Reverse(what))));
        if self.heap.len() > self.limit {
            self.heap.pop();
        }
    }

    fn into_vec<U>(self, make: impl Fn(T, u64) -> U) -> Vec<U> {
        let sorted = self.heap.into_sorted_vec().into_iter();
        sorted
            .map(|Reverse((count, Reverse(what)))| make(what, count))
            .collect()
    }
}

impl SeriesIndex {
    /// Cardinality, with lists of at most `top`.
    pub fn stats(&self, top: usize) -> IndexStats {
        let (mut metrics, mut values, mut bytes) = (Top::new(top), Top::new(top), Top::new(top));
        let mut pairs = Top::new(top);
        let mut stats = IndexStats {
            series: self.all.len(),
            ..IndexStats::default()
        };
        for (id, entry) in (0..)
            .zip(&self.entries)
            .filter(|(_, entry)| entry.values.len() > 0)
        {
            let name = self.names.get(id);
            stats.names += 1;
            stats.pairs += entry.values.len() as u64;
            values.push(entry.values.len() as u64, name);
            let mut total = 0;
            let lists = (0..)
                .zip(self.postings(id))
                .filter(|(_, list)| !list.is_empty());
            for (value, list) in lists.map(|(value, list)| (entry.values.get(value), list)) {
                total += value.len() as u64 * list.len();
                pairs.push(list.len(), (name, value));
                if name == METRIC_NAME {
                    metrics.push(list.len(), value);
                }
            }
            bytes.push(total, name);
        }
        let label = |text: &str, count| LabelCount {
            text: text.to_owned(),
            count,
        };
        stats.series_per_metric = metrics.into_vec(label);
        stats.values_per_name = values.into_vec(label);
        stats.bytes_per_name = bytes.into_vec(label);
        stats.series_per_pair = pairs.into_vec(|(name, value): (&str, &str), count| PairCount {
            name: name.to_owned(),
            value: value.to_owned(),
            count,
        });
        stats
    }
}

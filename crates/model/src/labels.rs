//! Label sets: the identity of a series.

use crate::METRIC_NAME;
use crate::name::{is_legacy_label_name, is_legacy_metric_name, quote_label_value};
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// An immutable set of label names and values, cheap to clone.
///
/// Ordering: sorted by name in byte order; names are unique; no value is empty (an empty value means
/// that the label is absent, as in Prometheus).
#[derive(Clone)]
pub struct Labels {
    inner: Arc<Packed>,
}

/// Names and values in one text, `ends[2i]` the end of name `i`, `ends[2i + 1]` the end of its value.
#[derive(PartialEq, Eq, Hash)]
struct Packed {
    text: Box<str>,
    ends: Box<[u32]>,
}

impl Labels {
    /// The set without labels.
    pub fn empty() -> Self {
        Self::pack(&[])
    }

    /// Builds a set from pairs in any order; the last of equal names wins, empty values are left out.
    pub fn from_pairs<N: AsRef<str>, V: AsRef<str>>(
        pairs: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let mut builder = LabelsBuilder::default();
        for (name, value) in pairs {
            builder.set(name.as_ref(), value.as_ref());
        }
        builder.build()
    }

    /// Builds a set from pairs that are sorted by name and have no name twice; empty values are left out.
    /// A set from pairs in another order differs from all others.
    pub fn from_sorted<'a>(sorted: impl Iterator<Item = (&'a str, &'a str)> + Clone) -> Self {
        let pairs = sorted.filter(|(_, value)| !value.is_empty());
        let (bytes, count) = pairs.clone().fold((0, 0), |(bytes, count), (name, value)| {
            (bytes + name.len() + value.len(), count + 1)
        });
        let mut text = String::with_capacity(bytes);
        let mut ends = Vec::with_capacity(count * 2);
        let mut last = None;
        for (name, value) in pairs {
            debug_assert!(last < Some(name), "labels are sorted by name");
            last = Some(name);
            for part in [name, value] {
                text.push_str(part);
                // A label set of 4 GiB cannot arrive: pages are limited far below it.
                ends.push(u32::try_from(text.len()).unwrap_or(u32::MAX));
            }
        }
        Self {
            inner: Arc::new(Packed {
                text: text.into(),
                ends: ends.into(),
            }),
        }
    }

    fn pack(sorted: &[(String, String)]) -> Self {
        let pairs = sorted.iter();
        Self::from_sorted(pairs.map(|(name, value)| (name.as_str(), value.as_str())))
    }

    /// Number of labels.
    pub fn len(&self) -> usize {
        self.inner.ends.len() / 2
    }

    /// Whether there is no label.
    pub fn is_empty(&self) -> bool {
        self.inner.ends.is_empty()
    }

    /// Names and values, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> + Clone {
        let text = &*self.inner.text;
        let mut start = 0;
        self.inner.ends.chunks_exact(2).map(move |ends| {
            let (name_end, value_end) = match *ends {
                [name_end, value_end] => (name_end as usize, value_end as usize),
                _ => (start, start),
            };
            let name = text.get(start..name_end).unwrap_or("");
            let value = text.get(name_end..value_end).unwrap_or("");
            start = value_end;
            (name, value)
        })
    }

    /// The value of `name`, if the label is there.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter()
            .find(|(have, _)| *have == name)
            .map(|(_, value)| value)
    }

    /// The metric name, or the empty text.
    pub fn metric_name(&self) -> &str {
        self.get(METRIC_NAME).unwrap_or("")
    }

    /// A builder that starts from these labels.
    pub fn to_builder(&self) -> LabelsBuilder {
        LabelsBuilder {
            sorted: self
                .iter()
                .map(|(n, v)| (n.to_owned(), v.to_owned()))
                .collect(),
        }
    }

    /// These labels without the metric name.
    #[must_use]
    pub fn without_metric_name(&self) -> Self {
        self.filtered(|name| name != METRIC_NAME)
    }

    /// The labels whose name `keep` accepts.
    #[must_use]
    pub fn filtered(&self, mut keep: impl FnMut(&str) -> bool) -> Self {
        let kept: Vec<(&str, &str)> = self.iter().filter(|(name, _)| keep(name)).collect();
        if kept.len() == self.len() {
            self.clone()
        } else {
            Self::from_sorted(kept.iter().copied())
        }
    }

    /// How many pairs at the beginning are the same in both.
    fn common_pairs(&self, other: &Self) -> usize {
        const CHUNK: usize = 32;
        let (one, two) = (self.inner.text.as_bytes(), other.inner.text.as_bytes());
        let chunks = one.chunks_exact(CHUNK).zip(two.chunks_exact(CHUNK));
        let same = CHUNK * chunks.take_while(|(one, two)| one == two).count();
        let rest = one.iter().skip(same).zip(two.iter().skip(same));
        let same = same + rest.take_while(|(one, two)| one == two).count();
        let ends = self.inner.ends.chunks_exact(2);
        ends.zip(other.inner.ends.chunks_exact(2))
            .take_while(|(one, two)| {
                one == two && one.last().is_some_and(|end| *end as usize <= same)
            })
            .count()
    }

    /// Pairs from number `first` on.
    fn pairs_from(&self, first: usize) -> impl Iterator<Item = (&str, &str)> {
        let at = |place: usize| self.inner.ends.get(place).map_or(0, |end| *end as usize);
        (first..self.len()).map(move |pair| {
            let start = if pair == 0 { 0 } else { at(pair * 2 - 1) };
            let (name_end, value_end) = (at(pair * 2), at(pair * 2 + 1));
            let text = &*self.inner.text;
            let name = text.get(start..name_end).unwrap_or("");
            (name, text.get(name_end..value_end).unwrap_or(""))
        })
    }

    /// Heap bytes of the set, for accounting.
    pub fn heap_bytes(&self) -> usize {
        self.inner.text.len() + self.inner.ends.len() * 4 + size_of::<Packed>() + 16
    }
}

impl Default for Labels {
    fn default() -> Self {
        Self::empty()
    }
}

impl PartialEq for Labels {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.inner, &other.inner) || self.inner == other.inner
    }
}

impl Eq for Labels {}

impl Hash for Labels {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.inner.hash(state);
    }
}

impl PartialOrd for Labels {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Labels {
    /// Pair by pair, name before value; a set that is the beginning of another comes first.
    fn cmp(&self, other: &Self) -> Ordering {
        let first = self.common_pairs(other);
        self.pairs_from(first).cmp(other.pairs_from(first))
    }
}

impl fmt::Display for Labels {
    /// PromQL form: `name{label="value"}`; a metric name that is no legacy name goes inside the braces.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let metric = self.get(METRIC_NAME);
        let outside = metric.filter(|name| is_legacy_metric_name(name));
        if let Some(name) = outside {
            f.write_str(name)?;
            if self.len() == 1 {
                return Ok(());
            }
        }
        f.write_str("{")?;
        let mut first = true;
        if let (Some(name), None) = (metric, outside) {
            f.write_str(&quote_label_value(name))?;
            first = false;
        }
        for (name, value) in self.iter().filter(|(name, _)| *name != METRIC_NAME) {
            if !first {
                f.write_str(", ")?;
            }
            first = false;
            if is_legacy_label_name(name) {
                f.write_str(name)?;
            } else {
                f.write_str(&quote_label_value(name))?;
            }
            write!(f, "={}", quote_label_value(value))?;
        }
        f.write_str("}")
    }
}

impl fmt::Debug for Labels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Collects labels for a new [`Labels`].
#[derive(Debug, Clone, Default)]
pub struct LabelsBuilder {
    sorted: Vec<(String, String)>,
}

impl LabelsBuilder {
    fn place(&self, name: &str) -> Result<usize, usize> {
        self.sorted
            .binary_search_by(|(have, _)| have.as_str().cmp(name))
    }

    /// Sets `name` to `value`; an empty value removes the label.
    pub fn set(&mut self, name: &str, value: &str) -> &mut Self {
        match (self.place(name), value.is_empty()) {
            (Ok(at), true) => {
                self.sorted.remove(at);
            }
            (Ok(at), false) => {
                if let Some((_, have)) = self.sorted.get_mut(at) {
                    value.clone_into(have);
                }
            }
            (Err(_), true) => {}
            (Err(at), false) => self.sorted.insert(at, (name.to_owned(), value.to_owned())),
        }
        self
    }

    /// Removes `name` if it is there.
    pub fn remove(&mut self, name: &str) -> &mut Self {
        self.set(name, "")
    }

    /// The value of `name`, if the label is set.
    pub fn get(&self, name: &str) -> Option<&str> {
        let at = self.place(name).ok()?;
        self.sorted.get(at).map(|(_, value)| value.as_str())
    }

    /// Names and values so far, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.sorted
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The finished set.
    pub fn build(&self) -> Labels {
        Labels::pack(&self.sorted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_sorted_unique_and_without_empty_values() {
        let labels = Labels::from_pairs([("z", "1"), ("a", "2"), ("z", "3"), ("gone", "")]);
        let pairs: Vec<_> = labels.iter().collect();
        assert_eq!(pairs, [("a", "2"), ("z", "3")]);
        assert_eq!(labels.get("gone"), None);
        assert_eq!(labels.len(), 2);
    }

    #[test]
    fn display_is_promql_with_escapes_and_quoted_utf8_names() {
        let plain = Labels::from_pairs([(METRIC_NAME, "up"), ("job", "a\"b\\c\n")]);
        assert_eq!(plain.to_string(), r#"up{job="a\"b\\c\n"}"#);
        let utf8 = Labels::from_pairs([(METRIC_NAME, "my.metric"), ("lab.el", "v")]);
        assert_eq!(utf8.to_string(), r#"{"my.metric", "lab.el"="v"}"#);
        assert_eq!(Labels::from_pairs([(METRIC_NAME, "up")]).to_string(), "up");
        assert_eq!(Labels::empty().to_string(), "{}");
    }

    #[test]
    fn order_is_pair_by_pair() {
        let a = Labels::from_pairs([("a", "1")]);
        let ab = Labels::from_pairs([("a", "1"), ("b", "1")]);
        let a2 = Labels::from_pairs([("a", "2")]);
        assert!(Labels::empty() < a && a < ab && ab < a2);
    }

    #[test]
    fn order_looks_at_pairs_wherever_the_first_difference_lies() {
        let texts = [
            "",
            "a",
            "b",
            "ab",
            "aa",
            "a-text-that-is-longer-than-a-chunk-of-32-bytes",
            "\u{7f}é",
        ];
        let names = [
            "a",
            "ab",
            "b",
            "name-that-is-longer-than-a-chunk-of-32-bytes",
        ];
        let mut sets = Vec::new();
        for one in texts {
            for two in texts {
                for pair in names.windows(2) {
                    sets.push(Labels::from_pairs([(pair[0], one), (pair[1], two)]));
                }
            }
        }
        for one in &sets {
            for two in &sets {
                assert_eq!(one.cmp(two), one.iter().cmp(two.iter()), "{one} {two}");
            }
        }
    }

    #[test]
    fn builder_changes_and_removes() {
        let labels = Labels::from_pairs([(METRIC_NAME, "up"), ("job", "x")]);
        let mut builder = labels.to_builder();
        builder.set("job", "y").set("new", "1").remove(METRIC_NAME);
        assert_eq!(
            builder.build(),
            Labels::from_pairs([("job", "y"), ("new", "1")])
        );
        assert_eq!(
            labels.without_metric_name(),
            Labels::from_pairs([("job", "x")])
        );
    }
}

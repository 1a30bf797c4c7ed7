//! The canonical order of series.

use model::METRIC_NAME;
use std::cmp::Ordering;

/// Compares two series, given as label pairs sorted by name: by metric name (none first), then by the list
/// of label names, then by label values in the order of the names; always byte by byte.
///
/// Blocks hold their series in this order, so that those that are read together stand together and merges
/// need no search.
pub fn canonical_order<'a, A, B>(one: A, other: B) -> Ordering
where
    A: Iterator<Item = (&'a str, &'a str)> + Clone,
    B: Iterator<Item = (&'a str, &'a str)> + Clone,
{
    fn metric<'a>(mut pairs: impl Iterator<Item = (&'a str, &'a str)>) -> &'a str {
        pairs
            .find(|(name, _)| *name == METRIC_NAME)
            .map_or("", |(_, value)| value)
    }
    metric(one.clone())
        .cmp(metric(other.clone()))
        .then_with(|| {
            let names = one.clone().map(|(name, _)| name);
            names.cmp(other.clone().map(|(name, _)| name))
        })
        .then_with(|| {
            one.map(|(_, value)| value)
                .cmp(other.map(|(_, value)| value))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Labels;

    #[test]
    fn metric_comes_before_names_and_names_before_values() {
        let sorted = [
            Labels::from_pairs([("a", "9")]),
            Labels::from_pairs([("__name__", "x"), ("b", "1")]),
            Labels::from_pairs([("__name__", "x"), ("b", "2")]),
            Labels::from_pairs([("__name__", "x"), ("b", "1"), ("c", "0")]),
            Labels::from_pairs([("__name__", "x"), ("c", "0")]),
            Labels::from_pairs([("__name__", "y")]),
        ];
        for (i, one) in sorted.iter().enumerate() {
            for (j, other) in sorted.iter().enumerate() {
                assert_eq!(
                    canonical_order(one.iter(), other.iter()),
                    i.cmp(&j),
                    "{one} {other}"
                );
            }
        }
    }
}

//! Groups of series, told by value numbers alone.
#![expect(
    clippy::indexing_slicing,
    reason = "plans are by shape and name ranges of `terms` and a key; places are below the product of a key's bounds"
)]

use crate::series::SeriesIndex;
use hashbrown::HashMap;
use model::Labels;
use std::ops::Range;
use storage::{Grouping, Groups};

const NONE: u32 = u32::MAX;
/// Groups are looked up in an array where it needs no more places than this.
const MAX_PLACES: u64 = 1 << 22;

/// What of a shape makes the group.
struct Plan {
    /// Number of the key.
    key: usize,
    /// Its terms in [`Plans::terms`].
    terms: Range<usize>,
}

/// One label of a key in rows of one shape.
struct Term {
    /// Where its value stands in a row.
    place: usize,
    /// What the value is multiplied with; the sum over all labels tells the group.
    stride: u64,
}

struct Plans {
    by_shape: Vec<Plan>,
    terms: Vec<Term>,
    /// Key 0 is the one without labels.
    keys: Vec<Key>,
}

/// Groups with the same label names. Each set of values has a number: the values as digits, each to the
/// base of its bound.
struct Key {
    names: Vec<u32>,
    /// Groups by number, where numbers are small.
    dense: Vec<u32>,
    sparse: HashMap<u64, u32>,
    /// Numbers by the number so far, the place of the digit and the next digit, where 64 bits are too few.
    chain: Option<HashMap<(u64, usize, u32), u64>>,
    last: u64,
    last_group: u32,
}

impl SeriesIndex {
    /// Groups series by their labels, as [`Groups::of`] does, without making label sets: only each group
    /// gets one. A number that there is not counts as a series without labels.
    pub fn group(&self, ids: &[u32], grouping: &Grouping) -> Groups {
        let Plans {
            by_shape,
            terms,
            mut keys,
        } = self.plans(grouping, ids.len());
        let mut groups = Groups {
            group_of: Vec::with_capacity(ids.len()),
            labels: Vec::new(),
        };
        for id in ids {
            let Some(row) = self.table.row(*id) else {
                let group = self.group_in(&mut keys[0], 0, Vec::new, &mut groups.labels);
                groups.group_of.push(group);
                continue;
            };
            let plan = &by_shape[row.shape() as usize];
            let (terms, key) = (&terms[plan.terms.clone()], &mut keys[plan.key]);
            let number = match &mut key.chain {
                None => terms
                    .iter()
                    .map(|term| u64::from(row.value(term.place)) * term.stride)
                    .sum(),
                Some(chain) => terms.iter().enumerate().fold(0, |number, (digit, term)| {
                    let next = chain.len() as u64 + 1;
                    *chain
                        .entry((number, digit, row.value(term.place)))
                        .or_insert(next)
                }),
            };
            let values = || terms.iter().map(|term| row.value(term.place)).collect();
            let group = self.group_in(key, number, values, &mut groups.labels);
            groups.group_of.push(group);
        }
        groups
    }

    /// The group of a number; a new one gets its label set.
    fn group_in(
        &self,
        key: &mut Key,
        number: u64,
        values: impl Fn() -> Vec<u32>,
        labels: &mut Vec<Labels>,
    ) -> u32 {
        if key.last == number && key.last_group != NONE {
            return key.last_group;
        }
        // Not more groups than series, which have numbers of 32 bits.
        let next = u32::try_from(labels.len()).unwrap_or(NONE);
        let dense = usize::try_from(number)
            .ok()
            .and_then(|number| key.dense.get_mut(number));
        let group = match dense {
            Some(group) => group,
            None => key.sparse.entry(number).or_insert(NONE),
        };
        if *group == NONE {
            *group = next;
            let pairs = key.names.iter().zip(values());
            labels.push(Labels::from_pairs(pairs.map(|(name, value)| {
                (self.names.get(*name), self.value_text(*name, value))
            })));
        }
        (key.last, key.last_group) = (number, *group);
        *group
    }

    fn plans(&self, grouping: &Grouping, n_series: usize) -> Plans {
        let names = 0..self.names.bound();
        let keeps: Vec<bool> = names
            .map(|name| grouping.keeps(self.names.get(name)))
            .collect();
        let mut numbers: HashMap<Vec<u32>, usize> = HashMap::from_iter([(Vec::new(), 0)]);
        let mut plans = Plans {
            by_shape: Vec::with_capacity(self.shapes.len()),
            terms: Vec::new(),
            keys: vec![self.key(Vec::new(), n_series)],
        };
        for shape in self.shapes.iter() {
            let kept = shape
                .iter()
                .enumerate()
                .filter(|(_, name)| keeps[**name as usize]);
            let (places, names): (Vec<usize>, Vec<u32>) = kept.unzip();
            let start = plans.terms.len();
            let mut stride = 1u64;
            for (place, name) in places.into_iter().zip(&names) {
                plans.terms.push(Term { place, stride });
                stride = stride.wrapping_mul(u64::from(self.bound(*name)));
            }
            let key = *numbers.entry(names).or_insert_with_key(|names| {
                plans.keys.push(self.key(names.clone(), n_series));
                plans.keys.len() - 1
            });
            plans.by_shape.push(Plan {
                key,
                terms: start..plans.terms.len(),
            });
        }
        plans
    }

    fn bound(&self, name: u32) -> u32 {
        self.entries[name as usize].values.bound().max(1)
    }

    fn key(&self, names: Vec<u32>, n_series: usize) -> Key {
        let bounds = names.iter().map(|name| u64::from(self.bound(*name)));
        let places = bounds.into_iter().try_fold(1u64, u64::checked_mul);
        let limit = (n_series as u64 * 8).clamp(1024, MAX_PLACES);
        let dense = places
            .filter(|places| *places <= limit)
            .and_then(|places| usize::try_from(places).ok());
        Key {
            names,
            dense: vec![NONE; dense.unwrap_or(0)],
            sparse: HashMap::new(),
            chain: places.is_none().then(HashMap::new),
            last: 0,
            last_group: NONE,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::HeadIndex;
    use model::Labels;
    use storage::{Grouping, Groups};

    #[test]
    fn more_combinations_than_64_bits_are_told_apart() {
        let mut head = HeadIndex::default();
        let mut series = Vec::new();
        for n in 0..600u32 {
            let mut rest = n.wrapping_mul(2_654_435_761);
            let pairs: Vec<(String, String)> = (0..12)
                .map(|label| {
                    rest = rest.rotate_left(7).wrapping_mul(2_246_822_519);
                    let value = if n % 2 == 0 {
                        rest % 97
                    } else {
                        n / 20 * 12 + label
                    };
                    (format!("label_{label:02}"), value.to_string())
                })
                .collect();
            let labels = Labels::from_pairs(pairs.iter().map(|(n, v)| (n, v)));
            head.insert(&labels).unwrap();
            series.push(labels);
        }
        let ids: Vec<u32> = series
            .iter()
            .map(|labels| head.find(labels).unwrap())
            .collect();
        for without in [vec![], vec!["label_03".to_owned()]] {
            let grouping = Grouping {
                without: true,
                names: without,
            };
            let groups = head.group(&ids, &grouping);
            assert_eq!(groups, Groups::of(series.clone(), &grouping));
            assert!(groups.labels.len() > 300 && groups.labels.len() < 600);
        }
    }
}

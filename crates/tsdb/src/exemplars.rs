//! Exemplars: a ring that overwrites the oldest.

use hashbrown::HashMap;
use model::Labels;
use std::collections::VecDeque;
use storage::Exemplar;

/// The newest exemplars of all series.
#[derive(Debug)]
pub(crate) struct ExemplarRing {
    capacity: usize,
    /// Ordering: as they came.
    ring: VecDeque<(Labels, Exemplar)>,
    /// Of each series in the ring, its newest time and how many of its exemplars the ring holds.
    newest: HashMap<Labels, (i64, u32)>,
}

impl ExemplarRing {
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            capacity,
            ring: VecDeque::new(),
            newest: HashMap::new(),
        }
    }

    pub(crate) fn capacity(&self) -> usize {
        self.capacity
    }

    pub(crate) fn len(&self) -> usize {
        self.ring.len()
    }

    /// Series that have some.
    pub(crate) fn series(&self) -> usize {
        self.newest.len()
    }

    /// Time of the oldest one.
    pub(crate) fn oldest(&self) -> Option<i64> {
        self.ring.front().map(|(_, exemplar)| exemplar.time)
    }

    /// Whether an exemplar at `time` would be the series' newest.
    pub(crate) fn takes(&self, series: &Labels, time: i64) -> bool {
        let known = self.newest.get(series);
        self.capacity > 0 && known.is_none_or(|(newest, _)| *newest < time)
    }

    /// Puts an exemplar in, and the oldest one out where the ring is full.
    pub(crate) fn push(&mut self, series: Labels, exemplar: Exemplar) {
        if self.capacity == 0 {
            return;
        }
        while self.ring.len() >= self.capacity {
            let Some((series, _)) = self.ring.pop_front() else {
                break;
            };
            if let Some((_, count)) = self.newest.get_mut(&series) {
                *count -= 1;
                if *count == 0 {
                    self.newest.remove(&series);
                }
            }
        }
        let entry = self.newest.entry(series.clone()).or_insert((i64::MIN, 0));
        entry.0 = entry.0.max(exemplar.time);
        entry.1 += 1;
        self.ring.push_back((series, exemplar));
    }

    /// All of them. Ordering: as they came.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &(Labels, Exemplar)> {
        self.ring.iter()
    }
}

/// Exemplars as the log has them: those that were told again at a rotation come twice, and late.
#[derive(Debug, Default)]
pub(crate) struct Replayed {
    all: Vec<(Labels, Exemplar)>,
}

impl Replayed {
    pub(crate) fn push(&mut self, series: Labels, exemplar: Exemplar) {
        self.all.push((series, exemplar));
    }

    /// The ring that they make.
    pub(crate) fn into_ring(mut self, capacity: usize) -> ExemplarRing {
        self.all.sort_by_key(|(_, exemplar)| exemplar.time);
        let mut ring = ExemplarRing::new(capacity);
        for (series, exemplar) in self.all {
            if ring.takes(&series, exemplar.time) {
                ring.push(series, exemplar);
            }
        }
        ring
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exemplar(time: i64) -> Exemplar {
        Exemplar {
            labels: Labels::empty(),
            value: 1.0,
            time,
        }
    }

    #[test]
    fn the_oldest_goes_and_a_forgotten_series_starts_anew() {
        let [a, b] = ["a", "b"].map(|name| Labels::from_pairs([("l", name)]));
        let mut ring = ExemplarRing::new(2);
        ring.push(a.clone(), exemplar(5));
        assert!(!ring.takes(&a, 5) && ring.takes(&a, 6) && ring.takes(&b, 1));
        ring.push(b.clone(), exemplar(6));
        ring.push(b.clone(), exemplar(7));
        assert!(ring.takes(&a, 5), "its only one was overwritten");
        assert_eq!((ring.len(), ring.series(), ring.oldest()), (2, 1, Some(6)));
        assert!(!ExemplarRing::new(0).takes(&a, 5));
    }

    #[test]
    fn those_told_twice_come_back_once_and_in_order() {
        let a = Labels::from_pairs([("l", "a")]);
        let mut replayed = Replayed::default();
        for time in [3, 4, 1, 3] {
            replayed.push(a.clone(), exemplar(time));
        }
        let ring = replayed.into_ring(10);
        let times: Vec<i64> = ring.iter().map(|(_, exemplar)| exemplar.time).collect();
        assert_eq!(times, [1, 3, 4]);
    }
}

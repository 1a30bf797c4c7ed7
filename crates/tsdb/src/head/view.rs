//! What a reader takes from the head at one moment.

use super::{Head, SharedGeneration};
use crate::generation::{Generation, LookBack, NO_TIME, Tail, Value};
use hashbrown::HashMap;
use model::{Histogram, TimeRange, TimestampMs};
use parking_lot::RwLockReadGuard;
use roaring::RoaringBitmap;
use std::sync::Arc;

/// A generation and what of it counts.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) samples: SharedGeneration,
    /// Out-of-order samples from this number on came later.
    pub(crate) late: u64,
}

/// A series and its newest sample.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Member {
    pub(crate) id: u32,
    /// The newest sample is not to be had without reading.
    pub(crate) is_hidden: bool,
    pub(crate) last_time: i64,
    pub(crate) last_value: f64,
}

impl Member {
    /// Whether the newest sample of all is known, and lies in the range.
    #[inline]
    pub(crate) fn is_newest_in(&self, range: TimeRange) -> bool {
        !self.is_hidden && range.contains(TimestampMs(self.last_time))
    }
}

/// Series and generations, as they were at one moment. Later samples in order are left out by time: they
/// only ever come behind the newest one.
#[derive(Debug)]
pub(crate) struct View {
    pub(crate) members: Vec<Member>,
    /// Newest samples that are histograms, by place in `members`.
    pub(crate) histograms: HashMap<usize, Arc<Histogram>>,
    /// Ordering: oldest first.
    pub(crate) generations: Vec<Seen>,
    /// Keeps the series from being forgotten.
    _pin: Arc<()>,
}

/// Members that are looked after without letting writers in between.
const AT_ONCE: usize = 1_024;

impl View {
    /// Where the newest sample of a member is not before `end`, makes the newest one before it the member's
    /// newest, if a generation knows it.
    pub(crate) fn go_back(&mut self, end: TimestampMs) {
        let until = end.0.saturating_sub(1);
        let mut tail = Tail::default();
        for (first, members) in (0..).step_by(AT_ONCE).zip(self.members.chunks_mut(AT_ONCE)) {
            let generations = self.generations.iter().rev();
            let guards: Vec<_> = generations.map(|seen| seen.samples.read()).collect();
            let newer = members.iter_mut().enumerate();
            for (place, member) in newer.filter(|(_, member)| member.last_time > until) {
                if member.is_hidden {
                    continue;
                }
                let mut found = guards
                    .iter()
                    .map(|one| one.newest_until(member.id, until, &mut tail));
                let found = found.find(|found| *found != LookBack::Nothing);
                if let Some(LookBack::Sample(last)) = found {
                    member.last_time = last.time;
                    member.last_value = f64::from_bits(last.bits);
                    self.histograms.remove(&(first + place));
                }
            }
        }
    }
}

/// Tells of series whether they may have samples in a range.
pub(crate) struct Living<'head> {
    head: &'head Head,
    /// Ordering: oldest first.
    guards: Vec<RwLockReadGuard<'head, Generation>>,
    range: TimeRange,
}

impl Living<'_> {
    /// Whether series `id` may have samples in the range.
    #[inline]
    pub(crate) fn has(&self, id: u32) -> bool {
        let last = self.head.last(id);
        if last.time == NO_TIME || last.time < self.range.start.0 {
            return false;
        }
        // The first generation's is the oldest, but for samples out of order.
        let mut firsts = self.guards.iter().filter_map(|one| one.first_time(id));
        firsts.any(|first| first < self.range.end.0)
    }

    /// The same, or whether its newest sample of all is in the range, wherever that is by now.
    #[inline]
    pub(crate) fn has_or_had(&self, id: u32) -> bool {
        let last = self.head.last(id);
        let is_newest = last.time != NO_TIME && self.range.contains(TimestampMs(last.time));
        (is_newest && self.head.deleted_last.get(&id) != Some(&last.time)) || self.has(id)
    }
}

impl Head {
    /// What is needed to tell which series may have samples in `range`.
    pub(crate) fn living(&self, range: TimeRange) -> Living<'_> {
        Living {
            head: self,
            guards: self.generations().map(|one| one.read()).collect(),
            range,
        }
    }

    /// The series of `ids` that may have samples in `range`.
    pub(crate) fn view(&self, ids: &RoaringBitmap, range: TimeRange) -> View {
        self.view_of(ids, range, false)
    }

    /// The same, and those whose newest sample is known though the samples have left for a block.
    pub(crate) fn view_newest(&self, ids: &RoaringBitmap, range: TimeRange) -> View {
        self.view_of(ids, range, true)
    }

    fn view_of(&self, ids: &RoaringBitmap, range: TimeRange, is_newest: bool) -> View {
        let living = self.living(range);
        let seen = self.generations().zip(&living.guards);
        let mut view = View {
            members: Vec::new(),
            histograms: HashMap::new(),
            generations: seen
                .map(|(samples, guard)| Seen {
                    samples: Arc::clone(samples),
                    late: guard.late_count(),
                })
                .collect(),
            _pin: self.pin(),
        };
        view.members
            .reserve(usize::try_from(ids.len()).unwrap_or(0));
        for id in ids {
            let last = self.last(id);
            let is_known = is_newest && range.contains(TimestampMs(last.time));
            if !is_known && !living.has(id) {
                continue;
            }
            if let Some(histogram) = self.last_histogram(id, last.time) {
                let histogram = Arc::clone(histogram);
                view.histograms.insert(view.members.len(), histogram);
            }
            view.members.push(Member {
                id,
                is_hidden: !self.deleted_last.is_empty()
                    && self.deleted_last.get(&id) == Some(&last.time),
                last_time: last.time,
                last_value: f64::from_bits(last.bits),
            });
        }
        view
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Float(value.to_bits())
    }
}

impl From<Arc<Histogram>> for Value {
    fn from(histogram: Arc<Histogram>) -> Self {
        Self::Histogram(histogram)
    }
}

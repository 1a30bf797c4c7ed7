//! Samples that came out of order.

use hashbrown::HashMap;
use model::Histogram;
use std::sync::Arc;

/// One sample that came after a newer one of its series.
#[derive(Debug, Clone)]
pub(crate) struct LateSample {
    pub(crate) time: i64,
    pub(crate) bits: u64,
    pub(crate) histogram: Option<Arc<Histogram>>,
    /// Late samples of the generation before this one.
    pub(crate) number: u64,
}

impl LateSample {
    fn is_same(&self, bits: u64, histogram: Option<&Arc<Histogram>>) -> bool {
        match (&self.histogram, histogram) {
            (None, None) => self.bits == bits,
            (Some(a), Some(b)) => a.same_bits(b),
            _ => false,
        }
    }
}

/// What is known of a sample before it goes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LateState {
    /// There is none at its time.
    New,
    /// It is there already.
    Same,
    /// Another one is there.
    Other,
}

/// Out-of-order samples by series; nothing for series without.
#[derive(Debug, Default)]
pub(crate) struct Late {
    /// Ordering: by time, which is unique.
    by_series: HashMap<u32, Vec<LateSample>>,
    count: u64,
}

impl Late {
    pub(crate) fn state(
        &self,
        series: u32,
        time: i64,
        bits: u64,
        histogram: Option<&Arc<Histogram>>,
    ) -> LateState {
        let samples = self.of(series);
        let found = samples
            .binary_search_by_key(&time, |sample| sample.time)
            .ok()
            .and_then(|at| samples.get(at));
        match found {
            None => LateState::New,
            Some(sample) if sample.is_same(bits, histogram) => LateState::Same,
            Some(_) => LateState::Other,
        }
    }

    /// Puts a sample in its place; whether there was room for it.
    pub(crate) fn insert(
        &mut self,
        series: u32,
        time: i64,
        bits: u64,
        histogram: Option<Arc<Histogram>>,
    ) -> bool {
        let samples = self.by_series.entry(series).or_default();
        let Err(at) = samples.binary_search_by_key(&time, |sample| sample.time) else {
            return false;
        };
        let number = self.count;
        self.count += 1;
        samples.insert(
            at,
            LateSample {
                time,
                bits,
                histogram,
                number,
            },
        );
        true
    }

    /// The samples of a series. Ordering: by time.
    pub(crate) fn of(&self, series: u32) -> &[LateSample] {
        self.by_series.get(&series).map_or(&[], Vec::as_slice)
    }

    /// Samples so far.
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.by_series.is_empty()
    }

    /// The series that have some.
    pub(crate) fn series(&self) -> impl Iterator<Item = u32> + '_ {
        self.by_series.keys().copied()
    }

    /// Heap bytes, roughly.
    pub(crate) fn bytes(&self) -> usize {
        usize::try_from(self.count).unwrap_or(usize::MAX) * size_of::<LateSample>()
            + self.by_series.capacity() * 40
    }
}

//! The head: all series with recent samples, the newest sample of each, and the generations.
//!
//! Its lock covers the index and the newest samples; every generation has a lock of its own, so that
//! readers keep the generations that they saw and need the head no more.

mod admit;
mod layout;
mod slots;
mod view;

pub(crate) use admit::{Admitted, Bounds};
pub(crate) use slots::Slots;
pub(crate) use view::{Living, Member, View};

use crate::generation::{Generation, Last, NO_TIME, Value};
use crate::paged::Paged;
use hashbrown::HashMap;
use index::HeadIndex;
use layout::Layouts;
use model::{Histogram, Labels, METRIC_NAME};
use parking_lot::RwLock;
use std::sync::Arc;
use storage::Error;

/// A generation that readers may hold on to.
pub(crate) type SharedGeneration = Arc<RwLock<Generation>>;

/// A generation that takes no more samples.
#[derive(Debug, Clone)]
pub(crate) struct Closed {
    pub(crate) samples: SharedGeneration,
    /// The log segments from this one on hold what is younger.
    pub(crate) segment: u64,
    /// Series from this number on came later.
    pub(crate) next_series: u32,
}

/// Limits on new series.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) series: usize,
    pub(crate) per_metric: usize,
}

/// Everything in memory. Whoever holds it for writing makes whole frames visible.
#[derive(Debug)]
pub(crate) struct Head {
    pub(crate) index: HeadIndex,
    pub(crate) layouts: Layouts,
    last: Paged<Last>,
    /// The histogram that is the newest sample of its series, if its time still is.
    last_histograms: HashMap<u32, (i64, Arc<Histogram>)>,
    /// Time of the newest sample of a series, where it is deleted.
    deleted_last: HashMap<u32, i64>,
    /// Series per metric; kept only where it is limited.
    per_metric: HashMap<Box<str>, usize>,
    limits: Limits,
    /// Ordering: oldest first.
    closed: Vec<Closed>,
    current: SharedGeneration,
    /// Time of the newest sample of all.
    pub(crate) newest: i64,
    /// Held by readers: what they selected is not forgotten.
    pin: Arc<()>,
    /// Series without samples, which go when the readers that may know them have gone.
    doomed: Vec<(Arc<()>, Vec<u32>)>,
    pub(crate) created: u64,
    pub(crate) removed: u64,
}

impl Head {
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            index: HeadIndex::default(),
            layouts: Layouts::default(),
            last: Paged::new(Last::NONE),
            last_histograms: HashMap::new(),
            deleted_last: HashMap::new(),
            per_metric: HashMap::new(),
            limits,
            closed: Vec::new(),
            current: SharedGeneration::default(),
            newest: i64::MIN,
            pin: Arc::new(()),
            doomed: Vec::new(),
            created: 0,
            removed: 0,
        }
    }

    /// Finds or makes a series, within the limits if `limits` holds some.
    pub(crate) fn register(
        &mut self,
        labels: &Labels,
        limits: Option<Limits>,
    ) -> storage::Result<u32> {
        if let Some(limits) = limits
            && (self.series() >= limits.series || limits.per_metric != usize::MAX)
        {
            if let Some(known) = self.index.find(labels) {
                return Ok(known);
            }
            let of_metric = self.per_metric.get(labels.metric_name());
            for (have, limit) in [
                (self.series(), limits.series),
                (of_metric.copied().unwrap_or(0), limits.per_metric),
            ] {
                if have >= limit {
                    return Err(Error::SeriesLimit { limit });
                }
            }
        }
        let full = |_| Error::SeriesLimit {
            limit: u32::MAX as usize,
        };
        let (id, is_new) = self.index.insert(labels).map_err(full)?;
        if is_new {
            self.created += 1;
            if self.limits.per_metric != usize::MAX {
                let name = labels.metric_name();
                *self.per_metric.entry_ref(name).or_insert(0) += 1;
            }
        }
        Ok(id)
    }

    /// The limits that it was made with.
    pub(crate) fn limits(&self) -> Limits {
        self.limits
    }

    /// Series that are there.
    pub(crate) fn series(&self) -> usize {
        self.index.len()
    }

    /// Stores an [admitted](Self::admit_frame) frame.
    pub(crate) fn apply_frame(&mut self, slots: &Slots, time: i64, values: &[f64]) {
        let mut generation = self.current.write();
        let mut appended = 0;
        for (run, values) in slots.runs(values) {
            let lasts = self.last.run_mut(run.first, run.len);
            appended += generation.push_run(run.first, lasts, time, values);
        }
        if appended > 0 {
            generation.count(appended, time);
            self.newest = self.newest.max(time);
        }
    }

    /// Stores one admitted sample behind the newest one of its series.
    pub(crate) fn apply(&mut self, series: u32, time: i64, value: Value) {
        let last = self.last.slot(series);
        if time <= last.time {
            return;
        }
        let mut generation = self.current.write();
        match value {
            Value::Float(bits) => {
                generation.push(series, *last, time, bits);
                *last = Last { time, bits };
            }
            Value::Histogram(histogram) => {
                let bits = f64::NAN.to_bits();
                *last = Last { time, bits };
                self.last_histograms
                    .insert(series, (time, Arc::clone(&histogram)));
                generation.push_histogram(series, time, histogram);
            }
        }
        generation.count(1, time);
        self.newest = self.newest.max(time);
    }

    /// Stores one admitted sample among older ones.
    pub(crate) fn apply_late(&mut self, series: u32, time: i64, value: Value) {
        let mut generation = self.current.write();
        if generation.push_late(series, time, value) {
            generation.count(1, time);
        }
        drop(generation);
        let last = self.last.slot(series);
        if last.time == NO_TIME {
            // Read back without what came before it.
            last.time = time;
            last.bits = f64::NAN.to_bits();
        } else if time < last.time {
            return;
        }
        self.deleted_last.insert(series, last.time);
    }

    /// The newest sample of a series; the time is [`NO_TIME`] where there is none.
    pub(crate) fn last(&self, series: u32) -> Last {
        self.last.get(series)
    }

    fn last_histogram(&self, series: u32, time: i64) -> Option<&Arc<Histogram>> {
        if self.last_histograms.is_empty() {
            return None;
        }
        let (at, histogram) = self.last_histograms.get(&series)?;
        (*at == time).then_some(histogram)
    }

    /// No series that is there now is forgotten before this is dropped.
    pub(crate) fn pin(&self) -> Arc<()> {
        Arc::clone(&self.pin)
    }

    /// All generations. Ordering: oldest first.
    pub(crate) fn generations(&self) -> impl Iterator<Item = &SharedGeneration> {
        let closed = self.closed.iter().map(|closed| &closed.samples);
        closed.chain([&self.current])
    }

    /// The one that takes samples.
    pub(crate) fn current(&self) -> &SharedGeneration {
        &self.current
    }

    /// Those that take no more. Ordering: oldest first.
    pub(crate) fn closed(&self) -> &[Closed] {
        &self.closed
    }

    /// Samples of all generations.
    pub(crate) fn samples(&self) -> u64 {
        let all = self.generations();
        all.map(|generation| generation.read().samples).sum()
    }

    /// Begins a new generation, whose samples the log has from `segment` on.
    pub(crate) fn rotate(&mut self, segment: u64) {
        let samples = std::mem::take(&mut self.current);
        self.closed.push(Closed {
            samples,
            segment,
            next_series: self.index.next_id(),
        });
    }

    /// Drops the oldest closed generation, and dooms the series that have no sample left and no layout.
    pub(crate) fn drop_oldest(&mut self) {
        if self.closed.is_empty() {
            return;
        }
        let gone = self.closed.remove(0);
        let pinned = self.layouts.pinned();
        let candidates = self.index.all().iter();
        let doomed: Vec<u32> = candidates
            .take_while(|id| *id < gone.next_series)
            .filter(|id| !pinned.contains(*id) && !self.has_samples(*id))
            .collect();
        // Whoever selects from now on does not see them: they have no samples.
        let readers = std::mem::replace(&mut self.pin, Arc::new(()));
        self.doomed.push((readers, doomed));
        self.forget();
    }

    /// Forgets doomed series that no reader can ask for any more.
    pub(crate) fn forget(&mut self) {
        let mut waiting = Vec::new();
        let mut forgotten = false;
        for (readers, doomed) in std::mem::take(&mut self.doomed) {
            if Arc::strong_count(&readers) > 1 {
                waiting.push((readers, doomed));
                continue;
            }
            let pinned = self.layouts.pinned();
            for id in doomed {
                if !pinned.contains(id) && !self.has_samples(id) {
                    self.remove(id);
                    forgotten = true;
                }
            }
        }
        self.doomed = waiting;
        if forgotten {
            let Self {
                index,
                last,
                deleted_last,
                last_histograms,
                ..
            } = self;
            last.free(|id| index.contains(id));
            last_histograms.retain(|id, (time, _)| last.get(*id).time == *time);
            deleted_last.retain(|id, time| last.get(*id).time == *time);
        }
    }

    fn remove(&mut self, id: u32) {
        if self.limits.per_metric != usize::MAX
            && let Some(name) = self.index.label(id, METRIC_NAME)
            && let Some(count) = self.per_metric.get_mut(name)
        {
            *count -= 1;
            if *count == 0 {
                self.per_metric.remove(name);
            }
        }
        if self.index.remove(id) {
            self.removed += 1;
            *self.last.slot(id) = Last::NONE;
        }
    }

    fn has_samples(&self, id: u32) -> bool {
        let mut all = self.generations();
        all.any(|generation| generation.read().first_time(id).is_some())
    }

    /// Hides the samples of a series that are there now and lie in the range.
    pub(crate) fn delete(&mut self, series: u32, start: i64, end: i64) {
        for generation in self.generations() {
            let mut generation = generation.write();
            if generation.first_time(series).is_some() {
                generation.delete(series, start, end);
            }
        }
        self.hide_newest(series, start, end);
    }

    /// From now on the newest sample of a series counts as deleted if it lies in the range.
    pub(crate) fn hide_newest(&mut self, series: u32, start: i64, end: i64) {
        let last = self.last.get(series);
        if last.time != NO_TIME && start <= last.time && last.time < end {
            self.deleted_last.insert(series, last.time);
        }
    }

    /// Heap bytes of samples.
    pub(crate) fn sample_bytes(&self) -> usize {
        let all = self.generations();
        all.map(|generation| generation.read().bytes()).sum()
    }

    /// Heap bytes of everything.
    pub(crate) fn bytes(&self) -> usize {
        self.sample_bytes() + self.index.heap_bytes() + self.last.bytes()
    }
}

//! A generation: all samples since the last seal.
//!
//! Per series an [`Open`] chunk of 48 bytes, and its tokens in nodes of one arena. Series that got a
//! native histogram go on in a list of their own, samples out of order in another. Written under its
//! lock until the head rotates, never after.

mod arena;
mod decode;
mod late;
mod merge;
mod open;
mod tail;
mod token;

pub(crate) use decode::mix;
pub(crate) use late::LateState;
pub(crate) use merge::{append, is_behind, merge};
pub(crate) use open::{Last, NO_TIME};
pub(crate) use tail::Tail;

use crate::paged::Paged;
use crate::wal::ABSENT_BITS;
use arena::Arena;
use hashbrown::HashMap;
use late::{Late, LateSample};
use merge::cut_out;
use model::{Histogram, TimeRange};
use open::Open;
use std::sync::Arc;
use storage::Column;
use token::Start;

/// A value that is a float or a histogram.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    /// Bits of a float.
    Float(u64),
    /// A native histogram that is not stale.
    Histogram(Arc<Histogram>),
}

/// All samples since the last seal.
#[derive(Debug)]
pub(crate) struct Generation {
    opens: Paged<Open>,
    nodes: Arena,
    /// Samples of a series from its first histogram on. Ordering: by time.
    mixed: HashMap<u32, Vec<(i64, Value)>>,
    histogram_bytes: usize,
    late: Late,
    /// Deleted ranges by series. Bounds: start included, end excluded.
    deleted: HashMap<u32, Vec<(i64, i64)>>,
    pub(crate) samples: u64,
    pub(crate) series: u32,
    pub(crate) min_time: i64,
    pub(crate) max_time: i64,
}

impl Default for Generation {
    fn default() -> Self {
        Self {
            opens: Paged::new(Open::EMPTY),
            nodes: Arena::default(),
            mixed: HashMap::new(),
            histogram_bytes: 0,
            late: Late::default(),
            deleted: HashMap::new(),
            samples: 0,
            series: 0,
            min_time: i64::MAX,
            max_time: i64::MIN,
        }
    }
}

impl Generation {
    /// Appends a float behind the series' newest sample; what counts samples and the newest time is left
    /// to [`count`](Self::count), once per call of a writer.
    pub(crate) fn push(&mut self, series: u32, last: Last, time: i64, bits: u64) {
        let open = self.opens.slot(series);
        if open.is_empty() {
            open.start(time, bits);
            self.series += 1;
            self.min_time = self.min_time.min(time);
        } else if open.is_mixed() || self.nodes.is_full() {
            open.make_mixed(time);
            self.push_mixed(series, time, Value::Float(bits));
        } else {
            open.push(&mut self.nodes, last, time, bits);
        }
    }

    /// Appends samples of one time to series that follow each other in one page, and makes them their
    /// newest ones; [`ABSENT_BITS`] where there is none. Gives the number of samples.
    pub(crate) fn push_run(
        &mut self,
        first: u32,
        lasts: &mut [Last],
        time: i64,
        values: &[f64],
    ) -> u64 {
        let len = u32::try_from(lasts.len()).unwrap_or(0);
        let (mut appended, mut started) = (0, 0);
        let opens = self.opens.run_mut(first, len).iter_mut();
        for ((id, open), (last, value)) in (first..).zip(opens).zip(lasts.iter_mut().zip(values)) {
            let bits = value.to_bits();
            // Times rise, but where a log was tampered with.
            if bits == ABSENT_BITS || time <= last.time {
                continue;
            }
            appended += 1;
            if open.is_foreseen(*last, time, bits) {
                last.time = time;
                continue;
            }
            if open.is_empty() {
                open.start(time, bits);
                started += 1;
            } else if open.is_mixed() || self.nodes.is_full() {
                open.make_mixed(time);
                let samples = self.mixed.entry(id).or_default();
                samples.push((time, Value::Float(bits)));
            } else {
                open.push(&mut self.nodes, *last, time, bits);
            }
            *last = Last { time, bits };
        }
        if started > 0 {
            self.series += started;
            self.min_time = self.min_time.min(time);
        }
        appended
    }

    #[cold]
    fn push_mixed(&mut self, series: u32, time: i64, value: Value) {
        if let Value::Histogram(histogram) = &value {
            self.histogram_bytes += size_of::<Histogram>() + histogram.heap_bytes();
        }
        self.mixed.entry(series).or_default().push((time, value));
    }

    /// Appends a histogram behind the series' newest sample.
    pub(crate) fn push_histogram(&mut self, series: u32, time: i64, histogram: Arc<Histogram>) {
        let open = self.opens.slot(series);
        if open.is_empty() {
            self.series += 1;
            self.min_time = self.min_time.min(time);
        }
        open.make_mixed(time);
        self.push_mixed(series, time, Value::Histogram(histogram));
    }

    /// Puts a sample among those out of order; whether it is there now.
    pub(crate) fn push_late(&mut self, series: u32, time: i64, value: Value) -> bool {
        let (bits, histogram) = match value {
            Value::Float(bits) => (bits, None),
            Value::Histogram(histogram) => (f64::NAN.to_bits(), Some(histogram)),
        };
        let is_new = self.late.insert(series, time, bits, histogram);
        if is_new {
            self.min_time = self.min_time.min(time);
        }
        is_new
    }

    /// Notes samples that were appended.
    #[inline]
    pub(crate) fn count(&mut self, samples: u64, newest: i64) {
        self.samples += samples;
        self.max_time = self.max_time.max(newest);
    }

    /// What is known of an out-of-order sample.
    pub(crate) fn late_state(&self, series: u32, time: i64, value: &Value) -> LateState {
        match value {
            Value::Float(bits) => self.late.state(series, time, *bits, None),
            Value::Histogram(histogram) => {
                let bits = f64::NAN.to_bits();
                self.late.state(series, time, bits, Some(histogram))
            }
        }
    }

    /// Out-of-order samples so far.
    pub(crate) fn late_count(&self) -> u64 {
        self.late.count()
    }

    /// Hides samples of a series that are there now.
    pub(crate) fn delete(&mut self, series: u32, start: i64, end: i64) {
        self.deleted.entry(series).or_default().push((start, end));
    }

    /// Time of the series' first sample here, those out of order included.
    #[inline]
    pub(crate) fn first_time(&self, series: u32) -> Option<i64> {
        let first = Some(self.opens.get(series).first_time).filter(|time| *time != NO_TIME);
        if self.late.is_empty() {
            return first;
        }
        let late = self.late.of(series).first().map(|sample| sample.time);
        first.into_iter().chain(late).min()
    }

    /// All series that have samples. Ordering: none.
    pub(crate) fn all_series(&self) -> Vec<u32> {
        let has = |id: &u32| !self.opens.get(*id).is_empty();
        let mut ids: Vec<u32> = self.opens.numbers().filter(has).collect();
        let only_late = self.late.series();
        ids.extend(only_late.filter(|id| self.opens.get(*id).is_empty()));
        ids
    }

    /// Heap bytes.
    pub(crate) fn bytes(&self) -> usize {
        let lists: usize = self
            .mixed
            .values()
            .map(|samples| samples.capacity() * size_of::<(i64, Value)>())
            .sum();
        self.opens.bytes() + self.nodes.bytes() + self.histogram_bytes + lists + self.late.bytes()
    }

    /// Chunks: one per series with in-order samples.
    pub(crate) fn chunks(&self) -> u64 {
        u64::from(self.series)
    }

    /// The newest sample of a series at or before `until`.
    pub(crate) fn newest_until(&self, series: u32, until: i64, tail: &mut Tail) -> LookBack {
        if !self.late.is_empty() && !self.late.of(series).is_empty() {
            return LookBack::Unknown;
        }
        let open = self.opens.get(series);
        if open.is_empty() || open.first_time > until {
            return LookBack::Nothing;
        }
        if self.deleted.contains_key(&series) {
            return LookBack::Unknown;
        }
        let Some((found, run)) = tail.find(&open, &self.nodes, until) else {
            return LookBack::Unknown;
        };
        let mut time = found.time;
        if run > 0 && found.step > 0 {
            let most = i64::try_from(run).unwrap_or(i64::MAX);
            let last = time.saturating_add(most.saturating_mul(found.step));
            time = if last <= until {
                last
            } else {
                time.wrapping_add((until - time) / found.step * found.step)
            };
        }
        LookBack::Sample(Last {
            time,
            bits: found.bits,
        })
    }

    /// Copies what reading `series` from time `since` on needs, so that decoding needs no lock. Out-of-order
    /// samples from number `late` on are left out.
    pub(crate) fn gather(&self, series: u32, late: u64, since: i64, into: &mut Gathered) -> bool {
        into.open = self.opens.get(series);
        into.mixed.clear();
        into.late.clear();
        into.deleted.clear();
        if !into.open.is_empty() {
            into.start = into.tail.copy(&into.open, &self.nodes, since);
            if into.open.is_mixed() {
                into.mixed
                    .extend(self.mixed.get(&series).into_iter().flatten().cloned());
            }
        }
        if !self.late.is_empty() {
            let seen = self.late.of(series).iter();
            into.late
                .extend(seen.filter(|sample| sample.number < late).cloned());
        }
        if let Some(ranges) = self.deleted.get(&series) {
            into.deleted.extend_from_slice(ranges);
        }
        !into.open.is_empty() || !into.late.is_empty()
    }
}

/// What a generation knows of a series' newest sample until a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LookBack {
    /// There is none here.
    Nothing,
    /// It.
    Sample(Last),
    /// It must be read.
    Unknown,
}

/// Samples of one series of one generation, as they lay there.
#[derive(Debug)]
pub(crate) struct Gathered {
    open: Open,
    /// The sample before the tokens.
    start: Start,
    tail: Tail,
    mixed: Vec<(i64, Value)>,
    late: Vec<LateSample>,
    deleted: Vec<(i64, i64)>,
}

impl Default for Gathered {
    fn default() -> Self {
        Self {
            open: Open::EMPTY,
            start: Start::first(&Open::EMPTY),
            tail: Tail::default(),
            mixed: Vec::new(),
            late: Vec::new(),
            deleted: Vec::new(),
        }
    }
}

impl Gathered {
    /// Whether the samples are one chunk and nothing else, so that they can be appended to a column.
    pub(crate) fn is_plain(&self) -> bool {
        self.mixed.is_empty() && self.late.is_empty() && self.deleted.is_empty()
    }

    /// Time of the first sample in order.
    pub(crate) fn first_time(&self) -> i64 {
        self.open.first_time
    }

    /// Appends the samples in `range` to `column`, whose samples are all older, but for those that stand beside
    /// the chunk; the range does not begin before what was gathered. Gives the key of their times.
    pub(crate) fn append(&self, range: TimeRange, column: &mut Column) -> columns::Result<u64> {
        if !self.open.has_floats() {
            return Ok(0);
        }
        let tokens = self.tail.bytes();
        decode::decode(&self.start, tokens, self.open.run, range, column)
    }

    /// Reads the samples in `range` into `column`, whose old content goes: those in order before `end`,
    /// and those out of order. The range does not begin before what was gathered.
    pub(crate) fn read(
        &self,
        range: TimeRange,
        end: i64,
        column: &mut Column,
    ) -> columns::Result<()> {
        column.clear();
        let mut in_order = range;
        in_order.end.0 = range.end.0.min(end);
        self.append(in_order, column)?;
        for (time, value) in &self.mixed {
            if in_order.contains(model::TimestampMs(*time)) {
                match value {
                    Value::Float(bits) => column.push(*time, f64::from_bits(*bits)),
                    Value::Histogram(histogram) => {
                        column.push_histogram(*time, Arc::clone(histogram));
                    }
                }
            }
        }
        let mut late = Column::default();
        for sample in &self.late {
            if range.contains(model::TimestampMs(sample.time)) {
                match &sample.histogram {
                    Some(histogram) => late.push_histogram(sample.time, Arc::clone(histogram)),
                    None => late.push(sample.time, f64::from_bits(sample.bits)),
                }
            }
        }
        merge(column, &late);
        cut_out(column, &self.deleted);
        Ok(())
    }
}

//! Which samples are taken.

use super::{Head, Slots};
use crate::generation::{Last, LateState, NO_TIME, Value};
use crate::wal::ABSENT_BITS;
use hashbrown::HashMap;
use model::{STALE_NAN_BITS, TimestampMs};
use storage::FrameOutcome;

/// A sample further ahead of the clock is refused.
const MAX_AHEAD: i64 = 10 * 60_000;

/// What times are taken at the moment of a call.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    earliest: i64,
    latest: i64,
    /// Samples behind the newest of their series are taken from here on.
    late_from: Option<i64>,
}

impl Bounds {
    /// The bounds at `now`, where `newest` is the time of the newest sample of all.
    pub(crate) fn new(options: &crate::Options, now: TimestampMs, newest: i64) -> Self {
        let window = options.out_of_order_window.0;
        Self {
            // The very first millisecond stands for "no sample".
            earliest: options.cutoff(now.0).max(NO_TIME + 1),
            latest: now.0.saturating_add(MAX_AHEAD),
            late_from: (window > 0).then(|| newest.saturating_sub(window)),
        }
    }

    fn has(self, time: i64) -> bool {
        self.earliest <= time && time <= self.latest
    }
}

/// What becomes of one sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    InOrder,
    Late,
    /// It says nothing new.
    Nothing,
    OutOfOrder,
    TooOld,
    OutOfBounds,
    Duplicate,
}

/// Samples that are taken, and what became of the others.
#[derive(Debug)]
pub(crate) struct Admitted<T> {
    pub(crate) in_order: Vec<(u32, i64, T)>,
    pub(crate) late: Vec<(u32, i64, T)>,
    pub(crate) outcome: FrameOutcome,
}

impl<T> Admitted<T> {
    pub(crate) fn is_empty(&self) -> bool {
        self.in_order.is_empty() && self.late.is_empty()
    }
}

/// What samples of the same call came before.
#[derive(Default)]
struct Pending {
    last: HashMap<u32, (i64, Value)>,
    late: HashMap<(u32, i64), Value>,
}

impl Head {
    /// Copies the frame's values to `out`, with [`ABSENT_BITS`] where a slot has nothing to say, and
    /// gives the number of samples. `None`: some slot is late or otherwise odd, so that the samples have
    /// to be looked at one by one.
    pub(crate) fn admit_frame(
        &self,
        slots: &Slots,
        time: i64,
        values: &[f64],
        bounds: Bounds,
        out: &mut Vec<f64>,
    ) -> Option<usize> {
        out.clear();
        if !bounds.has(time) {
            return None;
        }
        let mut absent = 0;
        let mut is_plain = true;
        let mut admit = |last: Last, value: f64| {
            let bits = value.to_bits();
            is_plain &= time > last.time && bits != ABSENT_BITS;
            // A series without samples has no value either: nothing ends.
            if bits == STALE_NAN_BITS && (last.bits == bits || last.time == NO_TIME) {
                absent += 1;
                return f64::from_bits(ABSENT_BITS);
            }
            value
        };
        for (run, values) in slots.runs(values) {
            if let Some(lasts) = self.last.run(run.first, run.len) {
                let samples = lasts.iter().zip(values);
                out.extend(samples.map(|(last, value)| admit(*last, *value)));
            } else {
                out.extend(values.iter().map(|value| admit(Last::NONE, *value)));
            }
        }
        is_plain.then_some(out.len() - absent)
    }

    /// Takes samples one by one.
    pub(crate) fn admit<T>(
        &self,
        samples: &[(u32, i64, T)],
        bounds: Bounds,
        value_of: impl Fn(&T) -> Value,
    ) -> Admitted<T>
    where
        T: Clone,
    {
        let mut admitted = Admitted {
            in_order: Vec::with_capacity(samples.len()),
            late: Vec::new(),
            outcome: FrameOutcome::default(),
        };
        // Where numbers only rise, no sample can depend on another one of the call.
        let is_rising = samples.is_sorted_by(|(a, ..), (b, ..)| a < b);
        let mut pending = Pending::default();
        for sample in samples {
            let (series, time, value) = (sample.0, sample.1, value_of(&sample.2));
            let outcome = &mut admitted.outcome;
            match self.judge(series, time, &value, bounds, &pending) {
                Verdict::InOrder => {
                    outcome.appended += 1;
                    admitted.in_order.push(sample.clone());
                    if !is_rising {
                        pending.last.insert(series, (time, value));
                    }
                }
                Verdict::Late => {
                    outcome.appended += 1;
                    admitted.late.push(sample.clone());
                    if !is_rising {
                        pending.late.insert((series, time), value);
                    }
                }
                Verdict::Nothing => {}
                Verdict::OutOfOrder => outcome.out_of_order += 1,
                Verdict::TooOld => outcome.too_old += 1,
                Verdict::OutOfBounds => outcome.out_of_bounds += 1,
                Verdict::Duplicate => outcome.duplicate += 1,
            }
        }
        admitted
    }

    fn judge(
        &self,
        series: u32,
        time: i64,
        value: &Value,
        bounds: Bounds,
        pending: &Pending,
    ) -> Verdict {
        let known = pending.last.get(&series);
        let last_time = known.map_or_else(|| self.last.get(series).time, |(time, _)| *time);
        let has_last = last_time != NO_TIME;
        if is_stale(value) {
            let is_over = match known {
                Some((_, value)) => is_stale(value),
                None => self.last.get(series).bits == STALE_NAN_BITS,
            };
            if is_over || !has_last {
                return Verdict::Nothing;
            }
        }
        if !bounds.has(time) {
            return Verdict::OutOfBounds;
        }
        if time > last_time {
            return Verdict::InOrder;
        }
        if time == last_time {
            let is_same = match known {
                Some((_, known)) => same(known, value),
                None => self.is_last(series, value),
            };
            return if is_same {
                Verdict::Nothing
            } else {
                Verdict::Duplicate
            };
        }
        match bounds.late_from {
            None => Verdict::OutOfOrder,
            Some(from) if time < from => Verdict::TooOld,
            Some(_) => match pending.late.get(&(series, time)) {
                Some(known) if same(known, value) => Verdict::Nothing,
                Some(_) => Verdict::Duplicate,
                None => self.judge_late(series, time, value),
            },
        }
    }

    fn judge_late(&self, series: u32, time: i64, value: &Value) -> Verdict {
        for generation in self.generations() {
            match generation.read().late_state(series, time, value) {
                LateState::New => {}
                LateState::Same => return Verdict::Nothing,
                LateState::Other => return Verdict::Duplicate,
            }
        }
        Verdict::Late
    }

    /// Whether the newest sample of the series has this value.
    fn is_last(&self, series: u32, value: &Value) -> bool {
        let Last { time, bits } = self.last.get(series);
        match (self.last_histogram(series, time), value) {
            (None, Value::Float(value)) => bits == *value,
            (Some(a), Value::Histogram(b)) => a.same_bits(b),
            _ => false,
        }
    }
}

fn is_stale(value: &Value) -> bool {
    matches!(value, Value::Float(STALE_NAN_BITS))
}

fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Float(a), Value::Float(b)) => a == b,
        (Value::Histogram(a), Value::Histogram(b)) => a.same_bits(b),
        _ => false,
    }
}

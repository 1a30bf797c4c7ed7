//! The database against the plain storage of the traits' crate: same calls, same content.

use crate::fixture::{NOW, content, newest, open, open_with, options, series};
use model::{Labels, TimeRange, TimestampMs, stale_nan};
use proptest::prelude::*;
use storage::{Appender, Frame, LayoutId, LooseSample, MemStorage, SeriesId};
use vfs::MemDisk;

#[derive(Debug, Clone)]
enum Call {
    Layout(Vec<usize>),
    Frame {
        layout: usize,
        time: i64,
        values: Vec<f64>,
    },
    Loose {
        series: usize,
        time: i64,
        value: f64,
    },
    Reopen,
}

fn value() -> impl Strategy<Value = f64> {
    prop_oneof![
        3 => (-5i32..100).prop_map(f64::from),
        1 => any::<u64>().prop_map(f64::from_bits),
        1 => Just(stale_nan()),
        1 => Just(0.1),
    ]
}

fn call() -> impl Strategy<Value = Call> {
    prop_oneof![
        1 => prop::collection::vec(0usize..6, 1..5).prop_map(|mut slots| {
            slots.sort_unstable();
            slots.dedup();
            Call::Layout(slots)
        }),
        12 => (0usize..6, 0i64..2_000, prop::collection::vec(value(), 5))
            .prop_map(|(layout, time, values)| Call::Frame { layout, time, values }),
        3 => (0usize..6, 0i64..2_000, value())
            .prop_map(|(series, time, value)| Call::Loose { series, time, value }),
        1 => Just(Call::Reopen),
    ]
}

struct Side<'a, S: Appender> {
    store: &'a S,
    series: Vec<SeriesId>,
    layouts: Vec<(LayoutId, usize)>,
}

fn side<S: Appender>(store: &S) -> Side<'_, S> {
    let labels: Vec<Labels> = (0..6).map(|index| series(&format!("s{index}"))).collect();
    let series = store
        .register(&labels)
        .unwrap()
        .into_iter()
        .map(Result::unwrap)
        .collect();
    Side {
        store,
        series,
        layouts: Vec::new(),
    }
}

impl<S: Appender> Side<'_, S> {
    fn layout(&mut self, slots: &[usize]) {
        let ids: Vec<SeriesId> = slots.iter().map(|slot| self.series[*slot]).collect();
        self.layouts
            .push((self.store.layout(&ids).unwrap(), ids.len()));
    }

    fn frame(&self, layout: usize, time: i64, values: &[f64]) {
        if let Some((layout, slots)) = self.layouts.get(layout) {
            let values = &values[..*slots];
            let time = TimestampMs(NOW + time);
            self.store
                .append_frame(Frame {
                    layout: *layout,
                    time,
                    values,
                })
                .unwrap();
        }
    }

    /// Carries out a call that stores samples, at a time that [`next_time`] gave.
    fn call(&self, call: &Call, time: i64) {
        match call {
            Call::Frame { layout, values, .. } => self.frame(*layout, time, values),
            Call::Loose { series, value, .. } => self.loose(*series, time, *value),
            Call::Layout(_) | Call::Reopen => {}
        }
    }

    fn loose(&self, series: usize, time: i64, value: f64) {
        let time = TimestampMs(NOW + time);
        self.store
            .append_loose(&[LooseSample {
                series: self.series[series],
                time,
                value,
            }])
            .unwrap();
    }
}

/// Frames go forward in time; loose samples come from around the newest frame.
fn next_time(clock: &mut i64, call: &Call) -> i64 {
    match call {
        Call::Frame { time, .. } => {
            *clock += 1 + time / 100;
            *clock
        }
        Call::Loose { time, .. } => (*clock + time - 1_000).min(*clock),
        Call::Layout(_) | Call::Reopen => *clock,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_calls_store_what_the_plain_storage_stores(calls in prop::collection::vec(call(), 1..300)) {
        let disk = MemDisk::default();
        let plain = MemStorage::default();
        let mut expected = side(&plain);
        let mut db = open(&disk);
        let mut known: Vec<Vec<usize>> = Vec::new();
        let mut clock = 0;
        let mut calls = calls.into_iter().peekable();
        while calls.peek().is_some() {
            let mut actual = side(&db);
            for slots in &known {
                actual.layout(slots);
            }
            for call in calls.by_ref() {
                match call {
                    Call::Layout(slots) => {
                        expected.layout(&slots);
                        actual.layout(&slots);
                        known.push(slots);
                    }
                    Call::Reopen => break,
                    call => {
                        let time = next_time(&mut clock, &call);
                        expected.call(&call, time);
                        actual.call(&call, time);
                    }
                }
            }
            prop_assert_eq!(content(&db), content(&plain));
            drop(db);
            db = open(&disk);
            prop_assert_eq!(content(&db), content(&plain));
        }
    }

    #[test]
    fn wherever_samples_lie_they_are_what_the_plain_storage_stores(
        calls in prop::collection::vec((call(), 0u8..30), 1..200)
    ) {
        let disk = MemDisk::default();
        let plain = MemStorage::default();
        let mut expected = side(&plain);
        // Windows of a second, so that there are many blocks.
        let options = tsdb::Options {
            min_block_duration: model::DurationMs(1_000),
            ..options()
        };
        let db = open_with(&disk, options.clone());
        let mut actual = side(&db);
        // Else those without samples in memory are forgotten.
        db.layout(&actual.series).unwrap();
        let mut clock = 0;
        for (call, then) in calls {
            match call {
                Call::Layout(slots) => {
                    expected.layout(&slots);
                    actual.layout(&slots);
                }
                Call::Reopen => {}
                call => {
                    let time = next_time(&mut clock, &call);
                    expected.call(&call, time);
                    actual.call(&call, time);
                }
            }
            match then {
                0 => db.rotate(),
                1 => db.flush().unwrap(),
                2 => {
                    let before = clock / 2;
                    let earlier = [(0, clock * 7 / 8), (before, clock * 3 / 4), (0, before)];
                    let latest = [(0, clock + 1), (before, clock + 1), (before, clock - 1)];
                    for (from, to) in latest.into_iter().chain(earlier) {
                        let range = TimeRange::new(TimestampMs(NOW + from), TimestampMs(NOW + to));
                        prop_assert_eq!(newest(&db, range), newest(&plain, range));
                    }
                }
                _ => {}
            }
        }
        prop_assert_eq!(content(&db), content(&plain));
        drop(db);
        prop_assert_eq!(content(&open_with(&disk, options)), content(&plain));
    }
}

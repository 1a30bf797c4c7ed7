//! Which samples are taken: order, bounds, windows, limits.

use crate::fixture::{DAY, NOW, append, content, layout, loose, open, open_with, options, series};
use clock::ManualClock;
use model::{DurationMs, Labels, TimeRange, TimestampMs, stale_nan};
use std::sync::Arc;
use storage::{Appender, Error, Frame, FrameOutcome, LooseSample};
use tsdb::{Db, Options};
use vfs::MemDisk;

const MINUTE: i64 = 60_000;

fn appended(outcome: FrameOutcome) -> bool {
    let expected = FrameOutcome {
        appended: 1,
        ..FrameOutcome::default()
    };
    outcome == expected
}

fn windowed(disk: &MemDisk) -> Db {
    let options = Options {
        out_of_order_window: DurationMs(10 * MINUTE),
        ..options()
    };
    open_with(disk, options)
}

#[test]
fn far_future_and_ancient_samples_are_out_of_bounds_and_harm_nothing() {
    let db = open(&MemDisk::default());
    let now = NOW + DAY;
    let one = FrameOutcome {
        out_of_bounds: 1,
        ..FrameOutcome::default()
    };
    assert_eq!(loose(&db, "a", now + 10 * MINUTE + 1, 1.0), one);
    assert_eq!(loose(&db, "a", i64::MAX, 1.0), one);
    assert_eq!(loose(&db, "a", now - 15 * DAY - 1, 1.0), one);
    assert_eq!(loose(&db, "a", i64::MIN, 1.0), one);
    assert!(appended(loose(&db, "a", now - 15 * DAY, 1.0)));
    assert!(appended(loose(&db, "a", now + 10 * MINUTE, 1.0)));
    let both = layout(&db, &["b", "c"]);
    let frame = Frame {
        layout: both,
        time: TimestampMs(now + DAY),
        values: &[1.0, stale_nan()],
    };
    let outcome = db.append_frame(frame).unwrap();
    assert_eq!(outcome, one, "a stale marker ends nothing here");
    append(&db, both, now, &[1.0, 2.0]);
    assert_eq!(content(&db).len(), 3);
}

#[test]
fn a_clock_that_jumps_both_ways_loses_no_sample_that_is_in_order() {
    let clock = ManualClock::at(TimestampMs(NOW));
    let disk = MemDisk::default();
    let db = Db::open(options(), Arc::new(disk.clone()), Arc::new(clock.clone())).unwrap();
    let one = layout(&db, &["a"]);
    let append = |time: i64, value: f64| {
        let frame = Frame {
            layout: one,
            time: TimestampMs(time),
            values: &[value],
        };
        db.append_frame(frame).unwrap()
    };
    assert!(appended(append(NOW, 1.0)));
    clock.advance(DurationMs(DAY));
    assert!(appended(append(NOW + DAY, 2.0)));
    clock.advance(DurationMs(-DAY));
    let back = append(NOW + 15_000, 3.0);
    assert_eq!((back.appended, back.out_of_order), (0, 1));
    clock.advance(DurationMs(DAY + MINUTE));
    assert!(appended(append(NOW + DAY + MINUTE, 4.0)));
    let before = content(&db);
    assert_eq!(before["a{job=\"test\"}"].len(), 3);
    drop(db);
    assert_eq!(content(&open(&disk)), before);
}

#[test]
fn samples_within_the_window_go_in_between_and_those_behind_it_are_too_old() {
    let disk = MemDisk::default();
    let db = windowed(&disk);
    for step in [0, 5, 10] {
        assert!(appended(loose(&db, "a", NOW + step * MINUTE, step as f64)));
    }
    assert!(appended(loose(&db, "a", NOW + 7 * MINUTE, 7.0)));
    assert!(appended(loose(&db, "a", NOW + 2 * MINUTE, 2.0)));
    let again = loose(&db, "a", NOW + 7 * MINUTE, 7.0);
    assert_eq!(again, FrameOutcome::default(), "said before");
    assert_eq!(loose(&db, "a", NOW + 7 * MINUTE, 8.0).duplicate, 1);
    assert_eq!(loose(&db, "a", NOW - 1, 8.0).too_old, 1);
    db.rotate();
    assert_eq!(loose(&db, "a", NOW + 7 * MINUTE, 8.0).duplicate, 1);
    assert!(appended(loose(&db, "a", NOW + 8 * MINUTE, 8.0)));
    let minutes = |column: &storage::Column| -> Vec<i64> {
        column.times.iter().map(|t| (t - NOW) / MINUTE).collect()
    };
    let column = crate::fixture::read(&db, "a", TimeRange::ALL);
    assert_eq!(minutes(&column), [0, 2, 5, 7, 8, 10]);
    assert_eq!(column.values, [0.0, 2.0, 5.0, 7.0, 8.0, 10.0]);
    assert_eq!(column.timeline, None);
    let part = TimeRange::new(TimestampMs(NOW + MINUTE), TimestampMs(NOW + 8 * MINUTE));
    assert_eq!(minutes(&crate::fixture::read(&db, "a", part)), [2, 5, 7]);
    let before = content(&db);
    drop(db);
    assert_eq!(content(&windowed(&disk)), before);
}

#[test]
fn late_samples_that_come_after_a_selection_do_not_show_in_it() {
    use storage::{Column, Matchers, Queryable};
    let db = windowed(&MemDisk::default());
    loose(&db, "a", NOW, 1.0);
    loose(&db, "a", NOW + 2, 1.0);
    let selection = db
        .select(&Matchers::compile(&[]).unwrap(), TimeRange::ALL)
        .unwrap();
    loose(&db, "a", NOW + 1, 1.0);
    let mut column = Column::default();
    selection
        .reader()
        .read(0, TimeRange::ALL, &mut column)
        .unwrap();
    assert_eq!(column.times, [NOW, NOW + 2]);
}

#[test]
fn samples_of_one_call_are_judged_one_after_the_other() {
    let db = windowed(&MemDisk::default());
    let id = db.register(&[series("a")]).unwrap().remove(0).unwrap();
    let samples = [
        (5, 1.0),
        (5, 1.0),
        (5, 2.0),
        (3, 1.0),
        (3, 1.0),
        (3, 2.0),
        (9, 1.0),
    ];
    let samples = samples.map(|(time, value)| LooseSample {
        series: id,
        time: TimestampMs(NOW + time),
        value,
    });
    let outcome = db.append_loose(&samples).unwrap();
    // What is late is judged by the newest sample of all at the start of the call: there was none.
    assert_eq!((outcome.appended, outcome.duplicate), (3, 2));
    assert_eq!(content(&db)["a{job=\"test\"}"].len(), 3);
}

#[test]
fn a_frame_that_is_late_for_one_series_stores_the_others() {
    let db = open(&MemDisk::default());
    loose(&db, "b", NOW + 10, 1.0);
    let both = layout(&db, &["a", "b"]);
    let frame = Frame {
        layout: both,
        time: TimestampMs(NOW),
        values: &[1.0, 2.0],
    };
    let outcome = db.append_frame(frame).unwrap();
    assert_eq!((outcome.appended, outcome.out_of_order), (1, 1));
    append(&db, both, NOW + 20, &[1.0, 2.0]);
    assert_eq!(content(&db)["a{job=\"test\"}"].len(), 2);
}

#[test]
fn every_bit_of_a_value_comes_back_even_those_that_mean_something_in_the_log() {
    let disk = MemDisk::default();
    let db = open(&disk);
    let odd = [
        0x7ff0_a85e_0000_0001,
        0x7ff8_0000_dead_beef,
        1 << 63,
        0x7ff0 << 48,
        0xfff0 << 48,
        1,
    ];
    let both = layout(&db, &["a", "b"]);
    for (step, bits) in (0..).zip(odd) {
        append(&db, both, NOW + step, &[f64::from_bits(bits), 1.0]);
    }
    let expected: Vec<(i64, u64)> = (NOW..).zip(odd).collect();
    assert_eq!(content(&db)["a{job=\"test\"}"], expected);
    drop(db);
    let content = content(&open(&disk));
    assert_eq!(content["a{job=\"test\"}"], expected);
    assert_eq!(content["b{job=\"test\"}"].len(), odd.len());
}

#[test]
fn a_flood_of_a_million_new_series_is_refused_and_known_ones_flow() {
    const FLOOD: usize = 1_000_000;
    const LIMIT: usize = 200_000;
    const BATCH: usize = 20_000;
    let options = Options {
        max_series: LIMIT,
        ..options()
    };
    let db = open_with(&MemDisk::default(), options);
    let start = std::time::Instant::now();
    let known = layout(&db, &["a", "b"]);
    let (mut taken, mut refused, mut full_bytes) = (2, 0, 0);
    for batch in 0..FLOOD / BATCH {
        let labels: Vec<Labels> = (batch * BATCH..(batch + 1) * BATCH)
            .map(|n| Labels::from_pairs([("__name__", "flood"), ("n", &n.to_string())]))
            .collect();
        let mut samples = Vec::new();
        for id in db.register(&labels).unwrap() {
            match id {
                Ok(series) => samples.push(LooseSample {
                    series,
                    time: TimestampMs(NOW),
                    value: 1.0,
                }),
                Err(Error::SeriesLimit { limit }) => {
                    assert_eq!(limit, LIMIT);
                    refused += 1;
                }
                Err(error) => panic!("{error}"),
            }
        }
        taken += samples.len();
        assert_eq!(db.append_loose(&samples).unwrap().appended, samples.len());
        // Those that were there before go on in the middle of it.
        append(&db, known, NOW + batch as i64, &[batch as f64, 1.0]);
        if taken == LIMIT && full_bytes == 0 {
            full_bytes = db.head_bytes();
        }
    }
    assert_eq!((taken, refused), (LIMIT, FLOOD + 2 - LIMIT));
    assert!(start.elapsed() < std::time::Duration::from_mins(1));
    let grown = db.head_bytes() - full_bytes;
    assert!(grown < 64 << 10, "refused series took {grown} bytes");
    let told = db.metrics();
    let told = told
        .iter()
        .find(|family| family.name == "watchfire_tsdb_refused_series_total")
        .unwrap();
    assert_eq!(told.points[0].value, refused as f64);
    assert_eq!(content(&db)["a{job=\"test\"}"].len(), FLOOD / BATCH);
}

#[test]
fn one_metric_with_too_many_series_leaves_the_others_alone() {
    let options = Options {
        max_series_per_metric: 2,
        ..options()
    };
    let db = open_with(&MemDisk::default(), options);
    let of = |name: &str, n: &str| Labels::from_pairs([("__name__", name), ("n", n)]);
    let ids = db
        .register(&[
            of("a", "1"),
            of("a", "2"),
            of("a", "3"),
            of("b", "1"),
            of("a", "2"),
        ])
        .unwrap();
    let is_known: Vec<bool> = ids.iter().map(Result::is_ok).collect();
    assert_eq!(is_known, [true, true, false, true, true]);
}

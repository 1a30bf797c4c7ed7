//! What is older than the retention goes: samples, series, log segments.

use crate::fixture::{NOW, append, content, layout, open_with, options};
use clock::ManualClock;
use model::{DurationMs, TimestampMs};
use std::sync::Arc;
use storage::{Appender, Error, Matchers, Queryable};
use tsdb::{Db, Options};
use vfs::MemDisk;

const HOUR: i64 = 3_600_000;

#[test]
fn old_samples_series_and_segments_go_and_new_ones_stay() {
    let disk = MemDisk::default();
    let clock = ManualClock::at(TimestampMs(NOW + HOUR / 2));
    let options = Options {
        retention: DurationMs(HOUR),
        segment_bytes: 400,
        ..options()
    };
    let db = Db::open(
        options.clone(),
        Arc::new(disk.clone()),
        Arc::new(clock.clone()),
    )
    .unwrap();
    let old = layout(&db, &["old"]);
    for step in 0..600 {
        append(&db, old, NOW + step * 1_000, &[step as f64 * 0.1]);
    }
    db.release(old);
    db.rotate();
    let segments = disk.image().len();
    assert!(segments > 3);
    clock.advance(DurationMs(2 * HOUR));
    let new = layout(&db, &["new"]);
    for step in 0..600 {
        append(&db, new, NOW + 2 * HOUR + step, &[step as f64 * 0.1]);
    }
    // Whoever reads what goes may do so to the end.
    let reader = db
        .select(&Matchers::compile(&[]).unwrap(), model::TimeRange::ALL)
        .unwrap();
    db.apply_retention();
    assert_eq!(reader.labels(0).metric_name(), "old");
    assert_eq!(db.series_count(), 2);
    drop(reader);
    db.apply_retention();
    assert_eq!(db.series_count(), 1);
    let kept = content(&db);
    assert_eq!(kept.len(), 1);
    assert_eq!(kept["new{job=\"test\"}"].len(), 600);
    drop(db);
    let reopened = open_with(
        &disk,
        Options {
            retention: DurationMs(0),
            ..options
        },
    );
    assert_eq!(content(&reopened), kept, "old segments are removed");
}

#[test]
fn a_target_that_is_still_scraped_keeps_its_series() {
    let disk = MemDisk::default();
    let clock = ManualClock::at(TimestampMs(NOW));
    let options = Options {
        retention: DurationMs(1_000),
        ..options()
    };
    let db = Db::open(options, Arc::new(disk), Arc::new(clock.clone())).unwrap();
    let one = layout(&db, &["a"]);
    append(&db, one, NOW, &[1.0]);
    db.rotate();
    clock.advance(DurationMs(60_000));
    db.apply_retention();
    assert_eq!((db.series_count(), db.samples()), (1, 0));
    append(&db, one, NOW + 60_000, &[2.0]);
    db.apply_retention();
    let content = content(&db);
    assert_eq!(content["a{job=\"test\"}"], [(NOW + 60_000, 2f64.to_bits())]);
}

#[test]
fn a_forgotten_series_is_unknown_until_it_is_registered_again() {
    let disk = MemDisk::default();
    let clock = ManualClock::at(TimestampMs(NOW));
    let options = Options {
        retention: DurationMs(1_000),
        ..options()
    };
    let db = Db::open(options, Arc::new(disk), Arc::new(clock.clone())).unwrap();
    crate::fixture::loose(&db, "a", NOW, 1.0);
    let labels = crate::fixture::series("a");
    let id = db
        .register(std::slice::from_ref(&labels))
        .unwrap()
        .remove(0)
        .unwrap();
    db.rotate();
    clock.advance(DurationMs(60_000));
    db.apply_retention();
    let sample = storage::LooseSample {
        series: id,
        time: TimestampMs(NOW + 60_000),
        value: 1.0,
    };
    let refused = db.append_loose(&[sample]);
    assert!(matches!(refused, Err(Error::UnknownSeries(_))));
    crate::fixture::loose(&db, "a", NOW + 60_000, 1.0);
    assert_eq!(db.samples(), 1);
}

#[test]
fn too_many_bytes_drop_the_oldest_blocks() {
    let disk = MemDisk::default();
    let options = Options {
        retention_size: 9_000,
        ..options()
    };
    let db = open_with(&disk, options);
    let one = layout(&db, &["a"]);
    for step in 0..2_000 {
        if step % 200 == 0 {
            db.rotate();
        }
        let noise = f64::from_bits((step as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        append(&db, one, NOW + step / 200 * 2 * HOUR + step, &[noise]);
    }
    db.apply_retention();
    let bytes: usize = disk.image().values().map(Vec::len).sum();
    assert!(bytes <= 9_500, "{bytes} bytes");
    let kept = content(&db);
    let samples = &kept["a{job=\"test\"}"];
    assert!((200..1_000).contains(&samples.len()), "{}", samples.len());
    drop(db);
    assert_eq!(content(&crate::fixture::open(&disk)), kept);
}

#[test]
fn a_clock_that_jumps_ahead_or_back_drops_nothing_by_itself() {
    let disk = MemDisk::default();
    let clock = ManualClock::at(TimestampMs(NOW));
    let options = Options {
        retention: DurationMs(24 * HOUR),
        ..options()
    };
    let reopen = || {
        Db::open(
            options.clone(),
            Arc::new(disk.clone()),
            Arc::new(clock.clone()),
        )
        .unwrap()
    };
    let db = reopen();
    let one = layout(&db, &["a"]);
    for step in 0..100 {
        append(&db, one, NOW - 10 * HOUR + step * 60_000, &[step as f64]);
    }
    db.flush().unwrap();
    append(&db, one, NOW - HOUR, &[7.0]);
    let before = content(&db);
    let mut db = Some(db);
    for jump in [365 * 24, -2 * 365 * 24, 365 * 24] {
        clock.advance(DurationMs(jump * HOUR));
        for _ in 0..2 {
            let open = db.take().unwrap_or_else(reopen);
            open.apply_retention();
            assert_eq!(content(&open), before, "after a jump of {jump} hours");
            // And the next time after a restart.
        }
    }
    // With the right time again, all goes on.
    let db = reopen();
    assert_eq!(crate::fixture::loose(&db, "a", NOW, 8.0).appended, 1);
    assert_eq!(content(&db)["a{job=\"test\"}"].len(), 102);
}

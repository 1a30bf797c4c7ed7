//! What is older than the retention goes: samples, series, log segments.

use crate::fixture::{NOW, append, content, layout, open_with, options};
use clock::ManualClock;
use model::{DurationMs, TimestampMs};
use std::sync::Arc;
use storage::Appender;
use tsdb::{Db, Options};
use vfs::MemDisk;

#[test]
fn old_samples_series_and_segments_go_and_new_ones_stay() {
    let disk = MemDisk::default();
    let clock = ManualClock::at(TimestampMs(NOW));
    let options = Options {
        retention: DurationMs(3_600_000),
        segment_bytes: 4_000,
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
    let segments = disk.image().len();
    clock.advance(DurationMs(7_200_000));
    let new = layout(&db, &["new"]);
    for step in 0..600 {
        append(&db, new, NOW + 7_200_000 + step, &[step as f64 * 0.1]);
    }
    db.apply_retention();
    assert_eq!(db.series_count(), 1);
    let kept = content(&db);
    assert_eq!(kept.len(), 1);
    assert_eq!(kept["new{job=\"test\"}"].len(), 600);
    assert!(disk.image().len() <= segments, "old segments are removed");
    drop(db);
    let reopened = open_with(
        &disk,
        Options {
            retention: DurationMs(i64::MAX),
            ..options
        },
    );
    assert_eq!(content(&reopened)["new{job=\"test\"}"].len(), 600);
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
    clock.advance(DurationMs(60_000));
    db.apply_retention();
    append(&db, one, NOW + 60_000, &[2.0]);
    assert!(content(&db)["a{job=\"test\"}"].contains(&(NOW + 60_000, 2f64.to_bits())));
}

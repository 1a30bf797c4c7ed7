//! What was acknowledged is there after the process dies.

use crate::fixture::{NOW, append, content, layout, open, open_with, options, series};
use clock::ManualClock;
use model::{TimestampMs, stale_nan};
use std::sync::Arc;
use storage::{Appender, LooseSample};
use tsdb::{Db, Error, SyncPolicy};
use vfs::{MemDisk, Vfs};

/// Two targets, one of which changes its series, and loose samples in between.
fn fill(db: &Db) {
    let a = layout(db, &["a1", "a2", "a3"]);
    let b = layout(db, &["b1"]);
    let loose = db.register(&[series("loose")]).unwrap().remove(0).unwrap();
    for step in 0..300 {
        let time = NOW + step * 5_000;
        let value = step as f64;
        let third = if step % 7 == 0 {
            stale_nan()
        } else {
            0.1 * value
        };
        append(db, a, time, &[value, 42.0, third]);
        append(db, b, time + 1, &[f64::from_bits(0x7ff8_0000_0000_0123)]);
        let sample = LooseSample {
            series: loose,
            time: TimestampMs(time + 2),
            value: -0.0,
        };
        db.append_loose(&[sample]).unwrap();
    }
    let grown = layout(db, &["a1", "a2", "a3", "a4"]);
    append(db, grown, NOW + 10_000_000, &[1.0, 2.0, 3.0, f64::INFINITY]);
}

#[test]
fn everything_acknowledged_is_there_after_the_process_dies() {
    let disk = MemDisk::default();
    let db = open(&disk);
    fill(&db);
    let before = content(&db);
    assert_eq!(before.len(), 6);
    assert_eq!(before["b1{job=\"test\"}"].len(), 300);
    // The files as they are while the process lives: what kill -9 leaves.
    let after = open(&MemDisk::from_image(disk.image()));
    assert_eq!(content(&after), before);
    assert_eq!(after.samples(), db.samples());
    assert_eq!(after.replay_report().corruptions, 0);
}

#[test]
fn segments_are_readable_one_by_one_and_together() {
    let disk = MemDisk::default();
    let small = tsdb::Options {
        segment_bytes: 2_000,
        ..options()
    };
    let db = open_with(&disk, small);
    fill(&db);
    let before = content(&db);
    let reopened = open(&MemDisk::from_image(disk.image()));
    assert!(reopened.replay_report().segments > 5);
    assert_eq!(content(&reopened), before);
    // Losing the oldest segment loses its samples and nothing else.
    let mut files = disk.image();
    let oldest = files
        .keys()
        .find(|path| path.starts_with("data/wal"))
        .unwrap()
        .clone();
    files.remove(&oldest);
    let partial = content(&open(&MemDisk::from_image(files)));
    for (name, samples) in &partial {
        assert!(
            before[name].ends_with(samples),
            "{name} lost more than its beginning"
        );
    }
    assert!(partial["a1{job=\"test\"}"].len() > 150);
}

#[test]
fn a_power_cut_loses_nothing_when_every_append_is_synced() {
    let disk = MemDisk::default();
    let db = open_with(
        &disk,
        tsdb::Options {
            sync: SyncPolicy::Always,
            ..options()
        },
    );
    fill(&db);
    let before = content(&db);
    std::mem::forget(db); // No orderly end.
    disk.crash();
    assert_eq!(content(&open(&disk)), before);
}

#[test]
fn samples_go_on_behind_those_that_were_read_back() {
    let disk = MemDisk::default();
    {
        let db = open(&disk);
        let both = layout(&db, &["a", "b"]);
        append(&db, both, NOW, &[1.0, 2.0]);
    }
    let db = open(&disk);
    let both = layout(&db, &["a", "b"]);
    append(&db, both, NOW + 1, &[1.0, stale_nan()]);
    drop(db);
    let content = content(&open(&disk));
    assert_eq!(
        content["a{job=\"test\"}"],
        [(NOW, 1f64.to_bits()), (NOW + 1, 1f64.to_bits())]
    );
    assert_eq!(content["b{job=\"test\"}"].len(), 2);
}

#[test]
fn two_databases_do_not_share_a_folder() {
    let disk = MemDisk::default();
    let first = open(&disk);
    let clock = Arc::new(ManualClock::at(TimestampMs(NOW)));
    let second = Db::open(options(), Arc::new(disk.clone()), clock);
    assert!(matches!(second, Err(Error::Locked { .. })));
    drop(first);
    disk.lock(std::path::Path::new("data/lock")).unwrap();
}

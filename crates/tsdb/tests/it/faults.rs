//! Torn, flipped, full, failing: the database opens, says what it found, and invents nothing.

use crate::fixture::{Content, NOW, append, content, layout, loose, open, open_with, options};
use model::{Matcher, TimeRange, TimestampMs, stale_nan};
use std::path::PathBuf;
use storage::{Admin, Appender, Column, Error, Frame, Matchers, Queryable};
use vfs::{Fault, MemDisk};

const SEGMENT: &str = "data/wal/00000000";

/// A small log: the bytes of its only segment, and the content after each frame.
fn small_log() -> (Vec<u8>, Vec<Content>) {
    let disk = MemDisk::default();
    let db = open(&disk);
    let both = layout(&db, &["a", "b"]);
    let mut contents = vec![Content::new()];
    for step in 0..6 {
        let gone = if step == 3 { stale_nan() } else { 0.1 };
        append(&db, both, NOW + step, &[step as f64, gone]);
        contents.push(content(&db));
    }
    let bytes = disk.image()[&PathBuf::from(SEGMENT)].clone();
    (bytes, contents)
}

fn open_bytes(bytes: Vec<u8>) -> (tsdb::Db, MemDisk) {
    let disk = MemDisk::from_image([(PathBuf::from(SEGMENT), bytes)].into());
    (open(&disk), disk)
}

#[test]
fn a_log_cut_anywhere_opens_with_the_whole_frames_before_the_cut() {
    let (bytes, contents) = small_log();
    let mut seen = 0;
    for cut in 0..=bytes.len() {
        let (db, disk) = open_bytes(bytes[..cut].to_vec());
        let found = content(&db);
        let frames = contents.iter().position(|content| *content == found);
        let frames = frames.unwrap_or_else(|| panic!("cut at {cut}: not a prefix: {found:?}"));
        assert!(
            frames >= seen,
            "cut at {cut}: fewer frames than a shorter log had"
        );
        seen = frames;
        assert_eq!(
            db.replay_report().corruptions,
            0,
            "a torn end is no corruption"
        );
        // What was cut off is kept, and the log can be written on.
        let both = layout(&db, &["a", "b"]);
        append(&db, both, NOW + 100, &[7.0, 8.0]);
        let before = content(&db);
        drop(db);
        assert_eq!(content(&open(&disk)), before, "cut at {cut}: second start");
    }
    assert_eq!(seen, 6);
}

#[test]
fn any_flipped_bit_is_noticed_and_no_wrong_sample_appears() {
    let (bytes, contents) = small_log();
    let truth = contents.last().unwrap();
    for bit in 0..bytes.len() * 8 {
        let mut bad = bytes.clone();
        bad[bit / 8] ^= 1 << (bit % 8);
        let (db, _) = open_bytes(bad);
        let found = content(&db);
        for (name, samples) in &found {
            for sample in samples {
                assert!(
                    truth[name].contains(sample),
                    "bit {bit}: {name} got {sample:?}"
                );
            }
        }
        if found != *truth {
            assert!(damage_told(&db) > 0.0, "bit {bit}: lost and not counted");
        }
    }
}

#[test]
fn a_segment_whose_header_was_cut_short_is_no_corruption_at_this_start_or_a_later_one() {
    let (bytes, contents) = small_log();
    for length in [0, 1, 31] {
        let next = PathBuf::from("data/wal/00000001");
        let files = [
            (PathBuf::from(SEGMENT), bytes.clone()),
            (next, bytes[..length].to_vec()),
        ];
        let disk = MemDisk::from_image(files.into());
        for start in 0..3 {
            let db = open(&disk);
            let report = db.replay_report();
            assert_eq!(report.corruptions, 0, "{length} bytes, start {start}");
            let mut found = content(&db);
            found.retain(|name, _| !name.starts_with('z'));
            assert_eq!(found, contents[6], "{length} bytes, start {start}");
            loose(&db, "z", NOW + start, 1.0);
        }
    }
}

/// What the metrics tell about damaged logs and blocks.
fn damage_told(db: &tsdb::Db) -> f64 {
    let families = db.metrics();
    let value = |name: &str| {
        let family = families.iter().find(|family| family.name == name);
        family.unwrap().points[0].value
    };
    value("prometheus_tsdb_wal_corruptions_total")
        + value("watchfire_tsdb_wal_torn_bytes")
        + value("watchfire_tsdb_wal_lost_frames_total")
        + value("watchfire_tsdb_blocks_broken")
        + value("watchfire_tsdb_block_corruptions_total")
}

#[test]
fn flipped_bits_in_blocks_are_counted_and_keep_neither_the_start_nor_samples_of_the_log() {
    let disk = MemDisk::default();
    let db = open(&disk);
    let both = layout(&db, &["a", "b"]);
    for step in 0..40 {
        append(&db, both, NOW + step, &[step as f64, 0.1 * step as f64]);
    }
    db.flush().unwrap();
    loose(&db, "c", NOW, 1.0);
    let truth = content(&db);
    drop(db);
    let image = disk.image();
    let mut at = 1usize;
    for (path, bytes) in &image {
        if !path.starts_with("data/blocks") {
            continue;
        }
        for _ in 0..80 {
            at = (at * 7919 + 13) % (bytes.len() * 8);
            let mut bad = image.clone();
            bad.get_mut(path).unwrap()[at / 8] ^= 1 << (at % 8);
            let db = open(&MemDisk::from_image(bad));
            let what = format!("{} bit {at}", path.display());
            let found = readable(&db);
            for (name, samples) in &found {
                assert_eq!(&truth[name], samples, "{what}");
            }
            assert!(
                found == truth || damage_told(&db) > 0.0,
                "{what}: not counted"
            );
            if found.is_empty() {
                // An index that is damaged fails queries that need its block; the others work.
                let range = TimeRange::new(TimestampMs(0), TimestampMs(1));
                db.select(&Matchers::compile(&[]).unwrap(), range).unwrap();
            } else {
                assert_eq!(found["c{job=\"test\"}"], truth["c{job=\"test\"}"]);
            }
        }
    }
}

/// The series that can be read; none where no query can be asked.
fn readable(db: &tsdb::Db) -> Content {
    let mut found = Content::new();
    let Ok(selection) = db.select(&Matchers::compile(&[]).unwrap(), TimeRange::ALL) else {
        return found;
    };
    let mut reader = selection.reader();
    let mut column = Column::default();
    for index in 0..selection.len() {
        column.clear();
        if reader.read(index, TimeRange::ALL, &mut column).is_ok() {
            let bits = column.values.iter().map(|value| value.to_bits());
            let samples = column.times.iter().copied().zip(bits).collect();
            found.insert(selection.labels(index).to_string(), samples);
        }
    }
    found
}

#[test]
fn a_corrupted_middle_costs_its_own_region_and_is_counted() {
    let disk = MemDisk::default();
    let db = open(&disk);
    let (a, b) = (layout(&db, &["a"]), layout(&db, &["b"]));
    for step in 0..50 {
        append(&db, a, NOW + step, &[step as f64]);
    }
    for step in 0..50 {
        append(&db, b, NOW + step, &[step as f64]);
    }
    drop(db);
    let mut files = disk.image();
    let bytes = files.get_mut(&PathBuf::from(SEGMENT)).unwrap();
    let middle = bytes.len() / 4;
    bytes[middle] ^= 0xff;
    let db = open(&MemDisk::from_image(files));
    let report = db.replay_report();
    assert_eq!(report.corruptions, 1);
    assert!(
        report.lost_frames > 0,
        "deltas behind the lost frame cannot be used"
    );
    let content = content(&db);
    assert_eq!(
        content["b{job=\"test\"}"].len(),
        50,
        "the other layout is whole"
    );
    assert!(content["a{job=\"test\"}"].len() < 50);
}

#[test]
fn a_full_disk_refuses_samples_keeps_answering_and_comes_back_by_itself() {
    for room in 0..400 {
        let disk = MemDisk::default();
        let db = open(&disk);
        let one = layout(&db, &["a"]);
        append(&db, one, NOW, &[1.0]);
        disk.set_fault(Fault::FullAfter(room));
        let mut stored = 1;
        for step in 1..20 {
            let frame = Frame {
                layout: one,
                time: TimestampMs(NOW + step),
                values: &[0.1 * step as f64],
            };
            match db.append_frame(frame) {
                Ok(_) => stored += 1,
                Err(error) => assert!(matches!(error, Error::ReadOnly { .. }), "{error}"),
            }
        }
        assert_eq!(
            content(&db)["a{job=\"test\"}"].len(),
            stored,
            "room for {room} bytes"
        );
        disk.set_fault(Fault::None);
        append(&db, one, NOW + 100, &[5.0]);
        let before = content(&db);
        assert_eq!(before["a{job=\"test\"}"].len(), stored + 1);
        drop(db);
        assert_eq!(
            content(&open(&disk)),
            before,
            "room for {room} bytes, after a restart"
        );
    }
}

#[test]
fn a_failing_sync_is_counted_and_samples_keep_flowing() {
    let disk = MemDisk::default();
    let db = open(&disk);
    let one = layout(&db, &["a"]);
    disk.set_fault(Fault::SyncFails);
    append(&db, one, NOW, &[1.0]);
    append(&db, one, NOW + 1, &[2.0]);
    assert_eq!(content(&db)["a{job=\"test\"}"].len(), 2);
}

/// A log with every kind of record; the content after each call.
fn mixed_log() -> (Vec<u8>, Vec<Content>) {
    let options = tsdb::Options {
        out_of_order_window: model::DurationMs(1_000_000),
        ..options()
    };
    let disk = MemDisk::default();
    let db = open_with(&disk, options);
    let both = layout(&db, &["a", "b"]);
    let mut contents = vec![Content::new()];
    for step in 0..200i64 {
        let time = NOW + step * 10;
        match step % 10 {
            8 => _ = loose(&db, "a", time - 25, -0.5),
            9 => _ = loose(&db, &format!("l{}", step % 3), time, 1e300),
            7 => {
                let matchers = Matchers::compile(&[Matcher::metric("b")]).unwrap();
                let from = TimestampMs(time - 20);
                let range = TimeRange::new(from, TimestampMs(time));
                db.delete_series(&[matchers], range).unwrap();
            }
            _ => append(&db, both, time, &[step as f64, 1.0 / step as f64]),
        }
        contents.push(content(&db));
    }
    let bytes = disk.image()[&PathBuf::from(SEGMENT)].clone();
    (bytes, contents)
}

#[test]
fn a_log_of_all_records_cut_at_a_thousand_places_gives_what_was_there_at_some_moment() {
    let (bytes, contents) = mixed_log();
    let mut at = 1usize;
    for _ in 0..1_000 {
        at = (at * 7919 + 13) % bytes.len();
        let (db, _) = open_bytes(bytes[..at].to_vec());
        let found = content(&db);
        assert!(contents.contains(&found), "cut at {at}: {found:?}");
        assert_eq!(db.replay_report().corruptions, 0, "cut at {at}");
    }
}

#[test]
fn flipped_bits_in_a_log_of_all_records_never_make_up_a_value() {
    let (bytes, contents) = mixed_log();
    let mut truth = Content::new();
    for content in &contents {
        for (name, samples) in content {
            truth.entry(name.clone()).or_default().extend(samples);
        }
    }
    let mut bit = 1usize;
    for _ in 0..1_000 {
        bit = (bit * 7919 + 13) % (bytes.len() * 8);
        let mut bad = bytes.clone();
        bad[bit / 8] ^= 1 << (bit % 8);
        let (db, _) = open_bytes(bad);
        for (name, samples) in content(&db) {
            for sample in samples {
                assert!(
                    truth[&name].contains(&sample),
                    "bit {bit}: {name} got {sample:?}"
                );
            }
        }
    }
}

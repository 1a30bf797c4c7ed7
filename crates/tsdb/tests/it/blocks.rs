//! Samples that have left the head: sealed into blocks, joined with the head, and safe on the way.

use crate::fixture::{
    Content, DAY, NOW, append, content, layout, loose, open, open_with, options, read, series,
};
use model::{DurationMs, Matcher, TimeRange, TimestampMs, stale_nan};
use storage::{
    Admin, Appender, Column, Grouping, Groups, LabelQuery, LooseSample, Matchers, Newest, Queryable,
};
use tsdb::{Db, Options, SyncPolicy};
use vfs::{Fault, MemDisk};

const HOUR: i64 = 3_600_000;

fn all() -> Matchers {
    Matchers::compile(&[]).unwrap()
}

fn metric(name: &str) -> Matchers {
    Matchers::compile(&[Matcher::metric(name)]).unwrap()
}

/// Five hours of two targets, one of which ends half way; `at` is asked what to do after each step.
fn fill(db: &Db, mut at: impl FnMut(i64)) {
    let a = layout(db, &["a1", "a2", "a3"]);
    let b = layout(db, &["b"]);
    for step in 0..300 {
        let time = NOW + step * 60_000;
        append(db, a, time, &[step as f64, 7.0, 0.1 * step as f64]);
        if step < 150 {
            append(db, b, time + 5, &[f64::from_bits(0x7ff8_0000_0000_0123)]);
        }
        if step == 150 {
            append(db, b, time + 5, &[stale_nan()]);
            db.release(b);
        }
        at(step);
    }
}

fn reference() -> Content {
    let db = open(&MemDisk::default());
    fill(&db, |_| {});
    content(&db)
}

#[test]
fn sealed_samples_are_the_same_samples_and_the_log_holds_the_rest() {
    let disk = MemDisk::default();
    let db = open(&disk);
    fill(&db, |step| {
        if step == 100 || step == 250 {
            db.flush().unwrap();
        }
    });
    let expected = reference();
    assert_eq!(content(&db), expected);
    let ranges: Vec<(i64, i64)> = db
        .blocks()
        .iter()
        .map(|block| (block.min_time, block.max_time))
        .collect();
    assert!(ranges.len() >= 3, "{ranges:?}");
    for (min, max) in ranges {
        assert_eq!(min.div_euclid(2 * HOUR), (max - 1).div_euclid(2 * HOUR));
    }
    assert!(db.samples() < 300, "what is sealed leaves memory");
    drop(db);
    let db = open(&disk);
    assert_eq!(content(&db), expected);
    assert!(db.samples() < 300, "and is not read back from the log");
}

#[test]
fn a_selection_joins_the_head_and_blocks_by_labels() {
    let db = open(&MemDisk::default());
    fill(&db, |step| {
        if step % 100 == 70 {
            db.flush().unwrap();
        }
    });
    let selection = db.select(&all(), TimeRange::ALL).unwrap();
    assert_eq!(selection.len(), 4);
    let mut newest = Newest::default();
    selection.newest(TimeRange::ALL, &mut newest).unwrap();
    let mut reader = selection.reader();
    let mut column = Column::default();
    let mut timelines = Vec::new();
    for index in 0..selection.len() {
        let name = selection.labels(index).metric_name().to_owned();
        reader.read(index, TimeRange::ALL, &mut column).unwrap();
        let last = (
            column.times.last(),
            column.values.last().map(|v| v.to_bits()),
        );
        let told = (
            newest.times.get(index),
            newest.values.get(index).map(|v| v.to_bits()),
        );
        assert_eq!(last, told, "{name}");
        timelines.push((name, column.timeline, column.times.clone()));
        // The middle of the data is in blocks alone.
        let range = TimeRange::new(TimestampMs(NOW + HOUR), TimestampMs(NOW + 2 * HOUR));
        reader.read(index, range, &mut column).unwrap();
        assert_eq!(column.len(), 60);
    }
    for (name, key, times) in &timelines {
        for (other, other_key, other_times) in &timelines {
            if key.is_some() && key == other_key {
                assert_eq!(times, other_times, "{name} and {other}");
            }
        }
    }
    let of = |wanted: &str| timelines.iter().find(|(name, ..)| name == wanted).unwrap();
    assert!(of("a1").1.is_some() && of("a1").1 == of("a2").1);
    for (without, names) in [
        (false, vec!["job"]),
        (true, vec!["job"]),
        (false, vec!["__name__"]),
    ] {
        let names = names.into_iter().map(str::to_owned).collect();
        let grouping = Grouping { without, names };
        let labels = (0..selection.len()).map(|index| selection.labels(index));
        let expected = Groups::of(labels, &grouping);
        assert_eq!(selection.group(&grouping), expected);
    }
}

#[test]
fn a_selection_keeps_what_is_sealed_and_removed_meanwhile() {
    let db = open(&MemDisk::default());
    let one = layout(&db, &["a"]);
    for step in 0..10 {
        append(&db, one, NOW + step, &[step as f64]);
    }
    let before = db.select(&all(), TimeRange::ALL).unwrap();
    db.flush().unwrap();
    let of_block = db.select(&all(), TimeRange::ALL).unwrap();
    append(&db, one, NOW + 10, &[10.0]);
    db.flush().unwrap();
    db.delete_series(&[all()], TimeRange::ALL).unwrap();
    db.clean_tombstones().unwrap();
    assert!(db.blocks().is_empty() && content(&db).is_empty());
    let mut column = Column::default();
    before
        .reader()
        .read(0, TimeRange::ALL, &mut column)
        .unwrap();
    assert_eq!(column.times.len(), 10);
    assert_eq!(of_block.len(), 1);
    assert_eq!(of_block.labels(0), series("a"));
}

#[test]
fn label_questions_are_about_blocks_too() {
    let db = open(&MemDisk::default());
    loose(&db, "old", NOW, 1.0);
    db.flush().unwrap();
    loose(&db, "new", NOW + 5 * HOUR, 1.0);
    let names = |from: i64, to: i64, any_of: &[Matchers]| {
        let range = TimeRange::new(TimestampMs(NOW + from), TimestampMs(NOW + to));
        let query = LabelQuery { any_of, range };
        let series: Vec<String> = db
            .series(query)
            .unwrap()
            .iter()
            .map(|labels| labels.metric_name().to_owned())
            .collect();
        assert_eq!(db.label_values("__name__", query).unwrap(), series);
        let expected: &[&str] = if series.is_empty() {
            &[]
        } else {
            &["__name__", "job"]
        };
        assert_eq!(db.label_names(query).unwrap(), expected);
        series
    };
    assert_eq!(names(0, 6 * HOUR, &[]), ["new", "old"]);
    assert_eq!(names(0, HOUR, &[]), ["old"]);
    assert_eq!(names(4 * HOUR, 6 * HOUR, &[]), ["new"]);
    assert_eq!(names(0, 6 * HOUR, &[metric("old")]), ["old"]);
    assert!(names(0, 6 * HOUR, &[metric("nobody")]).is_empty());
}

#[test]
fn late_samples_make_overlapping_blocks_that_read_as_one() {
    let disk = MemDisk::default();
    let options = Options {
        out_of_order_window: DurationMs(HOUR),
        ..options()
    };
    let db = open_with(&disk, options.clone());
    for step in 0..20 {
        loose(&db, "a", NOW + step * 2, step as f64);
    }
    db.rotate();
    for step in 0..20 {
        let outcome = loose(&db, "a", NOW + step * 2 + 1, 0.5);
        assert_eq!(outcome.appended, 1);
    }
    // The same time as a sample that is closed already: the first one counts.
    loose(&db, "a", NOW, 99.0);
    let before = read(&db, "a", TimeRange::ALL);
    assert_eq!(before.times, (NOW..NOW + 40).collect::<Vec<_>>());
    assert_eq!(before.values[0], 0.0);
    db.flush().unwrap();
    let check = |db: &Db| {
        let after = read(db, "a", TimeRange::ALL);
        assert_eq!(
            (&after.times, &after.values),
            (&before.times, &before.values)
        );
    };
    check(&db);
    drop(db);
    check(&open_with(&disk, options));
}

#[test]
fn deleted_samples_of_blocks_stay_deleted_and_cleaning_frees_them() {
    let disk = MemDisk::default();
    let db = open(&disk);
    fill(&db, |step| {
        if step == 200 {
            db.flush().unwrap();
        }
    });
    let range = TimeRange::new(
        TimestampMs(NOW + 10 * 60_000),
        TimestampMs(NOW + 250 * 60_000),
    );
    db.delete_series(&[metric("a1")], range).unwrap();
    let mut expected = reference();
    let samples = expected.get_mut("a1{job=\"test\"}").unwrap();
    samples.retain(|(time, _)| !range.contains(TimestampMs(*time)));
    assert_eq!(content(&db), expected);
    let marked = |db: &Db| {
        db.blocks()
            .iter()
            .map(|block| block.tombstones)
            .sum::<u64>()
    };
    assert!(marked(&db) > 0);
    drop(db);
    let db = open(&disk);
    assert_eq!(content(&db), expected);
    db.clean_tombstones().unwrap();
    db.flush().unwrap();
    assert_eq!((content(&db), marked(&db)), (expected, 0));
}

#[test]
fn a_disk_that_is_full_while_sealing_costs_nothing_but_time() {
    let mut seen_failure = false;
    for room in (0..6_000).step_by(97) {
        let disk = MemDisk::default();
        let db = open(&disk);
        let both = layout(&db, &["a", "b"]);
        for step in 0..50 {
            append(&db, both, NOW + step * 600_000, &[step as f64, 0.1]);
        }
        let before = content(&db);
        disk.set_fault(Fault::FullAfter(room));
        let failed = db.flush().is_err();
        seen_failure |= failed;
        assert_eq!(content(&db), before, "room for {room} bytes");
        // Killed now, or with room again.
        let image = disk.image();
        assert_eq!(content(&open(&MemDisk::from_image(image))), before);
        disk.set_fault(Fault::None);
        db.flush().unwrap();
        assert_eq!((db.samples(), content(&db)), (0, before.clone()));
        drop(db);
        assert_eq!(content(&open(&disk)), before);
    }
    assert!(seen_failure);
}

#[test]
fn a_power_cut_behind_a_seal_loses_nothing_whatever_the_sync_policy() {
    let disk = MemDisk::default();
    let db = open_with(
        &disk,
        Options {
            sync: SyncPolicy::Never,
            ..options()
        },
    );
    fill(&db, |_| {});
    db.flush().unwrap();
    std::mem::forget(db); // No orderly end.
    disk.crash();
    assert_eq!(content(&open(&disk)), reference());
}

#[test]
fn a_sync_that_fails_does_not_stop_sealing_for_good() {
    let disk = MemDisk::default();
    let db = open(&disk);
    fill(&db, |_| {});
    disk.set_fault(Fault::SyncFails);
    assert!(db.flush().is_err());
    assert_eq!(content(&db), reference());
    disk.set_fault(Fault::None);
    db.flush().unwrap();
    assert_eq!(content(&db), reference());
}

#[test]
fn complete_windows_become_larger_blocks() {
    let disk = MemDisk::default();
    let db = open(&disk);
    let one = layout(&db, &["a"]);
    for step in 0..12 * 24 {
        append(&db, one, NOW - 3 * DAY + step * 600_000, &[step as f64]);
        if step % 6 == 0 {
            db.flush().unwrap();
        }
    }
    db.flush().unwrap();
    let blocks = db.blocks();
    assert!(blocks.iter().any(|block| block.level > 0));
    assert!(blocks.len() < 20, "{} blocks", blocks.len());
    assert_eq!(content(&db)["a{job=\"test\"}"].len(), 12 * 24);
}

#[test]
fn a_snapshot_holds_blocks_and_head_or_blocks_alone() {
    let disk = MemDisk::default();
    let db = open(&disk);
    fill(&db, |step| {
        if step == 200 {
            db.flush().unwrap();
        }
    });
    let open_copy = |name: &str| {
        let folder = std::path::PathBuf::from("data/snapshots").join(name);
        open_with(
            &disk,
            Options {
                folder,
                ..options()
            },
        )
    };
    let whole = db.snapshot(false).unwrap();
    assert_eq!(content(&open_copy(&whole)), reference());
    let blocks = db.snapshot(true).unwrap();
    let content = content(&open_copy(&blocks));
    assert_eq!(content["a1{job=\"test\"}"].len(), 201);
}

#[test]
fn series_come_in_any_order_and_blocks_take_them_in_theirs() {
    let disk = MemDisk::default();
    let db = open(&disk);
    let mut labels = Vec::new();
    for n in 0..700u64 {
        let scattered = n.wrapping_mul(7919) % 700;
        let name = format!("m{}", scattered % 7);
        let value = scattered.to_string();
        let mut pairs = vec![("__name__", name.as_str()), ("n", &value)];
        if scattered % 3 == 0 {
            pairs.push(("a", "1"));
        }
        labels.push(model::Labels::from_pairs(pairs));
    }
    let samples: Vec<LooseSample> = db
        .register(&labels)
        .unwrap()
        .into_iter()
        .map(|series| LooseSample {
            series: series.unwrap(),
            time: TimestampMs(NOW),
            value: 1.0,
        })
        .collect();
    db.append_loose(&samples).unwrap();
    let before = content(&db);
    assert_eq!(before.len(), 700);
    db.flush().unwrap();
    assert_eq!((db.samples(), content(&db)), (0, before));
}

//! What operators do: look, delete, copy.

use crate::fixture::{
    NOW, append, content, layout, loose, newest as all_newest, open, open_with, options, read,
};
use model::{DurationMs, Matcher, TimeRange, TimestampMs};
use storage::{Admin, LabelQuery, Matchers, Newest, Queryable};
use tsdb::Options;
use vfs::MemDisk;

fn metric(name: &str) -> Matchers {
    Matchers::compile(&[Matcher::metric(name)]).unwrap()
}

fn range(from: i64, to: i64) -> TimeRange {
    TimeRange::new(TimestampMs(NOW + from), TimestampMs(NOW + to))
}

#[test]
fn deleted_samples_vanish_at_once_for_good_and_later_ones_stay() {
    let disk = MemDisk::default();
    let db = open(&disk);
    let both = layout(&db, &["a", "b"]);
    for step in 0..10 {
        if step == 5 {
            db.rotate();
        }
        append(&db, both, NOW + step, &[step as f64, 0.0]);
    }
    db.delete_series(&[metric("a")], range(2, 4)).unwrap();
    db.delete_series(&[metric("a"), metric("nobody")], range(8, 1_000))
        .unwrap();
    append(&db, both, NOW + 10, &[10.0, 0.0]);
    let check = |db: &tsdb::Db| {
        let column = read(db, "a", TimeRange::ALL);
        assert_eq!(column.values, [0.0, 1.0, 4.0, 5.0, 6.0, 7.0, 10.0]);
        assert_eq!(read(db, "b", TimeRange::ALL).len(), 11);
    };
    check(&db);
    drop(db);
    check(&open(&disk));
}

#[test]
fn a_deleted_newest_sample_is_nobodys_newest() {
    let db = open(&MemDisk::default());
    let one = layout(&db, &["a"]);
    append(&db, one, NOW, &[1.0]);
    append(&db, one, NOW + 1, &[2.0]);
    db.delete_series(&[metric("a")], range(1, 2)).unwrap();
    let newest = || {
        let selection = db.select(&metric("a"), TimeRange::ALL).unwrap();
        let mut newest = Newest::default();
        selection.newest(TimeRange::ALL, &mut newest).unwrap();
        (newest.times[0], newest.values[0])
    };
    assert_eq!(newest(), (NOW, 1.0));
    append(&db, one, NOW + 2, &[3.0]);
    assert_eq!(newest(), (NOW + 2, 3.0));
}

#[test]
fn newest_samples_are_right_wherever_they_lie_and_whatever_was_deleted() {
    let db = open(&MemDisk::default());
    let all = layout(&db, &["gone", "goes_on", "deleted", "deleted_later"]);
    append(&db, all, NOW, &[1.0, 1.0, 1.0, 1.0]);
    append(&db, all, NOW + 5, &[2.0, 2.0, 2.0, 2.0]);
    db.delete_series(&[metric("deleted")], range(5, 6)).unwrap();
    db.flush().unwrap();
    db.delete_series(&[metric("deleted_later")], range(5, 6))
        .unwrap();
    let one = layout(&db, &["goes_on", "new"]);
    append(&db, one, NOW + 9, &[3.0, 3.0]);
    let times = |from, to| -> Vec<i64> {
        let found = all_newest(&db, range(from, to));
        found.values().map(|(time, _)| time - NOW).collect()
    };
    // Ordering: deleted_later, deleted, goes_on, gone, new.
    assert_eq!(times(0, 10), [0, 0, 9, 5, 9]);
    assert_eq!(times(0, 9), [0, 0, 5, 5]);
    assert_eq!(times(1, 10), [9, 5, 9]);
    assert_eq!(times(0, 5), [0, 0, 0, 0]);
    db.flush().unwrap();
    assert_eq!(times(0, 10), [0, 0, 9, 5, 9]);
    assert_eq!(times(0, 6), [0, 0, 5, 5]);
}

#[test]
fn series_are_listed_where_they_have_samples_in_the_head_or_in_a_block() {
    let db = open(&MemDisk::default());
    let all = layout(&db, &["gone", "goes_on"]);
    append(&db, all, NOW, &[1.0, 1.0]);
    db.flush().unwrap();
    append(&db, layout(&db, &["goes_on"]), NOW + 9, &[2.0]);
    let names = |from, to| {
        let query = LabelQuery {
            any_of: &[],
            range: range(from, to),
        };
        let found = db.series(query).unwrap();
        let names: Vec<String> = found.iter().map(|one| one.metric_name().into()).collect();
        assert_eq!(db.label_values("__name__", query).unwrap(), names);
        names
    };
    assert_eq!(names(0, 10), ["goes_on", "gone"]);
    assert_eq!(names(0, 1), ["goes_on", "gone"]);
    assert_eq!(names(5, 10), ["goes_on"]);
    assert_eq!(names(10, 20), [""; 0]);
}

#[test]
fn samples_before_the_newest_are_found_whatever_was_deleted_or_came_late() {
    let options = Options {
        out_of_order_window: DurationMs(10_000),
        ..options()
    };
    let db = open_with(&MemDisk::default(), options);
    let all = layout(&db, &["plain", "deleted", "late", "noise", "short"]);
    let most = layout(&db, &["plain", "deleted", "late", "noise"]);
    let noise = |step: i64| step as f64 / 3.0;
    for step in 0..150 {
        let at = NOW + step * 10;
        let count = (step * step) as f64;
        let values = [count, count, count, noise(step), count];
        match step {
            ..90 => append(&db, all, at, &values),
            _ => append(&db, most, at, &values[..4]),
        }
        match step {
            40 | 110 => db.rotate(),
            70 => db.flush().unwrap(),
            120 => db
                .delete_series(&[metric("deleted")], range(1_150, 1_180))
                .unwrap(),
            130 => assert_eq!(loose(&db, "late", NOW + 1_185, 0.5).appended, 1),
            _ => {}
        }
        if step % 10 == 9 {
            for back in [0, 3, 10, 65, 120, 250, 400, 700] {
                let end = step * 10 + 1 - back;
                let found = all_newest(&db, range(end - 300, end));
                let newest = (end - 1).div_euclid(10);
                if newest >= 0 {
                    let plain = (NOW + newest * 10, ((newest * newest) as f64).to_bits());
                    assert_eq!(found["plain{job=\"test\"}"], plain);
                }
            }
        }
    }
}

#[test]
fn the_head_tells_what_it_holds() {
    let db = open(&MemDisk::default());
    let three = layout(&db, &["a", "b", "c"]);
    append(&db, three, NOW, &[1.0, 2.0, 3.0]);
    append(&db, three, NOW + 9, &[1.0, 2.0, 3.0]);
    let status = db.head_status(2);
    assert_eq!(
        (status.series, status.label_pairs, status.chunks),
        (3, 4, 3)
    );
    assert_eq!((status.min_time, status.max_time), (NOW, NOW + 9));
    assert_eq!(status.series_by_metric.len(), 2);
    let first = &status.series_by_pair[0];
    assert_eq!((first.name.as_str(), first.value), ("job=test", 3));
    assert_eq!(status.values_by_label[0].name, "__name__");
    assert_eq!(status.bytes_by_label[0].name, "job");
}

#[test]
fn a_snapshot_is_a_folder_that_opens_with_the_same_content() {
    let disk = MemDisk::default();
    let db = open(&disk);
    let one = layout(&db, &["a"]);
    for step in 0..20 {
        if step == 10 {
            db.rotate();
        }
        append(&db, one, NOW + step, &[step as f64]);
    }
    loose(&db, "b", NOW, 0.25);
    let before = content(&db);
    let name = db.snapshot(false).unwrap();
    append(&db, one, NOW + 100, &[1.0]);
    let other = db.snapshot(false).unwrap();
    assert_ne!(name, other);
    let folder = std::path::PathBuf::from("data/snapshots").join(&name);
    let copy = open_with(
        &disk,
        Options {
            folder,
            ..options()
        },
    );
    assert_eq!(content(&copy), before);
    // The database goes on.
    append(&db, one, NOW + 101, &[1.0]);
    assert_eq!(content(&db)["a{job=\"test\"}"].len(), 22);
}

//! What the database tells about itself.

use crate::fixture::{NOW, append, layout, loose, open};
use storage::Appender;
use vfs::{Fault, MemDisk};

fn value(db: &tsdb::Db, name: &str) -> f64 {
    let families = db.metrics();
    let family = families.iter().find(|family| family.name == name);
    let family = family.unwrap_or_else(|| panic!("no {name}"));
    family.points.iter().map(|point| point.value).sum()
}

#[test]
fn counters_follow_what_happens() {
    let disk = MemDisk::default();
    let db = open(&disk);
    let both = layout(&db, &["a", "b"]);
    append(&db, both, NOW, &[1.0, 2.0]);
    append(&db, both, NOW + 1, &[1.0, 3.0]);
    loose(&db, "a", NOW, 9.0);
    loose(&db, "a", NOW + 1, 9.0);
    loose(&db, "a", NOW - 1_000 * 86_400_000, 9.0);
    for (name, expected) in [
        ("prometheus_tsdb_head_series", 2.0),
        ("prometheus_tsdb_head_series_created_total", 2.0),
        ("prometheus_tsdb_head_samples_appended_total", 4.0),
        ("prometheus_tsdb_out_of_order_samples_total", 1.0),
        ("watchfire_tsdb_duplicate_samples_total", 1.0),
        ("prometheus_tsdb_out_of_bound_samples_total", 1.0),
        ("watchfire_tsdb_head_samples", 4.0),
        ("watchfire_tsdb_head_generations", 1.0),
        ("prometheus_tsdb_head_max_time", (NOW + 1) as f64),
        ("prometheus_tsdb_head_min_time_seconds", NOW as f64 / 1000.0),
        ("watchfire_tsdb_read_only", 0.0),
    ] {
        assert_eq!(value(&db, name), expected, "{name}");
    }
    let image = disk.image();
    let log = image
        .iter()
        .filter(|(path, _)| path.starts_with("data/wal"));
    let bytes: usize = log.map(|(_, bytes)| bytes.len()).sum();
    let told = value(&db, "prometheus_tsdb_wal_storage_size_bytes");
    assert_eq!(told, bytes as f64);
    disk.set_fault(Fault::FullAfter(0));
    let frame = storage::Frame {
        layout: both,
        time: model::TimestampMs(NOW + 2),
        values: &[0.0, 0.0],
    };
    assert!(db.append_frame(frame).is_err());
    assert_eq!(value(&db, "watchfire_tsdb_read_only"), 1.0);
    disk.set_fault(Fault::None);
    db.append_frame(frame).unwrap();
    assert_eq!(value(&db, "watchfire_tsdb_read_only"), 0.0);
    assert_eq!(value(&db, "prometheus_tsdb_wal_writes_failed_total"), 1.0);
}

#[test]
fn no_family_comes_twice_and_all_have_help() {
    let db = open(&MemDisk::default());
    let families = db.metrics();
    let mut names: Vec<&str> = families.iter().map(|family| family.name.as_str()).collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count);
    assert!(families.iter().all(|family| family.help.ends_with('.')));
}

//! Writes and syncs that fail, each once: what was acknowledged stays, what was not is refused with a
//! reason and counted, and all goes on by itself.

use crate::fixture::{Content, NOW, content, layout, loose, open, open_with, options, series};
use model::{DurationMs, Histogram, Labels, Matcher, MetricKind, TimeRange, TimestampMs};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use storage::{
    Admin, Appender, Error, Exemplar, Frame, HistogramSample, LooseSample, Matchers, Metadata,
};
use tsdb::{Db, Options, SyncPolicy};
use vfs::{Fault, MemDisk};

const MINUTE: i64 = 60_000;

fn windowed() -> Options {
    Options {
        segment_bytes: 600,
        out_of_order_window: DurationMs(60 * MINUTE),
        ..options()
    }
}

/// The sum of a metric's samples.
fn metric(db: &Db, name: &str) -> f64 {
    let families = db.metrics();
    let family = families.iter().find(|family| family.name == name).unwrap();
    family.points.iter().map(|point| point.value).sum()
}

/// Metrics that tell of failed writes.
fn failures(db: &Db) -> f64 {
    [
        "prometheus_tsdb_wal_writes_failed_total",
        "watchfire_tsdb_wal_sync_failures_total",
        "watchfire_tsdb_seals_failed_total",
        "prometheus_tsdb_compactions_failed_total",
    ]
    .map(|name| metric(db, name))
    .iter()
    .sum()
}

/// What calls have stored.
#[derive(Default)]
struct Ledger {
    samples: BTreeMap<(String, i64), u64>,
    /// Of calls that failed: they may be there or not.
    unsure: BTreeMap<(String, i64), Option<u64>>,
    failed: usize,
}

impl Ledger {
    fn note<T, E: std::fmt::Display>(&mut self, done: &Result<T, E>, samples: &[(&str, i64, f64)]) {
        if let Err(error) = done {
            assert!(!error.to_string().is_empty());
            self.failed += 1;
        }
        for (name, time, value) in samples {
            let key = (series(name).to_string(), *time);
            if done.is_ok() {
                self.samples.insert(key, value.to_bits());
            } else {
                self.unsure.insert(key, Some(value.to_bits()));
            }
        }
    }

    #[track_caller]
    fn check(&self, found: &Content, what: &str) {
        let mut left: BTreeMap<(String, i64), u64> = BTreeMap::new();
        for (name, samples) in found {
            left.extend(
                samples
                    .iter()
                    .map(|(time, bits)| ((name.clone(), *time), *bits)),
            );
        }
        for (key, bits) in &self.samples {
            let there = left.remove(key);
            let deleted = there.is_none() && self.unsure.get(key) == Some(&None);
            assert!(
                deleted || there == Some(*bits),
                "{what}: {key:?} is {there:?}"
            );
        }
        for (key, bits) in left {
            assert_eq!(self.unsure.get(&key), Some(&Some(bits)), "{what}: {key:?}");
        }
    }
}

/// A bit of everything that writes.
fn work(db: &Db) -> Ledger {
    let mut ledger = Ledger::default();
    let both = layout(db, &["a", "b"]);
    for step in 0..18i64 {
        let time = NOW + step * 10 * MINUTE;
        let at = TimestampMs(time);
        // Each time anew: series without samples in memory are forgotten.
        let histogram = db.register(&[series("h")]).unwrap().remove(0).unwrap();
        let other = db.register(&[series("l")]).unwrap().remove(0).unwrap();
        let (first, second) = (0.1 * step as f64, 7.0);
        let frame = Frame {
            layout: both,
            time: at,
            values: &[first, second],
        };
        ledger.note(
            &db.append_frame(frame),
            &[("a", time, first), ("b", time, second)],
        );
        let sample = |time, value| LooseSample {
            series: other,
            time: TimestampMs(time),
            value,
        };
        let late = time - 25 * MINUTE;
        let two = [sample(time, 1e300), sample(late, -0.0)];
        ledger.note(
            &db.append_loose(&two),
            &[("l", time, 1e300), ("l", late, -0.0)],
        );
        match step % 6 {
            1 => {
                let one = Histogram {
                    count: 1.0,
                    sum: step as f64,
                    ..Histogram::default()
                };
                let one = HistogramSample {
                    series: histogram,
                    time: at,
                    histogram: Arc::new(one),
                };
                ledger.note(&db.append_histograms(&[one]), &[("h", time, f64::NAN)]);
            }
            2 => {
                let labels = Labels::from_pairs([("trace_id", "x")]);
                let exemplar = Exemplar {
                    labels,
                    value: 1.0,
                    time,
                };
                ledger.note(&db.append_exemplars(&[(other, exemplar)]), &[]);
                let family = Metadata {
                    family: format!("f{step}"),
                    kind: MetricKind::Counter,
                    help: "Help.".into(),
                    unit: String::new(),
                };
                ledger.note(&db.set_metadata(&[family]), &[]);
            }
            3 => {
                let name = series("b").to_string();
                let range = TimeRange::new(TimestampMs(time - 15 * MINUTE), at);
                let matchers = Matchers::compile(&[Matcher::metric("b")]).unwrap();
                let done = db.delete_series(&[matchers], range);
                let gone =
                    |key: &(String, i64)| key.0 == name && range.contains(TimestampMs(key.1));
                if done.is_ok() {
                    ledger.samples.retain(|key, _| !gone(key));
                    ledger.unsure.retain(|key, _| !gone(key));
                } else {
                    let keys: Vec<_> = ledger
                        .samples
                        .keys()
                        .filter(|key| gone(key))
                        .cloned()
                        .collect();
                    ledger
                        .unsure
                        .extend(keys.into_iter().map(|key| (key, None)));
                }
                ledger.note(&done, &[]);
            }
            5 => ledger.note(&db.flush(), &[]),
            _ => {}
        }
    }
    ledger
}

/// Does the work with a fault, then without; what is there must be what was acknowledged.
fn survive(fault: Fault, what: &str) -> usize {
    let disk = MemDisk::default();
    let db = open_with(&disk, windowed());
    disk.set_fault(fault);
    let ledger = work(&db);
    ledger.check(&content(&db), what);
    if ledger.failed > 0 {
        assert!(failures(&db) > 0.0, "{what}: not counted");
    }
    // Killed now.
    let image = disk.image();
    ledger.check(
        &content(&open_with(&MemDisk::from_image(image), windowed())),
        &format!("{what}, killed"),
    );
    // With room again.
    disk.set_fault(Fault::None);
    assert_eq!(
        loose(&db, "z", NOW, 1.0).appended,
        1,
        "{what}: comes back by itself"
    );
    assert_eq!(metric(&db, "watchfire_tsdb_read_only"), 0.0);
    db.flush().unwrap();
    let mut after = content(&db);
    drop(db);
    assert_eq!(
        content(&open_with(&disk, windowed())),
        after,
        "{what}, restarted"
    );
    after.remove(&series("z").to_string());
    ledger.check(&after, &format!("{what}, later"));
    ledger.failed
}

#[test]
fn a_disk_that_is_full_at_any_write_costs_only_what_was_refused() {
    let (operations, bytes) = {
        let disk = MemDisk::default();
        let db = open_with(&disk, windowed());
        let before = disk.operations();
        assert_eq!(work(&db).failed, 0);
        (disk.operations() - before, 40_000)
    };
    assert!(operations > 80, "{operations}");
    let mut failed = 0;
    for operation in 0..operations {
        failed += survive(
            Fault::FailsOnceAfter(operation),
            &format!("operation {operation}"),
        );
    }
    assert!(failed as u64 > operations / 2, "{failed} of {operations}");
    let mut was_enough = false;
    for room in (0..bytes).step_by(797) {
        was_enough |= survive(Fault::FullAfter(room), &format!("room for {room} bytes")) == 0;
    }
    assert!(was_enough, "{bytes} bytes are not enough");
}

#[test]
fn a_sync_that_fails_refuses_the_samples_where_each_append_is_synced() {
    let disk = MemDisk::default();
    let always = Options {
        sync: SyncPolicy::Always,
        ..options()
    };
    let db = open_with(&disk, always.clone());
    loose(&db, "a", NOW, 1.0);
    disk.set_fault(Fault::SyncFails);
    let id = db.register(&[series("a")]).unwrap().remove(0).unwrap();
    let sample = LooseSample {
        series: id,
        time: TimestampMs(NOW + 1),
        value: 2.0,
    };
    for _ in 0..3 {
        let refused = db.append_loose(&[sample]);
        assert!(
            matches!(refused, Err(Error::ReadOnly { .. })),
            "{refused:?}"
        );
    }
    assert_eq!(metric(&db, "prometheus_tsdb_wal_writes_failed_total"), 3.0);
    assert_eq!(metric(&db, "watchfire_tsdb_read_only"), 1.0);
    assert_eq!(content(&db)[&series("a").to_string()].len(), 1);
    disk.set_fault(Fault::None);
    db.append_loose(&[sample]).unwrap();
    assert_eq!(metric(&db, "watchfire_tsdb_read_only"), 0.0);
    let before = content(&db);
    std::mem::forget(db); // No orderly end.
    disk.crash();
    assert_eq!(content(&open_with(&disk, always)), before);
}

#[test]
fn a_sync_that_fails_in_the_background_is_counted_and_what_it_was_for_is_sealed() {
    let disk = MemDisk::default();
    let db = open(&disk);
    disk.set_fault(Fault::SyncFails);
    for step in 0..50 {
        assert_eq!(loose(&db, "a", NOW + step, step as f64).appended, 1);
    }
    let wait_for = |what: &str, done: &dyn Fn() -> bool| {
        let start = Instant::now();
        while !done() {
            assert!(start.elapsed() < Duration::from_secs(20), "{what}");
            std::thread::park_timeout(Duration::from_millis(20));
        }
    };
    wait_for("no failure is counted", &|| {
        metric(&db, "watchfire_tsdb_wal_sync_failures_total") > 0.0
    });
    assert_eq!(
        loose(&db, "a", NOW + 50, 50.0).appended,
        1,
        "samples keep flowing"
    );
    disk.set_fault(Fault::None);
    // The next sync would say that all is well; the samples before it are saved another way.
    wait_for("nothing is sealed", &|| !db.blocks().is_empty());
    let before = content(&db);
    assert_eq!(before[&series("a").to_string()].len(), 51);
    std::mem::forget(db);
    disk.crash();
    let after = content(&open(&disk));
    let kept = &after[&series("a").to_string()];
    assert!(
        before[&series("a").to_string()].starts_with(kept) && kept.len() >= 50,
        "{kept:?}"
    );
}

//! Data folders that older versions wrote stay readable: `testdata/v1` is never made anew.
//!
//! It holds a log of version 2 in several segments, a manifest, and two blocks of version 1, one of them
//! with tombstones; `content.txt` says what is in it.

use crate::fixture::{NOW, open_with, options, series};
use model::{
    DurationMs, Histogram, Labels, Matcher, MetricKind, ResetHint, Span, TimeRange, TimestampMs,
};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use storage::{
    Admin, Appender, Column, Exemplar, Frame, HistogramSample, LooseSample, Matchers, Metadata,
    Queryable, SeriesId,
};
use tsdb::{Db, Options};
use vfs::{Disk, MemDisk, Vfs};

const MINUTE: i64 = 60_000;

fn frozen() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/v1")
}

fn frozen_options() -> Options {
    Options {
        segment_bytes: 2_500,
        out_of_order_window: DurationMs(60 * MINUTE),
        retention: DurationMs(0),
        ..options()
    }
}

/// Everything in text: samples by their bits, exemplars, metadata.
fn text(db: &Db) -> String {
    let all = Matchers::compile(&[]).unwrap();
    let selection = db.select(&all, TimeRange::ALL).unwrap();
    let mut reader = selection.reader();
    let mut column = Column::default();
    let mut lines = BTreeMap::new();
    for index in 0..selection.len() {
        column.clear();
        reader.read(index, TimeRange::ALL, &mut column).unwrap();
        let mut line = String::new();
        for (i, time) in column.times.iter().enumerate() {
            match column.histograms.get(i) {
                Some(Some(one)) => write!(line, " {time}={}", histogram_text(one)).unwrap(),
                _ => write!(line, " {time}={:x}", column.values[i].to_bits()).unwrap(),
            }
        }
        lines.insert(selection.labels(index).to_string(), line);
    }
    let mut out = String::new();
    for (labels, samples) in lines.iter().filter(|(_, samples)| !samples.is_empty()) {
        writeln!(out, "{labels}{samples}").unwrap();
    }
    let everything = [vec![Matcher::metric("a")], vec![Matcher::metric("l")]];
    for one in db.exemplars(&everything, TimeRange::ALL).unwrap() {
        for exemplar in one.exemplars {
            let (labels, time) = (exemplar.labels, exemplar.time);
            let bits = exemplar.value.to_bits();
            writeln!(out, "exemplar {} {labels} {time}={bits:x}", one.series).unwrap();
        }
    }
    for one in db.metadata() {
        let kind = one.kind.as_str();
        writeln!(
            out,
            "family {} {kind} {:?} {:?}",
            one.family, one.help, one.unit
        )
        .unwrap();
    }
    out
}

fn histogram_text(one: &Histogram) -> String {
    let hint = match one.reset_hint {
        ResetHint::Unknown => "unknown",
        ResetHint::Reset => "reset",
        ResetHint::NotReset => "not",
        ResetHint::Gauge => "gauge",
    };
    let mut out = format!("[{hint},{}", one.schema);
    let plain = [one.zero_threshold, one.zero_count, one.count, one.sum];
    for values in [
        &plain[..],
        &one.positive_buckets,
        &one.negative_buckets,
        &one.custom_values,
    ] {
        let bits: Vec<String> = values
            .iter()
            .map(|v| format!("{:x}", v.to_bits()))
            .collect();
        write!(out, ",({})", bits.join(",")).unwrap();
    }
    for spans in [&one.positive_spans, &one.negative_spans] {
        let spans: Vec<String> = spans
            .iter()
            .map(|s| format!("{}:{}", s.offset, s.length))
            .collect();
        write!(out, ",({})", spans.join(",")).unwrap();
    }
    out + "]"
}

fn histogram(count: f64) -> Arc<Histogram> {
    let span = |offset, length| Span { offset, length };
    Arc::new(Histogram {
        reset_hint: ResetHint::NotReset,
        schema: 2,
        zero_threshold: 1e-128,
        zero_count: 1.0,
        count: count + 2.5,
        sum: -0.0,
        positive_spans: vec![span(-3, 1), span(2, 1)],
        negative_spans: vec![span(0, 1)],
        positive_buckets: vec![count, 1.0],
        negative_buckets: vec![0.5],
        custom_values: vec![],
    })
}

/// Every kind of record and of column.
fn fill(db: &Db, from: i64) {
    let names = ["a", "b", "c", "l", "h"].map(series);
    let ids: Vec<SeriesId> = db
        .register(&names)
        .unwrap()
        .into_iter()
        .map(Result::unwrap)
        .collect();
    let layout = db.layout(&ids[..3]).unwrap();
    db.set_metadata(&[Metadata {
        family: format!("family_{from}"),
        kind: MetricKind::Counter,
        help: "What it \"is\".".into(),
        unit: "seconds".into(),
    }])
    .unwrap();
    let odd = [
        0x7ff8_0000_dead_beef,
        1 << 63,
        0x7ff0 << 48,
        1,
        0x7ff0_a85e_0000_0001,
    ];
    let mut specials = odd.into_iter().cycle().map(f64::from_bits);
    for step in from..from + 60 {
        let time = NOW + step * MINUTE;
        let at = TimestampMs(time);
        let special = specials.next().unwrap();
        let values = [step as f64, 0.1 * (step / 5) as f64, special];
        db.append_frame(Frame {
            layout,
            time: at,
            values: &values,
        })
        .unwrap();
        let sample = |time, value| LooseSample {
            series: ids[3],
            time: TimestampMs(time),
            value,
        };
        db.append_loose(&[sample(time + 7, 1.0 / step as f64)])
            .unwrap();
        match step % 20 {
            3 => _ = db.append_loose(&[sample(time - 30_000, 1e300)]).unwrap(),
            5 => {
                let one = HistogramSample {
                    series: ids[4],
                    time: at,
                    histogram: histogram(step as f64),
                };
                db.append_histograms(&[one]).unwrap();
            }
            7 => {
                let labels = Labels::from_pairs([("trace_id", "é")]);
                let exemplar = Exemplar {
                    labels,
                    value: 0.25,
                    time,
                };
                db.append_exemplars(&[(ids[0], exemplar)]).unwrap();
            }
            11 => {
                let matchers = Matchers::compile(&[Matcher::metric("b")]).unwrap();
                let range = TimeRange::new(TimestampMs(time - 5 * MINUTE), at);
                db.delete_series(&[matchers], range).unwrap();
            }
            _ => {}
        }
    }
    db.release(layout);
}

fn make() -> MemDisk {
    let disk = MemDisk::default();
    let db = open_with(&disk, frozen_options());
    fill(&db, 0);
    db.flush().unwrap();
    fill(&db, 60);
    let matchers = Matchers::compile(&[Matcher::metric("c")]).unwrap();
    let range = TimeRange::new(TimestampMs(NOW), TimestampMs(NOW + 10 * MINUTE));
    db.delete_series(&[matchers], range).unwrap();
    disk
}

/// A copy in memory: opening a database writes.
fn copy() -> MemDisk {
    let mut image = BTreeMap::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        for name in Disk.list_folders(&frozen().join(&folder)).unwrap() {
            folders.push(folder.join(name));
        }
        for entry in Disk.list(&frozen().join(&folder)).unwrap() {
            let path = folder.join(entry.name);
            let bytes = Disk.read(&frozen().join(&path)).unwrap();
            image.insert(Path::new("data").join(&path), bytes);
        }
    }
    MemDisk::from_image(image)
}

#[test]
fn the_first_data_folder_opens_and_says_the_same() {
    let disk = copy();
    let expected = std::fs::read_to_string(frozen().join("content.txt")).unwrap();
    let db = open_with(&disk, frozen_options());
    let report = db.replay_report();
    assert_eq!(
        (report.corruptions, report.lost_frames, report.torn_bytes),
        (0, 0, 0)
    );
    assert!(report.segments > 1 && report.records > 100, "{report:?}");
    assert!(!db.blocks().is_empty());
    assert_eq!(text(&db), expected);
    // What is written now means the same.
    assert_eq!(text(&open_with(&make(), frozen_options())), expected);
    // It can be written on, sealed and compacted.
    assert_eq!(
        crate::fixture::loose(&db, "new", NOW + 200 * MINUTE, 1.0).appended,
        1
    );
    db.flush().unwrap();
    drop(db);
    let after = text(&open_with(&disk, frozen_options()));
    assert!(expected.lines().all(|line| after.contains(line)), "{after}");
}

#[test]
#[ignore = "writes testdata/v1, once for each version of the formats"]
fn write_the_frozen_data_folder() {
    assert!(!frozen().exists(), "a version is written once");
    let disk = make();
    let content = text(&open_with(
        &MemDisk::from_image(disk.image()),
        frozen_options(),
    ));
    let mut files = disk.image();
    files.retain(|path, _| !path.ends_with("lock"));
    files.insert("data/content.txt".into(), content.into_bytes());
    for (path, bytes) in files {
        let to = frozen().join(path.strip_prefix("data").unwrap());
        Disk.create_folder(to.parent().unwrap()).unwrap();
        Disk.append(&to).unwrap().write_all(&bytes).unwrap();
    }
}

//! The write-ahead log.

use crate::columns::histogram;
use crate::parts;
use clock::ManualClock;
use model::{DurationMs, Labels, Matcher, MetricKind, TimeRange, TimestampMs};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use storage::{
    Admin, Appender, Column, Exemplar, Frame, HistogramSample, LooseSample, Matchers, Metadata,
    Queryable, SeriesId,
};
use tsdb::{Db, Options};
use vfs::MemDisk;

const NOW: i64 = 1_700_000_000_000;

fn segment(number: u64) -> PathBuf {
    format!("data/wal/{number:08}").into()
}

fn open(disk: &MemDisk) -> Db {
    let options = Options {
        out_of_order_window: DurationMs(3_600_000),
        ..Options::new("data")
    };
    let clock = ManualClock::at(TimestampMs(NOW + 60_000));
    Db::open(options, Arc::new(disk.clone()), Arc::new(clock))
        .expect("no log keeps the database from opening")
}

/// All samples, with histograms as text.
fn content(db: &Db) -> BTreeMap<String, Vec<(i64, u64, String)>> {
    let all = Matchers::compile(&[]).expect("valid");
    let selection = db.select(&all, TimeRange::ALL).expect("memory can be read");
    let mut reader = selection.reader();
    let mut column = Column::default();
    let mut content = BTreeMap::new();
    for index in 0..selection.len() {
        column.clear();
        reader
            .read(index, TimeRange::ALL, &mut column)
            .expect("memory can be read");
        assert!(column.times.is_sorted_by(|a, b| a < b), "times rise");
        let sample = |i: usize| {
            let histogram = column.histograms.get(i).and_then(Option::as_ref);
            let text = histogram.map_or(String::new(), |one| format!("{one:?}"));
            (column.times[i], column.values[i].to_bits(), text)
        };
        if !column.is_empty() {
            let labels = selection.labels(index).to_string();
            content.insert(labels, (0..column.len()).map(sample).collect());
        }
    }
    content
}

/// Opens, reads, and reads the same again from blocks and after a restart.
fn explore(disk: &MemDisk) {
    let db = open(disk);
    let before = content(&db);
    let _ = db.metrics();
    if db.flush().is_ok() {
        assert_eq!(content(&db), before, "after sealing");
    }
    drop(db);
    assert_eq!(content(&open(disk)), before, "after a restart");
}

/// Records of one segment: type, two bytes of length, payload.
pub fn records(data: &[u8]) {
    let header = header(0);
    let mut file = header.clone();
    let mut rest = data;
    let mut lsn = 0;
    while let Some((kind, behind)) = rest.split_first() {
        rest = behind;
        put_record(&header, *kind, lsn, parts::take(&mut rest), &mut file);
        lsn += 1;
    }
    explore(&MemDisk::from_image([(segment(0), file)].into()));
}

/// A byte: whether header and position are as written; the rest is the file.
pub fn segment_bytes(data: &[u8]) {
    let Some((kind, rest)) = data.split_first() else {
        return;
    };
    let mut file = Vec::new();
    if kind & 1 == 0 {
        file = header(0);
    }
    file.extend_from_slice(rest);
    let mut image = BTreeMap::from([(segment(0), file)]);
    if kind & 2 != 0 {
        image.insert(segment(1), header(1));
    }
    explore(&MemDisk::from_image(image));
}

const KEY: u64 = 0x1234_5678_9abc_def0;

fn header(number: u64) -> Vec<u8> {
    let mut out = b"WFWAL\0\x02\0".to_vec();
    out.extend_from_slice(&number.to_le_bytes());
    out.extend_from_slice(&KEY.to_le_bytes());
    out.extend_from_slice(&crc32c::crc32c(&out).to_le_bytes());
    out.resize(32, 0);
    out
}

fn put_record(header: &[u8], kind: u8, lsn: u64, payload: &[u8], out: &mut Vec<u8>) {
    let (sequence, key) = (&header[8..16], &header[16..24]);
    let checked = [key, sequence, &lsn.to_le_bytes(), &[kind], payload].concat();
    out.extend_from_slice(&(payload.len() as u32).to_le_bytes());
    out.extend_from_slice(&crc32c::crc32c(&checked).to_le_bytes());
    out.extend_from_slice(&[kind, 0, 0, 0]);
    out.extend_from_slice(&lsn.to_le_bytes());
    out.extend_from_slice(payload);
    out.resize(out.len().next_multiple_of(8), 0);
}

/// A log with all types of records.
fn log() -> Vec<u8> {
    let disk = MemDisk::default();
    let db = open(&disk);
    let series = |name: &str| Labels::from_pairs([("__name__", name), ("job", "node")]);
    let labels = ["a", "b", "c", "h"].map(series);
    let ids: Vec<SeriesId> = db
        .register(&labels)
        .expect("there is room")
        .into_iter()
        .map(|id| id.expect("there is room"))
        .collect();
    let layout = db.layout(&ids[..2]).expect("they are known");
    let family = |family: &str| Metadata {
        family: family.into(),
        kind: MetricKind::Gauge,
        help: "What it is.".into(),
        unit: "seconds".into(),
    };
    let written = (|| -> storage::Result<()> {
        db.set_metadata(&[family("a"), family("b")])?;
        for step in 0..6i64 {
            let time = TimestampMs(NOW + step * 1_000);
            let values = [
                step as f64,
                if step == 4 {
                    model::stale_nan()
                } else {
                    0.1 * step as f64
                },
            ];
            db.append_frame(Frame {
                layout,
                time,
                values: &values,
            })?;
            let late = TimestampMs(NOW + step * 1_000 - 3_500);
            let sample = |time, value| LooseSample {
                series: ids[2],
                time,
                value,
            };
            db.append_loose(&[sample(time, f64::NAN), sample(late, 1e300)])?;
            let histogram = Arc::new(histogram(step as f64));
            db.append_histograms(&[HistogramSample {
                series: ids[3],
                time,
                histogram,
            }])?;
            let exemplar = Exemplar {
                labels: Labels::from_pairs([("trace_id", "x")]),
                value: 0.5,
                time: time.0,
            };
            db.append_exemplars(&[(ids[0], exemplar)])?;
        }
        let matchers = Matchers::compile(&[Matcher::metric("b")])?;
        let range = TimeRange::new(TimestampMs(NOW + 1_000), TimestampMs(NOW + 3_000));
        db.delete_series(&[matchers], range)
    })();
    written.expect("memory has room");
    disk.image()[&segment(0)].clone()
}

/// The records of that log.
pub fn records_seeds() -> Vec<Vec<u8>> {
    let log = log();
    let mut seed = Vec::new();
    let mut at = 32;
    while at < log.len() {
        let length = u32::from_le_bytes(log[at..at + 4].try_into().expect("4 bytes")) as usize;
        seed.push(log[at + 8]);
        parts::put(&log[at + 20..at + 20 + length], &mut seed);
        at = (at + 20 + length).next_multiple_of(8);
    }
    vec![seed]
}

/// That log with a known header.
pub fn segment_seeds() -> Vec<Vec<u8>> {
    let records = &records_seeds()[0];
    let header = header(0);
    let (mut file, mut rest, mut lsn) = (vec![0], &records[..], 0);
    while let Some((kind, behind)) = rest.split_first() {
        rest = behind;
        let mut record = Vec::new();
        put_record(&header, *kind, lsn, parts::take(&mut rest), &mut record);
        file.extend_from_slice(&record);
        lsn += 1;
    }
    let mut second = file.clone();
    second[0] = 2;
    vec![file, second, [&[1], &log()[..]].concat()]
}

//! `kill -9` in the middle of anything: what was acknowledged is there, bit by bit.
//!
//! This program starts itself again as a writer, which says after each call that the call has returned,
//! and kills it.

use crate::fixture::{NOW, series};
use clock::ManualClock;
use model::{DurationMs, Histogram, Matcher, TimeRange, TimestampMs};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};
use storage::{Admin, Appender, Column, Frame, HistogramSample, LooseSample, Matchers, Queryable};
use tsdb::{Db, Options};
use vfs::Disk;

/// For the writer: the data folder.
const FOLDER: &str = "WATCHFIRE_TEST_WRITER_FOLDER";
/// For the writer: the number of its first call.
const FIRST: &str = "WATCHFIRE_TEST_WRITER_FIRST";
const KILLS: u32 = 200;
/// Kills after which an empty folder is taken: reading all back takes time.
const KILLS_PER_FOLDER: u32 = 20;
/// Samples of a step are at its time and the milliseconds behind it: a window is complete after some
/// kills, and a folder sees several.
const STEP: i64 = 60_000;

/// What a call stores or deletes. The calls of a number are the same in every run.
#[derive(Debug)]
enum Call {
    Frame(&'static [&'static str], i64, Vec<f64>),
    /// The second one is late.
    Loose([(String, i64, f64); 2]),
    Histogram(i64, Arc<Histogram>),
    Delete(TimeRange),
}

const WIDE: [&str; 6] = ["a", "b", "c", "d", "e", "f"];
const NARROW: [&str; 2] = ["x", "y"];
const DELETED: &str = "d";

fn call(number: i64) -> Call {
    let step = number / 4;
    let time = NOW + step * STEP;
    let value = step as f64;
    match number % 4 {
        0 => {
            let odd = match step % 5 {
                0 => f64::from_bits(0x7ff0_0000_dead_beef),
                1 => f64::from_bits(0x7ff8_0000_0000_0000 | step as u64),
                2 => -0.0,
                3 => f64::NEG_INFINITY,
                _ => value,
            };
            let noise = (value * 0.1).sin();
            Call::Frame(
                &WIDE,
                time,
                vec![value, 7.0, value / 100.0, noise, odd, (step / 9) as f64],
            )
        }
        1 => Call::Loose([
            // Series come and go.
            (format!("l{}", step / 64), time + 1, noise_free(step)),
            ("a".into(), time - 35 * STEP + 2, 0.5),
        ]),
        2 if step % 5 == 0 => {
            let histogram = Histogram {
                schema: 2,
                count: value + 1.0,
                sum: -0.0,
                positive_spans: vec![model::Span {
                    offset: -3,
                    length: 1,
                }],
                positive_buckets: vec![value + 1.0],
                ..Histogram::default()
            };
            Call::Histogram(time + 3, Arc::new(histogram))
        }
        3 if step % 40 == 39 => {
            let start = TimestampMs(time - 30 * STEP);
            Call::Delete(TimeRange::new(start, TimestampMs(time - 20 * STEP)))
        }
        _ => Call::Frame(&NARROW, time + number % 4, vec![1e300 / (value + 1.0), 3.5]),
    }
}

fn noise_free(step: i64) -> f64 {
    (step % 10) as f64 * 0.01
}

/// What a sample is, as text where it is a histogram.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Bits {
    Float(u64),
    Histogram(String),
}

type Samples = BTreeMap<(String, i64), Bits>;

impl Call {
    fn adds(&self) -> Vec<((String, i64), Bits)> {
        let float = |name: &str, time: i64, value: f64| {
            ((name.to_owned(), time), Bits::Float(value.to_bits()))
        };
        match self {
            Self::Frame(names, time, values) => {
                let pairs = names.iter().zip(values);
                pairs
                    .map(|(name, value)| float(name, *time, *value))
                    .collect()
            }
            Self::Loose(two) => two
                .iter()
                .map(|(name, time, value)| float(name, *time, *value))
                .collect(),
            Self::Histogram(time, one) => {
                vec![(("h".into(), *time), Bits::Histogram(format!("{one:?}")))]
            }
            Self::Delete(_) => Vec::new(),
        }
    }

    fn deletes(&self, name: &str, time: i64) -> bool {
        matches!(self, Self::Delete(range) if name == DELETED && range.contains(TimestampMs(time)))
    }

    fn make(&self, db: &Db) -> storage::Result<()> {
        match self {
            Self::Frame(names, time, values) => {
                let labels: Vec<_> = names.iter().map(|name| series(name)).collect();
                let ids = db.register(&labels)?.into_iter();
                let layout = db.layout(&ids.collect::<storage::Result<Vec<_>>>()?)?;
                let time = TimestampMs(*time);
                db.append_frame(Frame {
                    layout,
                    time,
                    values,
                })?;
                db.release(layout);
            }
            Self::Loose(two) => {
                let labels = [series(&two[0].0), series(&two[1].0)];
                let ids = db.register(&labels)?;
                let pairs = ids.into_iter().zip(two);
                let samples = pairs.map(|(id, (_, time, value))| {
                    let (time, value) = (TimestampMs(*time), *value);
                    Ok(LooseSample {
                        series: id?,
                        time,
                        value,
                    })
                });
                db.append_loose(&samples.collect::<storage::Result<Vec<_>>>()?)?;
            }
            Self::Histogram(time, one) => {
                let id = db.register(&[series("h")])?.remove(0)?;
                let (time, histogram) = (TimestampMs(*time), Arc::clone(one));
                db.append_histograms(&[HistogramSample {
                    series: id,
                    time,
                    histogram,
                }])?;
            }
            Self::Delete(range) => {
                let matchers = Matchers::compile(&[Matcher::metric(DELETED)])?;
                db.delete_series(&[matchers], *range)?;
            }
        }
        Ok(())
    }
}

fn open(folder: &Path) -> Db {
    let options = Options {
        segment_bytes: 8 << 10,
        retention: DurationMs(0),
        out_of_order_window: DurationMs(100 * STEP),
        ..Options::new(folder)
    };
    let clock = ManualClock::at(TimestampMs(NOW + 365 * crate::fixture::DAY));
    Db::open(options, Arc::new(Disk), Arc::new(clock)).unwrap()
}

#[test]
#[ignore = "the writer that the test below starts and kills"]
fn writer() {
    let (Ok(folder), Ok(first)) = (std::env::var(FOLDER), std::env::var(FIRST)) else {
        return;
    };
    let db = open(Path::new(&folder));
    let mut out = std::io::stdout();
    let (due, when) = mpsc::sync_channel::<()>(0);
    std::thread::scope(|scope| {
        // Seals and compacts while the others write.
        scope.spawn(|| {
            for () in when {
                if let Err(error) = db.flush() {
                    give_up_unless(false, &error);
                }
            }
        });
        for number in first.parse::<i64>().unwrap().. {
            let call = call(number);
            // A series without samples may be forgotten between its registration and its first sample.
            while let Err(error) = call.make(&db) {
                give_up_unless(matches!(error, storage::Error::UnknownSeries(_)), &error);
            }
            writeln!(out, "done {number}").unwrap();
            if number % 40 == 39 {
                // Left out where the last one is still at work.
                let _ = due.try_send(());
            }
        }
    });
}

/// Ends the writer: whoever reads from it learns why.
fn give_up_unless(goes_on: bool, error: &dyn std::fmt::Display) {
    if !goes_on {
        eprintln!("panicked: {error}");
        std::process::exit(1);
    }
}

fn content(db: &Db) -> Samples {
    let selection = db
        .select(&Matchers::compile(&[]).unwrap(), TimeRange::ALL)
        .unwrap();
    let mut reader = selection.reader();
    let mut column = Column::default();
    let mut content = Samples::new();
    for index in 0..selection.len() {
        column.clear();
        reader.read(index, TimeRange::ALL, &mut column).unwrap();
        let name = selection.labels(index).metric_name().to_owned();
        for (i, time) in column.times.iter().enumerate() {
            let bits = match column.histograms.get(i) {
                Some(Some(one)) => Bits::Histogram(format!("{one:?}")),
                _ => Bits::Float(column.values[i].to_bits()),
            };
            content.insert((name.clone(), *time), bits);
        }
    }
    content
}

/// Starts a writer whose first call is number `first`, kills it when it has made `calls` calls and `spin`
/// has passed, and gives the number of the first call that it has not acknowledged.
fn write_and_kill(folder: &Path, first: i64, calls: u64, spin: Duration) -> i64 {
    let mut writer = Command::new(std::env::current_exe().unwrap())
        .args([
            "kill::writer",
            "--exact",
            "--ignored",
            "--nocapture",
            "--test-threads=1",
        ])
        .env(FOLDER, folder)
        .env(FIRST, first.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(writer.stdout.take().unwrap()).lines();
    let mut next = first;
    let mut note = |line: std::io::Result<String>| {
        // What stands in a line that was cut off was not acknowledged, or was: then it may be there.
        let done = line
            .ok()
            .and_then(|line| line.rsplit_once("done ")?.1.parse::<i64>().ok());
        next = done.map_or(next, |done| next.max(done + 1));
        done.is_some()
    };
    let mut lines = lines;
    let mut seen = 0;
    while seen < calls {
        // There is no end before it is killed, unless it has failed: then it says why.
        let Some(line) = lines.next() else {
            break;
        };
        seen += u64::from(note(line));
    }
    let start = Instant::now();
    while start.elapsed() < spin {
        std::hint::spin_loop();
    }
    writer.kill().unwrap();
    lines.for_each(|line| _ = note(line));
    let status = writer.wait_with_output().unwrap();
    let errors = String::from_utf8_lossy(&status.stderr);
    assert!(!errors.contains("panicked"), "{errors}");
    assert!(seen >= calls, "the writer ended by itself: {errors}");
    next
}

/// In memory where there is such a file system: `kill -9` is not a power cut, and syncs take time.
fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").unwrap_or_else(|_| tempfile::tempdir().unwrap())
}

/// The samples behind all calls before `next`, and what the call `next` may have changed.
fn check(found: &Samples, expected: &Samples, next: i64, round: &str) {
    let pending = call(next);
    for (key, bits) in expected {
        let there = found.get(key);
        let is_gone = there.is_none() && pending.deletes(&key.0, key.1);
        assert!(
            there == Some(bits) || is_gone,
            "{round}: {key:?} is {there:?}, not {bits:?}"
        );
    }
    let adds = pending.adds();
    for (key, bits) in found {
        let is_known = expected.contains_key(key) || adds.contains(&(key.clone(), bits.clone()));
        assert!(is_known, "{round}: {key:?} was never written, or deleted");
    }
}

#[test]
fn two_hundred_kills_at_random_moments_lose_nothing_that_was_acknowledged() {
    let mut seed = u64::from(std::process::id()) << 1 | 1;
    let mut below = |bound: u64| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed >> 11) % bound
    };
    let (mut kills, mut calls, mut levels) = (0, 0, BTreeSet::new());
    while kills < KILLS {
        let folder = folder();
        let (mut next, mut expected) = (0, Samples::new());
        for _ in 0..KILLS_PER_FOLDER {
            kills += 1;
            // Some are killed while they start.
            let (wanted, spin) = match kills % 4 {
                0 => (0, below(15_000)),
                1 => (1 + below(40), below(300)),
                _ => (1 + below(160), below(3_000)),
            };
            let first = next;
            next = write_and_kill(folder.path(), first, wanted, Duration::from_micros(spin));
            for number in first..next {
                let call = call(number);
                if matches!(call, Call::Delete(_)) {
                    expected.retain(|(name, time), _| !call.deletes(name, *time));
                }
                expected.extend(call.adds());
            }
            let db = open(folder.path());
            let round = format!(
                "kill {kills} behind call {next} (seed {})",
                std::process::id()
            );
            check(&content(&db), &expected, next, &round);
            let report = db.replay_report();
            assert_eq!((report.corruptions, report.lost_frames), (0, 0), "{round}");
            levels.extend(db.blocks().iter().map(|block| block.level));
        }
        calls += next;
    }
    assert!(calls > 5_000, "only {calls} calls");
    assert!(levels.len() > 1, "nothing was compacted: {levels:?}");
}

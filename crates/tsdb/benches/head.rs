//! The head's hot paths: frames in, loose samples in, the log read back, columns out.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a measurement that cannot be made shall end"
)]

#[path = "../tests/it/fleet.rs"]
mod fleet;

use clock::ManualClock;
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use fleet::{SLOTS, START, STEP, Target};
use model::{DurationMs, Matcher, TimeRange, TimestampMs};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use storage::{
    Appender, Column, Frame, LayoutId, LooseSample, Matchers, Newest, Queryable, SeriesId,
};
use tsdb::{Db, Options, RotateAt, SyncPolicy};
use vfs::Disk;

const TARGETS: u64 = 20;

fn open(folder: &Path) -> Db {
    let options = Options {
        retention: DurationMs(0),
        sync: SyncPolicy::Never,
        rotate_at: RotateAt {
            span: DurationMs(i64::MAX),
            samples: u64::MAX,
            bytes: usize::MAX,
        },
        ..Options::new(folder)
    };
    let clock = ManualClock::at(TimestampMs(START + 600 * 86_400_000));
    Db::open(options, Arc::new(Disk), Arc::new(clock)).expect("an empty folder opens")
}

struct Scraped {
    target: Target,
    series: Vec<SeriesId>,
    layout: LayoutId,
}

fn fleet(db: &Db, count: u64) -> Vec<Scraped> {
    (0..count)
        .map(|number| {
            let target = Target::new(number);
            let ids = db.register(&target.labels).expect("no limit");
            let series: Vec<SeriesId> = ids.into_iter().flatten().collect();
            let layout = db.layout(&series).expect("known series");
            Scraped {
                target,
                series,
                layout,
            }
        })
        .collect()
}

fn append(db: &Db, one: &Scraped, time: i64) {
    let frame = Frame {
        layout: one.layout,
        time: TimestampMs(time),
        values: &one.target.values,
    };
    db.append_frame(frame).expect("room on the disk");
}

fn fill(db: &Db, targets: u64, scrapes: i64) -> Vec<Scraped> {
    let mut fleet = fleet(db, targets);
    for step in 0..scrapes {
        for one in &mut fleet {
            one.target.scrape();
            append(db, one, START + step * STEP);
        }
    }
    fleet
}

/// Values of scrapes to come, made ahead: making them takes longer than storing them.
const AHEAD: usize = 64;

fn appending(c: &mut Criterion) {
    let mut group = c.benchmark_group("append");
    group.throughput(Throughput::Elements(SLOTS as u64));
    for name in ["frame", "frame_unchanged"] {
        let folder = tempfile::tempdir().expect("a folder");
        let db = open(folder.path());
        let mut fleet = fleet(&db, TARGETS);
        let mut pages = vec![Vec::new(); fleet.len()];
        for (one, pages) in fleet.iter_mut().zip(&mut pages) {
            for _ in 0..AHEAD {
                if name == "frame" {
                    one.target.scrape();
                }
                pages.push(one.target.values.clone());
            }
        }
        let mut round = 0;
        group.bench_function(name, |b| {
            b.iter(|| {
                let (which, step) = (round % fleet.len(), round / fleet.len());
                round += 1;
                let frame = Frame {
                    layout: fleet[which].layout,
                    time: TimestampMs(START + step as i64 * STEP),
                    values: &pages[which][step % AHEAD],
                };
                db.append_frame(frame).expect("room on the disk")
            });
        });
    }
    let folder = tempfile::tempdir().expect("a folder");
    let db = open(folder.path());
    let mut fleet = fleet(&db, 1);
    let mut round = 0;
    group.bench_function("loose", |b| {
        b.iter_batched_ref(
            || {
                round += 1;
                let one = &mut fleet[0];
                one.target.scrape();
                let values = one.series.iter().zip(&one.target.values);
                let samples = values.map(|(series, value)| LooseSample {
                    series: *series,
                    time: TimestampMs(START + round * STEP),
                    value: *value,
                });
                samples.collect::<Vec<_>>()
            },
            |samples| db.append_loose(samples).expect("room on the disk"),
            BatchSize::SmallInput,
        );
    });
    group.finish();
}

fn replaying(c: &mut Criterion) {
    const SCRAPES: i64 = 120;
    let folder = tempfile::tempdir().expect("a folder");
    drop(fill(&open(folder.path()), TARGETS, SCRAPES));
    let samples = TARGETS * SLOTS as u64 * SCRAPES as u64;
    let mut group = c.benchmark_group("replay");
    group.throughput(Throughput::Elements(samples));
    group.sample_size(10);
    group.bench_function("frames", |b| {
        b.iter_custom(|rounds| {
            let mut total = Duration::ZERO;
            for _ in 0..rounds {
                let start = Instant::now();
                let db = open(folder.path());
                total += start.elapsed();
                assert_eq!(db.samples(), samples);
            }
            total
        });
    });
    group.finish();
}

fn reading(c: &mut Criterion) {
    const SCRAPES: i64 = 120;
    let folder = tempfile::tempdir().expect("a folder");
    let db = open(folder.path());
    fill(&db, TARGETS, SCRAPES);
    let all = Matchers::compile(&[]).expect("no pattern");
    let mut group = c.benchmark_group("read");
    group.throughput(Throughput::Elements(
        TARGETS * SLOTS as u64 * SCRAPES as u64,
    ));
    let selection = db.select(&all, TimeRange::ALL).expect("a head");
    group.bench_function("columns", |b| {
        b.iter(|| {
            let mut reader = selection.reader();
            let mut column = Column::default();
            let mut total = 0;
            for index in 0..selection.len() {
                let read = reader.read(index, TimeRange::ALL, &mut column);
                read.expect("whole chunks");
                total += column.len();
            }
            total
        });
    });
    group.throughput(Throughput::Elements(TARGETS * SLOTS as u64));
    group.bench_function("newest", |b| {
        let mut newest = Newest::default();
        b.iter(|| {
            let done = selection.newest(TimeRange::ALL, &mut newest);
            done.expect("no column to read");
            newest.times.len()
        });
    });
    let metric = [Matcher::metric("node_metric_7_total")];
    let metric = Matchers::compile(&metric).expect("no pattern");
    group.throughput(Throughput::Elements(TARGETS * 8));
    group.bench_function("select", |b| {
        b.iter(|| db.select(&metric, TimeRange::ALL).expect("a head").len());
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = appending, replaying, reading
}
criterion_main!(benches);

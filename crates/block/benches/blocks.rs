//! Writing, reading and compacting blocks: 100 targets of 500 series, 2 hours at 15 s, on a file system in
//! memory. Of the values a fifth changes at every sample, a fifth now and then.

use block::{Block, BlockStore, BlockWriter, Control, NewBlock, Plan, Reason, StoreOptions, Ulid};
use columns::Effort;
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use model::{Labels, TimeRange, TimestampMs};
use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;
use storage::Column;
use vfs::{MemDisk, Vfs};

const TARGETS: u32 = 100;
const METRICS: u32 = 500;
const SAMPLES: i64 = 480;
const START: i64 = 1_700_006_400_000;

fn series(window: i64) -> Vec<(Labels, Column)> {
    let mut all = Vec::new();
    let mut state = 1u64;
    let mut random = move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as i64
    };
    for metric in 0..METRICS {
        for target in 0..TARGETS {
            let start = START + window * 7_200_000 + i64::from(target) * 150;
            let mut column = Column::default();
            let mut counter = random() % 1_000_000;
            for i in 0..SAMPLES {
                let value = match metric % 10 {
                    0 => {
                        counter += random() % 1000;
                        counter as f64
                    }
                    1 => (random() % 10_000) as f64 / 100.0,
                    2 | 3 => (counter + i / 60) as f64,
                    _ => f64::from(metric),
                };
                column.push(start + i * 15_000 + random() % 3, value);
            }
            let labels = Labels::from_pairs([
                ("__name__", format!("node_metric_{metric:04}_total")),
                ("instance", format!("host-{target:03}.example.org:9100")),
                ("job", "node".to_owned()),
                ("region", format!("region-{}", target % 4)),
            ]);
            all.push((labels, column));
        }
    }
    // One timeline per target and window, as scrapes have.
    for at in 0..all.len() {
        if at >= TARGETS as usize {
            let times = all
                .get(at % TARGETS as usize)
                .map(|(_, column)| column.times.clone());
            if let (Some((_, column)), Some(times)) = (all.get_mut(at), times) {
                column.times = times;
            }
        }
    }
    all
}

fn write(
    disk: &Arc<dyn Vfs>,
    number: u128,
    effort: Effort,
    series: &[(Labels, Column)],
) -> Option<block::BlockMeta> {
    let new = NewBlock::sealed(Ulid::from_u128(number), effort);
    let mut writer = BlockWriter::create(disk, Path::new("data/blocks"), new).ok()?;
    let mut pairs = Vec::new();
    for (labels, column) in series {
        pairs.clear();
        pairs.extend(labels.iter());
        writer.series(&pairs, column).ok()?;
    }
    writer.finish().ok()?
}

fn read(block: &Arc<Block>, range: TimeRange, ordinals: impl Iterator<Item = u32>) -> usize {
    let mut reader = block.reader();
    let mut column = Column::default();
    let mut n = 0;
    for ordinal in ordinals {
        column.clear();
        let _ = reader.read(ordinal, range, &mut column);
        n += column.len();
    }
    n
}

fn sizes(disk: &MemDisk, title: &str, samples: u64) {
    let mut line = format!("{title}:");
    for (path, bytes) in disk
        .image()
        .iter()
        .filter(|(path, _)| !path.ends_with("manifest"))
    {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let share = bytes.len() as f64 / samples as f64;
        let _ = write!(line, " {name} {share:.4}");
    }
    eprintln_line(&format!("{line} bytes a sample"));
}

#[expect(clippy::print_stderr, reason = "a benchmark tells its sizes")]
fn eprintln_line(line: &str) {
    eprintln!("{line}");
}

fn blocks(criterion: &mut Criterion) {
    let series = [series(0), series(1)];
    let [first, second] = &series;
    let samples: u64 = first.iter().map(|(_, column)| column.len() as u64).sum();
    let mut group = criterion.benchmark_group("block");
    group
        .sample_size(10)
        .throughput(Throughput::Elements(samples));
    for effort in [Effort::Fast, Effort::Small] {
        group.bench_function(format!("write {effort:?}"), |bencher| {
            bencher.iter_batched(
                || Arc::new(MemDisk::default()) as Arc<dyn Vfs>,
                |disk| write(&disk, 1, effort, first),
                BatchSize::PerIteration,
            );
        });
        let disk = MemDisk::default();
        write(&(Arc::new(disk.clone()) as Arc<dyn Vfs>), 1, effort, first);
        sizes(&disk, &format!("{effort:?}"), samples);
    }

    let disk: Arc<dyn Vfs> = Arc::new(MemDisk::default());
    write(&disk, 1, Effort::Small, first);
    let folder = Path::new("data/blocks").join(Ulid::from_u128(1).to_string());
    let n_series = TARGETS * METRICS;
    if let Ok(block) = Block::open(&disk, &folder) {
        group.bench_function("read all", |bencher| {
            bencher.iter(|| read(&block, TimeRange::ALL, 0..n_series));
        });
        let constant = (0..n_series).filter(|ordinal| ordinal / TARGETS % 10 > 3);
        group.throughput(Throughput::Elements(samples * 6 / 10));
        group.bench_function("read constant series", |bencher| {
            bencher.iter(|| read(&block, TimeRange::ALL, constant.clone()));
        });
        let hour = TimeRange::new(
            TimestampMs(START + 3_600_000),
            TimestampMs(START + 3_900_000),
        );
        group.throughput(Throughput::Elements(u64::from(n_series)));
        group.bench_function("read five minutes of each series", |bencher| {
            bencher.iter(|| read(&block, hour, 0..n_series));
        });
        group.throughput(Throughput::Elements(1));
        group.bench_function("read one series", |bencher| {
            bencher.iter(|| read(&block, TimeRange::ALL, 12_345..12_346));
        });
        group.bench_function("open", |bencher| {
            bencher.iter(|| Block::open(&disk, &folder).is_ok());
        });
    }

    group.throughput(Throughput::Elements(samples * 2));
    group.bench_function("compact two", |bencher| {
        bencher.iter_batched(
            || {
                let disk: Arc<dyn Vfs> = Arc::new(MemDisk::default());
                let store =
                    BlockStore::open(&disk, Path::new("data"), StoreOptions::default()).ok()?;
                let metas = [
                    write(&disk, 1, Effort::Fast, first)?,
                    write(&disk, 2, Effort::Fast, second)?,
                ];
                store.commit(&metas, &[], None).ok()?;
                Some(store)
            },
            |store| {
                let plan = Plan {
                    inputs: vec![Ulid::from_u128(1), Ulid::from_u128(2)],
                    reason: Reason::Window,
                };
                store.map(|store| {
                    store
                        .compact(&plan, Ulid::from_u128(3), &|| Control::Go)
                        .is_ok()
                })
            },
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

criterion_group!(benches, blocks);
criterion_main!(benches);

//! How fast columns are written and read; figures are values a second.

#[path = "../tests/it/classes.rs"]
mod classes;

use classes::{SHARES, column};
use columns::{Effort, decode_times, decode_values, encode_times, encode_values, encoding_name};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;

/// Columns of each class in turn, so that no branch is learnt by heart.
const COLUMNS: u64 = 32;

fn columns_of(class: classes::Class, n: usize) -> Vec<Vec<f64>> {
    (0..COLUMNS).map(|seed| column(class, n, seed)).collect()
}

fn encode(criterion: &mut Criterion) {
    for (effort, n) in [
        (Effort::Fast, 120),
        (Effort::Small, 480),
        (Effort::Small, 1920),
    ] {
        let mut group = criterion.benchmark_group(format!("encode {effort:?} {n}"));
        group.throughput(Throughput::Elements(COLUMNS * n as u64));
        for (class, _) in SHARES {
            let columns = columns_of(class, n);
            let mut out = Vec::new();
            group.bench_function(format!("{class:?}"), |bencher| {
                bencher.iter(|| {
                    for values in &columns {
                        out.clear();
                        encode_values(black_box(values), effort, &mut out);
                    }
                    out.len()
                });
            });
        }
    }
}

fn decode(criterion: &mut Criterion) {
    for (effort, n) in [
        (Effort::Fast, 120),
        (Effort::Fast, 480),
        (Effort::Small, 480),
        (Effort::Small, 1920),
    ] {
        let mut group = criterion.benchmark_group(format!("decode {effort:?} {n}"));
        group.throughput(Throughput::Elements(COLUMNS * n as u64));
        for (class, _) in SHARES {
            let encoded: Vec<Vec<u8>> = (columns_of(class, n).iter())
                .map(|values| {
                    let mut out = Vec::new();
                    encode_values(values, effort, &mut out);
                    out
                })
                .collect();
            let name = encoded.first().map_or("", |column| encoding_name(column));
            let mut out = Vec::new();
            group.bench_function(format!("{class:?}, {name}"), |bencher| {
                bencher.iter(|| {
                    for column in &encoded {
                        out.clear();
                        // Wrong bytes would show as a column too short.
                        let _ = decode_values(black_box(column), n, &mut out);
                    }
                    out.len()
                });
            });
        }
    }
}

fn times(criterion: &mut Criterion) {
    let times: Vec<i64> = (0..480)
        .map(|i| 1_700_000_000_000 + i * 15_000 + i * i % 5)
        .collect();
    let mut encoded = Vec::new();
    encode_times(&times, &mut encoded);
    let mut group = criterion.benchmark_group("times 480");
    group.throughput(Throughput::Elements(480));
    let mut out = Vec::new();
    group.bench_function("decode jitter", |bencher| {
        bencher.iter(|| {
            out.clear();
            let _ = decode_times(black_box(&encoded), 480, &mut out);
            out.len()
        });
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(std::time::Duration::from_millis(50))
        .measurement_time(std::time::Duration::from_millis(150))
        .without_plots();
    targets = encode, decode, times
}
criterion_main!(benches);

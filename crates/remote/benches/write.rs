//! Time of a request of 5,000 samples beside the storage: version 1 and 2, known series in the usual
//! order, in another order, and new.

use clock::ManualClock;
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use model::{Labels, TimestampMs};
use remote::encode::{Series, WriteRequest};
use remote::{Message, Receiver, ReceiverOptions, WriteHeaders};
use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use storage::{
    Appender, Exemplar, Frame, FrameOutcome, HistogramSample, LayoutId, LooseSample, Metadata,
    Result, SeriesId,
};

const SAMPLES: usize = 5_000;
const NOW: i64 = 1_700_000_000_000;

/// Takes everything and keeps nothing.
#[derive(Default)]
struct Nowhere {
    series: AtomicU32,
}

impl Appender for Nowhere {
    fn register(&self, series: &[Labels]) -> Result<Vec<Result<SeriesId>>> {
        let id = |_| Ok(SeriesId(self.series.fetch_add(1, Relaxed)));
        Ok(series.iter().map(id).collect())
    }

    fn layout(&self, _: &[SeriesId]) -> Result<LayoutId> {
        Ok(LayoutId(0))
    }

    fn release(&self, _: LayoutId) {}

    fn append_frame(&self, frame: Frame<'_>) -> Result<FrameOutcome> {
        black_box(frame);
        Ok(FrameOutcome::default())
    }

    fn append_loose(&self, samples: &[LooseSample]) -> Result<FrameOutcome> {
        black_box(samples);
        Ok(FrameOutcome::default())
    }

    fn append_histograms(&self, samples: &[HistogramSample]) -> Result<FrameOutcome> {
        black_box(samples);
        Ok(FrameOutcome::default())
    }

    fn append_exemplars(&self, exemplars: &[(SeriesId, Exemplar)]) -> Result<usize> {
        Ok(exemplars.len())
    }

    fn set_metadata(&self, _: &[Metadata]) -> Result<()> {
        Ok(())
    }
}

/// Labels like those of a node exporter's series number `number` on one of five hosts.
fn labels(number: usize) -> Vec<(&'static str, String)> {
    let (host, series) = (number / 1000, number % 1000);
    let pick = series % 100;
    let name = match pick {
        0..=24 => format!("node_bytes_{}_total", series % 25),
        25..=39 => format!("node_cpu_seconds_{}_total", (pick - 25) / 5),
        40..=54 => format!("node_memory_{}_bytes", series % 15),
        55..=59 => format!("node_load_{}", series % 5),
        60..=69 => format!("node_filesystem_{}", series % 10),
        70..=89 => format!("node_info_{}", series % 20),
        _ => "http_request_duration_seconds_bucket".to_owned(),
    };
    let one_of = |texts: &[&str]| {
        let text = texts.get(series % texts.len()).copied();
        text.unwrap_or_default().to_owned()
    };
    let bounds = [
        "0.005", "0.01", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "10", "+Inf",
    ];
    let modes = ["user", "system", "idle", "iowait", "steal"];
    let mut labels = vec![
        ("__name__", name),
        ("cluster", format!("c{}", host % 4)),
        ("device", format!("dev{}", series / 100)),
        ("instance", format!("host-{host:05}.example.com:9100")),
        ("job", "node".to_owned()),
    ];
    if pick >= 90 {
        labels.push(("le", one_of(&bounds)));
    }
    if (25..=39).contains(&pick) {
        labels.push(("mode", one_of(&modes)));
    }
    labels
}

fn body(message: Message, order: impl Iterator<Item = usize>) -> Vec<u8> {
    let request = order.fold(WriteRequest::new(), |request, number| {
        let value = (number * 7919 % 100_003) as f64;
        request.series(Series::new(labels(number)).sample(NOW, value))
    });
    request.encode(message).unwrap_or_default()
}

fn receiver() -> Receiver {
    let clock = Arc::new(ManualClock::at(TimestampMs(NOW)));
    let registry = selfmon::Registry::default();
    let appender = Arc::new(Nowhere::default());
    Receiver::new(appender, clock, &registry, ReceiverOptions::default())
}

fn write(criterion: &mut Criterion) {
    for (name, message) in [("v1", Message::V1), ("v2", Message::V2)] {
        let headers = WriteHeaders {
            content_type: message.content_type(),
            content_encoding: "snappy",
        };
        let usual = body(message, 0..SAMPLES);
        let backwards = body(message, (0..SAMPLES).rev());
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Elements(SAMPLES as u64));
        let known = receiver();
        assert_eq!(known.write(headers, &usual).status, 204);
        group.bench_function("known series", |bencher| {
            bencher.iter(|| black_box(known.write(headers, &usual)));
        });
        let turn = std::cell::Cell::new(false);
        group.bench_function("another order every time", |bencher| {
            bencher.iter(|| {
                turn.set(!turn.get());
                let body = if turn.get() { &backwards } else { &usual };
                black_box(known.write(headers, body))
            });
        });
        group.bench_function("new series", |bencher| {
            bencher.iter_batched(
                receiver,
                |fresh| black_box(fresh.write(headers, &usual)),
                BatchSize::SmallInput,
            );
        });
        let mut decoded = vec![0; 4 << 20];
        group.bench_function("snappy alone", |bencher| {
            bencher.iter(|| {
                let mut decoder = snap::raw::Decoder::new();
                black_box(decoder.decompress(&usual, &mut decoded))
            });
        });
        group.finish();
    }
}

criterion_group!(benches, write);
criterion_main!(benches);

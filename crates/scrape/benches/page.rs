//! What one page of a thousand lines costs without HTTP: as it was, with 30 % of its values changed,
//! shuffled, and seen for the first time.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a measurement that cannot be made shall end"
)]

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use model::Labels;
use scrape::measure::PageReader;
use std::fmt::Write;
use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use storage::{
    Appender, Exemplar, Frame, FrameOutcome, HistogramSample, LayoutId, LooseSample, Metadata,
    Result, SeriesId,
};

const LINES: usize = 1_000;

/// Numbers series and keeps nothing.
#[derive(Default)]
struct Nowhere(AtomicU32);

impl Appender for Nowhere {
    fn register(&self, series: &[Labels]) -> Result<Vec<Result<SeriesId>>> {
        let next = |_: &Labels| Ok(SeriesId(self.0.fetch_add(1, Ordering::Relaxed)));
        Ok(series.iter().map(next).collect())
    }

    fn layout(&self, _series: &[SeriesId]) -> Result<LayoutId> {
        Ok(LayoutId(self.0.fetch_add(1, Ordering::Relaxed)))
    }

    fn release(&self, _layout: LayoutId) {}

    fn append_frame(&self, frame: Frame<'_>) -> Result<FrameOutcome> {
        black_box(frame.values);
        Ok(FrameOutcome::default())
    }

    fn append_loose(&self, _samples: &[LooseSample]) -> Result<FrameOutcome> {
        Ok(FrameOutcome::default())
    }

    fn append_histograms(&self, _samples: &[HistogramSample]) -> Result<FrameOutcome> {
        Ok(FrameOutcome::default())
    }

    fn append_exemplars(&self, exemplars: &[(SeriesId, Exemplar)]) -> Result<usize> {
        Ok(exemplars.len())
    }

    fn set_metadata(&self, _metadata: &[Metadata]) -> Result<()> {
        Ok(())
    }
}

/// One page, in families of ten series; `time` moves three values in ten.
fn page(time: usize, order: impl Fn(usize) -> usize) -> Vec<u8> {
    let mut text = String::new();
    for n in 0..LINES {
        let line = order(n);
        if n % 10 == 0 {
            let name = n / 10;
            let _ = write!(
                text,
                "# HELP requests_{name}_total Requests that were answered, by path.\n\
                 # TYPE requests_{name}_total counter\n"
            );
        }
        let value = if line % 10 < 3 {
            1_000 + time + line
        } else {
            line % 70
        };
        let _ = writeln!(
            text,
            "requests_{}_total{{cluster=\"c0\",path=\"/api/v1/something/{line}\",code=\"200\"}} {value}",
            line / 10
        );
    }
    text.into_bytes()
}

fn reader() -> PageReader {
    PageReader::new(Arc::new(Nowhere::default())).unwrap()
}

fn pages(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("page");
    group.throughput(Throughput::Elements(LINES as u64));
    let cycle = |pages: Vec<Vec<u8>>| {
        let mut reader = reader();
        let mut at = 0;
        move || {
            at = (at + 1) % pages.len();
            assert!(reader.scrape(&pages[at]));
        }
    };
    let mut unchanged = cycle(vec![page(0, |n| n)]);
    group.bench_function("unchanged", |bencher| bencher.iter(&mut unchanged));
    let mut changed = cycle((0..8).map(|time| page(time, |n| n)).collect());
    group.bench_function("changed_30_percent", |bencher| bencher.iter(&mut changed));
    // Steps that have no divisor in common with the number of lines.
    let steps = [7, 11, 13, 17, 19, 23, 29, 31];
    let shuffle = |step: usize| page(step, move |n| n * step % LINES);
    let mut shuffled = cycle(steps.into_iter().map(shuffle).collect());
    group.bench_function("shuffled", |bencher| bencher.iter(&mut shuffled));
    let first = page(0, |n| n);
    group.bench_function("first", |bencher| {
        let scrape = |mut reader: PageReader| {
            assert!(reader.scrape(&first));
            reader
        };
        bencher.iter_batched(reader, scrape, BatchSize::SmallInput);
    });
    group.finish();
}

criterion_group!(benches, pages);
criterion_main!(benches);

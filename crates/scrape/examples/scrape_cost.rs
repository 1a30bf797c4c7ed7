//! What scraping costs: scrapes many targets of one server for a while, stores nothing, and prints the
//! processor time per sample.
//!
//! `cargo run --release -p watchfire-scrape --example scrape_cost -- 127.0.0.1:19900 100 20` asks that
//! server for `/targets/0/` to `/targets/99/` once a second for 20 seconds (and 3 more to warm up).

#![expect(clippy::print_stdout, reason = "what it prints is what it is for")]

use clock::SystemClock;
use config::Config;
use model::Labels;
use scrape::{Health, Manager, ScrapeDeps};
use selfmon::Registry;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;
use storage::{
    Appender, Exemplar, Frame, FrameOutcome, HistogramSample, LayoutId, LooseSample, Metadata,
    Result, SeriesId,
};

/// Numbers what it is given, counts the samples, and keeps nothing.
#[derive(Default)]
struct Nowhere {
    series: AtomicU32,
    layouts: AtomicU32,
    samples: AtomicU64,
}

impl Appender for Nowhere {
    fn register(&self, series: &[Labels]) -> Result<Vec<Result<SeriesId>>> {
        let ids = series
            .iter()
            .map(|_| Ok(SeriesId(self.series.fetch_add(1, Ordering::Relaxed))));
        Ok(ids.collect())
    }

    fn layout(&self, _series: &[SeriesId]) -> Result<LayoutId> {
        Ok(LayoutId(self.layouts.fetch_add(1, Ordering::Relaxed)))
    }

    fn release(&self, _layout: LayoutId) {}

    fn append_frame(&self, frame: Frame<'_>) -> Result<FrameOutcome> {
        let appended = frame.values.len();
        self.samples.fetch_add(appended as u64, Ordering::Relaxed);
        Ok(FrameOutcome {
            appended,
            ..FrameOutcome::default()
        })
    }

    fn append_loose(&self, samples: &[LooseSample]) -> Result<FrameOutcome> {
        let appended = samples.len();
        self.samples.fetch_add(appended as u64, Ordering::Relaxed);
        Ok(FrameOutcome {
            appended,
            ..FrameOutcome::default()
        })
    }

    fn append_histograms(&self, samples: &[HistogramSample]) -> Result<FrameOutcome> {
        Ok(FrameOutcome {
            appended: samples.len(),
            ..FrameOutcome::default()
        })
    }

    fn append_exemplars(&self, exemplars: &[(SeriesId, Exemplar)]) -> Result<usize> {
        Ok(exemplars.len())
    }

    fn set_metadata(&self, _metadata: &[Metadata]) -> Result<()> {
        Ok(())
    }
}

/// Nanoseconds that all threads of this process have run, in user space and in the kernel.
fn processor_time() -> u64 {
    let Ok(threads) = std::fs::read_dir("/proc/self/task") else {
        return 0;
    };
    threads
        .flatten()
        .filter_map(|thread| std::fs::read_to_string(thread.path().join("schedstat")).ok())
        .filter_map(|text| text.split_whitespace().next()?.parse::<u64>().ok())
        .sum()
}

fn config_of(address: &str, targets: usize) -> Config {
    let groups: Vec<String> = (0..targets)
        .map(|n| {
            format!(
                "  - {{targets: ['{address}'], labels: {{n: '{n}', __metrics_path__: /targets/{n}/}}}}\n"
            )
        })
        .collect();
    let text = format!(
        "scrape_configs:\n- job_name: cost\n  scrape_interval: 1s\n  static_configs:\n{}",
        groups.concat()
    );
    Config::parse(&text, Path::new("cost.yml")).unwrap_or_else(|_| Config::without_file(address))
}

#[tokio::main(worker_threads = 2)]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let address = arguments
        .next()
        .unwrap_or_else(|| "127.0.0.1:19900".to_owned());
    let mut number = |default: u64| {
        arguments
            .next()
            .and_then(|text| text.parse().ok())
            .unwrap_or(default)
    };
    let (targets, seconds) = (number(100), number(20));
    let nowhere = Arc::new(Nowhere::default());
    let manager = Manager::new(ScrapeDeps {
        appender: Arc::<Nowhere>::clone(&nowhere),
        clock: Arc::new(SystemClock),
        registry: Registry::default(),
        max_series_per_target: 0,
        stores_starts: false,
    });
    manager
        .apply(&config_of(&address, usize::try_from(targets).unwrap_or(1)))
        .await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    let before = (processor_time(), nowhere.samples.load(Ordering::Relaxed));
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    let nanos = (processor_time() - before.0) as f64;
    let samples = (nowhere.samples.load(Ordering::Relaxed) - before.1) as f64;
    let statuses = manager.targets();
    let up = statuses
        .iter()
        .filter(|status| status.health == Health::Up)
        .count();
    println!(
        "{up} of {} targets up, {samples} samples, {:.1} ns per sample, {:.4} core-seconds per million",
        statuses.len(),
        nanos / samples,
        nanos / samples / 1e3,
    );
    manager.shutdown().await;
}

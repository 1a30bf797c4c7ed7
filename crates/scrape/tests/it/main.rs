//! Scraping over real sockets.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, in its helper functions too"
)]

mod http;
mod reload;
mod secure;
mod server;

use clock::SystemClock;
use config::Config;
use model::{Labels, Matcher, TimeRange, is_stale};
use scrape::{Health, Manager, ScrapeDeps, TargetStatus};
use selfmon::Registry;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use storage::{Column, Matchers, MemStorage, Queryable};

/// A manager that stores in memory.
struct Fixture {
    store: Arc<MemStorage>,
    manager: Manager,
    registry: Registry,
}

impl Fixture {
    fn new() -> Self {
        let store = Arc::new(MemStorage::default());
        let registry = Registry::default();
        let manager = Manager::new(ScrapeDeps {
            appender: Arc::<MemStorage>::clone(&store),
            clock: Arc::new(SystemClock),
            registry: registry.clone(),
            max_series_per_target: 0,
            stores_starts: false,
        });
        Self {
            store,
            manager,
            registry,
        }
    }

    /// Scrapes `targets` in job `j`, many times a second, with these further settings of the job.
    async fn apply(&self, targets: &[String], settings: &str) {
        self.manager.apply(&config_of(targets, settings)).await;
    }

    /// The status of the one target, once `accept` likes it.
    async fn status(&self, accept: impl Fn(&TargetStatus) -> bool) -> TargetStatus {
        until(|| {
            self.manager
                .targets()
                .into_iter()
                .next()
                .filter(|status| accept(status))
        })
        .await
    }

    /// The status of the one target after a scrape that was `health`.
    async fn scraped(&self, health: Health) -> TargetStatus {
        self.status(|status| status.health == health).await
    }

    /// Labels and samples of the series named `name`.
    fn samples(&self, name: &str) -> Vec<(Labels, Vec<(i64, f64)>)> {
        let matchers = Matchers::compile(&[Matcher::metric(name)]).unwrap();
        let selection = self.store.select(&matchers, TimeRange::ALL).unwrap();
        let mut reader = selection.reader();
        let read = (0..selection.len()).map(|index| {
            let mut column = Column::default();
            reader.read(index, TimeRange::ALL, &mut column).unwrap();
            (
                selection.labels(index),
                column.times.into_iter().zip(column.values).collect(),
            )
        });
        read.collect()
    }

    /// Number of samples of the one series named `name`, and whether it ended.
    fn count(&self, name: &str) -> (usize, bool) {
        let series = self.samples(name);
        let samples = series
            .first()
            .map(|(_, samples)| samples.as_slice())
            .unwrap_or_default();
        (
            samples.len(),
            samples.last().is_some_and(|(_, value)| is_stale(*value)),
        )
    }
}

fn config_of(targets: &[String], settings: &str) -> Config {
    let targets: Vec<String> = targets.iter().map(|target| format!("'{target}'")).collect();
    let text = format!(
        "scrape_configs:\n- job_name: j\n  scrape_interval: 150ms\n{settings}\n  \
         static_configs: [{{targets: [{}]}}]\n",
        targets.join(", ")
    );
    Config::parse(&text, Path::new("p.yml")).unwrap()
}

/// Looks again and again until there is something to see; a minute without is a failure.
async fn until<T>(mut look: impl FnMut() -> Option<T>) -> T {
    let watch = async {
        loop {
            if let Some(seen) = look() {
                return seen;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), watch)
        .await
        .expect("the state never came")
}

//! A door for benchmarks: pages of one target without HTTP.

use crate::buffers::Buffers;
use crate::client::Fetched;
use crate::ingest::{Ingest, NativeSeries, ScrapeTime};
use crate::lines::Lines;
use crate::metrics::ScrapeMetrics;
use crate::series_cache::SeriesCache;
use crate::status::{Health, SharedStatus};
use crate::target::{Settled, Target};
use config::{Config, ScrapeConfig};
use model::{Labels, TimestampMs};
use selfmon::Registry;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;
use storage::Appender;

/// Reads pages of text 0.0.4 as a scrape loop does.
pub struct PageReader {
    ingest: Ingest,
    buffers: Buffers,
    time: i64,
}

impl PageReader {
    /// A reader for the target `host:1` of a job with default settings; nothing if there can be none.
    pub fn new(appender: Arc<dyn Appender>) -> Option<Self> {
        let config = Config::parse("scrape_configs: [{job_name: j}]", Path::new("p.yml")).ok()?;
        let config: Arc<ScrapeConfig> = Arc::new(config.scrape_configs.into_iter().next()?);
        let target = match Target::settle(&config, "host:1", &Labels::empty()).ok()? {
            Settled::Scraped(target) => target,
            Settled::Dropped(_) => return None,
        };
        let buffers = Buffers::default();
        let ingest = Ingest {
            status: SharedStatus::new(&target),
            target: Arc::new(target),
            config,
            appender,
            metrics: ScrapeMetrics::new(&Registry::default()),
            buffers: buffers.clone(),
            cache: SeriesCache::default(),
            lines: Lines::default(),
            exemplars: Vec::new(),
            native: NativeSeries::default(),
            series_limit: 0,
            storage_error: None,
            refused: 0,
            starts: None,
            failures: None,
        };
        Some(Self {
            ingest,
            buffers,
            time: 0,
        })
    }

    /// Stores a page, a second after the last one; tells whether it could be read.
    pub fn scrape(&mut self, page: &[u8]) -> bool {
        let mut buffer = self.buffers.take();
        buffer.extend_from_slice(page);
        self.time += 1_000;
        let at = ScrapeTime {
            time: TimestampMs(self.time),
            started: Instant::now(),
        };
        let fetched = Fetched {
            buffer,
            body_at: 0,
            content_type: Some("text/plain".to_owned()),
            content_encoding: None,
        };
        self.ingest.scrape(Ok(fetched), at);
        self.ingest.status.get().health == Health::Up
    }
}

impl std::fmt::Debug for PageReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PageReader")
            .field("time", &self.time)
            .finish_non_exhaustive()
    }
}

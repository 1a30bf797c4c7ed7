//! The loop of one target.

use crate::client::{Compression, HttpClient, PageRequest, headers};
use crate::error::{Result, ScrapeError};
use crate::ingest::{Ingest, ScrapeTime, body_limit};
use crate::metrics::ScrapeMetrics;
use crate::schedule::Schedule;
use crate::series_cache::SeriesCache;
use crate::status::{Health, SharedStatus};
use crate::target::Target;
use clock::Clock;
use config::ScrapeConfig;
use model::TimestampMs;
use std::sync::Arc;
use std::time::Instant;
use storage::Appender;
use tokio_util::sync::CancellationToken;

/// Everything that the loop of one target needs.
pub(crate) struct TargetLoop {
    pub(crate) target: Arc<Target>,
    pub(crate) config: Arc<ScrapeConfig>,
    pub(crate) appender: Arc<dyn Appender>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) client: HttpClient,
    pub(crate) metrics: ScrapeMetrics,
    pub(crate) status: SharedStatus,
    pub(crate) schedule: Schedule,
    /// Targets and limit of a job that has too many: it is not scraped.
    pub(crate) above_limit: Option<(u64, u64)>,
}

impl TargetLoop {
    /// Scrapes on the target's grid until it is stopped; gives back what it knows of the target's series.
    pub(crate) async fn run(self, cache: SeriesCache, stop: CancellationToken) -> SeriesCache {
        let request = self.request();
        let interval_label = self.target.interval.to_string();
        let mut ingest = self.ingest(cache);
        let mut ideal = self.schedule.next_after(self.clock.now());
        let mut last_start: Option<Instant> = None;
        loop {
            let wait = ideal.0.saturating_sub(self.clock.now().0);
            let wait = std::time::Duration::from_millis(u64::try_from(wait).unwrap_or(0));
            if stop
                .run_until_cancelled(tokio::time::sleep(wait))
                .await
                .is_none()
            {
                return ingest.cache;
            }
            let now = self.clock.now();
            if !self.schedule.is_due(ideal, now) {
                // The clock was set back while we slept.
                ideal = self.schedule.next_after(now);
                continue;
            }
            let started = Instant::now();
            if let Some(last) = last_start.replace(started) {
                let length = started.duration_since(last).as_secs_f64();
                self.metrics.observe_interval(&interval_label, length);
            }
            let Some(fetched) = stop.run_until_cancelled(self.fetch(&request)).await else {
                return ingest.cache;
            };
            let at = ScrapeTime {
                time: self.schedule.align(ideal, now),
                started,
            };
            // Not cut short by a stop: the series would be lost with it.
            let reading = tokio::task::spawn_blocking(move || {
                ingest.scrape(fetched, at);
                ingest
            });
            ingest = match reading.await {
                Ok(ingest) => ingest,
                Err(_) => self.after_panic(at.time),
            };
            ideal = self.schedule.following(ideal, self.clock.now());
        }
    }

    async fn fetch(&self, request: &PageRequest) -> Result<crate::client::Fetched> {
        match self.above_limit {
            Some((targets, limit)) => Err(ScrapeError::TargetLimit { targets, limit }),
            None => self.client.fetch(request).await,
        }
    }

    fn request(&self) -> PageRequest {
        let compression = if self.config.enable_compression {
            Compression::Gzip
        } else {
            Compression::None
        };
        let timeout = self.target.timeout;
        PageRequest {
            url: self.target.url.clone(),
            headers: headers(&self.config.scrape_protocols, compression, timeout),
            timeout,
            follow_redirects: self.config.follow_redirects,
            body_limit: body_limit(&self.config),
        }
    }

    /// What reads the target's pages.
    pub(crate) fn ingest(&self, cache: SeriesCache) -> Ingest {
        Ingest {
            target: Arc::clone(&self.target),
            config: Arc::clone(&self.config),
            appender: Arc::clone(&self.appender),
            metrics: self.metrics.clone(),
            status: self.status.clone(),
            cache,
            storage_error: None,
            refused: 0,
        }
    }

    /// A mistake of ours must not end the target: it starts anew.
    fn after_panic(&self, time: TimestampMs) -> Ingest {
        self.status.update(|status| {
            status.health = Health::Down;
            status.last_error = ScrapeError::Panicked.to_string();
            status.last_scrape = Some(time);
        });
        self.ingest(SeriesCache::default())
    }
}

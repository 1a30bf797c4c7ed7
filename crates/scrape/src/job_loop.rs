//! The loop of one target.

use crate::buffers::Buffers;
use crate::client::{Client, Compression, Fetched, PageRequest, headers};
use crate::error::{Result, ScrapeError};
use crate::failure_log::FailureLog;
use crate::ingest::{Ingest, NativeSeries, ScrapeTime, body_limit};
use crate::lines::Lines;
use crate::metrics::ScrapeMetrics;
use crate::schedule::Schedule;
use crate::series_cache::SeriesCache;
use crate::starts::Starts;
use crate::status::{Health, SharedStatus};
use crate::target::Target;
use clock::Clock;
use config::{Protocols, ScrapeConfig};
use http::Uri;
use http_client::HttpClient;
use model::TimestampMs;
use std::net::IpAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;
use storage::Appender;
use tokio_util::sync::CancellationToken;

/// Everything that the loop of one target needs.
pub(crate) struct TargetLoop {
    pub(crate) target: Arc<Target>,
    pub(crate) config: Arc<ScrapeConfig>,
    /// How the targets of the job are reached.
    pub(crate) http: HttpClient,
    pub(crate) appender: Arc<dyn Appender>,
    pub(crate) clock: Arc<dyn Clock>,
    /// Memory for pages.
    pub(crate) buffers: Buffers,
    pub(crate) metrics: ScrapeMetrics,
    pub(crate) status: SharedStatus,
    pub(crate) schedule: Schedule,
    /// Series that the target may have; 0 for any number.
    pub(crate) series_limit: usize,
    /// Targets and limit of a job that has too many: it is not scraped.
    pub(crate) above_limit: Option<(u64, u64)>,
    /// Whether zeros are stored where series begin.
    pub(crate) stores_starts: bool,
    /// Where failed scrapes are told.
    pub(crate) failures: Option<FailureLog>,
}

/// Pages up to this size are read where they came in; a larger one would keep others waiting.
const READ_AT_ONCE: usize = 1 << 20;

impl TargetLoop {
    /// Scrapes on the target's grid until it is stopped; gives back what it knows of the target's series.
    pub(crate) async fn run(self, cache: SeriesCache, stop: CancellationToken) -> SeriesCache {
        let mut client = Client::new(self.request(), self.buffers.clone());
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
                self.metrics.lengths.note_interval(&interval_label, length);
            }
            let Some(fetched) = stop.run_until_cancelled(self.fetch(&mut client)).await else {
                return ingest.cache;
            };
            let at = ScrapeTime {
                time: self.schedule.align(ideal, now),
                started,
            };
            ingest = read(ingest, fetched, at)
                .await
                .unwrap_or_else(|| self.after_panic(at.time));
            ideal = self.schedule.following(ideal, self.clock.now());
        }
    }

    async fn fetch(&self, client: &mut Client) -> Result<Fetched> {
        match self.above_limit {
            Some((targets, limit)) => Err(ScrapeError::TargetLimit { targets, limit }),
            None => client.fetch().await,
        }
    }

    fn request(&self) -> PageRequest {
        // To and from this machine, compressing costs more than it saves.
        let compression = if self.config.enable_compression && !is_loopback(&self.target.url) {
            Compression::Offered
        } else {
            Compression::None
        };
        let timeout = self.target.timeout;
        let asked = &self.config.scrape_protocols;
        // Protobuf tells best when series began.
        let protocols = if self.stores_starts && *asked == Protocols::usual(false) {
            Protocols::usual(true)
        } else {
            asked.clone()
        };
        PageRequest {
            url: self.target.url.clone(),
            socket: self.target.socket.clone(),
            http: self.http.clone(),
            headers: headers(&self.config, &protocols, compression, timeout),
            interval: self.target.interval,
            timeout,
            follow_redirects: self.config.client.follow_redirects,
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
            buffers: self.buffers.clone(),
            cache,
            lines: Lines::default(),
            exemplars: Vec::new(),
            native: NativeSeries::default(),
            series_limit: self.series_limit,
            storage_error: None,
            refused: 0,
            starts: self.stores_starts.then(Starts::default),
            failures: self.failures.clone(),
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

/// Reads an answer; gives nothing back if that panicked. Not cut short by a stop: the series would be lost
/// with it.
async fn read(mut ingest: Ingest, fetched: Result<Fetched>, at: ScrapeTime) -> Option<Ingest> {
    let is_small = fetched.as_ref().map_or(true, |fetched| {
        fetched.content_encoding.is_none() && fetched.buffer.len() <= READ_AT_ONCE
    });
    if is_small {
        let reading = AssertUnwindSafe(|| ingest.scrape(fetched, at));
        return catch_unwind(reading).is_ok().then_some(ingest);
    }
    let reading = tokio::task::spawn_blocking(move || {
        ingest.scrape(fetched, at);
        ingest
    });
    reading.await.ok()
}

/// Whether the address is this machine by name or number.
fn is_loopback(url: &Uri) -> bool {
    let host = url.host().unwrap_or("");
    let number = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || number
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_is_known_by_name_and_number() {
        for (url, expected) in [
            ("http://localhost:9100/metrics", true),
            ("http://127.0.0.53/metrics", true),
            ("http://[::1]:9090/metrics", true),
            ("http://10.0.0.1:9100/metrics", false),
            ("http://[2001:db8::1]/metrics", false),
            ("http://localhost.example.org/metrics", false),
        ] {
            assert_eq!(is_loopback(&url.parse().unwrap()), expected, "{url}");
        }
    }
}

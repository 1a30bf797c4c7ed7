//! From an answer to stored samples.

use crate::body;
use crate::client::{Fetched, LARGEST_BODY};
use crate::error::{Result, ScrapeError};
use crate::merge::series_labels;
use crate::metrics::ScrapeMetrics;
use crate::report::{self, Report};
use crate::series_cache::{Known, LooseStaleness, Placed, SeriesCache};
use crate::status::{Health, SharedStatus};
use crate::target::Target;
use config::ScrapeConfig;
use exposition::{Event, Format, Parser, Protocol, Sample};
use model::{DurationMs, Labels, TimestampMs};
use std::sync::Arc;
use std::time::Instant;
use storage::{Appender, SeriesId};
use tracing::{debug, info, warn};

/// Samples further in the future are refused. Source: Prometheus' scrape loop.
const FUTURE_LIMIT: DurationMs = DurationMs::from_secs(600);

/// Reads the pages of one target into the storage. Blocks: on the storage, and as long as parsing takes.
pub(crate) struct Ingest {
    pub(crate) target: Arc<Target>,
    pub(crate) config: Arc<ScrapeConfig>,
    pub(crate) appender: Arc<dyn Appender>,
    pub(crate) metrics: ScrapeMetrics,
    pub(crate) status: SharedStatus,
    pub(crate) cache: SeriesCache,
    /// What the storage said last, so that the log has it once.
    pub(crate) storage_error: Option<String>,
    /// New series that the storage refused in the last scrape.
    pub(crate) refused: usize,
}

/// When a scrape happened.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ScrapeTime {
    /// Time of its samples.
    pub(crate) time: TimestampMs,
    /// Its start.
    pub(crate) started: Instant,
}

/// A sample whose labels had to be read.
struct NewSample<'p> {
    id: &'p [u8],
    value: f64,
    timestamp: Option<TimestampMs>,
}

impl Ingest {
    /// Stores one scrape, failed or not, and updates the target's status.
    pub(crate) fn scrape(&mut self, fetched: Result<Fetched>, at: ScrapeTime) {
        let mut report = Report::default();
        let reports = report::series(&self.config, &self.target.labels);
        let ready = self.cache.ensure_reports(self.appender.as_ref(), &reports);
        self.cache.begin();
        let result = match ready {
            Ok(()) => fetched.and_then(|fetched| self.read(fetched, at.time, &mut report)),
            Err(error) => Err(ScrapeError::Storage(error)),
        };
        if let Err(error) = &result {
            self.cache.take_back();
            self.count_failure(error, &mut report);
        }
        report.up = result.is_ok();
        report.duration_seconds = at.started.elapsed().as_secs_f64();
        let stored = self.store(&report, at.time);
        self.cache_metadata();
        self.tell(result, stored, &report, at.time);
    }

    fn read(&mut self, fetched: Fetched, time: TimestampMs, report: &mut Report) -> Result<()> {
        let fallback = self.config.fallback_scrape_protocol.map(Protocol::format);
        let format = Format::negotiate(fetched.content_type.as_deref(), fallback)?;
        let page = body::decode(fetched, body_limit(&self.config))?;
        report.body_bytes = page.len() as f64;
        self.read_page(&page, format, time, report)
    }

    fn read_page(
        &mut self,
        page: &[u8],
        format: Format,
        time: TimestampMs,
        report: &mut Report,
    ) -> Result<()> {
        let mut new_labels = Vec::new();
        let mut new_samples = Vec::new();
        let mut parser = Parser::new(page, format);
        while let Some(event) = parser.next_event()? {
            let Event::Sample(sample) = event else {
                self.status
                    .metadata()
                    .lock()
                    .note(&event, self.cache.scrape());
                continue;
            };
            report.scraped += 1;
            match self.cache.find(sample.id) {
                Known::Dropped => {}
                Known::Series(index) => {
                    report.post_relabel += 1;
                    self.place(index, sample.value, sample.timestamp, time, report);
                }
                Known::New => match self.labels_of(&sample)? {
                    None => self.cache.drop_id(sample.id),
                    Some(labels) => {
                        report.post_relabel += 1;
                        new_labels.push(labels);
                        let Sample {
                            id,
                            value,
                            timestamp,
                            ..
                        } = sample;
                        new_samples.push(NewSample {
                            id,
                            value,
                            timestamp,
                        });
                    }
                },
            }
        }
        let limit = self.config.limits.samples;
        if limit > 0 && report.post_relabel > limit {
            return Err(ScrapeError::SampleLimit {
                samples: report.post_relabel,
                limit,
            });
        }
        self.add_new(&new_labels, &new_samples, time, report)
    }

    fn labels_of(&self, sample: &Sample<'_>) -> Result<Option<Labels>> {
        series_labels(sample, &self.config, &self.target.labels)
    }

    /// Registers the series that were not known and places their samples.
    fn add_new(
        &mut self,
        labels: &[Labels],
        samples: &[NewSample<'_>],
        time: TimestampMs,
        report: &mut Report,
    ) -> Result<()> {
        let registered = if labels.is_empty() {
            Vec::new()
        } else {
            self.appender.register(labels)?
        };
        let mut refused = 0;
        let mut reason = None;
        for (sample, result) in samples.iter().zip(registered) {
            match result {
                Ok(series) => self.place_new(sample, series, time, report),
                Err(error) => {
                    refused += 1;
                    reason = Some(error);
                }
            }
        }
        if let Some(error) = reason.filter(|_| refused != self.refused) {
            warn!(url = %self.target.url, refused, %error, "new series were refused");
        }
        self.refused = refused;
        Ok(())
    }

    fn place_new(
        &mut self,
        sample: &NewSample<'_>,
        series: SeriesId,
        time: TimestampMs,
        report: &mut Report,
    ) {
        let index = self.cache.add_id(sample.id, series);
        self.place(index, sample.value, sample.timestamp, time, report);
    }

    fn place(
        &mut self,
        index: u32,
        value: f64,
        timestamp: Option<TimestampMs>,
        time: TimestampMs,
        report: &mut Report,
    ) {
        let placed = match timestamp.filter(|_| self.config.honor_timestamps) {
            Some(own) if own > time + FUTURE_LIMIT => {
                self.metrics.out_of_bounds.inc();
                return;
            }
            Some(own) => self.cache.set_loose(index, own, value),
            None => self.cache.set(index, value),
        };
        match placed {
            Placed::Added => report.added += 1,
            Placed::Known => {}
            Placed::Duplicate => self.metrics.duplicates.inc(),
        }
    }

    fn count_failure(&self, error: &ScrapeError, report: &mut Report) {
        match error {
            ScrapeError::SampleLimit { .. } => self.metrics.exceeded_sample_limit.inc(),
            ScrapeError::BodySize { .. } => {
                report.body_bytes = -1.0;
                self.metrics.exceeded_body_size.inc();
            }
            error if error.is_label_limit() => self.metrics.exceeded_label_limits.inc(),
            _ => {}
        }
        report.added = 0;
    }

    fn store(&mut self, report: &Report, time: TimestampMs) -> Result<(), storage::Error> {
        let values = report::values(report, self.target.timeout, self.config.limits.samples);
        let staleness = self.staleness();
        let outcome = self
            .cache
            .commit(self.appender.as_ref(), time, &values, staleness)?;
        self.metrics.count(outcome);
        if outcome.out_of_order + outcome.duplicate > 0 {
            warn!(
                url = %self.target.url,
                out_of_order = outcome.out_of_order,
                duplicate = outcome.duplicate,
                "samples were not stored"
            );
        }
        Ok(())
    }

    fn staleness(&self) -> LooseStaleness {
        if self.config.track_timestamps_staleness {
            LooseStaleness::Tracked
        } else {
            LooseStaleness::Ignored
        }
    }

    fn cache_metadata(&self) {
        self.status
            .metadata()
            .lock()
            .forget_old(self.cache.scrape());
    }

    fn tell(
        &mut self,
        result: Result<()>,
        stored: Result<(), storage::Error>,
        report: &Report,
        time: TimestampMs,
    ) {
        // A storage that failed before the page was read is no fault of the target either.
        let (result, stored) = match result {
            Err(ScrapeError::Storage(error)) => (Ok(()), Err(error)),
            other => (other, stored),
        };
        self.log_storage(stored.as_ref().err());
        let stored = stored.map_err(ScrapeError::Storage);
        let health = if result.is_ok() {
            Health::Up
        } else {
            Health::Down
        };
        if let Err(error) = &result {
            debug!(url = %self.target.url, pool = %self.target.pool, %error, "scrape failed");
        }
        let last_error = result.and(stored).err().map(|error| error.to_string());
        self.status.update(|status| {
            status.health = health;
            status.last_error = last_error.unwrap_or_default();
            status.last_scrape = Some(time);
            status.last_scrape_duration = report.duration_seconds;
        });
    }

    /// Logs what the storage says when it changes.
    fn log_storage(&mut self, error: Option<&storage::Error>) {
        let text = error.map(ToString::to_string);
        if text == self.storage_error {
            return;
        }
        if let Some(error) = &text {
            warn!(url = %self.target.url, %error, "samples cannot be stored");
        } else {
            info!(url = %self.target.url, "samples are stored again");
        }
        self.storage_error = text;
    }

    /// Ends all series of a target that is gone.
    pub(crate) fn end(&mut self, time: TimestampMs) {
        let staleness = self.staleness();
        if let Err(error) = self.cache.end(self.appender.as_ref(), time, staleness) {
            warn!(url = %self.target.url, %error, "series of a removed target were not ended");
        }
    }
}

/// Bytes that a page must stay below.
pub(crate) fn body_limit(config: &ScrapeConfig) -> u64 {
    match config.limits.body_size {
        0 => LARGEST_BODY,
        limit => limit.min(LARGEST_BODY),
    }
}

#[cfg(test)]
mod tests;

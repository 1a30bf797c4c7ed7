//! From an answer to stored samples.

mod native;

pub(crate) use native::NativeSeries;

use crate::body;
use crate::buffers::Buffers;
use crate::client::{Fetched, LARGEST_BODY};
use crate::error::{Result, ScrapeError};
use crate::failure_log::FailureLog;
use crate::lines::Lines;
use crate::metrics::ScrapeMetrics;
use crate::report::{self, Report};
use crate::scan::{LeftOut, NewSamples, Scan, check_sample_limit};
use crate::series_cache::{LooseStaleness, SeriesCache};
use crate::starts::{StartScan, Starts};
use crate::status::{Health, SharedStatus};
use crate::target::{HistogramSwitches, Target};
use config::ScrapeConfig;
use exposition::{
    Classic, Format, Histograms, NativeHistogram, PageFormat, Protocol, Start, convert_classic,
    read_protobuf, read_protobuf_with_created, take_created,
};
use model::{DurationMs, TimestampMs};
use native::{NativeLimits, NativeScan};
use std::sync::Arc;
use std::time::Instant;
use storage::{Appender, Exemplar, SeriesId};
use tracing::{debug, info, warn};

/// Samples further in the future are refused. Source: Prometheus' scrape loop.
pub(crate) const FUTURE_LIMIT: DurationMs = DurationMs::from_secs(600);

/// Reads the pages of one target into the storage. Blocks: on the storage, and as long as parsing takes.
pub(crate) struct Ingest {
    pub(crate) target: Arc<Target>,
    pub(crate) config: Arc<ScrapeConfig>,
    pub(crate) appender: Arc<dyn Appender>,
    pub(crate) metrics: ScrapeMetrics,
    pub(crate) status: SharedStatus,
    pub(crate) buffers: Buffers,
    pub(crate) cache: SeriesCache,
    pub(crate) lines: Lines,
    /// Exemplars of the current scrape.
    pub(crate) exemplars: Vec<(SeriesId, Exemplar)>,
    /// Native histograms.
    pub(crate) native: NativeSeries,
    /// Series that the target may have; 0 for any number.
    pub(crate) series_limit: usize,
    /// What the storage said last, so that the log has it once.
    pub(crate) storage_error: Option<String>,
    /// New series that were refused in the last scrape.
    pub(crate) refused: usize,
    /// Where series begin, if that is stored.
    pub(crate) starts: Option<Starts>,
    /// Where failed scrapes are told.
    pub(crate) failures: Option<FailureLog>,
}

/// When a scrape happened.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ScrapeTime {
    /// Time of its samples.
    pub(crate) time: TimestampMs,
    /// Its start.
    pub(crate) started: Instant,
}

/// A page as it is to be read.
struct Page {
    buffer: Vec<u8>,
    /// Where in the buffer it begins.
    at: usize,
    format: Format,
    /// Bytes that came, after decompression.
    bytes: usize,
    /// What text does not have.
    histograms: Vec<NativeHistogram>,
    /// When its series began.
    starts: Vec<Start>,
}

impl Page {
    fn text(&self) -> &[u8] {
        self.buffer.get(self.at..).unwrap_or(&[])
    }
}

/// What came of one try to store a scrape.
struct Attempt {
    report: Report,
    /// Whether the page could be read.
    read: Result<()>,
    stored: Result<(), storage::Error>,
}

impl Attempt {
    /// Whether the storage has forgotten series that the target still has.
    fn is_of_forgotten(&self) -> bool {
        let forgot = |error: &storage::Error| {
            matches!(
                error,
                storage::Error::UnknownSeries(_) | storage::Error::UnknownLayout(_)
            )
        };
        matches!(&self.read, Err(ScrapeError::Storage(error)) if forgot(error))
            || self.stored.as_ref().is_err_and(forgot)
    }
}

impl Ingest {
    /// Stores one scrape, failed or not, and updates the target's status.
    pub(crate) fn scrape(&mut self, fetched: Result<Fetched>, at: ScrapeTime) {
        let mut page = fetched.and_then(|fetched| self.page_of(fetched));
        let mut attempt = self.attempt(page.as_ref(), at);
        if attempt.is_of_forgotten() {
            self.cache.forget_series(self.appender.as_ref());
            self.lines = Lines::default();
            self.native = NativeSeries::default();
            self.starts = self.starts.take().map(|_| Starts::default());
            attempt = self.attempt(page.as_ref(), at);
        }
        if let Ok(page) = &mut page {
            self.buffers.give(std::mem::take(&mut page.buffer));
        }
        let Attempt {
            report,
            read,
            stored,
        } = attempt;
        let result = page.and(read);
        if let Err(error) = &result {
            self.count_failure(error);
        }
        self.tell(result, stored, &report, at.time);
    }

    fn page_of(&self, fetched: Fetched) -> Result<Page> {
        let fallback = self.config.fallback_scrape_protocol.map(Protocol::format);
        let format = PageFormat::negotiate(fetched.content_type.as_deref(), fallback)?;
        let (buffer, at) = body::decode(fetched, body_limit(&self.config), &self.buffers)?;
        let bytes = buffer.len().saturating_sub(at);
        let switches = self.target.histograms;
        let (mut buffer, mut at, format, mut histograms) = match format {
            PageFormat::Text(format) => (buffer, at, format, Vec::new()),
            PageFormat::Protobuf => {
                let wanted = wanted_histograms(switches);
                let bytes = buffer.get(at..).unwrap_or(&[]);
                let page = if self.starts.is_some() {
                    read_protobuf_with_created(bytes, wanted)?
                } else {
                    read_protobuf(bytes, wanted)?
                };
                self.buffers.give(buffer);
                (page.text, 0, Format::OpenMetrics, page.histograms)
            }
        };
        let mut starts = Vec::new();
        if self.starts.is_some() && format == Format::OpenMetrics {
            let taken = take_created(buffer.get(at..).unwrap_or(&[]))?;
            self.buffers.give(buffer);
            (buffer, at) = (taken.text, 0);
            starts = taken.starts;
        }
        if switches.converts {
            let classic = if switches.keeps_classic {
                Classic::Kept
            } else {
                Classic::Replaced
            };
            let text = buffer.get(at..).unwrap_or(&[]);
            let converted = convert_classic(text, format, &histograms, classic)?;
            self.buffers.give(buffer);
            (buffer, at) = (converted.text, 0);
            histograms.extend(converted.histograms);
        }
        Ok(Page {
            buffer,
            at,
            format,
            bytes,
            histograms,
            starts,
        })
    }

    fn attempt(&mut self, page: Result<&Page, &ScrapeError>, at: ScrapeTime) -> Attempt {
        let mut report = Report::default();
        let ready = self.ensure_reports();
        self.cache.begin();
        self.lines.begin();
        self.native.begin();
        self.exemplars.clear();
        let read = match (ready, page) {
            (Err(error), _) => Err(ScrapeError::Storage(error)),
            (Ok(()), Ok(page)) => self.read_page(page, at.time, &mut report),
            (Ok(()), Err(_)) => Ok(()),
        };
        let failure = page.err().or(read.as_ref().err());
        if let Some(error) = failure {
            self.cache.take_back();
            self.lines.take_back();
            self.native.take_back();
            self.exemplars.clear();
            report.fail(error);
        }
        report.up = failure.is_none();
        report.duration_seconds = at.started.elapsed().as_secs_f64();
        let stored = self.store(&report, at.time);
        self.cache.sweep(&mut self.lines);
        let stored = stored.and_then(|()| self.tell_metadata());
        Attempt {
            report,
            read,
            stored,
        }
    }

    fn ensure_reports(&mut self) -> Result<(), storage::Error> {
        if self.cache.has_reports() {
            return Ok(());
        }
        let reports = report::series(&self.config, &self.target.labels);
        self.cache.ensure_reports(self.appender.as_ref(), &reports)
    }

    fn read_page(&mut self, page: &Page, time: TimestampMs, report: &mut Report) -> Result<()> {
        report.body_bytes = page.bytes as f64;
        let status = self.status.clone();
        let mut metadata = status.metadata().lock();
        let mut scan = Scan {
            config: &self.config,
            target: &self.target,
            cache: &mut self.cache,
            lines: &mut self.lines,
            metadata: &mut metadata,
            report,
            exemplars: &mut self.exemplars,
            time,
            series_limit: self.series_limit,
            left_out: LeftOut::default(),
        };
        let (new, counts) = scan.read(page.text(), page.format)?;
        let known = scan.cache.named() + new.labels.len() + self.native.len();
        let native = self.native.read(
            &page.histograms,
            &NativeScan {
                config: &self.config,
                target: &self.target,
                appender: self.appender.as_ref(),
                limits: NativeLimits::of(&self.config),
                time,
                room: match self.series_limit {
                    0 => usize::MAX,
                    limit => limit.saturating_sub(known),
                },
            },
        )?;
        scan.report.scraped += native.scraped;
        scan.report.post_relabel += native.post_relabel;
        scan.report.added += native.added;
        scan.left_out.duplicates += native.duplicates;
        check_sample_limit(scan.report.post_relabel, self.config.limits.samples)?;
        let mut added = add_new(&mut scan, new, self.appender.as_ref())?;
        added.by_limit += native.refused;
        if added.repeated {
            scan.read_again(page.text(), page.format)?;
        }
        if let Some(starts) = &mut self.starts {
            starts.store(
                &page.starts,
                &StartScan {
                    config: &self.config,
                    target: &self.target,
                    appender: self.appender.as_ref(),
                    native: &page.histograms,
                    time,
                },
            )?;
        }
        let left_out = scan.left_out;
        self.metrics.count_read(counts, left_out);
        self.tell_refused(added);
        Ok(())
    }

    /// Logs how many new series were refused when that changes.
    fn tell_refused(&mut self, added: Added) {
        let (by_limit, by_storage) = (added.by_limit, added.by_storage);
        if by_limit > 0 {
            self.metrics.series_refused.add(by_limit as f64);
        }
        if by_limit + by_storage != self.refused && by_limit > 0 {
            let (url, limit) = (&self.target.url, self.series_limit);
            warn!(%url, refused = by_limit, limit, "the target has too many series: new ones were refused");
        }
        if let Some(error) = added.reason
            && by_limit + by_storage != self.refused
        {
            warn!(url = %self.target.url, refused = by_storage, %error, "new series were refused");
        }
        self.refused = by_limit + by_storage;
    }

    fn count_failure(&self, error: &ScrapeError) {
        match error {
            ScrapeError::SampleLimit { .. } => self.metrics.exceeded_sample_limit.inc(),
            ScrapeError::BucketLimit { .. } => self.metrics.exceeded_bucket_limit.inc(),
            ScrapeError::BodySize { .. } => self.metrics.exceeded_body_size.inc(),
            error if error.is_label_limit() => self.metrics.exceeded_label_limits.inc(),
            _ => {}
        }
    }

    fn store(&mut self, report: &Report, time: TimestampMs) -> Result<(), storage::Error> {
        let values = report::values(report, self.target.timeout, self.config.limits.samples);
        let staleness = self.staleness();
        let mut outcome = self
            .cache
            .commit(self.appender.as_ref(), time, &values, staleness)?;
        let ends_loose = staleness == LooseStaleness::Tracked;
        let native = self
            .native
            .commit(self.appender.as_ref(), time, ends_loose)?;
        outcome.add(native);
        if outcome.refused() > 0 {
            self.metrics.count(outcome);
            warn!(
                url = %self.target.url,
                out_of_order = outcome.out_of_order,
                too_old = outcome.too_old,
                out_of_bounds = outcome.out_of_bounds,
                duplicate = outcome.duplicate,
                "samples were not stored"
            );
        }
        if !self.exemplars.is_empty() {
            let stored = self.appender.append_exemplars(&self.exemplars)?;
            let left_out = self.exemplars.len().saturating_sub(stored);
            self.metrics.exemplars_out_of_order.add(left_out as f64);
        }
        Ok(())
    }

    /// Tells the storage what the page changed about its families.
    fn tell_metadata(&mut self) -> Result<(), storage::Error> {
        let mut metadata = self.status.metadata().lock();
        metadata.forget_old(self.cache.scrape());
        let untold = metadata.untold();
        if !untold.is_empty() {
            self.appender.set_metadata(&untold)?;
        }
        metadata.set_told();
        Ok(())
    }

    fn staleness(&self) -> LooseStaleness {
        if self.config.track_timestamps_staleness {
            LooseStaleness::Tracked
        } else {
            LooseStaleness::Ignored
        }
    }

    fn tell(
        &mut self,
        result: Result<()>,
        stored: Result<(), storage::Error>,
        report: &Report,
        time: TimestampMs,
    ) {
        self.metrics.lengths.note_scrape(report.duration_seconds);
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
            if let Some(log) = &self.failures {
                log.write(time, &self.target, error);
            }
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
        let ends_loose = staleness == LooseStaleness::Tracked;
        let ended = self.native.end(self.appender.as_ref(), time, ends_loose);
        let ended = ended.and(self.cache.end(self.appender.as_ref(), time, staleness));
        if let Err(error) = ended {
            warn!(url = %self.target.url, %error, "series of a removed target were not ended");
        }
    }
}

/// What became of new series.
#[derive(Default)]
struct Added {
    /// Refused: the target has too many.
    by_limit: usize,
    /// Refused: the storage did not take them; the last reason.
    by_storage: usize,
    reason: Option<storage::Error>,
    /// Some series that was taken has two samples on the page.
    repeated: bool,
}

/// Registers the series that were not known and places their samples.
fn add_new(scan: &mut Scan<'_>, new: NewSamples, appender: &dyn Appender) -> Result<Added> {
    let mut added = Added {
        by_limit: new.refused,
        ..Added::default()
    };
    if new.labels.is_empty() {
        return Ok(added);
    }
    let registered = appender.register(&new.labels)?;
    for (sample, result) in new.samples.into_iter().zip(registered) {
        match result {
            Ok(series) => added.repeated |= !scan.place_new(sample, series),
            Err(error) => {
                added.by_storage += 1;
                added.reason = Some(error);
            }
        }
    }
    if added.by_storage > 0 {
        scan.lines.forget_unknown();
    }
    Ok(added)
}

/// What of histograms is read.
fn wanted_histograms(switches: HistogramSwitches) -> Histograms {
    match (switches.native, switches.keeps_classic) {
        (false, _) => Histograms::Classic,
        (true, false) => Histograms::Native,
        (true, true) => Histograms::Both,
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
mod native_tests;
#[cfg(test)]
mod prediction_tests;
#[cfg(test)]
mod tests;

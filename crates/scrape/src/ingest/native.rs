//! Native histograms of a target: their series, their limits, and their end.

use crate::error::{Result, ScrapeError};
use crate::merge::series_labels;
use crate::target::Target;
use config::ScrapeConfig;
use exposition::{NativeHistogram, reduce};
use hashbrown::HashMap;
use model::{Histogram, Labels, TimestampMs};
use std::sync::Arc;
use storage::{Appender, Exemplar, FrameOutcome, HistogramSample, SeriesId};

/// Scrapes that a series may stay away before it is forgotten.
const KEPT_SCRAPES: u32 = 10;
/// The coarsest schema. Source: Prometheus' `model/histogram`.
const COARSEST: i32 = -4;

/// Bounds of native histograms.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct NativeLimits {
    /// Buckets that a histogram may have; 0 for any number. Those with more get wider ones.
    pub(crate) buckets: u64,
    /// The smallest factor between the ends of neighbouring buckets; 0 for any.
    pub(crate) min_factor: f64,
}

/// The native histograms of one target.
#[derive(Debug, Default)]
pub(crate) struct NativeSeries {
    known: HashMap<Vec<u8>, Known>,
    samples: Vec<HistogramSample>,
    exemplars: Vec<(SeriesId, Exemplar)>,
    /// Number of the current scrape, from 1.
    scrape: u32,
}

#[derive(Debug, Clone, Copy)]
struct Known {
    /// None if relabelling drops it.
    series: Option<SeriesId>,
    /// The last scrape that had it, and the last one before.
    seen: u32,
    seen_before: u32,
    /// Whether its last sample had a time of its own.
    is_loose: bool,
}

/// What came of the histograms of a page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct NativeCounts {
    pub(crate) scraped: u64,
    pub(crate) post_relabel: u64,
    pub(crate) added: u64,
    pub(crate) refused: usize,
    pub(crate) duplicates: u64,
}

/// What reading needs beside the page.
pub(crate) struct NativeScan<'a> {
    pub(crate) config: &'a ScrapeConfig,
    pub(crate) target: &'a Target,
    pub(crate) appender: &'a dyn Appender,
    pub(crate) limits: NativeLimits,
    pub(crate) time: TimestampMs,
    /// New series that the target may have.
    pub(crate) room: usize,
}

impl NativeSeries {
    /// Starts a scrape: until told otherwise, every series is away.
    pub(crate) fn begin(&mut self) {
        self.scrape += 1;
        self.samples.clear();
        self.exemplars.clear();
    }

    /// Number of series.
    pub(crate) fn len(&self) -> usize {
        self.known.len()
    }

    /// Takes the histograms of a page.
    ///
    /// # Errors
    /// A histogram that no limit admits, or whose labels are at fault; what the storage says.
    pub(crate) fn read(
        &mut self,
        page: &[NativeHistogram],
        scan: &NativeScan<'_>,
    ) -> Result<NativeCounts> {
        let mut counts = NativeCounts::default();
        let mut room = scan.room;
        for one in page {
            counts.scraped += 1;
            let mut histogram = one.histogram.clone();
            scan.limits.apply(&mut histogram)?;
            let known = if let Some(known) = self.known.get(&one.id) {
                *known
            } else {
                let labels = series_labels(&one.sample(), scan.config, &scan.target.labels)?;
                if labels.is_some() && room == 0 {
                    counts.refused += 1;
                    continue;
                }
                let Ok(series) = register(scan.appender, labels)? else {
                    counts.refused += 1;
                    continue;
                };
                room -= usize::from(series.is_some());
                counts.added += u64::from(series.is_some());
                Known {
                    series,
                    seen: 0,
                    seen_before: 0,
                    is_loose: false,
                }
            };
            self.place(one, histogram, known, scan, &mut counts);
        }
        Ok(counts)
    }

    fn place(
        &mut self,
        one: &NativeHistogram,
        histogram: Histogram,
        known: Known,
        scan: &NativeScan<'_>,
        counts: &mut NativeCounts,
    ) {
        let own = one.timestamp.filter(|_| scan.config.honor_timestamps);
        let is_second = known.seen == self.scrape && own.is_none();
        let now = Known {
            seen: self.scrape,
            seen_before: match known.seen {
                seen if seen == self.scrape => known.seen_before,
                seen => seen,
            },
            is_loose: own.is_some(),
            ..known
        };
        if let Some(place) = self.known.get_mut(&one.id) {
            *place = now;
        } else {
            self.known.insert(one.id.clone(), now);
        }
        let Some(series) = known.series else {
            return;
        };
        counts.post_relabel += 1;
        if is_second {
            counts.duplicates += 1;
            return;
        }
        self.samples.push(HistogramSample {
            series,
            time: own.unwrap_or(scan.time),
            histogram: Arc::new(histogram),
        });
        let exemplars = one.exemplars.iter().map(|exemplar| {
            let exemplar = Exemplar {
                labels: exemplar.labels.clone(),
                value: exemplar.value,
                time: exemplar.timestamp.0,
            };
            (series, exemplar)
        });
        self.exemplars.extend(exemplars);
        // The storage takes them in the order of their times only.
        self.exemplars.sort_by_key(|(_, exemplar)| exemplar.time);
    }

    /// Takes back all samples: the scrape failed, every series is away.
    pub(crate) fn take_back(&mut self) {
        self.samples.clear();
        self.exemplars.clear();
        for known in self.known.values_mut() {
            if known.seen == self.scrape {
                known.seen = known.seen_before;
            }
        }
    }

    /// Stores the samples of the scrape, and ends the series that it does not have any more.
    ///
    /// # Errors
    /// What the storage says.
    pub(crate) fn commit(
        &mut self,
        appender: &dyn Appender,
        time: TimestampMs,
        ends_loose: bool,
    ) -> Result<FrameOutcome, storage::Error> {
        let before = self.scrape - 1;
        let gone =
            |known: &&Known| before > 0 && known.seen == before && (ends_loose || !known.is_loose);
        let ended = self.known.values().filter(gone);
        let ended = ended.filter_map(|known| known.series);
        self.samples.extend(ended.map(|series| HistogramSample {
            series,
            time,
            histogram: Arc::new(Histogram::stale()),
        }));
        let scrape = self.scrape;
        self.known
            .retain(|_, known| known.seen + KEPT_SCRAPES >= scrape);
        let mut outcome = FrameOutcome::default();
        if !self.samples.is_empty() {
            outcome = appender.append_histograms(&self.samples)?;
        }
        if !self.exemplars.is_empty() {
            appender.append_exemplars(&self.exemplars)?;
        }
        Ok(outcome)
    }

    /// Ends every series: the target is gone.
    ///
    /// # Errors
    /// What the storage says.
    pub(crate) fn end(
        &mut self,
        appender: &dyn Appender,
        time: TimestampMs,
        ends_loose: bool,
    ) -> Result<(), storage::Error> {
        self.begin();
        self.commit(appender, time, ends_loose)?;
        Ok(())
    }
}

/// The series of a label set, nothing where there is none; an inner error if it is refused.
fn register(
    appender: &dyn Appender,
    labels: Option<Labels>,
) -> Result<Result<Option<SeriesId>, storage::Error>, storage::Error> {
    let Some(labels) = labels else {
        return Ok(Ok(None));
    };
    let mut registered = appender.register(&[labels])?;
    Ok(registered.pop().transpose())
}

impl NativeLimits {
    /// Those of a job.
    pub(crate) fn of(config: &ScrapeConfig) -> Self {
        Self {
            buckets: config.native_histogram_bucket_limit,
            min_factor: config.native_histogram_min_bucket_factor,
        }
    }

    /// Makes buckets wider until the histogram fits.
    ///
    /// # Errors
    /// The histogram has too many buckets even at the coarsest schema.
    fn apply(self, histogram: &mut Histogram) -> Result<()> {
        if self.min_factor > 1.0 {
            // Neighbouring ends differ by the factor 2^(2^-schema).
            let fits = |schema: &i32| 2f64.powf(2f64.powi(-schema)) >= self.min_factor;
            let finest = (COARSEST..=histogram.schema).rev().find(fits);
            reduce(histogram, finest.unwrap_or(COARSEST));
        }
        let count = |histogram: &Histogram| {
            (histogram.positive_buckets.len() + histogram.negative_buckets.len()) as u64
        };
        while self.buckets > 0 && count(histogram) > self.buckets {
            if histogram.has_custom_buckets() || histogram.schema <= COARSEST {
                return Err(ScrapeError::BucketLimit {
                    buckets: count(histogram),
                    limit: self.buckets,
                });
            }
            let coarser = histogram.schema - 1;
            reduce(histogram, coarser);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Span;

    fn histogram(schema: i32, buckets: u32) -> Histogram {
        Histogram {
            schema,
            count: f64::from(buckets),
            positive_spans: vec![Span {
                offset: 1,
                length: buckets,
            }],
            positive_buckets: vec![1.0; buckets as usize],
            ..Histogram::default()
        }
    }

    #[track_caller]
    fn check(limits: NativeLimits, schema: i32, buckets: u32, expected: Option<(i32, usize)>) {
        let mut one = histogram(schema, buckets);
        let fits = limits.apply(&mut one).is_ok();
        let found = fits.then_some((one.schema, one.positive_buckets.len()));
        assert_eq!(found, expected);
    }

    #[test]
    fn histograms_with_too_many_buckets_get_wider_ones() {
        let limits = NativeLimits {
            buckets: 4,
            min_factor: 0.0,
        };
        check(limits, 3, 4, Some((3, 4)));
        check(limits, 3, 5, Some((2, 3)));
        check(limits, 3, 16, Some((1, 4)));
        check(limits, -4, 5, None);
    }

    #[test]
    fn neighbouring_bounds_differ_by_the_least_factor() {
        let limits = NativeLimits {
            buckets: 0,
            min_factor: 1.5,
        };
        check(limits, 2, 4, Some((0, 1)));
        check(limits, 0, 4, Some((0, 4)));
        check(NativeLimits::default(), 8, 100, Some((8, 100)));
    }
}

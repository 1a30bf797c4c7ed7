//! Where results go, and which of their series have gone.

use crate::Result;
use model::{Labels, TimestampMs, stale_nan};
use promql::VectorElement;
use std::collections::HashMap;
use std::sync::Arc;
use storage::{Appender, Error, FrameOutcome, HistogramSample, LooseSample, SeriesId};

/// The series that a rule gave last time.
#[derive(Debug, Default)]
pub(crate) struct Sink {
    previous: HashMap<Labels, SeriesId>,
}

impl Sink {
    /// Stores what a rule gave at `at`, and stale markers for the series that it gave last time and now not.
    ///
    /// Gives what became of the samples; a series that the storage refused is the error, when all others
    /// are stored.
    pub(crate) fn write(
        &mut self,
        appender: &dyn Appender,
        elements: &[VectorElement],
        at: TimestampMs,
    ) -> Result<FrameOutcome> {
        match self.try_write(appender, elements, at) {
            // The storage forgot a series: its ids are of no use any more.
            Err(crate::Error::Storage(Error::UnknownSeries(_))) => {
                self.previous.clear();
                self.try_write(appender, elements, at)
            }
            done => done,
        }
    }

    fn try_write(
        &mut self,
        appender: &dyn Appender,
        elements: &[VectorElement],
        at: TimestampMs,
    ) -> Result<FrameOutcome> {
        let (known, refused) = self.register(appender, elements)?;
        let mut floats = Vec::with_capacity(elements.len());
        let mut histograms = Vec::new();
        for element in elements {
            let Some(&series) = known.get(&element.labels) else {
                continue;
            };
            match &element.histogram {
                Some(histogram) => histograms.push(HistogramSample {
                    series,
                    time: at,
                    histogram: Arc::clone(histogram),
                }),
                None => floats.push(LooseSample {
                    series,
                    time: at,
                    value: element.value,
                }),
            }
        }
        let gone = self
            .previous
            .iter()
            .filter(|(labels, _)| !known.contains_key(*labels));
        floats.extend(gone.map(|(_, series)| stale(*series, at)));
        let mut outcome = FrameOutcome::default();
        if !floats.is_empty() {
            outcome.add(appender.append_loose(&floats)?);
        }
        if !histograms.is_empty() {
            outcome.add(appender.append_histograms(&histograms)?);
        }
        self.previous = known;
        refused.map_or(Ok(outcome), |error| Err(error.into()))
    }

    /// The ids of the elements' series, and the last refusal.
    fn register(
        &self,
        appender: &dyn Appender,
        elements: &[VectorElement],
    ) -> Result<(HashMap<Labels, SeriesId>, Option<Error>)> {
        let mut known = HashMap::with_capacity(elements.len());
        let mut new = Vec::new();
        for element in elements {
            match self.previous.get(&element.labels) {
                Some(series) => {
                    known.insert(element.labels.clone(), *series);
                }
                None => new.push(element.labels.clone()),
            }
        }
        let mut refused = None;
        if !new.is_empty() {
            let registered = appender.register(&new)?;
            for (labels, result) in new.into_iter().zip(registered) {
                match result {
                    Ok(series) => {
                        known.insert(labels, series);
                    }
                    Err(error) => refused = Some(error),
                }
            }
        }
        Ok((known, refused))
    }

    /// Ends all series at `at`.
    pub(crate) fn end(&mut self, appender: &dyn Appender, at: TimestampMs) -> Result<FrameOutcome> {
        let markers: Vec<LooseSample> = self
            .previous
            .drain()
            .map(|(_, series)| stale(series, at))
            .collect();
        if markers.is_empty() {
            return Ok(FrameOutcome::default());
        }
        Ok(appender.append_loose(&markers)?)
    }

    /// Takes over the series of `other`, which ends.
    pub(crate) fn absorb(&mut self, other: &mut Self) {
        self.previous.extend(other.previous.drain());
    }
}

fn stale(series: SeriesId, time: TimestampMs) -> LooseSample {
    LooseSample {
        series,
        time,
        value: stale_nan(),
    }
}

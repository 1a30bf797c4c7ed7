//! What one request holds, in the form that storage takes.

use crate::table::Fresh;
use model::{Labels, TimestampMs};
use std::fmt::Write;
use std::ops::Range;
use storage::{Exemplar, HistogramSample, LooseSample, Metadata, SeriesId};

/// Stands for a series that is not known yet, or that storage refused.
const NO_SERIES: SeriesId = SeriesId(u32::MAX);
/// Lines of an answer; a request can have as many mistakes as series.
const MOST_LINES: usize = 50;

/// Samples of one request; the buffers are used again for the next one.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub(crate) floats: Vec<LooseSample>,
    pub(crate) histograms: Vec<HistogramSample>,
    pub(crate) exemplars: Vec<(SeriesId, Exemplar)>,
    pub(crate) metadata: Vec<Metadata>,
    /// Series that the cache does not have.
    pub(crate) unknown: Vec<Unknown>,
    /// What the answer must complain about.
    pub(crate) problems: Problems,
    /// Samples and histograms of the current series that are too far ahead.
    pub(crate) ahead: usize,
    /// Samples refused before storage saw them: too far ahead.
    pub(crate) out_of_bounds: usize,
    /// Series (version 1) or their samples (version 2) without a valid label set.
    pub(crate) invalid_labels: usize,
    /// Samples and histograms that came without metadata.
    pub(crate) without_metadata: usize,
}

/// A series to register.
#[derive(Debug)]
pub(crate) struct Unknown {
    pub(crate) labels: Labels,
    pub(crate) fresh: Fresh,
    pub(crate) floats: Range<usize>,
    pub(crate) histograms: Range<usize>,
    pub(crate) exemplars: Range<usize>,
}

/// Where the parts of one series begin.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark {
    floats: usize,
    histograms: usize,
    exemplars: usize,
    problems: usize,
}

/// Complaints, one per line, the first ones in full.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    lines: Vec<String>,
    more: usize,
}

impl Problems {
    pub(crate) fn add(&mut self, line: impl FnOnce() -> String) {
        if self.lines.len() < MOST_LINES {
            self.lines.push(line());
        } else {
            self.more += 1;
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The first complaint.
    pub(crate) fn first(&self) -> Option<&str> {
        self.lines.first().map(String::as_str)
    }

    /// All of them.
    pub(crate) fn text(&self) -> String {
        let mut text = self.lines.join("\n");
        if self.more > 0 {
            // Writing to a String cannot fail.
            let _ = write!(text, "\nand {} more", self.more);
        }
        text
    }
}

impl Batch {
    /// Empties it; memory beyond `kept` samples is given back.
    pub(crate) fn clear(&mut self, kept: usize) {
        self.floats.clear();
        self.floats.shrink_to(kept);
        self.histograms.clear();
        self.histograms.shrink_to(kept);
        self.exemplars.clear();
        self.exemplars.shrink_to(kept);
        self.metadata = Vec::new();
        self.unknown = Vec::new();
        self.problems = Problems::default();
        self.ahead = 0;
        self.out_of_bounds = 0;
        self.invalid_labels = 0;
        self.without_metadata = 0;
    }

    /// The beginning of a series.
    #[inline]
    pub(crate) fn mark(&mut self) -> Mark {
        self.ahead = 0;
        Mark {
            floats: self.floats.len(),
            histograms: self.histograms.len(),
            exemplars: self.exemplars.len(),
            problems: self.problems.lines.len(),
        }
    }

    /// Takes back what came since `mark`.
    pub(crate) fn rewind(&mut self, mark: Mark) {
        self.floats.truncate(mark.floats);
        self.histograms.truncate(mark.histograms);
        self.exemplars.truncate(mark.exemplars);
        self.problems.lines.truncate(mark.problems);
        self.ahead = 0;
    }

    /// Adds a sample to the current series.
    #[inline]
    pub(crate) fn float(&mut self, time: i64, value: f64) {
        self.floats.push(LooseSample {
            series: NO_SERIES,
            time: TimestampMs(time),
            value,
        });
    }

    /// Adds a histogram to the current series.
    pub(crate) fn histogram(&mut self, time: i64, histogram: model::Histogram) {
        self.histograms.push(HistogramSample {
            series: NO_SERIES,
            time: TimestampMs(time),
            histogram: histogram.into(),
        });
    }

    /// Adds an exemplar to the current series.
    pub(crate) fn exemplar(&mut self, exemplar: Exemplar) {
        self.exemplars.push((NO_SERIES, exemplar));
    }

    /// Samples and histograms since `mark`.
    pub(crate) fn samples_since(&self, mark: Mark) -> usize {
        self.floats.len() - mark.floats + self.histograms.len() - mark.histograms
    }

    /// Whether nothing came since `mark`.
    pub(crate) fn is_empty_since(&self, mark: Mark) -> bool {
        self.samples_since(mark) == 0 && self.exemplars.len() == mark.exemplars
    }

    /// What came since `mark` belongs to `series`.
    #[inline]
    pub(crate) fn assign(&mut self, mark: Mark, series: SeriesId) {
        let floats = self.floats.get_mut(mark.floats..).unwrap_or_default();
        for sample in floats {
            sample.series = series;
        }
        let histograms = self.histograms.get_mut(mark.histograms..);
        for sample in histograms.unwrap_or_default() {
            sample.series = series;
        }
        let exemplars = self.exemplars.get_mut(mark.exemplars..);
        for (of, _) in exemplars.unwrap_or_default() {
            *of = series;
        }
    }

    /// What came since `mark` belongs to a series that must be registered first.
    pub(crate) fn assign_later(&mut self, mark: Mark, labels: Labels, fresh: Fresh) {
        self.unknown.push(Unknown {
            labels,
            fresh,
            floats: mark.floats..self.floats.len(),
            histograms: mark.histograms..self.histograms.len(),
            exemplars: mark.exemplars..self.exemplars.len(),
        });
    }

    /// Gives the series of `unknown` number `at` its id.
    pub(crate) fn settle(&mut self, at: usize, series: SeriesId) {
        let Some(unknown) = self.unknown.get_mut(at) else {
            return;
        };
        unknown.fresh.series = series;
        let floats = self.floats.get_mut(unknown.floats.clone());
        for sample in floats.unwrap_or_default() {
            sample.series = series;
        }
        let histograms = self.histograms.get_mut(unknown.histograms.clone());
        for sample in histograms.unwrap_or_default() {
            sample.series = series;
        }
        let exemplars = self.exemplars.get_mut(unknown.exemplars.clone());
        for (of, _) in exemplars.unwrap_or_default() {
            *of = series;
        }
    }

    /// Takes out what belongs to no series; gives the number of samples and histograms taken out.
    pub(crate) fn drop_unsettled(&mut self) -> usize {
        let before = self.floats.len() + self.histograms.len();
        self.floats.retain(|sample| sample.series != NO_SERIES);
        self.histograms.retain(|sample| sample.series != NO_SERIES);
        self.exemplars.retain(|(of, _)| *of != NO_SERIES);
        before - self.floats.len() - self.histograms.len()
    }

    /// The id of a series before it has one.
    pub(crate) fn unsettled() -> SeriesId {
        NO_SERIES
    }
}

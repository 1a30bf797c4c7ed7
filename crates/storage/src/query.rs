//! The way out.

use crate::{Grouping, Groups, Matchers, Result};
use model::{Histogram, Labels, Matcher, MetricKind, TimeRange};
use std::sync::Arc;

/// The samples of one series in one range: times and values side by side.
///
/// Shape: `times.len() == values.len()`; `histograms` and `starts` are either empty or of that length
/// too. Units: milliseconds. Ordering: times strictly rise. Stale markers are in `values` as they were
/// stored (a stale histogram is a stale value and no histogram).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Column {
    /// Two columns of one selection and one range with the same key have the same `times`, so what is
    /// computed from times alone (window edges) serves both. `None`: nothing is known.
    pub timeline: Option<u64>,
    /// Times.
    pub times: Vec<i64>,
    /// Values; where `histograms` has one, the value means nothing (it is a NaN that is not stale).
    pub values: Vec<f64>,
    /// Native histograms: empty if there is none, else one entry per sample, `None` for a float.
    pub histograms: Vec<Option<Arc<Histogram>>>,
    /// When the counter started, per sample, 0 where it is unknown; empty if all are unknown.
    pub starts: Vec<i64>,
}

impl Column {
    /// Empties the column and keeps its memory.
    pub fn clear(&mut self) {
        self.timeline = None;
        self.times.clear();
        self.values.clear();
        self.histograms.clear();
        self.starts.clear();
    }

    /// Number of samples.
    pub fn len(&self) -> usize {
        self.times.len()
    }

    /// Whether there is no sample.
    pub fn is_empty(&self) -> bool {
        self.times.is_empty()
    }

    /// Adds a float sample at the end.
    pub fn push(&mut self, time: i64, value: f64) {
        self.times.push(time);
        self.values.push(value);
        if !self.histograms.is_empty() {
            self.histograms.push(None);
        }
        if !self.starts.is_empty() {
            self.starts.push(0);
        }
    }

    /// Adds a histogram sample at the end.
    pub fn push_histogram(&mut self, time: i64, histogram: Arc<Histogram>) {
        if histogram.is_stale() {
            return self.push(time, model::stale_nan());
        }
        self.histograms.resize(self.times.len(), None);
        self.push(time, f64::NAN);
        self.histograms.pop();
        self.histograms.push(Some(histogram));
    }

    /// The newest sample.
    pub fn last(&self) -> Option<(i64, f64, Option<&Arc<Histogram>>)> {
        let (time, value) = self.times.last().zip(self.values.last())?;
        let histogram = self.histograms.last().and_then(Option::as_ref);
        Some((*time, *value, histogram))
    }
}

/// The newest sample of every series of a selection, side by side.
///
/// Shape: `times` and `values` have one entry per series; `histograms` and `starts` likewise, or are
/// empty. A series without a sample has the time [`Newest::NONE`].
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Newest {
    /// Times.
    pub times: Vec<i64>,
    /// Values.
    pub values: Vec<f64>,
    /// Native histograms, as in [`Column::histograms`].
    pub histograms: Vec<Option<Arc<Histogram>>>,
    /// Start times, as in [`Column::starts`].
    pub starts: Vec<i64>,
}

impl Newest {
    /// The time that says "no sample".
    pub const NONE: i64 = i64::MIN;

    /// Empties the list and keeps its memory.
    pub fn clear(&mut self) {
        self.times.clear();
        self.values.clear();
        self.histograms.clear();
        self.starts.clear();
    }

    /// Adds the newest sample of `column` as that of the next series.
    pub fn push(&mut self, column: &Column) {
        let index = self.times.len();
        let Some((time, value, histogram)) = column.last() else {
            return self.push_none();
        };
        self.times.push(time);
        self.values.push(value);
        if histogram.is_some() && self.histograms.is_empty() {
            self.histograms.resize(index, None);
        }
        if histogram.is_some() || !self.histograms.is_empty() {
            self.histograms.push(histogram.cloned());
        }
        let start = column.starts.last().copied().unwrap_or(0);
        if start != 0 && self.starts.is_empty() {
            self.starts.resize(index, 0);
        }
        if start != 0 || !self.starts.is_empty() {
            self.starts.push(start);
        }
    }

    fn push_none(&mut self) {
        self.times.push(Self::NONE);
        self.values.push(f64::NAN);
        if !self.histograms.is_empty() {
            self.histograms.push(None);
        }
        if !self.starts.is_empty() {
            self.starts.push(0);
        }
    }
}

/// Reads columns of one selection; one per thread. It may keep what it read last, so reading in rising
/// order of index is cheapest.
pub trait ColumnReader: Send {
    /// Reads the samples of series number `index` in `range` into `column`, whose old content goes.
    ///
    /// # Errors
    /// [`Error::Corruption`](crate::Error::Corruption) or [`Error::Io`](crate::Error::Io) where samples
    /// cannot be read. A number that is out of bounds gives an empty column.
    fn read(&mut self, index: usize, range: TimeRange, column: &mut Column) -> Result<()>;
}

/// The series that one selector found, seen at one moment: samples appended later do not show.
///
/// Ordering: the order of the series is the storage's own (related series side by side), the same for as
/// long as the selection lives. Their index is the series' number here.
pub trait Selection: Send + Sync {
    /// Number of series.
    fn len(&self) -> usize;

    /// Whether there is no series.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The label set of series number `index`; the empty set out of bounds.
    fn labels(&self, index: usize) -> Labels;

    /// Groups the series by labels; a storage with an index does so without making label sets.
    fn group(&self, grouping: &Grouping) -> Groups {
        Groups::of((0..self.len()).map(|index| self.labels(index)), grouping)
    }

    /// A reader of the samples.
    fn reader(&self) -> Box<dyn ColumnReader + '_>;

    /// The newest sample of every series in `range`; `newest` loses its old content.
    ///
    /// # Errors
    /// As for [`ColumnReader::read`].
    fn newest(&self, range: TimeRange, newest: &mut Newest) -> Result<()> {
        newest.clear();
        let mut reader = self.reader();
        let mut column = Column::default();
        for index in 0..self.len() {
            reader.read(index, range, &mut column)?;
            newest.push(&column);
        }
        Ok(())
    }
}

/// Which series a question about labels is about.
#[derive(Debug, Clone, Copy)]
pub struct LabelQuery<'a> {
    /// Any of these selectors; all series if there is none.
    pub any_of: &'a [Matchers],
    /// Series with samples near this range. An index may answer for a wider one (a whole block).
    pub range: TimeRange,
}

/// Exemplars of one series.
#[derive(Debug, Clone, PartialEq)]
pub struct SeriesExemplars {
    /// The series.
    pub series: Labels,
    /// Its exemplars. Ordering: by time.
    pub exemplars: Vec<Exemplar>,
}

/// One observation picked out of a metric, mostly with the id of a trace.
#[derive(Debug, Clone, PartialEq)]
pub struct Exemplar {
    /// Labels of the exemplar itself.
    pub labels: Labels,
    /// Value.
    pub value: f64,
    /// Units: milliseconds.
    pub time: i64,
}

/// What is known of a metric family.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata {
    /// Name of the family.
    pub family: String,
    /// Kind.
    pub kind: MetricKind,
    /// What it is about.
    pub help: String,
    /// Unit of its values; may be empty.
    pub unit: String,
}

/// Answers questions. All methods may be called from several threads and never block writers for long.
pub trait Queryable: Send + Sync {
    /// The series that pass `matchers` and may have samples in `range`.
    ///
    /// # Errors
    /// As for [`ColumnReader::read`].
    fn select(&self, matchers: &Matchers, range: TimeRange) -> Result<Box<dyn Selection>>;

    /// The same, where of each series only the newest sample in `range` is wanted: readers of this
    /// selection may leave out what comes before it. Which series there are may be told less exactly: one
    /// without a sample in `range` may be among them.
    ///
    /// # Errors
    /// As for [`ColumnReader::read`].
    fn select_newest(&self, matchers: &Matchers, range: TimeRange) -> Result<Box<dyn Selection>> {
        self.select(matchers, range)
    }

    /// Label sets. Ordering: by labels, without repetition.
    ///
    /// # Errors
    /// As for [`ColumnReader::read`].
    fn series(&self, query: LabelQuery<'_>) -> Result<Vec<Labels>>;

    /// Label names. Ordering: byte order, without repetition.
    ///
    /// # Errors
    /// As for [`ColumnReader::read`].
    fn label_names(&self, query: LabelQuery<'_>) -> Result<Vec<String>>;

    /// Values of the label `name`. Ordering: byte order, without repetition.
    ///
    /// # Errors
    /// As for [`ColumnReader::read`].
    fn label_values(&self, name: &str, query: LabelQuery<'_>) -> Result<Vec<String>>;

    /// Exemplars of the series that pass any of the selectors. Ordering: by labels of the series.
    ///
    /// # Errors
    /// As for [`ColumnReader::read`].
    fn exemplars(&self, any_of: &[Vec<Matcher>], range: TimeRange) -> Result<Vec<SeriesExemplars>>;

    /// Metadata that writers [gave](crate::Appender::set_metadata). Ordering: by family.
    fn metadata(&self) -> Vec<Metadata>;
}

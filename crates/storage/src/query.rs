//! The way out.

use crate::{Matchers, Result};
use model::{Labels, TimeRange};

/// The samples of one series in one range: times and values side by side.
///
/// Shape: `times.len() == values.len()`. Units: milliseconds. Ordering: times strictly rise. Stale
/// markers are in `values` as they were stored.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Column {
    /// Two columns of one selection and one range with the same key have the same `times`, so what is
    /// computed from times alone (window edges) serves both. `None`: nothing is known.
    pub timeline: Option<u64>,
    /// Times.
    pub times: Vec<i64>,
    /// Values.
    pub values: Vec<f64>,
}

impl Column {
    /// Empties the column and keeps its memory.
    pub fn clear(&mut self) {
        self.timeline = None;
        self.times.clear();
        self.values.clear();
    }
}

/// The series that one selector found, seen at one moment: samples appended later do not show.
pub trait Selection: Send + Sync {
    /// Label sets of the series. Ordering: by labels. Their index is the series' number here.
    fn series(&self) -> &[Labels];

    /// Reads the samples of series number `index` in `range` into `column`, whose old content goes.
    ///
    /// # Errors
    /// [`Error::Corruption`](crate::Error::Corruption) or [`Error::Io`](crate::Error::Io) where samples
    /// cannot be read. A number that is out of bounds gives an empty column.
    fn read(&self, index: usize, range: TimeRange, column: &mut Column) -> Result<()>;

    /// The newest sample of series number `index` in `range`, as time and value; answered without
    /// reading a column where the storage can.
    ///
    /// # Errors
    /// As for [`read`](Self::read).
    fn last(&self, index: usize, range: TimeRange) -> Result<Option<(i64, f64)>> {
        let mut column = Column::default();
        self.read(index, range, &mut column)?;
        Ok(column
            .times
            .last()
            .copied()
            .zip(column.values.last().copied()))
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

/// Answers questions. All methods may be called from several threads and never block writers for long.
pub trait Queryable: Send + Sync {
    /// The series that pass `matchers` and may have samples in `range`.
    ///
    /// # Errors
    /// As for [`Selection::read`].
    fn select(&self, matchers: &Matchers, range: TimeRange) -> Result<Box<dyn Selection>>;

    /// Label sets. Ordering: by labels, without repetition.
    ///
    /// # Errors
    /// As for [`Selection::read`].
    fn series(&self, query: LabelQuery<'_>) -> Result<Vec<Labels>>;

    /// Label names. Ordering: byte order, without repetition.
    ///
    /// # Errors
    /// As for [`Selection::read`].
    fn label_names(&self, query: LabelQuery<'_>) -> Result<Vec<String>>;

    /// Values of the label `name`. Ordering: byte order, without repetition.
    ///
    /// # Errors
    /// As for [`Selection::read`].
    fn label_values(&self, name: &str, query: LabelQuery<'_>) -> Result<Vec<String>>;
}

//! A storage that says which of its series have the same times, as real ones do.

use model::{Labels, Matcher, TimeRange};
use std::hash::{DefaultHasher, Hash, Hasher};
use storage::{
    Column, ColumnReader, LabelQuery, Matchers, MemStorage, Metadata, Queryable, Result, Selection,
    SeriesExemplars,
};

/// As the storage inside, with a timeline key on every column.
pub(crate) struct Timelines<'s>(pub(crate) &'s MemStorage);

struct Keyed(Box<dyn Selection>);

struct KeyedReader<'s>(Box<dyn ColumnReader + 's>);

impl Selection for Keyed {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn labels(&self, index: usize) -> Labels {
        self.0.labels(index)
    }

    fn reader(&self) -> Box<dyn ColumnReader + '_> {
        Box::new(KeyedReader(self.0.reader()))
    }
}

impl ColumnReader for KeyedReader<'_> {
    fn read(&mut self, index: usize, range: TimeRange, column: &mut Column) -> Result<()> {
        self.0.read(index, range, column)?;
        let mut hasher = DefaultHasher::new();
        column.times.hash(&mut hasher);
        column.timeline = Some(hasher.finish());
        Ok(())
    }
}

impl Queryable for Timelines<'_> {
    fn select(&self, matchers: &Matchers, range: TimeRange) -> Result<Box<dyn Selection>> {
        Ok(Box::new(Keyed(self.0.select(matchers, range)?)))
    }

    fn series(&self, query: LabelQuery<'_>) -> Result<Vec<Labels>> {
        self.0.series(query)
    }

    fn label_names(&self, query: LabelQuery<'_>) -> Result<Vec<String>> {
        self.0.label_names(query)
    }

    fn label_values(&self, name: &str, query: LabelQuery<'_>) -> Result<Vec<String>> {
        self.0.label_values(name, query)
    }

    fn exemplars(&self, any_of: &[Vec<Matcher>], range: TimeRange) -> Result<Vec<SeriesExemplars>> {
        self.0.exemplars(any_of, range)
    }

    fn metadata(&self) -> Vec<Metadata> {
        self.0.metadata()
    }
}

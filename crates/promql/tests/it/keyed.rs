//! A storage that knows which of its series have the same times.

use model::{Labels, TimeRange};
use std::hash::{DefaultHasher, Hash, Hasher};
use storage::{Column, LabelQuery, Matchers, MemStorage, Queryable, Result, Selection};

/// As the storage inside, with a timeline key on every column.
pub(crate) struct Keyed<'s>(pub(crate) &'s MemStorage);

struct KeyedSelection(Box<dyn Selection>);

impl Selection for KeyedSelection {
    fn series(&self) -> &[Labels] {
        self.0.series()
    }

    fn read(&self, index: usize, range: TimeRange, column: &mut Column) -> Result<()> {
        self.0.read(index, range, column)?;
        let mut hasher = DefaultHasher::new();
        column.times.hash(&mut hasher);
        column.timeline = Some(hasher.finish());
        Ok(())
    }
}

impl Queryable for Keyed<'_> {
    fn select(&self, matchers: &Matchers, range: TimeRange) -> Result<Box<dyn Selection>> {
        Ok(Box::new(KeyedSelection(self.0.select(matchers, range)?)))
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
}

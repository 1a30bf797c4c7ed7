//! The form that does not change: bytes in, index out.

mod rows;
mod sections;
mod texts;
mod writer;

use crate::dictionary::Dictionary;
use crate::names::NameEntry;
use crate::series::SeriesIndex;
use crate::{Error, Result, Section};
use sections::{Cursor, Sections};
use std::ops::Deref;

pub use writer::IndexWriter;

/// The index of a block. Numbers of series are ordinals: 0 to [`len`](SeriesIndex::len), in the order in
/// which [`IndexWriter`] took them.
///
/// All checksums are verified and all numbers are checked when it is opened, so that reading cannot fail.
/// Lists of series are made from rows for those labels that are asked for.
#[derive(Debug)]
pub struct BlockIndex(SeriesIndex);

impl Deref for BlockIndex {
    type Target = SeriesIndex;

    fn deref(&self) -> &SeriesIndex {
        &self.0
    }
}

impl BlockIndex {
    /// Opens what [`IndexWriter::finish`] made. The bytes are not needed afterwards.
    ///
    /// # Errors
    /// [`Error::Corruption`] where bytes are not what was written, [`Error::UnknownVersion`].
    pub fn open(bytes: &[u8]) -> Result<Self> {
        let sections = Sections::open(bytes)?;
        let mut index = SeriesIndex::empty();

        let names = sections.read(Section::Names)?;
        let mut cursor = Cursor::new(Section::Names, &names);
        index.names = texts::read(&mut cursor)?;
        cursor.end()?;

        let values = sections.read(Section::Values)?;
        let mut cursor = Cursor::new(Section::Values, &values);
        for _ in 0..index.names.bound() {
            let values = texts::read(&mut cursor)?;
            if values.bound() > 0 && values.get(0).is_empty() {
                return Err(cursor.corruption("a value is empty"));
            }
            index.entries.push(NameEntry::fixed(values));
        }
        cursor.end()?;

        let shapes = sections.read(Section::Shapes)?;
        let mut cursor = Cursor::new(Section::Shapes, &shapes);
        rows::read_shapes(&mut cursor, &mut index)?;
        cursor.end()?;

        let rows = sections.read(Section::Rows)?;
        let mut cursor = Cursor::new(Section::Rows, &rows);
        let n_series = sections.n_series();
        rows::read_pages(&mut cursor, &mut index, n_series)?;
        cursor.end()?;
        index.all.insert_range(0..n_series);
        Ok(Self(index))
    }
}

/// The dictionary of sorted texts, and for each number in `dictionary` the one there.
pub(crate) fn sort_texts(dictionary: &Dictionary) -> (Vec<&str>, Vec<u32>) {
    let mut ids: Vec<u32> = dictionary.ids().collect();
    ids.sort_unstable_by(|a, b| dictionary.get(*a).cmp(dictionary.get(*b)));
    let mut rank = vec![0; dictionary.bound() as usize];
    for (at, id) in (0..).zip(&ids) {
        if let Some(place) = rank.get_mut(*id as usize) {
            *place = at;
        }
    }
    (ids.into_iter().map(|id| dictionary.get(id)).collect(), rank)
}

impl Error {
    pub(crate) fn header(offset: u64, what: &'static str) -> Self {
        Self::Corruption {
            section: Section::Header,
            offset,
            what,
        }
    }
}

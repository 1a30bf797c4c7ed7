//! The rows of all series, by their numbers.

use crate::page::{OpenPage, PAGE_ROWS, Page, ROWS, Row};
use crate::{Error, Result};

/// Pages of rows; the last one is open. Numbers rise from 0 and are given once.
#[derive(Default)]
pub(crate) struct Table {
    pages: Vec<Option<Box<Page>>>,
    open: OpenPage,
}

impl Table {
    /// All numbers are below this.
    pub(crate) fn bound(&self) -> u32 {
        let rows = self.pages.len() * PAGE_ROWS + self.open.len();
        u32::try_from(rows).unwrap_or(u32::MAX)
    }

    /// Whether no number is left.
    pub(crate) fn is_full(&self) -> bool {
        self.bound() == u32::MAX
    }

    /// Appends a row and gives its number.
    ///
    /// # Errors
    /// [`Error::Full`] when all numbers were given.
    pub(crate) fn push(&mut self, shape: u32, values: &[u32]) -> Result<u32> {
        let id = self.bound();
        if id == u32::MAX {
            return Err(Error::Full {
                what: "series numbers",
            });
        }
        self.open.push(shape, values);
        if self.open.len() == PAGE_ROWS {
            self.pages.push(self.open.pack().map(Box::new));
        }
        Ok(id)
    }

    /// Appends a page; the open one must be empty, and this one full unless it is the last.
    pub(crate) fn push_page(&mut self, page: Page) {
        self.pages.push(Some(Box::new(page)));
    }

    /// The row of `id`, unless it was removed or never given.
    pub(crate) fn row(&self, id: u32) -> Option<Row<'_>> {
        let (page, at) = ((id / ROWS) as usize, (id % ROWS) as usize);
        match self.pages.get(page) {
            Some(page) => page.as_ref()?.row(at),
            None if page == self.pages.len() => self.open.row(at),
            None => None,
        }
    }

    /// Removes the row of `id`; a page that holds no other is freed.
    pub(crate) fn remove(&mut self, id: u32) {
        let (page, at) = ((id / ROWS) as usize, (id % ROWS) as usize);
        if page == self.pages.len() {
            self.open.remove(at);
        } else if let Some(slot) = self.pages.get_mut(page)
            && slot.as_mut().is_some_and(|page| !page.remove(at))
        {
            *slot = None;
        }
    }

    /// Heap bytes.
    pub(crate) fn heap_bytes(&self) -> usize {
        let pages: usize = self
            .pages
            .iter()
            .flatten()
            .map(|page| page.heap_bytes() + size_of::<Page>())
            .sum();
        pages + self.open.heap_bytes() + self.pages.capacity() * size_of::<Option<Box<Page>>>()
    }
}

//! Arrays by series number that grow without moving and need no memory where nobody is.

/// Entries of a page.
pub(crate) const PAGE: usize = 1024;

/// One entry per number; a number that was never written has the empty entry.
#[derive(Debug)]
pub(crate) struct Paged<T> {
    empty: T,
    /// A page that nobody wrote has no entries, else [`PAGE`].
    pages: Vec<Box<[T]>>,
}

impl<T: Copy> Paged<T> {
    pub(crate) fn new(empty: T) -> Self {
        Self {
            empty,
            pages: Vec::new(),
        }
    }

    /// The entry of `id`.
    #[inline]
    pub(crate) fn get(&self, id: u32) -> T {
        let index = id as usize;
        let page = self.pages.get(index / PAGE);
        let entry = page.and_then(|page| page.get(index % PAGE));
        entry.copied().unwrap_or(self.empty)
    }

    /// The entry of `id`, to write.
    #[inline]
    #[expect(
        clippy::indexing_slicing,
        reason = "the page was made just before, and has PAGE entries"
    )]
    pub(crate) fn slot(&mut self, id: u32) -> &mut T {
        let index = id as usize;
        if self
            .pages
            .get(index / PAGE)
            .is_none_or(|page| page.is_empty())
        {
            self.make(index / PAGE);
        }
        &mut self.pages[index / PAGE][index % PAGE]
    }

    /// The entries of `len` numbers from `first` on, which lie in one page; `None` if nobody wrote there.
    #[inline]
    pub(crate) fn run(&self, first: u32, len: u32) -> Option<&[T]> {
        let at = first as usize % PAGE;
        self.pages
            .get(first as usize / PAGE)?
            .get(at..at + len as usize)
    }

    /// The same, to write.
    #[inline]
    #[expect(
        clippy::indexing_slicing,
        reason = "the page was made just before; the caller stays in it"
    )]
    pub(crate) fn run_mut(&mut self, first: u32, len: u32) -> &mut [T] {
        let at = first as usize % PAGE;
        let page = first as usize / PAGE;
        if self.pages.get(page).is_none_or(|page| page.is_empty()) {
            self.make(page);
        }
        &mut self.pages[page][at..at + len as usize]
    }

    #[cold]
    fn make(&mut self, page: usize) {
        if self.pages.len() <= page {
            self.pages.resize_with(page + 1, Box::default);
        }
        if let Some(place) = self.pages.get_mut(page) {
            *place = vec![self.empty; PAGE].into();
        }
    }

    /// Numbers of the pages that have entries, in blocks of rising numbers.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = u32> + '_ {
        let made = self.pages.iter().enumerate();
        made.filter(|(_, page)| !page.is_empty())
            .flat_map(|(page, _)| {
                (page * PAGE..(page + 1) * PAGE).filter_map(|id| u32::try_from(id).ok())
            })
    }

    /// Gives back the memory of pages none of whose numbers `keep` wants.
    pub(crate) fn free(&mut self, keep: impl Fn(u32) -> bool) {
        for (index, page) in self.pages.iter_mut().enumerate() {
            let numbers = index * PAGE..(index + 1) * PAGE;
            if !page.is_empty() && !numbers.filter_map(|id| u32::try_from(id).ok()).any(&keep) {
                *page = Box::default();
            }
        }
    }

    /// Heap bytes.
    pub(crate) fn bytes(&self) -> usize {
        let made = self.pages.iter().filter(|page| !page.is_empty()).count();
        made * PAGE * size_of::<T>() + self.pages.capacity() * size_of::<Box<[T]>>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_empty_until_written_and_freed_by_page() {
        let mut array = Paged::new(-1i32);
        assert_eq!(array.get(5_000_000), -1);
        *array.slot(5_000) = 7;
        *array.slot(3) = 8;
        assert_eq!(
            (array.get(5_000), array.get(5_001), array.get(3)),
            (7, -1, 8)
        );
        assert_eq!(array.numbers().count(), 2 * PAGE);
        let before = array.bytes();
        array.free(|id| id == 5_000);
        assert!(array.bytes() < before);
        assert_eq!((array.get(5_000), array.get(3)), (7, -1));
    }
}

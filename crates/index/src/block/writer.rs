//! Makes the bytes of a block's index.

use super::sections::assemble;
use super::{rows, sort_texts, texts};
use crate::page::{OpenPage, PAGE_ROWS};
use crate::series::SeriesIndex;
use crate::{Error, Result};
use model::Labels;

/// Takes the series of a block in their final order.
///
/// Ordering: by metric name, then by shape, then as given ([`SeriesIndex::in_metric_order`]) makes it
/// smallest and fastest; any other order works. Memory: about 10 bytes per series and the texts once.
#[derive(Debug)]
pub struct IndexWriter {
    index: SeriesIndex,
    row: Vec<u32>,
}

impl Default for IndexWriter {
    fn default() -> Self {
        Self {
            index: SeriesIndex::empty(),
            row: Vec::new(),
        }
    }
}

impl IndexWriter {
    /// Takes the next series and gives its ordinal. Pairs are as for
    /// [`HeadIndex::insert_sorted`](crate::HeadIndex::insert_sorted). A series that was taken before is
    /// taken again.
    ///
    /// # Errors
    /// [`Error::Full`], [`Error::TooManyLabels`].
    pub fn push(&mut self, pairs: &[(&str, &str)]) -> Result<u32> {
        if self.index.is_canonical(pairs) {
            self.push_canonical(pairs)
        } else {
            let labels = Labels::from_pairs(pairs.iter().copied());
            self.push_canonical(&labels.iter().collect::<Vec<_>>())
        }
    }

    /// Takes series `id` of another index as the next one and gives its ordinal.
    ///
    /// # Errors
    /// As for [`push`](Self::push), and [`Error::UnknownSeries`].
    pub fn push_from(&mut self, source: &SeriesIndex, id: u32) -> Result<u32> {
        let row = source.table.row(id).ok_or(Error::UnknownSeries(id))?;
        let names = source.shapes.get(row.shape()).iter().enumerate();
        let pairs: Vec<(&str, &str)> = names
            .map(|(place, name)| {
                (
                    source.names.get(*name),
                    source.value_text(*name, row.value(place)),
                )
            })
            .collect();
        self.push_canonical(&pairs)
    }

    fn push_canonical(&mut self, pairs: &[(&str, &str)]) -> Result<u32> {
        let shape = self.index.intern(pairs, &mut self.row)?;
        self.index.table.push(shape, &self.row)
    }

    /// Series so far.
    pub fn len(&self) -> u32 {
        self.index.table.bound()
    }

    /// Whether there is no series yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes, for [`BlockIndex::open`](crate::BlockIndex::open).
    ///
    /// # Errors
    /// [`Error::Compression`].
    pub fn finish(self) -> Result<Vec<u8>> {
        let n_series = self.len();
        let SeriesIndex {
            names,
            entries,
            shapes,
            table,
            ..
        } = self.index;
        let mut sections = <[Vec<u8>; 4]>::default();
        let [name_bytes, value_bytes, shape_bytes, row_bytes] = &mut sections;

        // Numbers of the block are places in sorted order; here they were given as they came.
        let (name_texts, name_rank) = sort_texts(&names);
        texts::write(&name_texts, name_bytes);
        let mut value_ranks = vec![Vec::new(); entries.len()];
        for name in &name_texts {
            let Some(id) = names.find(name) else { continue };
            if let (Some(entry), Some(ranks)) =
                (entries.get(id as usize), value_ranks.get_mut(id as usize))
            {
                let (value_texts, rank) = sort_texts(&entry.values);
                texts::write(&value_texts, value_bytes);
                *ranks = rank;
            }
        }
        let shape_names = rows::ranked_shapes(&shapes, &name_rank);
        rows::write_shapes(&shape_names, shape_bytes);

        let mut page = OpenPage::default();
        let mut row = Vec::new();
        for id in 0..n_series {
            let Some(have) = table.row(id) else { continue };
            row.clear();
            row.extend(
                shapes
                    .get(have.shape())
                    .iter()
                    .enumerate()
                    .map(|(place, name)| {
                        let rank = value_ranks.get(*name as usize);
                        rank.and_then(|rank| rank.get(have.value(place) as usize))
                            .copied()
                            .unwrap_or(0)
                    }),
            );
            page.push(have.shape(), &row);
            let is_last = page.len() == PAGE_ROWS || id + 1 == n_series;
            if let Some(page) = is_last.then(|| page.pack()).flatten() {
                rows::write_page(&page, &shape_names, row_bytes);
            }
        }
        assemble(n_series, sections)
    }
}

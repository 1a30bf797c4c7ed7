//! The series index: which series there are, which labels they have, and which of them a selector means.
//!
//! Deliberately not here: samples, files, locks around the whole index. An index of a block is bytes in
//! and bytes out; whoever owns the file reads and writes it.
//!
//! There are two forms with one read side, [`SeriesIndex`], which both dereference to:
//!
//! - [`HeadIndex`] changes: series come (numbered upwards, never twice) and go.
//! - [`BlockIndex`] does not: [`IndexWriter`] makes its bytes from series in their final order.
//!
//! ```
//! use index::{BlockIndex, HeadIndex, IndexWriter};
//! use model::{Labels, Matcher};
//! use storage::Matchers;
//!
//! let mut head = HeadIndex::default();
//! let (up, is_new) = head.insert_sorted(&[("__name__", "up"), ("job", "node")])?;
//! assert!(is_new && head.find(&Labels::from_pairs([("__name__", "up"), ("job", "node")])) == Some(up));
//!
//! let mut writer = IndexWriter::default();
//! for id in head.in_metric_order() {
//!     writer.push_from(&head, id)?;
//! }
//! let block = BlockIndex::open(&writer.finish()?)?;
//! let nodes = Matchers::compile(&[Matcher::new("job", model::MatchOp::Regex, "no.*")]).unwrap();
//! assert_eq!(block.select(&nodes), head.select(&nodes));
//! # Ok::<(), index::Error>(())
//! ```
//!
//! # How it is laid out
//!
//! A *shape* is a set of label names. A series is a shape and one number per name: its value in the
//! dictionary of that name. These rows stand in pages of 1,024 series, inside a page by shape, and there by column,
//! each column in as many bytes as its numbers need: a label that all series of a target share takes none.
//! Postings (the series of each value) are small lists or Roaring bitmaps. A regular expression runs once
//! over the values of its label, never over series.
//!
//! Data in: label sets. Data out: numbers, sets of numbers, groups, label sets again.
//! Format of a block's index: `docs/format/index.md`.

mod block;
mod dictionary;
mod error;
mod group;
mod head;
mod identity;
mod names;
mod page;
mod postings;
mod select;
mod series;
mod shapes;
mod stats;
mod table;
mod value_sets;

pub use block::{BlockIndex, IndexWriter};
pub use error::{Error, Result, Section};
pub use head::HeadIndex;
pub use identity::identity;
pub use series::SeriesIndex;
pub use stats::{IndexStats, LabelCount, PairCount};

//! Immutable blocks of samples on disk: their format, the list of those that count, and everything that
//! happens to them until they go.
//!
//! Deliberately not here: samples in memory, the log, threads and clocks. Names and times of creation
//! come in as parameters; compaction runs on the caller's thread and asks it before every series.
//!
//! A [`BlockWriter`] takes series with their samples, a [`Block`] gives them back through a
//! [`BlockReader`]. A [`BlockStore`] owns a folder of blocks and its manifest: [`BlockStore::commit`] adds
//! and removes blocks in one step, [`BlockStore::plan`] and [`BlockStore::compact`] merge them,
//! [`BlockStore::apply_retention`] drops them.
//!
//! ```
//! use block::{BlockStore, BlockWriter, NewBlock, StoreOptions, Ulid};
//! use columns::Effort;
//! use model::TimeRange;
//! use std::{path::Path, sync::Arc};
//! use storage::Column;
//! use vfs::{MemDisk, Vfs};
//!
//! let disk: Arc<dyn Vfs> = Arc::new(MemDisk::default());
//! let store = BlockStore::open(&disk, Path::new("data"), StoreOptions::default())?;
//! let new = NewBlock::sealed(Ulid::new(1_700_000_000_000, 1), Effort::Fast);
//! let mut writer = BlockWriter::create(&disk, store.blocks_folder(), new)?;
//! let column = Column { times: vec![1, 2], values: vec![0.5, 1.5], ..Column::default() };
//! writer.series(&[("__name__", "up")], &column)?;
//! let sealed = writer.finish()?;
//! store.commit(sealed.as_slice(), &[], Some(7))?;
//!
//! let blocks = store.snapshot();
//! let mut back = Column::default();
//! blocks[0].reader().read(0, TimeRange::ALL, &mut back)?;
//! assert_eq!((back, store.wal_start()), (column, 7));
//! # Ok::<(), block::Error>(())
//! ```
//!
//! Data in: columns in canonical order. Data out: columns.
//! Formats: `docs/format/block.md`, `docs/format/manifest.md`.

mod cache;
mod codec;
mod entry;
mod error;
mod format;
mod manifest;
mod merge;
mod meta;
mod open_block;
mod order;
mod plan;
mod reader;
mod store;
mod timelines;
mod tombstones;
mod ulid;
mod writer;

pub use error::{Error, Result};
pub use merge::merge_columns;
pub use meta::{BlockMeta, BlockStats, Parent};
pub use open_block::{Block, Verification};
pub use order::canonical_order;
pub use plan::{Plan, PlanOptions, Reason, plan};
pub use reader::{BlockReader, Loss};
pub use store::{
    BlockStore, Compaction, Control, OpenReport, Retention, StoreCounts, StoreOptions,
};
pub use ulid::{ParseUlidError, Ulid};
pub use writer::{BlockWriter, NewBlock};

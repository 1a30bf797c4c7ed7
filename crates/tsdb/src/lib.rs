//! The time-series database: a head in memory, made durable by a write-ahead log.
//!
//! Deliberately not here: scraping, queries, HTTP, wall clock (the [`clock::Clock`] is handed in), direct
//! file access (the [`vfs::Vfs`] is handed in), the index of series ([`index::HeadIndex`]).
//!
//! Data in: [`storage::Appender`], frames above all. A frame is written to the log first
//! (`docs/format/wal.md`), then sample by sample to the open chunks of the head's current *generation*: 48
//! bytes per series, and a few more for every sample that was not foreseen. From time to time the head
//! rotates: the generation takes no more samples, and a new one begins at a new segment of the log.
//! Data out: [`storage::Queryable`], whole columns, and the newest samples without decoding any; and
//! [`LogTail`], everything in the order in which it came, for those that send it on.
//!
//! Main type: [`Db`].

mod db;
mod decimal;
mod error;
mod exemplars;
mod generation;
mod head;
mod maintenance;
mod metadata;
mod options;
mod paged;
mod progress;
mod seal;
mod select;
mod stats;
mod ulids;
mod wal;

pub use db::Db;
pub use error::{Error, Result};
pub use options::{Options, RotateAt, SyncPolicy};
pub use progress::ReplayProgress;
pub use wal::{LogPosition, LogSink, LogTail, ReplayReport};

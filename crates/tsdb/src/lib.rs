//! The time-series database: a head in memory, made durable by a write-ahead log.
//!
//! Deliberately not here: scraping, queries, HTTP, wall clock (the [`clock::Clock`] is handed in), direct
//! file access (the [`vfs::Vfs`] is handed in).
//!
//! Data in: [`storage::Appender`], frames above all. A frame is written to the log first
//! (`docs/format/wal.md`), then to the staging columns of its layout; every
//! [`FRAMES_PER_PAGE`] frames the staging is sealed into pages of encoded columns that share one
//! column of times. Data out: [`storage::Queryable`], whole columns.
//!
//! Main type: [`Db`].

mod db;
mod error;
mod head;
mod maintenance;
mod options;
mod select;
mod stats;
mod wal;

pub use db::Db;
pub use error::{Error, Result};
pub use head::FRAMES_PER_PAGE;
pub use options::{Options, SyncPolicy};
pub use wal::ReplayReport;

//! The write-ahead log. Byte tables: `docs/format/wal.md`.

mod frame;
mod record;
mod replay;
mod segment;
mod side;
mod tail;
mod writer;

pub use replay::ReplayReport;
pub use tail::{LogPosition, LogSink, LogTail};

pub(crate) use frame::ABSENT_BITS;
pub(crate) use record::Order;
pub(crate) use replay::{Replayed, Sink, replay};
pub(crate) use writer::{Wal, WalFrame};

use std::path::{Path, PathBuf};

/// The log's folder inside the data folder.
pub(crate) fn folder(data: &Path) -> PathBuf {
    data.join("wal")
}

/// The file of segment `sequence`.
pub(crate) fn segment_path(folder: &Path, sequence: u64) -> PathBuf {
    folder.join(format!("{sequence:08}"))
}

/// The number in a segment's file name.
pub(crate) fn segment_sequence(name: &str) -> Option<u64> {
    (name.len() >= 8 && name.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| name.parse().ok())?
}

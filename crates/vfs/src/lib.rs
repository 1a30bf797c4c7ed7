//! Files behind a trait: [`Disk`] is the real file system, [`MemDisk`] one in memory that can crash, run
//! full and fail to sync, so that tests see what a storage does then.
//!
//! Deliberately not here: formats. This crate moves bytes and names what failed. Every error carries the
//! path and the operation.
//!
//! ```
//! use vfs::{MemDisk, Vfs};
//! use std::path::Path;
//!
//! let disk = MemDisk::default();
//! let mut file = disk.append(Path::new("log"))?;
//! file.write_all(b"hello")?;
//! assert_eq!(disk.read(Path::new("log"))?, b"hello");
//! disk.crash(); // power lost before the sync
//! assert!(disk.list(Path::new(""))?.is_empty());
//! # Ok::<(), vfs::Error>(())
//! ```

mod disk;
mod mem;

pub use disk::Disk;
pub use mem::{Fault, MemDisk};

use std::path::{Path, PathBuf};

/// Result of a file operation.
pub type Result<T> = std::result::Result<T, Error>;

/// A file operation that failed.
#[derive(Debug, thiserror::Error)]
#[error("cannot {operation} {}: {source}", path.display())]
pub struct Error {
    /// What was tried, as a verb.
    pub operation: &'static str,
    /// On which file or folder.
    pub path: PathBuf,
    /// The operating system's answer.
    #[source]
    pub source: std::io::Error,
}

/// A file in a folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Name without the folder.
    pub name: String,
    /// Units: bytes.
    pub size: u64,
}

/// A file that grows at its end.
pub trait AppendFile: Send {
    /// Writes all of `bytes` at the end.
    ///
    /// # Errors
    /// [`Error`]; some of the bytes may have been written.
    fn write_all(&mut self, bytes: &[u8]) -> Result<()>;

    /// Something that syncs this file while others go on writing to it.
    fn syncer(&self) -> Box<dyn Syncer>;
}

/// Forces a file to the disk.
pub trait Syncer: Send {
    /// Returns when everything that was written before the call would survive a power cut.
    ///
    /// # Errors
    /// [`Error`]; then nothing is known about what was written since the last sync.
    fn sync(&self) -> Result<()>;
}

/// Keeps other processes out until it is dropped.
pub trait Lock: Send + Sync + std::fmt::Debug {}

/// A file system.
pub trait Vfs: Send + Sync {
    /// Makes a folder and those above it.
    ///
    /// # Errors
    /// [`Error`], as for all operations here.
    fn create_folder(&self, path: &Path) -> Result<()>;

    /// The files of a folder, folders left out. Ordering: by name.
    ///
    /// # Errors
    /// [`Error`].
    fn list(&self, folder: &Path) -> Result<Vec<Entry>>;

    /// All bytes of a file.
    ///
    /// # Errors
    /// [`Error`].
    fn read(&self, path: &Path) -> Result<Vec<u8>>;

    /// Opens a file for appending and makes it if it is not there.
    ///
    /// # Errors
    /// [`Error`].
    fn append(&self, path: &Path) -> Result<Box<dyn AppendFile>>;

    /// Cuts a file to `size` bytes.
    ///
    /// # Errors
    /// [`Error`].
    fn truncate(&self, path: &Path, size: u64) -> Result<()>;

    /// Removes a file.
    ///
    /// # Errors
    /// [`Error`].
    fn remove(&self, path: &Path) -> Result<()>;

    /// Returns when the names in `folder` would survive a power cut.
    ///
    /// # Errors
    /// [`Error`].
    fn sync_folder(&self, folder: &Path) -> Result<()>;

    /// Takes the lock that `path` stands for.
    ///
    /// # Errors
    /// [`Error`] with [`std::io::ErrorKind::WouldBlock`] where another process holds it.
    fn lock(&self, path: &Path) -> Result<Box<dyn Lock>>;
}

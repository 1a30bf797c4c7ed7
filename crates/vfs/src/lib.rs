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
//! let mut part = [0; 2];
//! disk.open(Path::new("log"))?.read_at(1, &mut part)?;
//! assert_eq!(&part, b"el");
//! disk.crash(); // power lost before any sync
//! assert!(disk.list(Path::new(""))?.is_empty());
//! # Ok::<(), vfs::Error>(())
//! ```

mod disk;
mod mem;

pub use disk::Disk;
pub use mem::{Fault, Loss, MemDisk};

use std::path::{Path, PathBuf};
use std::sync::Arc;

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

/// A file that is read at any place. It stays readable after its name was removed or given to another.
pub trait ReadFile: Send + Sync {
    /// Fills `buffer` with the bytes from `offset` on.
    ///
    /// # Errors
    /// [`Error`] with [`std::io::ErrorKind::UnexpectedEof`] where the file ends before.
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<()>;

    /// Length of the file. Units: bytes.
    ///
    /// # Errors
    /// [`Error`].
    fn size(&self) -> Result<u64>;
}

/// Keeps other processes out until it is dropped.
pub trait Lock: Send + Sync + std::fmt::Debug {}

/// A file system.
pub trait Vfs: Send + Sync {
    /// Makes a folder and those above it. Their names survive a power cut when it returns.
    ///
    /// # Errors
    /// [`Error`], as for all operations here.
    fn create_folder(&self, path: &Path) -> Result<()>;

    /// The files of a folder, folders left out. Ordering: by name.
    ///
    /// # Errors
    /// [`Error`].
    fn list(&self, folder: &Path) -> Result<Vec<Entry>>;

    /// The names of the folders in a folder. Ordering: by name.
    ///
    /// # Errors
    /// [`Error`].
    fn list_folders(&self, folder: &Path) -> Result<Vec<String>>;

    /// All bytes of a file.
    ///
    /// # Errors
    /// [`Error`].
    fn read(&self, path: &Path) -> Result<Vec<u8>>;

    /// Opens a file for reading at any place.
    ///
    /// # Errors
    /// [`Error`].
    fn open(&self, path: &Path) -> Result<Arc<dyn ReadFile>>;

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

    /// Gives a file or a folder another name, in one step: whoever looks sees the one or the other. A
    /// file that had the new name is replaced. Survives a power cut after [`sync_folder`](Self::sync_folder)
    /// of the folders of both names.
    ///
    /// # Errors
    /// [`Error`].
    fn rename(&self, from: &Path, to: &Path) -> Result<()>;

    /// Gives a file a second name; where the file system cannot, the second is a copy.
    ///
    /// # Errors
    /// [`Error`]; [`std::io::ErrorKind::AlreadyExists`] where the name is taken.
    fn link(&self, from: &Path, to: &Path) -> Result<()>;

    /// Removes a folder with everything in it.
    ///
    /// # Errors
    /// [`Error`]; some of the files may be gone.
    fn remove_folder(&self, path: &Path) -> Result<()>;

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

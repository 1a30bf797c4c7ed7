//! A file system in memory that can fail.

#[cfg(test)]
mod tests;
mod tree;

use crate::{AppendFile, Entry, Error, Lock, ReadFile, Result, Syncer, Vfs};
use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tree::{Node, Tree};

/// How the next operations fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Fault {
    /// Nothing fails.
    #[default]
    None,
    /// Only so many more bytes can be written; then the disk is full. What fits is written.
    FullAfter(u64),
    /// Syncs of files fail; writes work.
    SyncFails,
    /// After so many more changing operations one fails, and those behind it work again. A write that
    /// fails has written half of its bytes.
    FailsOnceAfter(u64),
    /// After so many more changing operations everything fails, reading too, until
    /// [`crash`](MemDisk::crash). The write at which it happens has written half of its bytes.
    DeadAfter(u64),
}

/// What a power cut takes of what was not synced. File systems differ, and the same one differs from day
/// to day: a storage must survive all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Loss {
    /// All of it: new names and new bytes.
    #[default]
    Everything,
    /// New bytes; new names and the lack of removed ones stay.
    Bytes,
    /// New names; bytes stay in files that still have a name.
    Names,
    /// Half of the new bytes of every file; names stay.
    Halves,
    /// Nothing.
    Nothing,
}

impl Loss {
    /// All kinds, for tests.
    pub const ALL: [Self; 5] = [
        Self::Everything,
        Self::Bytes,
        Self::Names,
        Self::Halves,
        Self::Nothing,
    ];
}

/// A file system in memory. Clones share the files. It keeps two images: what processes see, and what
/// was forced to the disk. A file's bytes are forced by its [`Syncer`], the names in a folder by
/// [`Vfs::sync_folder`], as POSIX promises and no more.
#[derive(Debug, Clone, Default)]
pub struct MemDisk {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    tree: Tree,
    fault: Fault,
    dead: bool,
    operations: u64,
    locks: std::collections::BTreeSet<PathBuf>,
}

fn failed<T>(operation: &'static str, path: &Path, kind: ErrorKind) -> Result<T> {
    Err(Error {
        operation,
        path: path.to_path_buf(),
        source: kind.into(),
    })
}

fn found<T>(
    operation: &'static str,
    path: &Path,
    done: std::result::Result<T, ErrorKind>,
) -> Result<T> {
    done.or_else(|kind| failed(operation, path, kind))
}

impl State {
    /// Counts a changing operation; an error if it is to fail.
    fn change(&mut self, operation: &'static str, path: &Path) -> Result<()> {
        self.alive(operation, path)?;
        self.operations += 1;
        match &mut self.fault {
            Fault::DeadAfter(0) => self.dead = true,
            Fault::FailsOnceAfter(0) => self.fault = Fault::None,
            Fault::DeadAfter(left) | Fault::FailsOnceAfter(left) => {
                *left -= 1;
                return Ok(());
            }
            _ => return Ok(()),
        }
        failed(operation, path, ErrorKind::Other)
    }

    fn alive(&self, operation: &'static str, path: &Path) -> Result<()> {
        if self.dead {
            return failed(operation, path, ErrorKind::Other);
        }
        Ok(())
    }

    fn file(&self, operation: &'static str, path: &Path) -> Result<usize> {
        self.alive(operation, path)?;
        match self.tree.find(path) {
            Some(Node::File(file)) => Ok(file),
            _ => failed(operation, path, ErrorKind::NotFound),
        }
    }
}

impl MemDisk {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets how operations fail from now on.
    pub fn set_fault(&self, fault: Fault) {
        self.state().fault = fault;
    }

    /// Loses power: what was not synced is gone.
    pub fn crash(&self) {
        self.crash_with(Loss::Everything);
    }

    /// Loses power, and with it what `loss` says. Ends a [`Fault::DeadAfter`].
    pub fn crash_with(&self, loss: Loss) {
        let mut state = self.state();
        state.tree.crash(loss);
        state.locks.clear();
        state.dead = false;
        if matches!(state.fault, Fault::DeadAfter(_)) {
            state.fault = Fault::None;
        }
    }

    /// Number of changing operations so far: what [`Fault::DeadAfter`] counts.
    pub fn operations(&self) -> u64 {
        self.state().operations
    }

    /// The live bytes of all files, for tests that cut and flip them.
    pub fn image(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        self.state().tree.image()
    }

    /// A new file system that holds `files`, all of them synced.
    pub fn from_image(files: BTreeMap<PathBuf, Vec<u8>>) -> Self {
        let state = State {
            tree: Tree::from_image(files),
            ..State::default()
        };
        Self {
            state: Arc::new(Mutex::new(state)),
        }
    }
}

#[derive(Debug, Clone)]
struct MemFile {
    disk: MemDisk,
    file: usize,
    path: PathBuf,
}

impl AppendFile for MemFile {
    fn write_all(&mut self, bytes: &[u8]) -> Result<()> {
        let mut state = self.disk.state();
        let was_dead = state.dead;
        if let Err(error) = state.change("write", &self.path) {
            if !was_dead {
                state.tree.write(self.file, bytes, bytes.len() / 2);
            }
            return Err(error);
        }
        let fits = match &mut state.fault {
            Fault::FullAfter(left) => {
                let fits = bytes
                    .len()
                    .min(usize::try_from(*left).unwrap_or(usize::MAX));
                *left -= fits as u64;
                fits
            }
            _ => bytes.len(),
        };
        state.tree.write(self.file, bytes, fits);
        if fits < bytes.len() {
            return failed("write", &self.path, ErrorKind::StorageFull);
        }
        Ok(())
    }

    fn syncer(&self) -> Box<dyn Syncer> {
        Box::new(self.clone())
    }
}

impl Syncer for MemFile {
    fn sync(&self) -> Result<()> {
        let mut state = self.disk.state();
        state.change("sync", &self.path)?;
        if state.fault == Fault::SyncFails {
            return failed("sync", &self.path, ErrorKind::Other);
        }
        state.tree.sync_file(self.file);
        Ok(())
    }
}

impl ReadFile for MemFile {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<()> {
        let state = self.disk.state();
        state.alive("read", &self.path)?;
        let bytes = usize::try_from(offset).ok().and_then(|offset| {
            let end = offset.checked_add(buffer.len())?;
            state.tree.bytes(self.file).get(offset..end)
        });
        match bytes {
            Some(bytes) => buffer.copy_from_slice(bytes),
            None => return failed("read", &self.path, ErrorKind::UnexpectedEof),
        }
        Ok(())
    }

    fn size(&self) -> Result<u64> {
        let state = self.disk.state();
        state.alive("look at", &self.path)?;
        Ok(state.tree.bytes(self.file).len() as u64)
    }
}

#[derive(Debug)]
struct MemLock {
    disk: MemDisk,
    path: PathBuf,
}

impl Lock for MemLock {}

impl Drop for MemLock {
    fn drop(&mut self) {
        self.disk.state().locks.remove(&self.path);
    }
}

impl Vfs for MemDisk {
    fn create_folder(&self, path: &Path) -> Result<()> {
        let mut state = self.state();
        state.change("create folder", path)?;
        found("create folder", path, state.tree.create_folder(path))
    }

    fn list(&self, folder: &Path) -> Result<Vec<Entry>> {
        let state = self.state();
        state.alive("list", folder)?;
        let names = found("list", folder, state.tree.names(folder))?;
        let files = names.filter_map(|(name, node)| match node {
            Node::File(file) => Some(Entry {
                name: name.clone(),
                size: state.tree.bytes(file).len() as u64,
            }),
            Node::Folder(_) => None,
        });
        Ok(files.collect())
    }

    fn list_folders(&self, folder: &Path) -> Result<Vec<String>> {
        let state = self.state();
        state.alive("list", folder)?;
        let names = found("list", folder, state.tree.names(folder))?;
        let folders = names.filter(|(_, node)| matches!(node, Node::Folder(_)));
        Ok(folders.map(|(name, _)| name.clone()).collect())
    }

    fn read(&self, path: &Path) -> Result<Vec<u8>> {
        let state = self.state();
        let file = state.file("read", path)?;
        Ok(state.tree.bytes(file).to_vec())
    }

    fn open(&self, path: &Path) -> Result<Arc<dyn ReadFile>> {
        let file = self.state().file("open", path)?;
        Ok(Arc::new(MemFile {
            disk: self.clone(),
            file,
            path: path.to_path_buf(),
        }))
    }

    fn append(&self, path: &Path) -> Result<Box<dyn AppendFile>> {
        let mut state = self.state();
        state.alive("open", path)?;
        let file = match state.tree.find(path) {
            Some(Node::File(file)) => file,
            Some(Node::Folder(_)) => return failed("open", path, ErrorKind::IsADirectory),
            None => {
                state.change("open", path)?;
                found("open", path, state.tree.create_file(path))?
            }
        };
        Ok(Box::new(MemFile {
            disk: self.clone(),
            file,
            path: path.to_path_buf(),
        }))
    }

    fn truncate(&self, path: &Path, size: u64) -> Result<()> {
        let mut state = self.state();
        state.change("truncate", path)?;
        let file = state.file("truncate", path)?;
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        state.tree.truncate(file, size);
        Ok(())
    }

    fn rename(&self, from: &Path, to: &Path) -> Result<()> {
        let mut state = self.state();
        state.change("rename", from)?;
        found("rename", from, state.tree.rename(from, to))
    }

    fn link(&self, from: &Path, to: &Path) -> Result<()> {
        let mut state = self.state();
        state.change("link", to)?;
        let file = state.file("link", from)?;
        found("link", to, state.tree.add(to, Node::File(file)))
    }

    fn remove_folder(&self, path: &Path) -> Result<()> {
        let mut state = self.state();
        state.change("remove", path)?;
        match state.tree.find(path) {
            Some(Node::Folder(_)) => found("remove", path, state.tree.remove(path)),
            _ => failed("remove", path, ErrorKind::NotFound),
        }
    }

    fn remove(&self, path: &Path) -> Result<()> {
        let mut state = self.state();
        state.change("remove", path)?;
        state.file("remove", path)?;
        found("remove", path, state.tree.remove(path))
    }

    fn sync_folder(&self, folder: &Path) -> Result<()> {
        let mut state = self.state();
        state.change("sync", folder)?;
        found("sync", folder, state.tree.sync_folder(folder))
    }

    fn lock(&self, path: &Path) -> Result<Box<dyn Lock>> {
        if !self.state().locks.insert(path.to_path_buf()) {
            return failed("lock", path, ErrorKind::WouldBlock);
        }
        Ok(Box::new(MemLock {
            disk: self.clone(),
            path: path.to_path_buf(),
        }))
    }
}

//! A file system in memory that can fail.

use crate::{AppendFile, Entry, Error, Lock, Result, Syncer, Vfs};
use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How the next operations fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Fault {
    /// Nothing fails.
    #[default]
    None,
    /// Only so many more bytes can be written; then the disk is full. What fits is written.
    FullAfter(u64),
    /// Syncs fail; writes work.
    SyncFails,
}

/// A file system in memory. Clones share the files. It keeps two images: what processes see, and what a
/// power cut would leave (the bytes that were synced).
#[derive(Debug, Clone, Default)]
pub struct MemDisk {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    live: BTreeMap<PathBuf, Vec<u8>>,
    durable: BTreeMap<PathBuf, Vec<u8>>,
    fault: Fault,
    locks: BTreeSet<PathBuf>,
}

fn failed<T>(operation: &'static str, path: &Path, kind: ErrorKind) -> Result<T> {
    Err(Error {
        operation,
        path: path.to_path_buf(),
        source: kind.into(),
    })
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
        let mut state = self.state();
        state.live = state.durable.clone();
        state.locks.clear();
    }

    /// The live bytes of all files, for tests that cut and flip them.
    pub fn image(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        self.state().live.clone()
    }

    /// A new file system that holds `files`.
    pub fn from_image(files: BTreeMap<PathBuf, Vec<u8>>) -> Self {
        let state = State {
            durable: files.clone(),
            live: files,
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
    path: PathBuf,
}

impl AppendFile for MemFile {
    fn write_all(&mut self, bytes: &[u8]) -> Result<()> {
        let mut state = self.disk.state();
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
        let file = state.live.entry(self.path.clone()).or_default();
        file.extend(bytes.iter().take(fits));
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
        if state.fault == Fault::SyncFails {
            return failed("sync", &self.path, ErrorKind::Other);
        }
        let bytes = state.live.get(&self.path).cloned().unwrap_or_default();
        state.durable.insert(self.path.clone(), bytes);
        Ok(())
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
    fn create_folder(&self, _path: &Path) -> Result<()> {
        Ok(())
    }

    fn list(&self, folder: &Path) -> Result<Vec<Entry>> {
        let state = self.state();
        let inside = state
            .live
            .iter()
            .filter(|(path, _)| path.parent() == Some(folder));
        Ok(inside
            .filter_map(|(path, bytes)| {
                let name = path.file_name()?.to_string_lossy().into_owned();
                Some(Entry {
                    name,
                    size: bytes.len() as u64,
                })
            })
            .collect())
    }

    fn read(&self, path: &Path) -> Result<Vec<u8>> {
        match self.state().live.get(path) {
            Some(bytes) => Ok(bytes.clone()),
            None => failed("read", path, ErrorKind::NotFound),
        }
    }

    fn append(&self, path: &Path) -> Result<Box<dyn AppendFile>> {
        self.state().live.entry(path.to_path_buf()).or_default();
        Ok(Box::new(MemFile {
            disk: self.clone(),
            path: path.to_path_buf(),
        }))
    }

    fn truncate(&self, path: &Path, size: u64) -> Result<()> {
        let mut state = self.state();
        let Some(file) = state.live.get_mut(path) else {
            return failed("truncate", path, ErrorKind::NotFound);
        };
        file.truncate(usize::try_from(size).unwrap_or(usize::MAX));
        let bytes = file.clone();
        state.durable.insert(path.to_path_buf(), bytes);
        Ok(())
    }

    fn remove(&self, path: &Path) -> Result<()> {
        let mut state = self.state();
        state.durable.remove(path);
        match state.live.remove(path) {
            Some(_) => Ok(()),
            None => failed("remove", path, ErrorKind::NotFound),
        }
    }

    fn sync_folder(&self, _folder: &Path) -> Result<()> {
        Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crash_keeps_only_what_was_synced() {
        let disk = MemDisk::default();
        let path = Path::new("d/a");
        let mut file = disk.append(path).unwrap();
        file.write_all(b"one").unwrap();
        file.syncer().sync().unwrap();
        file.write_all(b"two").unwrap();
        assert_eq!(disk.read(path).unwrap(), b"onetwo");
        disk.crash();
        assert_eq!(disk.read(path).unwrap(), b"one");
    }

    #[test]
    fn a_full_disk_takes_what_fits_and_refuses_the_rest() {
        let disk = MemDisk::default();
        disk.set_fault(Fault::FullAfter(4));
        let mut file = disk.append(Path::new("a")).unwrap();
        let error = file.write_all(b"123456").unwrap_err();
        assert_eq!(error.source.kind(), ErrorKind::StorageFull);
        assert_eq!(disk.read(Path::new("a")).unwrap(), b"1234");
    }
}

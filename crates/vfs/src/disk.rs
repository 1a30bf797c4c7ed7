//! The real file system.

use crate::{AppendFile, Entry, Error, Lock, Result, Syncer, Vfs};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The real file system.
#[derive(Debug, Clone, Copy, Default)]
pub struct Disk;

fn failed(operation: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Error {
    move |source| Error {
        operation,
        path: path.to_path_buf(),
        source,
    }
}

#[derive(Debug, Clone)]
struct DiskFile {
    file: Arc<File>,
    path: PathBuf,
}

impl AppendFile for DiskFile {
    fn write_all(&mut self, bytes: &[u8]) -> Result<()> {
        (&*self.file)
            .write_all(bytes)
            .map_err(failed("write", &self.path))
    }

    fn syncer(&self) -> Box<dyn Syncer> {
        Box::new(self.clone())
    }
}

impl Syncer for DiskFile {
    fn sync(&self) -> Result<()> {
        self.file.sync_data().map_err(failed("sync", &self.path))
    }
}

#[derive(Debug)]
struct DiskLock {
    // Released by the operating system when the file is closed, also when the process dies.
    _file: File,
}

impl Lock for DiskLock {}

impl Vfs for Disk {
    fn create_folder(&self, path: &Path) -> Result<()> {
        std::fs::create_dir_all(path).map_err(failed("create folder", path))
    }

    fn list(&self, folder: &Path) -> Result<Vec<Entry>> {
        let mut entries = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(failed("list", folder))? {
            let entry = entry.map_err(failed("list", folder))?;
            let data = entry.metadata().map_err(failed("look at", &entry.path()))?;
            if data.is_file() {
                let name = entry.file_name().to_string_lossy().into_owned();
                entries.push(Entry {
                    name,
                    size: data.len(),
                });
            }
        }
        entries.sort();
        Ok(entries)
    }

    fn read(&self, path: &Path) -> Result<Vec<u8>> {
        std::fs::read(path).map_err(failed("read", path))
    }

    fn append(&self, path: &Path) -> Result<Box<dyn AppendFile>> {
        let file = OpenOptions::new().create(true).append(true).open(path);
        let file = file.map_err(failed("open", path))?;
        Ok(Box::new(DiskFile {
            file: Arc::new(file),
            path: path.to_path_buf(),
        }))
    }

    fn truncate(&self, path: &Path, size: u64) -> Result<()> {
        let file = OpenOptions::new()
            .write(true)
            .open(path)
            .map_err(failed("open", path))?;
        file.set_len(size).map_err(failed("truncate", path))?;
        file.sync_all().map_err(failed("sync", path))
    }

    fn remove(&self, path: &Path) -> Result<()> {
        std::fs::remove_file(path).map_err(failed("remove", path))
    }

    fn sync_folder(&self, folder: &Path) -> Result<()> {
        let file = File::open(folder).map_err(failed("open", folder))?;
        file.sync_all().map_err(failed("sync", folder))
    }

    fn lock(&self, path: &Path) -> Result<Box<dyn Lock>> {
        let file = OpenOptions::new()
            .create(true)
            .write(true)
            .truncate(false)
            .open(path);
        let file = file.map_err(failed("open", path))?;
        match file.try_lock() {
            Ok(()) => Ok(Box::new(DiskLock { _file: file })),
            Err(TryLockError::Error(source)) => Err(failed("lock", path)(source)),
            Err(TryLockError::WouldBlock) => {
                Err(failed("lock", path)(std::io::ErrorKind::WouldBlock.into()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_grow_are_cut_listed_and_locked_once() {
        let folder = std::env::temp_dir().join(format!("vfs-disk-{}", std::process::id()));
        Disk.create_folder(&folder).unwrap();
        let path = folder.join("a");
        Disk.append(&path).unwrap().write_all(b"12345").unwrap();
        Disk.append(&path).unwrap().write_all(b"6").unwrap();
        Disk.truncate(&path, 3).unwrap();
        assert_eq!(Disk.read(&path).unwrap(), b"123");
        let entries = Disk.list(&folder).unwrap();
        assert_eq!(
            entries,
            [Entry {
                name: "a".to_owned(),
                size: 3
            }]
        );
        let held = Disk.lock(&folder.join("lock")).unwrap();
        let second = Disk.lock(&folder.join("lock")).unwrap_err();
        assert_eq!(second.source.kind(), std::io::ErrorKind::WouldBlock);
        drop(held);
        Disk.lock(&folder.join("lock")).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        let error = Disk.read(&path).unwrap_err().to_string();
        assert!(error.starts_with("cannot read ") && error.contains(path.to_str().unwrap()));
    }
}

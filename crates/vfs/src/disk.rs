//! The real file system.

use crate::{AppendFile, Entry, Error, Lock, ReadFile, Result, Syncer, Vfs};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::Write;
use std::os::unix::fs::FileExt;
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

impl ReadFile for DiskFile {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<()> {
        let read = self.file.read_exact_at(buffer, offset);
        read.map_err(failed("read", &self.path))
    }

    fn size(&self) -> Result<u64> {
        let data = self
            .file
            .metadata()
            .map_err(failed("look at", &self.path))?;
        Ok(data.len())
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
        let missing: Vec<&Path> = path
            .ancestors()
            .take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists())
            .collect();
        std::fs::create_dir_all(path).map_err(failed("create folder", path))?;
        for parent in missing.iter().filter_map(|folder| folder.parent()) {
            let here = parent.as_os_str().is_empty();
            self.sync_folder(if here { Path::new(".") } else { parent })?;
        }
        Ok(())
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

    fn list_folders(&self, folder: &Path) -> Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(failed("list", folder))? {
            let entry = entry.map_err(failed("list", folder))?;
            let kind = entry
                .file_type()
                .map_err(failed("look at", &entry.path()))?;
            if kind.is_dir() {
                names.push(entry.file_name().to_string_lossy().into_owned());
            }
        }
        names.sort();
        Ok(names)
    }

    fn open(&self, path: &Path) -> Result<Arc<dyn ReadFile>> {
        let file = File::open(path).map_err(failed("open", path))?;
        Ok(Arc::new(DiskFile {
            file: Arc::new(file),
            path: path.to_path_buf(),
        }))
    }

    fn rename(&self, from: &Path, to: &Path) -> Result<()> {
        std::fs::rename(from, to).map_err(failed("rename", from))
    }

    fn link(&self, from: &Path, to: &Path) -> Result<()> {
        use std::io::ErrorKind::{AlreadyExists, NotFound, StorageFull};
        match std::fs::hard_link(from, to) {
            Ok(()) => Ok(()),
            Err(error) if matches!(error.kind(), AlreadyExists | NotFound | StorageFull) => {
                Err(failed("link", to)(error))
            }
            Err(_) => {
                std::fs::copy(from, to).map_err(failed("copy", from))?;
                let copied = File::open(to).and_then(|file| file.sync_all());
                copied.map_err(failed("sync", to))
            }
        }
    }

    fn remove_folder(&self, path: &Path) -> Result<()> {
        std::fs::remove_dir_all(path).map_err(failed("remove", path))
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
        let mut part = [0; 2];
        let open = Disk.open(&path).unwrap();
        open.read_at(1, &mut part).unwrap();
        assert_eq!((&part, open.size().unwrap()), (b"23", 3));
        let short = open.read_at(2, &mut part).unwrap_err();
        assert_eq!(short.source.kind(), std::io::ErrorKind::UnexpectedEof);
        let held = Disk.lock(&folder.join("lock")).unwrap();
        let second = Disk.lock(&folder.join("lock")).unwrap_err();
        assert_eq!(second.source.kind(), std::io::ErrorKind::WouldBlock);
        drop(held);
        Disk.lock(&folder.join("lock")).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        part = [0; 2];
        open.read_at(0, &mut part).unwrap();
        assert_eq!(&part, b"12", "an open file outlives its name");
        let error = Disk.read(&path).unwrap_err().to_string();
        assert!(error.starts_with("cannot read ") && error.contains(path.to_str().unwrap()));
    }

    #[test]
    fn folders_are_renamed_linked_into_listed_and_removed_whole() {
        let top = std::env::temp_dir().join(format!("vfs-folders-{}", std::process::id()));
        Disk.create_folder(&top.join("a/b")).unwrap();
        let mut file = Disk.append(&top.join("a/b/file")).unwrap();
        file.write_all(b"1").unwrap();
        Disk.rename(&top.join("a"), &top.join("c")).unwrap();
        assert_eq!(Disk.list_folders(&top).unwrap(), ["c"]);
        Disk.link(&top.join("c/b/file"), &top.join("second"))
            .unwrap();
        let taken = Disk
            .link(&top.join("c/b/file"), &top.join("second"))
            .unwrap_err();
        assert_eq!(taken.source.kind(), std::io::ErrorKind::AlreadyExists);
        Disk.remove_folder(&top.join("c")).unwrap();
        assert_eq!(Disk.read(&top.join("second")).unwrap(), b"1");
        Disk.remove_folder(&top).unwrap();
    }
}

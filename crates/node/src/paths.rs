//! Where the kernel's files are.

use crate::error::{Error, Malformed, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// Mount points of the kernel's file systems, and of the machine's root: elsewhere in a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    /// Usually `/proc`.
    pub procfs: PathBuf,
    /// Usually `/sys`.
    pub sysfs: PathBuf,
    /// Usually `/`.
    pub rootfs: PathBuf,
}

impl Default for Paths {
    fn default() -> Self {
        Self {
            procfs: "/proc".into(),
            sysfs: "/sys".into(),
            rootfs: "/".into(),
        }
    }
}

impl Paths {
    /// Reads a file under `/proc` and gives its text to `parse`.
    pub(crate) fn parse_proc<T>(
        &self,
        file: &str,
        parse: impl FnOnce(&str) -> Result<T, Malformed>,
    ) -> Result<T> {
        let path = self.procfs.join(file);
        let text = read(&path)?;
        parse(&text).map_err(|malformed| Error::Malformed { path, malformed })
    }

    /// A path inside the machine's root.
    pub(crate) fn in_root(&self, path: &str) -> PathBuf {
        self.rootfs.join(path.trim_start_matches('/'))
    }
}

/// Reads a whole file; bytes that are no UTF-8 (odd device names) are replaced.
pub(crate) fn read(path: &Path) -> Result<String> {
    fs::read(path)
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .map_err(|source| Error::Read {
            path: path.to_owned(),
            source,
        })
}

/// The trimmed text of a one-line file, if it can be read (many of sysfs cannot, depending on the device).
pub(crate) fn read_line(path: &Path) -> Option<String> {
    read(path).ok().map(|text| text.trim().to_owned())
}

/// Names of the entries of a folder. Ordering: byte order.
pub(crate) fn entries(folder: &Path) -> Result<Vec<String>> {
    let fail = |source| Error::Read {
        path: folder.to_owned(),
        source,
    };
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(fail)? {
        names.push(
            entry
                .map_err(fail)?
                .file_name()
                .to_string_lossy()
                .into_owned(),
        );
    }
    names.sort();
    Ok(names)
}

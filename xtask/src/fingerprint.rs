//! Whether the inputs of a step changed since it was last done.

use anyhow::{Context, Result};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// A hash over file names and contents, kept in a file beside the step's output.
pub(crate) struct Fingerprint {
    stamp: PathBuf,
    now: String,
}

impl Fingerprint {
    /// Hashes everything below `inputs` (files or folders; one that is absent counts as empty) and
    /// `extra`, which holds what else matters, such as tool versions.
    pub(crate) fn new(stamp: PathBuf, inputs: &[PathBuf], extra: &str) -> Result<Self> {
        let mut hasher = DefaultHasher::new();
        extra.hash(&mut hasher);
        for input in inputs {
            for file in files(input)? {
                file.hash(&mut hasher);
                let bytes = std::fs::read(&file);
                bytes
                    .with_context(|| format!("cannot read {}", file.display()))?
                    .hash(&mut hasher);
            }
        }
        Ok(Self {
            stamp,
            now: format!("{:016x}", hasher.finish()),
        })
    }

    /// Whether the step was done on just these inputs.
    pub(crate) fn is_current(&self) -> bool {
        std::fs::read_to_string(&self.stamp).is_ok_and(|before| before == self.now)
    }

    /// Notes that the step is done.
    pub(crate) fn record(&self) -> Result<()> {
        std::fs::write(&self.stamp, &self.now)
            .with_context(|| format!("cannot write {}", self.stamp.display()))
    }
}

/// All files below `path`, sorted; `path` itself if it is a file; hidden ones and build output left out.
pub(crate) fn files(path: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![path.to_path_buf()];
    while let Some(next) = open.pop() {
        if next.is_file() {
            found.push(next);
        } else if next.is_dir() {
            let entries = std::fs::read_dir(&next);
            for entry in entries.with_context(|| format!("cannot list {}", next.display()))? {
                let entry = entry?;
                let name = entry.file_name();
                let name = name.to_string_lossy();
                if !name.starts_with('.') && name != "target" && name != "node_modules" {
                    open.push(entry.path());
                }
            }
        }
    }
    found.sort();
    Ok(found)
}

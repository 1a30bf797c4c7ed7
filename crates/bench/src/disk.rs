//! What a server keeps on disk.

use serde_json::Value;
use std::path::Path;
use std::time::{Duration, Instant};

/// Bytes of all files under `folder`, by their length. Files that vanish meanwhile do not count.
pub(crate) fn bytes(folder: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return 0;
    };
    entries
        .flatten()
        .map(|entry| match entry.metadata() {
            Ok(data) if data.is_dir() => bytes(&entry.path()),
            Ok(data) => data.len(),
            Err(_) => 0,
        })
        .sum()
}

/// What lies in blocks: folders with a `meta.json` that counts their samples.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Blocks {
    /// Such folders.
    pub(crate) count: u64,
    /// Bytes of all their files, index included.
    pub(crate) bytes: u64,
    /// Samples in them.
    pub(crate) samples: u64,
}

/// The blocks in `folder`, or in its subfolder `blocks`.
pub(crate) fn blocks(folder: &Path) -> Blocks {
    let mut all = Blocks::default();
    for parent in [folder.to_path_buf(), folder.join("blocks")] {
        let entries = std::fs::read_dir(parent).into_iter().flatten();
        for entry in entries.flatten() {
            let Ok(text) = std::fs::read_to_string(entry.path().join("meta.json")) else {
                continue;
            };
            let Some(samples) = samples(&text) else {
                continue;
            };
            all.count += 1;
            all.bytes += bytes(&entry.path());
            all.samples += samples;
        }
    }
    all
}

/// The samples that a block's description counts. Prometheus leaves its counts out where they are zero.
fn samples(meta: &str) -> Option<u64> {
    let json: Value = serde_json::from_str(meta).ok()?;
    let stats = json.get("stats")?;
    ["numSamples", "num_samples", "samples"]
        .iter()
        .find_map(|name| stats.get(name))
        .and_then(Value::as_u64)
}

/// Copies the files under `from` to `to`, which is made.
///
/// # Errors
/// If a file cannot be read or written.
pub(crate) fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// Waits until the bytes under `folder` have not changed for `quiet`, at most for `limit`.
///
/// Whether they came to rest.
pub(crate) fn settle(folder: &Path, quiet: Duration, limit: Duration) -> bool {
    let begin = Instant::now();
    let (mut size, mut since) = (bytes(folder), Instant::now());
    while begin.elapsed() < limit {
        std::thread::sleep(Duration::from_secs(1).min(quiet / 2));
        let now = bytes(folder);
        if now != size {
            (size, since) = (now, Instant::now());
        } else if since.elapsed() >= quiet {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_read_from_either_kind_of_block() {
        assert_eq!(samples(r#"{"stats":{"numSamples":7}}"#), Some(7));
        assert_eq!(samples(r#"{"stats":{"samples":8}}"#), Some(8));
        assert_eq!(samples(r#"{"stats":{}}"#), None);
        assert_eq!(samples("not json"), None);
    }
}

//! Targets in files that others write.
//!
//! Files are looked at every second (names, times and lengths: a look costs microseconds), and read when
//! something differs, and at the refresh interval in any case.

use crate::discoverer::{Discoverer, Running, Sink};
use crate::error::{Error, Result};
use crate::group::TargetGroup;
use config::FileDiscovery;
use model::{Labels, MetricFamily, MetricKind};
use parking_lot::Mutex;
use selfmon::{Counter, Registry};
use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

const PATH_LABEL: &str = "__meta_filepath";
/// Time between two looks at the files.
const LOOK: Duration = Duration::from_secs(1);

/// What a file's content is known by: it is another content if one of these differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    seconds: i64,
    nanoseconds: i64,
    length: u64,
    inode: u64,
}

/// Reads the files of one section.
pub(crate) struct FileDiscoverer {
    config: FileDiscovery,
    errors: Counter,
    /// Files that were looked at last. Shared with the metrics.
    seen: Arc<Mutex<BTreeMap<PathBuf, Stamp>>>,
    /// Groups of each file that was read.
    groups: BTreeMap<PathBuf, usize>,
}

impl FileDiscoverer {
    pub(crate) fn new(config: &FileDiscovery, registry: &Registry) -> Self {
        let seen = Arc::<Mutex<BTreeMap<PathBuf, Stamp>>>::default();
        let shown = Arc::downgrade(&seen);
        registry.collect(move || vec![times(&shown)]);
        // Files are not watched by the system's means, so this one stays where it is.
        registry.counter(
            "prometheus_sd_file_watcher_errors_total",
            "Errors of the system's watch over files.",
            &[],
        );
        Self {
            config: config.clone(),
            errors: registry.counter(
                "prometheus_sd_file_read_errors_total",
                "Files of targets that could not be read.",
                &[],
            ),
            seen,
            groups: BTreeMap::new(),
        }
    }

    /// The files that there are now.
    fn look(&self) -> BTreeMap<PathBuf, Stamp> {
        let mut found = BTreeMap::new();
        for pattern in &self.config.files {
            match config::glob(pattern) {
                Ok(paths) => {
                    for path in paths {
                        if let Some(stamp) = stamp(&path) {
                            found.insert(path, stamp);
                        }
                    }
                }
                Err(error) => {
                    tracing::error!(pattern, %error, "error expanding glob of file discovery");
                }
            }
        }
        found
    }

    /// Reads the files that changed, or all.
    fn read(&mut self, all: bool) -> Option<Vec<TargetGroup>> {
        let found = self.look();
        let before = std::mem::replace(&mut *self.seen.lock(), found.clone());
        if !all && before == found {
            return None;
        }
        let mut groups = Vec::new();
        for (path, stamp) in &found {
            if !all && before.get(path) == Some(stamp) {
                continue;
            }
            match read(path) {
                Ok(list) => {
                    let had = self.groups.insert(path.clone(), list.len()).unwrap_or(0);
                    groups.extend((list.len()..had).map(|index| gone(path, index)));
                    groups.extend(list);
                }
                Err(error) => {
                    self.errors.inc();
                    tracing::error!(path = %path.display(), %error, "error reading file of targets");
                }
            }
        }
        let vanished: Vec<PathBuf> = self
            .groups
            .keys()
            .filter(|path| !found.contains_key(*path))
            .cloned()
            .collect();
        for path in vanished {
            let had = self.groups.remove(&path).unwrap_or(0);
            groups.extend((0..had).map(|index| gone(&path, index)));
        }
        Some(groups)
    }
}

impl Discoverer for FileDiscoverer {
    fn run(mut self: Box<Self>, sink: Sink) -> Running {
        Box::pin(async move {
            let mut read_last: Option<Instant> = None;
            loop {
                let interval = self.config.refresh_interval.to_std();
                let all = read_last.is_none_or(|last| last.elapsed() >= interval);
                if all {
                    read_last = Some(Instant::now());
                }
                let looked = tokio::task::spawn_blocking(move || {
                    let groups = self.read(all);
                    (self, groups)
                });
                let Ok((back, groups)) = looked.await else {
                    tracing::error!("reading files of targets panicked");
                    return;
                };
                self = back;
                if let Some(groups) = groups {
                    sink.send(groups);
                }
                tokio::time::sleep(LOOK.min(interval)).await;
            }
        })
    }
}

fn stamp(path: &Path) -> Option<Stamp> {
    let metadata = std::fs::metadata(path)
        .ok()
        .filter(std::fs::Metadata::is_file)?;
    Some(Stamp {
        seconds: metadata.mtime(),
        nanoseconds: metadata.mtime_nsec(),
        length: metadata.len(),
        inode: metadata.ino(),
    })
}

fn source(path: &Path, index: usize) -> String {
    format!("{}:{index}", path.display())
}

fn gone(path: &Path, index: usize) -> TargetGroup {
    TargetGroup::none(source(path, index))
}

fn read(path: &Path) -> Result<Vec<TargetGroup>> {
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|source| Error::Read {
        path: shown.clone(),
        source,
    })?;
    let list = config::parse_target_groups(&text, path)?;
    let group = |(index, group)| {
        TargetGroup::of_list(source(path, index), group, Some((PATH_LABEL, &shown)))
    };
    Ok(list.iter().enumerate().map(group).collect())
}

/// When each file was changed.
fn times(seen: &Weak<Mutex<BTreeMap<PathBuf, Stamp>>>) -> MetricFamily {
    let help = "When each file of targets was changed, in seconds since the epoch.";
    let mut family = MetricFamily::new("prometheus_sd_file_mtime_seconds", MetricKind::Gauge, help);
    if let Some(seen) = seen.upgrade() {
        for (path, stamp) in seen.lock().iter() {
            let labels = Labels::from_pairs([("filename", path.display().to_string())]);
            let seconds = stamp.seconds as f64 + stamp.nanoseconds as f64 / 1e9;
            family.push(labels, seconds);
        }
    }
    family
}

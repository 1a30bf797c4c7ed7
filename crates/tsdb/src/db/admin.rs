//! The doors for operators.

use super::Db;
use crate::error::{read_only, storage_error};
use crate::generation::NO_TIME;
use crate::stats::count;
use crate::{maintenance, wal};
use index::LabelCount;
use model::TimeRange;
use roaring::RoaringBitmap;
use std::io::ErrorKind;
use std::path::Path;
use storage::{Admin, BlockInfo, HeadStatus, Matchers, NamedCount, Result};

/// The folder of snapshots inside the data folder.
const SNAPSHOTS: &str = "snapshots";

fn named(counts: Vec<LabelCount>) -> Vec<NamedCount> {
    let counts = counts.into_iter();
    counts
        .map(|one| NamedCount {
            name: one.text,
            value: one.count,
        })
        .collect()
}

impl Admin for Db {
    fn head_status(&self, top: usize) -> HeadStatus {
        let head = self.shared.head.read();
        let stats = head.index.stats(top);
        let mut status = HeadStatus {
            series: stats.series,
            label_pairs: stats.pairs,
            min_time: i64::MAX,
            max_time: i64::MIN,
            series_by_metric: named(stats.series_per_metric),
            values_by_label: named(stats.values_per_name),
            bytes_by_label: named(stats.bytes_per_name),
            series_by_pair: stats
                .series_per_pair
                .into_iter()
                .map(|pair| NamedCount {
                    name: format!("{}={}", pair.name, pair.value),
                    value: pair.count,
                })
                .collect(),
            chunks: 0,
        };
        for generation in head.generations() {
            let generation = generation.read();
            status.chunks += generation.chunks();
            status.min_time = status.min_time.min(generation.min_time);
            status.max_time = status.max_time.max(generation.max_time);
        }
        status
    }

    fn blocks(&self) -> Vec<BlockInfo> {
        let blocks = self.shared.store.snapshot();
        blocks.iter().map(|block| block.info()).collect()
    }

    fn delete_series(&self, any_of: &[Matchers], range: TimeRange) -> Result<()> {
        // A generation that is being sealed would carry deleted samples along.
        let _sealing = self.shared.sealing.lock();
        self.delete_of_head(any_of, range)?;
        Ok(self.shared.store.delete(any_of, range)?)
    }

    fn clean_tombstones(&self) -> Result<()> {
        // What is deleted of the head never reaches a block.
        Ok(maintenance::clean_tombstones(&self.shared)?)
    }

    fn snapshot(&self, skip_head: bool) -> Result<String> {
        let name = self.snapshot_name();
        let root = self.shared.options.folder.join(SNAPSHOTS).join(&name);
        let vfs = &self.shared.vfs;
        let to = wal::folder(&root);
        vfs.create_folder(&to).map_err(storage_error)?;
        if !skip_head {
            self.link_log(&to).map_err(storage_error)?;
        }
        // Later than the log: what leaves it meanwhile is in these blocks.
        self.shared.store.copy_to(&root)?;
        Ok(name)
    }
}

impl Db {
    fn delete_of_head(&self, any_of: &[Matchers], range: TimeRange) -> Result<()> {
        let mut writer = self.shared.writer.lock();
        let mut head = self.shared.head.write();
        let mut ids = RoaringBitmap::new();
        for matchers in any_of {
            ids |= head.index.select(matchers);
        }
        // Only what is there now: what comes later stays.
        let living = head.living(range);
        let ranges: Vec<(u32, i64, i64)> = ids
            .iter()
            .filter(|id| living.has(*id))
            .filter_map(|id| {
                let last = head.last(id).time;
                let end = range.end.0.min(last.saturating_add(1));
                (last != NO_TIME && range.start.0 < end).then_some((id, range.start.0, end))
            })
            .collect();
        drop(living);
        // Also of those whose samples are all in blocks.
        for id in &ids {
            head.hide_newest(id, range.start.0, range.end.0);
        }
        if ranges.is_empty() {
            return Ok(());
        }
        let logged = writer.log.deleted(&ranges, &|id| head.index.labels(id));
        logged.map_err(|error| {
            count(&self.shared.counters.wal_write_failures, 1);
            read_only(&error)
        })?;
        for (series, start, end) in ranges {
            head.delete(series, start, end);
        }
        Ok(())
    }

    /// A name that no snapshot has: the time, or a little later.
    fn snapshot_name(&self) -> String {
        let root = self.shared.options.folder.join(SNAPSHOTS);
        let taken = self.shared.vfs.list_folders(&root).unwrap_or_default();
        let mut number = self.shared.clock.now().0;
        loop {
            let name = format!("{number:016}");
            if !taken.contains(&name) {
                return name;
            }
            number = number.wrapping_add(1);
        }
    }

    /// Links the log's segments into another folder.
    fn link_log(&self, to: &Path) -> vfs::Result<()> {
        // From here on the segments below the cut stay as they are.
        let (segments, syncer) = {
            let mut writer = self.shared.writer.lock();
            let (_, syncer) = writer.log.cut();
            // Not those that are only held for readers of this log.
            let start = self.shared.store.wal_start();
            let closed = writer.log.closed_segments();
            let needed = closed.into_iter().filter(|segment| *segment >= start);
            (needed.collect::<Vec<_>>(), syncer)
        };
        if let Some(Err(error)) = syncer.map(|syncer| syncer.sync()) {
            maintenance::sync_failed(&self.shared, &error);
        }
        let from = wal::folder(&self.shared.options.folder);
        let vfs = &self.shared.vfs;
        for segment in segments {
            let (from, to) = (
                wal::segment_path(&from, segment),
                wal::segment_path(to, segment),
            );
            match vfs.link(&from, &to) {
                Err(error) if error.source.kind() == ErrorKind::NotFound => {}
                linked => linked?,
            }
        }
        vfs.sync_folder(to)
    }
}

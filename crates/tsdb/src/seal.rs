//! Sealing: a closed generation becomes blocks.
//!
//! The order of steps makes every crash harmless: blocks are written and forced to the disk, what the old
//! log segments hold besides samples is logged anew, one record of the manifest names the blocks and the
//! log's new start, the generation leaves the head, the old segments go.

use crate::db::Shared;
use crate::generation::{Gathered, Generation};
use crate::head::{Closed, SharedGeneration};
use crate::stats::count;
use block::{BlockMeta, BlockWriter, Error, NewBlock, canonical_order};
use columns::Effort;
use hashbrown::HashMap;
use model::{Labels, TimeRange};
use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use storage::{Column, Exemplar};

/// Series that are looked up under one lock of the head.
const AT_ONCE: usize = 512;
/// Windows that are written in one pass over the samples.
const WINDOWS_AT_ONCE: i64 = 64;
/// Exemplars that are logged anew in one write.
const EXEMPLARS_AT_ONCE: usize = 1000;

/// Turns the oldest closed generation into blocks; whether there was one.
///
/// # Errors
/// As for [`BlockWriter`] and [`block::BlockStore::commit`]; nothing changed then, and it can be tried
/// again.
pub(crate) fn seal_oldest(shared: &Shared) -> block::Result<bool> {
    // Deletes wait: they would miss what is already written.
    let _sealing = shared.sealing.lock();
    let Some(closed) = shared.head.read().closed().first().cloned() else {
        return Ok(false);
    };
    let blocks = write_blocks(shared, &closed.samples)?;
    let committed = log_sides(shared)
        .map_err(Error::File)
        .and_then(|()| shared.store.commit(&blocks, &[], Some(closed.segment)));
    if let Err(error) = committed {
        shared.store.discard(&blocks);
        return Err(error);
    }
    shared.head.write().drop_oldest();
    remove_segments(shared, &closed);
    Ok(true)
}

fn remove_segments(shared: &Shared, closed: &Closed) {
    let held = shared.held.load(Ordering::Relaxed);
    let most = shared.options.held_bytes;
    let mut writer = shared.writer.lock();
    match writer.log.remove_before(closed.segment, held, most) {
        Ok(removed) => count(&shared.counters.wal_segments_removed, removed),
        // The next start removes them.
        Err(error) => tracing::error!(%error, "old segment of the write-ahead log not removed"),
    }
}

/// Writes a generation's samples as blocks, one per window.
fn write_blocks(shared: &Shared, samples: &SharedGeneration) -> block::Result<Vec<BlockMeta>> {
    let groups = groups(shared, samples.read().all_series());
    let mut done = Vec::new();
    let mut next = Some(samples.read().min_time);
    while let Some(from) = next {
        let mut pass = Pass::new(shared, from);
        let written = pass.write(samples, &groups);
        let written = written.and_then(|()| pass.finish(&mut done));
        if let Err(error) = written {
            shared.store.discard(&done);
            return Err(error);
        }
        next = pass.next;
    }
    Ok(done)
}

/// Series with the same metric name and the same label names.
struct Group {
    names: Vec<String>,
    series: Vec<u32>,
}

/// Brings series into groups that stand in canonical order. Their labels are not kept: there may be many.
fn groups(shared: &Shared, mut series: Vec<u32>) -> Vec<Group> {
    series.sort_unstable();
    let mut groups: HashMap<Vec<String>, Vec<u32>> = HashMap::new();
    let mut key: Vec<String> = Vec::new();
    for part in series.chunks(AT_ONCE) {
        let head = shared.head.read();
        for id in part {
            let mut length = 1;
            let metric = head.index.label(*id, model::METRIC_NAME).unwrap_or("");
            put(&mut key, 0, metric);
            head.index.for_each_label(*id, |name, _| {
                put(&mut key, length, name);
                length += 1;
            });
            key.truncate(length);
            groups.entry_ref(&key[..]).or_default().push(*id);
        }
    }
    let groups = groups
        .into_iter()
        .map(|(names, series)| Group { names, series });
    let mut groups: Vec<Group> = groups.collect();
    groups.sort_unstable_by(|a, b| a.names.cmp(&b.names));
    groups
}

fn put(key: &mut Vec<String>, at: usize, text: &str) {
    match key.get_mut(at) {
        Some(place) => text.clone_into(place),
        None => key.push(text.to_owned()),
    }
}

/// The series of a group with their labels, in canonical order.
fn in_order(shared: &Shared, group: &Group) -> Vec<(Labels, u32)> {
    let mut all = Vec::with_capacity(group.series.len());
    for part in group.series.chunks(AT_ONCE) {
        let head = shared.head.read();
        all.extend(
            part.iter()
                .filter_map(|id| Some((head.index.labels(*id)?, *id))),
        );
    }
    all.sort_unstable_by(|(a, _), (b, _)| canonical_order(a.iter(), b.iter()));
    all
}

/// Writes the blocks of some windows.
struct Pass<'a> {
    shared: &'a Shared,
    width: i64,
    range: TimeRange,
    writers: BTreeMap<i64, BlockWriter>,
    /// Time of the first sample behind the range.
    next: Option<i64>,
    gathered: Gathered,
    column: Column,
    part: Column,
}

impl<'a> Pass<'a> {
    /// A pass over the windows from that of `from` on.
    fn new(shared: &'a Shared, from: i64) -> Self {
        let width = shared.options.min_block_duration.0.max(1);
        let start = from.div_euclid(width).saturating_mul(width);
        let end = start.saturating_add(width.saturating_mul(WINDOWS_AT_ONCE));
        Self {
            shared,
            width,
            range: TimeRange::new(model::TimestampMs(start), model::TimestampMs(end)),
            writers: BTreeMap::new(),
            next: None,
            gathered: Gathered::default(),
            column: Column::default(),
            part: Column::default(),
        }
    }

    fn write(&mut self, samples: &SharedGeneration, groups: &[Group]) -> block::Result<()> {
        for group in groups {
            for (labels, id) in in_order(self.shared, group) {
                if self.shared.is_stopping.load(Ordering::Relaxed) {
                    return Err(Error::Stopped);
                }
                self.read(&samples.read(), id);
                self.series(&labels)?;
            }
        }
        Ok(())
    }

    /// Reads the series' samples in the range and later.
    fn read(&mut self, samples: &Generation, id: u32) {
        self.column.clear();
        if !samples.gather(id, u64::MAX, self.range.start.0, &mut self.gathered) {
            return;
        }
        let range = TimeRange::new(self.range.start, TimeRange::ALL.end);
        let read = self.gathered.read(range, i64::MAX, &mut self.column);
        if let Err(error) = read {
            // Chunks live in memory: their bytes can only be wrong if memory is. The rest is worth saving.
            count(&self.shared.counters.read_failures, 1);
            tracing::error!(%error, "open chunk cannot be read");
        }
    }

    /// Writes the column that was read, window by window.
    fn series(&mut self, labels: &Labels) -> block::Result<()> {
        let pairs: Vec<(&str, &str)> = labels.iter().collect();
        let mut from = 0;
        while let Some(first) = self.column.times.get(from).copied() {
            if first >= self.range.end.0 {
                self.next = Some(self.next.map_or(first, |next| next.min(first)));
                return Ok(());
            }
            let start = first.div_euclid(self.width).saturating_mul(self.width);
            let end = start.saturating_add(self.width);
            let to = self.column.times.partition_point(|time| *time < end);
            let part = if from == 0 && to == self.column.len() {
                &self.column
            } else {
                copy(&self.column, from..to, &mut self.part);
                &self.part
            };
            let writer = match self.writers.entry(start) {
                std::collections::btree_map::Entry::Occupied(entry) => entry.into_mut(),
                std::collections::btree_map::Entry::Vacant(entry) => {
                    let id = self.shared.next_ulid();
                    let new = NewBlock::sealed(id, Effort::Fast);
                    let folder = self.shared.store.blocks_folder();
                    entry.insert(BlockWriter::create(&self.shared.vfs, folder, new)?)
                }
            };
            writer.series(&pairs, part)?;
            from = to;
        }
        Ok(())
    }

    fn finish(&mut self, done: &mut Vec<BlockMeta>) -> block::Result<()> {
        for (_, writer) in std::mem::take(&mut self.writers) {
            done.extend(writer.finish()?);
        }
        Ok(())
    }
}

/// Copies a part of a column.
fn copy(from: &Column, part: std::ops::Range<usize>, to: &mut Column) {
    to.clear();
    let times = from.times.get(part.clone()).unwrap_or_default();
    to.times.extend_from_slice(times);
    let values = from.values.get(part.clone()).unwrap_or_default();
    to.values.extend_from_slice(values);
    let histograms = from.histograms.get(part.clone()).unwrap_or_default();
    if histograms.iter().any(Option::is_some) {
        to.histograms.extend_from_slice(histograms);
    }
    let starts = from.starts.get(part).unwrap_or_default();
    to.starts.extend_from_slice(starts);
}

/// Logs exemplars and metadata anew, so that the segments that have them can go.
fn log_sides(shared: &Shared) -> vfs::Result<()> {
    shared.writer.lock().log.tell_metadata()?;
    let all: Vec<(Labels, Exemplar)> = shared.exemplars.read().iter().cloned().collect();
    for part in all.chunks(EXEMPLARS_AT_ONCE) {
        let mut writer = shared.writer.lock();
        let head = shared.head.read();
        // Those of a series that is forgotten end with the process.
        let known: Vec<(u32, Exemplar)> = part
            .iter()
            .filter_map(|(labels, exemplar)| Some((head.index.find(labels)?, exemplar.clone())))
            .collect();
        if !known.is_empty() {
            let labels = |id| head.index.labels(id);
            writer.log.exemplars(&known, &labels)?;
        }
    }
    Ok(())
}

//! Writing the log.

use super::frame::{FrameHeader, encode};
use super::record::{encode_layout, encode_loose, encode_series, kind};
use super::segment::SegmentHeader;
use super::{segment_path, segment_sequence};
use crate::SyncPolicy;
use hashbrown::HashMap;
use model::Labels;
use roaring::RoaringBitmap;
use std::path::PathBuf;
use std::sync::Arc;
use vfs::{AppendFile, Syncer, Vfs};

/// After so many deltas a layout's frame is written whole again: bounds what one lost frame takes along.
const FRAMES_PER_KEYFRAME: u64 = 120;

/// A frame as the log needs it: everything that makes a segment readable by itself.
pub(crate) struct WalFrame<'a> {
    pub(crate) layout: u32,
    pub(crate) slots: &'a [u32],
    pub(crate) time: i64,
    pub(crate) values: &'a [f64],
}

/// The open log.
pub(crate) struct Wal {
    vfs: Arc<dyn Vfs>,
    folder: PathBuf,
    sync: SyncPolicy,
    segment_bytes: u64,
    segment: Option<Segment>,
    next_sequence: u64,
    next_lsn: u64,
    /// Older segments with the newest sample time of each, for truncation. Ordering: by sequence.
    closed: Vec<(u64, i64)>,
    payload: Vec<u8>,
    batch: Vec<u8>,
}

/// The segment that is written.
struct Segment {
    header: SegmentHeader,
    file: Box<dyn AppendFile>,
    path: PathBuf,
    size: u64,
    newest: i64,
    is_dirty: bool,
    series: RoaringBitmap,
    layouts: HashMap<u32, LoggedLayout>,
}

struct LoggedLayout {
    frames: u64,
    values: Vec<f64>,
}

impl Wal {
    /// A log that goes on behind what [`replay`](super::replay) found.
    pub(crate) fn new(
        vfs: Arc<dyn Vfs>,
        folder: PathBuf,
        sync: SyncPolicy,
        segment_bytes: u64,
        replayed: &super::Replayed,
    ) -> Self {
        Self {
            vfs,
            folder,
            sync,
            segment_bytes,
            segment: None,
            next_sequence: replayed.next_sequence,
            next_lsn: replayed.next_lsn,
            closed: replayed.segments.clone(),
            payload: Vec::new(),
            batch: Vec::new(),
        }
    }

    /// Logs one frame, and what a reader of the segment needs before it.
    pub(crate) fn frame<'a>(
        &mut self,
        frame: &WalFrame<'_>,
        labels: impl Fn(u32) -> Option<&'a Labels>,
    ) -> vfs::Result<()> {
        self.write(frame.time, |segment, payload, put| {
            if !segment.layouts.contains_key(&frame.layout) {
                segment.log_series(frame.slots.iter().copied(), &labels, payload, put);
                payload.clear();
                encode_layout(frame.layout, frame.slots, payload);
                put(segment.header, kind::LAYOUT, payload);
            }
            let logged = segment
                .layouts
                .entry(frame.layout)
                .or_insert_with(|| LoggedLayout {
                    frames: 0,
                    values: Vec::new(),
                });
            let is_keyframe = logged.frames.is_multiple_of(FRAMES_PER_KEYFRAME);
            let number = logged.frames;
            let header = FrameHeader {
                layout: frame.layout,
                number,
                time: frame.time,
            };
            payload.clear();
            encode(
                header,
                frame.values,
                (!is_keyframe).then_some(&logged.values[..]),
                payload,
            );
            logged.frames += 1;
            logged.values.clear();
            logged.values.extend_from_slice(frame.values);
            put(segment.header, kind::FRAME, payload);
        })
    }

    /// Logs loose samples.
    pub(crate) fn loose<'a>(
        &mut self,
        samples: &[(u32, i64, f64)],
        labels: impl Fn(u32) -> Option<&'a Labels>,
    ) -> vfs::Result<()> {
        let newest = samples
            .iter()
            .map(|(_, time, _)| *time)
            .max()
            .unwrap_or(i64::MIN);
        self.write(newest, |segment, payload, put| {
            segment.log_series(samples.iter().map(|(id, ..)| *id), &labels, payload, put);
            payload.clear();
            encode_loose(samples, payload);
            put(segment.header, kind::LOOSE, payload);
        })
    }

    /// Lets `fill` put records into a batch and writes the batch in one call. If that fails, the segment
    /// is cut back to what was whole before, and the next write starts a new segment: what `fill` noted
    /// in this one is then forgotten with it.
    fn write(
        &mut self,
        newest: i64,
        fill: impl FnOnce(&mut Segment, &mut Vec<u8>, &mut dyn FnMut(SegmentHeader, u8, &[u8])),
    ) -> vfs::Result<()> {
        let mut segment = match self.segment.take() {
            Some(segment) if segment.size < self.segment_bytes => segment,
            full => self.rotate(full)?,
        };
        let (batch, lsn) = (&mut self.batch, &mut self.next_lsn);
        batch.clear();
        fill(
            &mut segment,
            &mut self.payload,
            &mut |header, kind, payload| {
                header.put_record(kind, *lsn, payload, batch);
                *lsn += 1;
            },
        );
        let written = segment.file.write_all(batch).and_then(|()| {
            segment.is_dirty = true;
            if self.sync == SyncPolicy::Always {
                segment.sync()
            } else {
                Ok(())
            }
        });
        if let Err(error) = written {
            // Best effort: where the cut fails too, replay stops at the torn record, as after a crash.
            let _ = self.vfs.truncate(&segment.path, segment.size);
            self.closed.push((segment.header.sequence, segment.newest));
            return Err(error);
        }
        segment.size += batch.len() as u64;
        segment.newest = segment.newest.max(newest);
        self.segment = Some(segment);
        Ok(())
    }

    fn rotate(&mut self, full: Option<Segment>) -> vfs::Result<Segment> {
        if let Some(mut old) = full {
            self.closed.push((old.header.sequence, old.newest));
            // A failed sync does not undo what processes see; the error is told and the log goes on.
            old.sync()?;
        }
        let sequence = self.next_sequence;
        // Never the same number twice, even if opening fails half way.
        self.next_sequence += 1;
        let path = segment_path(&self.folder, sequence);
        let mut file = self.vfs.append(&path)?;
        let header = SegmentHeader {
            sequence,
            key: random_key(),
        };
        let bytes = header.encode();
        let started = file
            .write_all(&bytes)
            .and_then(|()| self.vfs.sync_folder(&self.folder));
        if let Err(error) = started {
            // Else a full disk would collect an empty file per try; replay copes with one that stays.
            let _ = self.vfs.remove(&path);
            return Err(error);
        }
        Ok(Segment {
            header,
            file,
            path,
            size: bytes.len() as u64,
            newest: i64::MIN,
            is_dirty: true,
            series: RoaringBitmap::new(),
            layouts: HashMap::new(),
        })
    }

    /// What forces to the disk the writes since the last time, if there were any; meant to be called
    /// without holding the log.
    pub(crate) fn take_syncer(&mut self) -> Option<Box<dyn Syncer>> {
        self.segment.as_mut()?.take_syncer()
    }

    /// Goes on in a new segment. After a failed sync nobody knows what of the old one is on the disk, and
    /// asking again would answer that all is well.
    pub(crate) fn abandon_segment(&mut self) {
        if let Some(segment) = self.segment.take() {
            self.closed.push((segment.header.sequence, segment.newest));
        }
    }

    /// Removes closed segments whose samples are all older than `cutoff`; gives how many went.
    pub(crate) fn truncate(&mut self, cutoff: i64) -> vfs::Result<usize> {
        let mut removed = 0;
        while let Some((sequence, newest)) = self.closed.first().copied() {
            if newest >= cutoff {
                break;
            }
            self.vfs.remove(&segment_path(&self.folder, sequence))?;
            self.closed.remove(0);
            removed += 1;
        }
        Ok(removed)
    }

    /// Bytes of all segments on disk.
    pub(crate) fn bytes_on_disk(&self) -> u64 {
        let entries = self.vfs.list(&self.folder).unwrap_or_default();
        let segments = entries
            .iter()
            .filter(|entry| segment_sequence(&entry.name).is_some());
        segments.map(|entry| entry.size).sum()
    }
}

impl Segment {
    fn take_syncer(&mut self) -> Option<Box<dyn Syncer>> {
        std::mem::take(&mut self.is_dirty).then(|| self.file.syncer())
    }

    fn sync(&mut self) -> vfs::Result<()> {
        self.take_syncer().map_or(Ok(()), |syncer| syncer.sync())
    }

    fn log_series<'a>(
        &mut self,
        ids: impl Iterator<Item = u32>,
        labels: &impl Fn(u32) -> Option<&'a Labels>,
        payload: &mut Vec<u8>,
        put: &mut dyn FnMut(SegmentHeader, u8, &[u8]),
    ) {
        let unknown: Vec<(u32, &Labels)> = ids
            .filter(|id| self.series.insert(*id))
            .filter_map(|id| Some((id, labels(id)?)))
            .collect();
        if !unknown.is_empty() {
            payload.clear();
            encode_series(unknown.into_iter(), payload);
            put(self.header, kind::SERIES, payload);
        }
    }
}

/// Different for every segment of every run; nothing secret.
fn random_key() -> u64 {
    use std::hash::{BuildHasher, Hasher};
    std::hash::RandomState::new().build_hasher().finish()
}

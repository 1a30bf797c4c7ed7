//! Writing the log.

use super::frame::{FrameBase, FrameHeader, encode};
use super::record::{Order, encode_deleted, encode_layout, encode_loose, encode_series, kind};
use super::segment::SegmentHeader;
use super::side::{encode_exemplars, encode_histograms, encode_metadata};
use super::{LogPosition, segment_path};
use crate::SyncPolicy;
use crate::metadata::MetadataTable;
use hashbrown::HashMap;
use model::{Histogram, Labels};
use roaring::RoaringBitmap;
use std::path::PathBuf;
use std::sync::Arc;
use storage::{Exemplar, Metadata};
use vfs::{AppendFile, Syncer, Vfs};

/// After so many frames a layout's frame is written whole again: bounds what one lost frame takes along.
const FRAMES_PER_KEYFRAME: u64 = 120;

/// Tells the labels of a series.
pub(crate) type Known<'a> = &'a dyn Fn(u32) -> Option<Labels>;

/// A frame as the log needs it.
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
    /// Older segments with their sizes. Ordering: by sequence.
    closed: Vec<(u64, u64)>,
    /// Told anew in every segment.
    metadata: Arc<MetadataTable>,
    payload: Vec<u8>,
    batch: Vec<u8>,
}

/// The segment that is written.
struct Segment {
    header: SegmentHeader,
    file: Box<dyn AppendFile>,
    path: PathBuf,
    size: u64,
    is_dirty: bool,
    has_metadata: bool,
    series: RoaringBitmap,
    layouts: HashMap<u32, LoggedLayout>,
}

struct LoggedLayout {
    frames: u64,
    base: FrameBase,
}

/// Records on their way into one write.
struct Batch<'a> {
    header: SegmentHeader,
    lsn: &'a mut u64,
    bytes: &'a mut Vec<u8>,
    payload: &'a mut Vec<u8>,
}

impl Batch<'_> {
    /// Adds one record, whose payload `fill` writes.
    fn put(&mut self, kind: u8, fill: impl FnOnce(&mut Vec<u8>)) {
        self.payload.clear();
        fill(self.payload);
        self.header
            .put_record(kind, *self.lsn, self.payload, self.bytes);
        *self.lsn += 1;
    }
}

impl Wal {
    /// A log that goes on behind what [`replay`](super::replay) found.
    pub(crate) fn new(
        vfs: Arc<dyn Vfs>,
        options: &crate::Options,
        metadata: Arc<MetadataTable>,
        replayed: &super::Replayed,
    ) -> Self {
        Self {
            vfs,
            folder: super::folder(&options.folder),
            sync: options.sync,
            segment_bytes: options.segment_bytes,
            segment: None,
            next_sequence: replayed.next_sequence,
            next_lsn: replayed.next_lsn,
            closed: replayed.segments.clone(),
            metadata,
            payload: Vec::new(),
            batch: Vec::new(),
        }
    }

    /// Logs one frame, and what a reader of the segment needs before it.
    pub(crate) fn frame(&mut self, frame: &WalFrame<'_>, labels: Known<'_>) -> vfs::Result<()> {
        self.write(|segment, batch| {
            if !segment.layouts.contains_key(&frame.layout) {
                segment.log_series(frame.slots.iter().copied(), labels, batch);
                batch.put(kind::LAYOUT, |out| {
                    encode_layout(frame.layout, frame.slots, out);
                });
            }
            let logged = segment
                .layouts
                .entry(frame.layout)
                .or_insert_with(|| LoggedLayout {
                    frames: 0,
                    base: FrameBase::new(frame.slots.len()),
                });
            let header = FrameHeader {
                layout: frame.layout,
                number: logged.frames,
                time: frame.time,
                is_keyframe: logged.frames.is_multiple_of(FRAMES_PER_KEYFRAME),
            };
            logged.frames += 1;
            batch.put(kind::FRAME, |out| {
                encode(header, frame.values, &mut logged.base, out);
            });
        })
    }

    /// Forgets a layout of which no frame will come any more.
    pub(crate) fn forget_layout(&mut self, layout: u32) {
        if let Some(segment) = &mut self.segment {
            segment.layouts.remove(&layout);
        }
    }

    /// Logs loose samples.
    pub(crate) fn loose(
        &mut self,
        samples: &[(u32, i64, f64)],
        late: &[(u32, i64, f64)],
        labels: Known<'_>,
    ) -> vfs::Result<()> {
        self.write(|segment, batch| {
            let all = samples.iter().chain(late);
            segment.log_series(all.map(|(id, ..)| *id), labels, batch);
            for (samples, order) in [(samples, Order::InOrder), (late, Order::Late)] {
                if !samples.is_empty() {
                    batch.put(kind::LOOSE, |out| encode_loose(samples, order, out));
                }
            }
        })
    }

    /// Logs native histograms.
    pub(crate) fn histograms(
        &mut self,
        samples: &[(u32, i64, Arc<Histogram>)],
        late: &[(u32, i64, Arc<Histogram>)],
        labels: Known<'_>,
    ) -> vfs::Result<()> {
        self.write(|segment, batch| {
            let all = samples.iter().chain(late);
            segment.log_series(all.map(|(id, ..)| *id), labels, batch);
            for (samples, order) in [(samples, Order::InOrder), (late, Order::Late)] {
                if !samples.is_empty() {
                    batch.put(kind::HISTOGRAMS, |out| {
                        encode_histograms(samples, order, out);
                    });
                }
            }
        })
    }

    /// Logs exemplars.
    pub(crate) fn exemplars(
        &mut self,
        exemplars: &[(u32, Exemplar)],
        labels: Known<'_>,
    ) -> vfs::Result<()> {
        self.write(|segment, batch| {
            segment.log_series(exemplars.iter().map(|(id, _)| *id), labels, batch);
            batch.put(kind::EXEMPLARS, |out| encode_exemplars(exemplars, out));
        })
    }

    /// Logs what families are, besides what the table holds.
    pub(crate) fn metadata(&mut self, metadata: &[Metadata]) -> vfs::Result<()> {
        self.write(|_, batch| {
            batch.put(kind::METADATA, |out| encode_metadata(metadata.iter(), out));
        })
    }

    /// Begins a segment with all that is known of families, if that did not happen yet.
    pub(crate) fn tell_metadata(&mut self) -> vfs::Result<()> {
        if self.segment.is_some() || self.metadata.read().is_empty() {
            return Ok(());
        }
        self.write(|_, _| {})
    }

    /// Logs deleted ranges.
    pub(crate) fn deleted(
        &mut self,
        ranges: &[(u32, i64, i64)],
        labels: Known<'_>,
    ) -> vfs::Result<()> {
        self.write(|segment, batch| {
            segment.log_series(ranges.iter().map(|(id, ..)| *id), labels, batch);
            batch.put(kind::DELETED, |out| encode_deleted(ranges, out));
        })
    }

    /// Lets `fill` put records into a batch and writes the batch in one call. If that fails, the segment
    /// is cut back to what was whole before, and the next write starts a new segment: what `fill` noted
    /// in this one is then forgotten with it.
    fn write(&mut self, fill: impl FnOnce(&mut Segment, &mut Batch<'_>)) -> vfs::Result<()> {
        let mut segment = match self.segment.take() {
            Some(segment) if segment.size < self.segment_bytes => segment,
            full => {
                if let Some(full) = full {
                    self.close(full)?;
                }
                self.open_segment()?
            }
        };
        self.batch.clear();
        let mut batch = Batch {
            header: segment.header,
            lsn: &mut self.next_lsn,
            bytes: &mut self.batch,
            payload: &mut self.payload,
        };
        if !std::mem::replace(&mut segment.has_metadata, true) {
            let table = self.metadata.read();
            if !table.is_empty() {
                batch.put(kind::METADATA, |out| encode_metadata(table.values(), out));
            }
        }
        fill(&mut segment, &mut batch);
        let written = segment.file.write_all(&self.batch).and_then(|()| {
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
            self.closed.push((segment.header.sequence, segment.size));
            return Err(error);
        }
        segment.size += self.batch.len() as u64;
        self.segment = Some(segment);
        Ok(())
    }

    fn close(&mut self, mut segment: Segment) -> vfs::Result<()> {
        self.closed.push((segment.header.sequence, segment.size));
        // A failed sync does not undo what processes see; the error is told and the log goes on.
        segment.sync()
    }

    fn open_segment(&mut self) -> vfs::Result<Segment> {
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
            is_dirty: true,
            has_metadata: false,
            series: RoaringBitmap::new(),
            layouts: HashMap::new(),
        })
    }

    /// Ends the current segment; gives the number of the one that the next write starts. Syncing the old
    /// one is left to the syncer.
    pub(crate) fn cut(&mut self) -> (u64, Option<Box<dyn Syncer>>) {
        let syncer = self.segment.take().and_then(|mut segment| {
            self.closed.push((segment.header.sequence, segment.size));
            segment.take_syncer()
        });
        (self.next_sequence, syncer)
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
            self.closed.push((segment.header.sequence, segment.size));
        }
    }

    /// Removes closed segments below number `from`; gives how many went. Those from `held` on stay while
    /// the log has at most `most` bytes.
    pub(crate) fn remove_before(&mut self, from: u64, held: u64, most: u64) -> vfs::Result<usize> {
        let mut removed = 0;
        while let Some((sequence, _)) = self.closed.first().copied() {
            if sequence >= from || (sequence >= held && self.bytes() <= most) {
                break;
            }
            self.vfs.remove(&segment_path(&self.folder, sequence))?;
            self.closed.remove(0);
            removed += 1;
        }
        Ok(removed)
    }

    /// Numbers of the segments that are not written any more.
    pub(crate) fn closed_segments(&self) -> Vec<u64> {
        self.closed.iter().map(|(sequence, _)| *sequence).collect()
    }

    /// Where the next record begins.
    pub(crate) fn end(&self) -> LogPosition {
        LogPosition {
            segment: self.current_segment(),
            offset: self.segment.as_ref().map_or(0, |segment| segment.size),
        }
    }

    /// Bytes of all segments.
    pub(crate) fn bytes(&self) -> u64 {
        let open = self.segment.as_ref().map_or(0, |segment| segment.size);
        self.closed.iter().map(|(_, size)| size).sum::<u64>() + open
    }

    /// Number of the segment that is written, or of the next one.
    pub(crate) fn current_segment(&self) -> u64 {
        let open = self.segment.as_ref();
        open.map_or(self.next_sequence, |segment| segment.header.sequence)
    }
}

impl Segment {
    fn take_syncer(&mut self) -> Option<Box<dyn Syncer>> {
        std::mem::take(&mut self.is_dirty).then(|| self.file.syncer())
    }

    fn sync(&mut self) -> vfs::Result<()> {
        self.take_syncer().map_or(Ok(()), |syncer| syncer.sync())
    }

    fn log_series(
        &mut self,
        ids: impl Iterator<Item = u32>,
        labels: Known<'_>,
        batch: &mut Batch<'_>,
    ) {
        let unknown: Vec<(u32, Labels)> = ids
            .filter(|id| self.series.insert(*id))
            .filter_map(|id| Some((id, labels(id)?)))
            .collect();
        if !unknown.is_empty() {
            batch.put(kind::SERIES, |out| encode_series(&unknown, out));
        }
    }
}

/// Different for every segment of every run; nothing secret.
fn random_key() -> u64 {
    use std::hash::{BuildHasher, Hasher};
    std::hash::RandomState::new().build_hasher().finish()
}

//! Reading the log back.

use super::frame::{FrameBase, decode, decode_header};
use super::record::{Order, decode_deleted, decode_layout, decode_loose, decode_series, kind};
use super::segment::{HEADER_BYTES, RawRecord, SegmentHeader};
use super::side::{decode_exemplars, decode_histograms, decode_metadata};
use super::{segment_path, segment_sequence};
use crate::paged::Paged;
use crate::progress::ReplayProgress;
use columns::Reader;
use hashbrown::HashMap;
use model::{Histogram, Labels};
use std::path::Path;
use std::sync::Arc;
use storage::{Exemplar, Metadata};
use vfs::Vfs;

/// What a replay found, for the log and for metrics.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReplayReport {
    /// Segments read.
    pub segments: usize,
    /// Records whose checksum was right.
    pub records: u64,
    /// Regions that were skipped because their bytes are not what was written.
    pub corruptions: u64,
    /// Bytes cut off the end of the newest segment: a record that was being written when the process
    /// died.
    pub torn_bytes: u64,
    /// Frames that could not be used because the frame before them was lost.
    pub lost_frames: u64,
}

/// Where the log stands after a replay.
#[derive(Debug, Default)]
pub(crate) struct Replayed {
    pub(crate) report: ReplayReport,
    pub(crate) next_sequence: u64,
    pub(crate) next_lsn: u64,
    /// Segments with their sizes. Ordering: by sequence.
    pub(crate) segments: Vec<(u64, u64)>,
}

/// Receives what the log holds.
pub(crate) trait Sink {
    /// How the sink likes its lists of series.
    type Slots;
    /// A layout of series numbers that [`series`](Self::series) gave.
    fn layout(&mut self, series: Vec<u32>) -> Self::Slots;
    /// A series; gives the number under which the others of this trait name it.
    fn series(&mut self, labels: Labels) -> u32;
    /// A frame; [`ABSENT_BITS`](super::ABSENT_BITS) where a slot has no sample.
    fn frame(&mut self, slots: &Self::Slots, time: i64, values: &[f64]);
    /// A loose sample.
    fn loose(&mut self, series: u32, time: i64, value: f64, order: Order);
    /// A native histogram.
    fn histogram(&mut self, series: u32, time: i64, histogram: Arc<Histogram>, order: Order);
    /// An exemplar.
    fn exemplar(&mut self, series: u32, exemplar: Exemplar);
    /// What a family is.
    fn metadata(&mut self, metadata: Metadata);
    /// A deleted range. Bounds: start included, end excluded.
    fn deleted(&mut self, series: u32, start: i64, end: i64);
}

/// Reads the segments of `folder` from number `from` on into `sink`, repairs a torn end, and skips what
/// is corrupted. Older segments hold what blocks hold: they are removed, but for those from number `kept` on,
/// which others have not read yet.
pub(crate) fn replay<S: Sink>(
    vfs: &dyn Vfs,
    folder: &Path,
    (from, kept): (u64, u64),
    progress: &ReplayProgress,
    sink: &mut S,
) -> vfs::Result<Replayed> {
    let entries = vfs.list(folder)?;
    let mut found: Vec<(u64, u64)> = entries
        .iter()
        .filter_map(|entry| Some((segment_sequence(&entry.name)?, entry.size)))
        .collect();
    found.sort_unstable();
    let mut replayed = Replayed {
        next_sequence: from,
        ..Replayed::default()
    };
    let old = found.partition_point(|(sequence, _)| *sequence < from);
    for (sequence, size) in found.drain(..old) {
        if sequence < kept {
            vfs.remove(&segment_path(folder, sequence))?;
        } else {
            replayed.segments.push((sequence, size));
        }
    }
    let sequences: Vec<u64> = found.iter().map(|(sequence, _)| *sequence).collect();
    let last = sequences.last().copied();
    progress.begin(
        sequences.first().copied().unwrap_or(from),
        last.unwrap_or(from),
    );
    for sequence in sequences {
        progress.reach(sequence);
        let path = segment_path(folder, sequence);
        let bytes = vfs.read(&path)?;
        let mut segment = SegmentReplay::new(sink, &mut replayed);
        let whole = segment.run(&bytes, Some(sequence) == last);
        if whole < bytes.len() {
            // Kept beside the log: nothing is deleted in silence.
            let mut torn = vfs.append(&path.with_extension("torn"))?;
            torn.write_all(bytes.get(whole..).unwrap_or_default())?;
            vfs.truncate(&path, whole as u64)?;
            replayed.report.torn_bytes += (bytes.len() - whole) as u64;
        }
        replayed.report.segments += 1;
        replayed.next_sequence = sequence + 1;
        replayed.segments.push((sequence, whole as u64));
    }
    Ok(replayed)
}

/// In [`SegmentReader::series`]: not told in this segment.
const UNKNOWN: u32 = u32::MAX;

struct SegmentReplay<'a, S: Sink> {
    sink: &'a mut S,
    replayed: &'a mut Replayed,
    reader: SegmentReader<S::Slots>,
}

impl<'a, S: Sink> SegmentReplay<'a, S> {
    fn new(sink: &'a mut S, replayed: &'a mut Replayed) -> Self {
        Self {
            sink,
            replayed,
            reader: SegmentReader::default(),
        }
    }

    /// Reads one segment; gives the offset behind its last whole record, where the segment is the newest
    /// and only garbage follows, else its length.
    fn run(&mut self, bytes: &[u8], is_newest: bool) -> usize {
        let Some(header) = SegmentHeader::decode(bytes) else {
            // The process died before it had written the header; the start behind it went on in another
            // segment.
            if bytes.is_empty() {
                return 0;
            }
            if is_newest && bytes.len() < HEADER_BYTES {
                return 0;
            }
            self.replayed.report.corruptions += 1;
            return bytes.len();
        };
        let mut offset = HEADER_BYTES;
        while offset < bytes.len() {
            if let Some(record) = header.record_at(bytes, offset) {
                self.record(record);
                offset = record.end;
            } else if let Some(next) = header.next_record(bytes, offset) {
                self.replayed.report.corruptions += 1;
                offset = next;
            } else if is_newest {
                return offset;
            } else {
                self.replayed.report.corruptions += 1;
                break;
            }
        }
        bytes.len()
    }

    fn record(&mut self, record: RawRecord<'_>) {
        self.replayed.next_lsn = self.replayed.next_lsn.max(record.lsn + 1);
        let report = &mut self.replayed.report;
        self.reader.record(record, self.sink, report);
    }
}

/// What of a segment is needed to read its next record.
pub(super) struct SegmentReader<T> {
    /// The sink's number of each series by that in the segment.
    series: Paged<u32>,
    layouts: HashMap<u32, LayoutState<T>>,
}

struct LayoutState<T> {
    slots: T,
    frames: u64,
    base: FrameBase,
}

impl<T> Default for SegmentReader<T> {
    fn default() -> Self {
        Self {
            series: Paged::new(UNKNOWN),
            layouts: HashMap::new(),
        }
    }
}

impl<T> SegmentReader<T> {
    /// Reads the next record into `sink`.
    pub(super) fn record<S: Sink<Slots = T>>(
        &mut self,
        record: RawRecord<'_>,
        sink: &mut S,
        report: &mut ReplayReport,
    ) {
        report.records += 1;
        let series = &self.series;
        let known = |id: u32| Some(series.get(id)).filter(|own| *own != UNKNOWN);
        let result = match record.kind {
            kind::SERIES => decode_series(record.payload, |id, labels| {
                *self.series.slot(id) = sink.series(labels);
            }),
            kind::LAYOUT => self.layout(record.payload, sink),
            kind::FRAME => self.frame(record.payload, sink, report),
            kind::LOOSE => decode_loose(record.payload, |id, time, value, order| {
                if let Some(own) = known(id) {
                    sink.loose(own, time, value, order);
                }
            }),
            kind::HISTOGRAMS => decode_histograms(record.payload, |id, time, one, order| {
                if let Some(own) = known(id) {
                    sink.histogram(own, time, one, order);
                }
            }),
            kind::EXEMPLARS => decode_exemplars(record.payload, |id, exemplar| {
                if let Some(own) = known(id) {
                    sink.exemplar(own, exemplar);
                }
            }),
            kind::METADATA => decode_metadata(record.payload, |one| sink.metadata(one)),
            kind::DELETED => decode_deleted(record.payload, |id, start, end| {
                if let Some(own) = known(id) {
                    sink.deleted(own, start, end);
                }
            }),
            // Of a later version: its checksum is right, so it is whole, and others go on.
            tag => Err(columns::Error::UnknownEncoding { tag }),
        };
        if result.is_err() {
            report.corruptions += 1;
        }
    }

    fn layout<S: Sink<Slots = T>>(&mut self, payload: &[u8], sink: &mut S) -> columns::Result<()> {
        let (id, slots) = decode_layout(payload)?;
        let own = slots.iter().map(|slot| self.series.get(*slot));
        // A slot whose series record was lost: the frames of this layout cannot be told apart.
        let own = own.map(|own| Some(own).filter(|own| *own != UNKNOWN));
        let slots: Option<Vec<u32>> = own.collect();
        let slots = slots.ok_or(columns::Error::Truncated)?;
        let base = FrameBase::new(slots.len());
        let state = LayoutState {
            slots: sink.layout(slots),
            frames: 0,
            base,
        };
        self.layouts.insert(id, state);
        Ok(())
    }

    fn frame<S: Sink<Slots = T>>(
        &mut self,
        payload: &[u8],
        sink: &mut S,
        report: &mut ReplayReport,
    ) -> columns::Result<()> {
        let mut reader = Reader::new(payload);
        let header = decode_header(&mut reader)?;
        let Some(layout) = self.layouts.get_mut(&header.layout) else {
            report.lost_frames += 1;
            return Ok(());
        };
        if !header.is_keyframe && header.number != layout.frames {
            report.lost_frames += 1;
            return Ok(());
        }
        decode(header, &mut reader, &mut layout.base)?;
        layout.frames = header.number + 1;
        sink.frame(&layout.slots, header.time, &layout.base.values);
        Ok(())
    }
}

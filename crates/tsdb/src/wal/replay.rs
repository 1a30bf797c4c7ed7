//! Reading the log back.

use super::frame::{decode_delta, decode_header, decode_keyframe};
use super::record::{decode_layout, decode_loose, decode_series, kind};
use super::segment::{HEADER_BYTES, RawRecord, SegmentHeader};
use super::{segment_path, segment_sequence};
use columns::Reader;
use hashbrown::HashMap;
use model::Labels;
use std::path::Path;
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
    /// Segments with the newest sample time of each. Ordering: by sequence.
    pub(crate) segments: Vec<(u64, i64)>,
}

/// Receives what the log holds.
pub(crate) trait Sink {
    /// A series, under the number that it has in this segment.
    fn series(&mut self, labels: Labels) -> u32;
    /// A layout of series numbers that [`series`](Self::series) gave.
    fn layout(&mut self, slots: &[u32]) -> u32;
    /// A frame of a layout that [`layout`](Self::layout) gave.
    fn frame(&mut self, layout: u32, time: i64, values: &[f64]);
    /// A loose sample.
    fn loose(&mut self, series: u32, time: i64, value: f64);
}

/// Reads all segments of `folder` into `sink`, repairs a torn end, and skips what is corrupted.
pub(crate) fn replay(vfs: &dyn Vfs, folder: &Path, sink: &mut dyn Sink) -> vfs::Result<Replayed> {
    let entries = vfs.list(folder)?;
    let mut sequences: Vec<u64> = entries
        .iter()
        .filter_map(|entry| segment_sequence(&entry.name))
        .collect();
    sequences.sort_unstable();
    let mut replayed = Replayed::default();
    let last = sequences.last().copied();
    for sequence in sequences {
        let path = segment_path(folder, sequence);
        let bytes = vfs.read(&path)?;
        let mut segment = SegmentReplay::new(sink, &mut replayed);
        let whole = segment.run(&bytes, Some(sequence) == last);
        let newest = segment.newest;
        if whole < bytes.len() {
            // Kept beside the log: nothing is deleted in silence.
            let mut torn = vfs.append(&path.with_extension("torn"))?;
            torn.write_all(bytes.get(whole..).unwrap_or_default())?;
            vfs.truncate(&path, whole as u64)?;
            replayed.report.torn_bytes += (bytes.len() - whole) as u64;
        }
        replayed.report.segments += 1;
        replayed.next_sequence = sequence + 1;
        replayed.segments.push((sequence, newest));
    }
    Ok(replayed)
}

struct SegmentReplay<'a> {
    sink: &'a mut dyn Sink,
    replayed: &'a mut Replayed,
    series: HashMap<u32, u32>,
    layouts: HashMap<u32, LayoutState>,
    newest: i64,
}

struct LayoutState {
    id: u32,
    frames: u64,
    values: Vec<f64>,
}

impl<'a> SegmentReplay<'a> {
    fn new(sink: &'a mut dyn Sink, replayed: &'a mut Replayed) -> Self {
        Self {
            sink,
            replayed,
            series: HashMap::new(),
            layouts: HashMap::new(),
            newest: i64::MIN,
        }
    }

    /// Reads one segment; gives the offset behind its last whole record, where the segment is the newest
    /// and only garbage follows, else its length.
    fn run(&mut self, bytes: &[u8], is_newest: bool) -> usize {
        let Some(header) = SegmentHeader::decode(bytes) else {
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
        self.replayed.report.records += 1;
        self.replayed.next_lsn = self.replayed.next_lsn.max(record.lsn + 1);
        let result = match record.kind {
            kind::SERIES => decode_series(record.payload, |id, labels| {
                let own = self.sink.series(labels);
                self.series.insert(id, own);
            }),
            kind::LAYOUT => self.layout(record.payload),
            kind::FRAME => self.frame(record.payload),
            kind::LOOSE => decode_loose(record.payload, |id, time, value| {
                if let Some(own) = self.series.get(&id) {
                    self.newest = self.newest.max(time);
                    self.sink.loose(*own, time, value);
                }
            }),
            // Of a later version: its checksum is right, so it is whole, and others go on.
            tag => Err(columns::Error::UnknownEncoding { tag }),
        };
        if result.is_err() {
            self.replayed.report.corruptions += 1;
        }
    }

    fn layout(&mut self, payload: &[u8]) -> columns::Result<()> {
        let (id, slots) = decode_layout(payload)?;
        let own: Option<Vec<u32>> = slots
            .iter()
            .map(|slot| self.series.get(slot).copied())
            .collect();
        // A slot whose series record was lost: the frames of this layout cannot be told apart.
        let own = own.ok_or(columns::Error::Truncated)?;
        let values = vec![0.0; own.len()];
        let own = self.sink.layout(&own);
        self.layouts.insert(
            id,
            LayoutState {
                id: own,
                frames: 0,
                values,
            },
        );
        Ok(())
    }

    fn frame(&mut self, payload: &[u8]) -> columns::Result<()> {
        let mut reader = Reader::new(payload);
        let (header, is_keyframe) = decode_header(&mut reader)?;
        let Some(layout) = self.layouts.get_mut(&header.layout) else {
            self.replayed.report.lost_frames += 1;
            return Ok(());
        };
        if is_keyframe {
            decode_keyframe(&mut reader, &mut layout.values)?;
        } else if header.number == layout.frames {
            decode_delta(&mut reader, &mut layout.values)?;
        } else {
            self.replayed.report.lost_frames += 1;
            return Ok(());
        }
        layout.frames = header.number + 1;
        self.newest = self.newest.max(header.time);
        self.sink.frame(layout.id, header.time, &layout.values);
        Ok(())
    }
}

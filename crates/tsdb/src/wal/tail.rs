//! Reading the log while it is written: what others send on.

use super::record::Order;
use super::replay::{SegmentReader, Sink};
use super::segment::{HEADER_BYTES, SegmentHeader};
use super::{ReplayReport, segment_path, segment_sequence};
use crate::wal::ABSENT_BITS;
use model::{Histogram, Labels};
use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::Arc;
use storage::{Exemplar, Metadata};
use vfs::{ReadFile, Vfs};

/// Bytes that are read at once, unless a record is longer.
const CHUNK: usize = 1 << 20;
/// Records start at multiples of this.
const ALIGNMENT: usize = 8;

/// A place in the write-ahead log. Ordering: as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct LogPosition {
    /// Number of the segment.
    pub segment: u64,
    /// Units: bytes from the start of the segment.
    pub offset: u64,
}

/// Takes what a [`LogTail`] reads.
pub trait LogSink {
    /// A segment begins, and with it all numbers of series are forgotten.
    fn segment(&mut self);
    /// A series; gives the number under which the others of this trait name it in this segment.
    fn series(&mut self, labels: Labels) -> u32;
    /// A sample; the stale marker ends the series.
    fn float(&mut self, series: u32, time: i64, value: f64);
    /// A native histogram.
    fn histogram(&mut self, series: u32, time: i64, histogram: Arc<Histogram>);
    /// An exemplar. One that is kept for long comes more than once.
    fn exemplar(&mut self, series: u32, exemplar: Exemplar);
}

/// Follows the write-ahead log from a place on, while it is written.
pub struct LogTail {
    vfs: Arc<dyn Vfs>,
    folder: PathBuf,
    position: LogPosition,
    open: Option<OpenSegment>,
    buffer: Vec<u8>,
}

struct OpenSegment {
    file: Arc<dyn ReadFile>,
    header: SegmentHeader,
    reader: SegmentReader<Vec<u32>>,
    /// Behind the last record that was taken.
    read: u64,
}

/// Keeps back what was read before.
struct Muted<'s> {
    sink: &'s mut dyn LogSink,
    is_muted: bool,
}

impl Sink for Muted<'_> {
    type Slots = Vec<u32>;

    fn layout(&mut self, series: Vec<u32>) -> Vec<u32> {
        series
    }

    fn series(&mut self, labels: Labels) -> u32 {
        self.sink.series(labels)
    }

    fn frame(&mut self, slots: &Vec<u32>, time: i64, values: &[f64]) {
        if self.is_muted {
            return;
        }
        for (series, value) in slots.iter().zip(values) {
            if value.to_bits() != ABSENT_BITS {
                self.sink.float(*series, time, *value);
            }
        }
    }

    fn loose(&mut self, series: u32, time: i64, value: f64, _: Order) {
        if !self.is_muted {
            self.sink.float(series, time, value);
        }
    }

    fn histogram(&mut self, series: u32, time: i64, histogram: Arc<Histogram>, _: Order) {
        if !self.is_muted {
            self.sink.histogram(series, time, histogram);
        }
    }

    fn exemplar(&mut self, series: u32, exemplar: Exemplar) {
        if !self.is_muted {
            self.sink.exemplar(series, exemplar);
        }
    }

    fn metadata(&mut self, _: Metadata) {}

    fn deleted(&mut self, _: u32, _: i64, _: i64) {}
}

impl LogTail {
    pub(crate) fn new(vfs: Arc<dyn Vfs>, folder: PathBuf, from: LogPosition) -> Self {
        Self {
            vfs,
            folder,
            position: from,
            open: None,
            buffer: Vec::new(),
        }
    }

    /// Behind the last record that was read.
    pub fn position(&self) -> LogPosition {
        self.position
    }

    /// Reads some of what was written since, whole records only; whether there was anything. Segments
    /// that are gone are passed over; corrupted places are skipped.
    ///
    /// # Errors
    /// A file cannot be read; it may be tried again.
    pub fn read(&mut self, sink: &mut dyn LogSink) -> vfs::Result<bool> {
        let Some(mut open) = self.open.take() else {
            return self.open_segment(sink);
        };
        // Looked for before the end is: nothing is written to a segment that has one behind it.
        let size = open.file.size()?;
        let mut wanted = CHUNK;
        loop {
            let taken = self.read_records(&mut open, size, wanted, sink)?;
            if taken > 0 {
                self.open = Some(open);
                return Ok(true);
            }
            if open.read + (wanted as u64) >= size {
                break;
            }
            wanted *= 2;
        }
        let next = self.next_segment(self.position.segment + 1)?;
        let has_grown = open.file.size()? > size;
        match next {
            Some(next) if !has_grown && !self.skip(&mut open) => {
                self.position = LogPosition {
                    segment: next,
                    offset: 0,
                };
                Ok(true)
            }
            next => {
                self.open = Some(open);
                Ok(next.is_some())
            }
        }
    }

    /// Takes the whole records among the next `wanted` bytes; gives how many bytes those have.
    fn read_records(
        &mut self,
        open: &mut OpenSegment,
        size: u64,
        wanted: usize,
        sink: &mut dyn LogSink,
    ) -> vfs::Result<usize> {
        let rest = usize::try_from(size.saturating_sub(open.read)).unwrap_or(usize::MAX);
        self.buffer.resize(rest.min(wanted), 0);
        open.file.read_at(open.read, &mut self.buffer)?;
        let mut at = 0;
        let mut report = ReplayReport::default();
        while let Some(record) = open.header.record_at(&self.buffer, at) {
            let end = record.end;
            if !(end - at).is_multiple_of(ALIGNMENT) {
                break;
            }
            let mut sink = Muted {
                sink: &mut *sink,
                is_muted: open.read + (at as u64) < self.position.offset,
            };
            open.reader.record(record, &mut sink, &mut report);
            at = end;
        }
        open.read += at as u64;
        self.position.offset = self.position.offset.max(open.read);
        if report.corruptions > 0 || report.lost_frames > 0 {
            let segment = self.position.segment;
            tracing::warn!(segment, "part of the write-ahead log cannot be followed");
        }
        Ok(at)
    }

    /// Goes to the next whole record among what is in the buffer, where the one at hand is corrupted.
    fn skip(&self, open: &mut OpenSegment) -> bool {
        let next = open.header.next_record(&self.buffer, ALIGNMENT);
        if let Some(next) = next {
            open.read += next as u64;
        }
        next.is_some()
    }

    /// Opens the segment of the position, or the next one that there is; whether there is one.
    fn open_segment(&mut self, sink: &mut dyn LogSink) -> vfs::Result<bool> {
        let Some(segment) = self.next_segment(self.position.segment)? else {
            return Ok(false);
        };
        if segment != self.position.segment {
            self.position = LogPosition { segment, offset: 0 };
        }
        let file = match self.vfs.open(&segment_path(&self.folder, segment)) {
            Ok(file) => file,
            // Removed just now.
            Err(error) if error.source.kind() == ErrorKind::NotFound => return Ok(true),
            Err(error) => return Err(error),
        };
        let size = file.size()?;
        let mut bytes = [0; HEADER_BYTES];
        let header = if size < HEADER_BYTES as u64 {
            None
        } else {
            file.read_at(0, &mut bytes)?;
            SegmentHeader::decode(&bytes)
        };
        let Some(header) = header else {
            // Not written yet, or never to be.
            let Some(next) = self.next_segment(segment + 1)? else {
                return Ok(false);
            };
            self.position = LogPosition {
                segment: next,
                offset: 0,
            };
            return Ok(true);
        };
        // What was cut off its end was never acknowledged.
        self.position.offset = self.position.offset.min(size);
        sink.segment();
        self.open = Some(OpenSegment {
            file,
            header,
            reader: SegmentReader::default(),
            read: HEADER_BYTES as u64,
        });
        Ok(true)
    }

    /// The first segment from number `from` on.
    fn next_segment(&self, from: u64) -> vfs::Result<Option<u64>> {
        let entries = self.vfs.list(&self.folder)?;
        let numbers = entries
            .iter()
            .filter_map(|entry| segment_sequence(&entry.name));
        Ok(numbers.filter(|number| *number >= from).min())
    }
}

//! Layout of the `data` file: constants, checksums, directory and footer (`docs/format/block.md`).

use crate::{Error, Result, Ulid};
use columns::{Reader, put_signed, put_unsigned};
use std::path::Path;

/// Name of the file.
pub(crate) const FILE: &str = "data";
const MAGIC: &[u8; 6] = b"WFBLK\0";
/// Version of the format that this build writes.
const VERSION: u16 = 1;
/// Header: magic 6, version 2, name 16, crc 4.
pub(crate) const HEADER_BYTES: usize = 28;
/// Footer: directory offset 8, length 4, crc 4; meta length 4, crc 4; index length 8, crc 4; version 2,
/// magic 6, crc 4.
pub(crate) const FOOTER_BYTES: usize = 48;
/// A page is closed when it has reached this size. One read and one checksum each.
pub(crate) const PAGE_BYTES: usize = 16 << 10;
/// A page is closed when it has so many columns: bounds the work of finding one series.
pub(crate) const PAGE_COLUMNS: usize = 1024;
/// Samples of a column, and times of a timeline, at most.
pub(crate) const COLUMN_SAMPLES: usize = 4096;
/// Bytes of a checksum.
pub(crate) const CRC_BYTES: usize = 4;

/// The checksum of `bytes` at `offset` of a file of block `id`: bytes of another block or from another
/// place never pass.
pub(crate) fn checksum(id: Ulid, offset: u64, bytes: &[u8]) -> u32 {
    let seed = crc32c::crc32c_append(crc32c::crc32c(&id.to_bytes()), &offset.to_le_bytes());
    crc32c::crc32c_append(seed, bytes)
}

/// Splits the checksum off the end of `bytes`, if it is right.
pub(crate) fn checked(id: Ulid, offset: u64, bytes: &[u8]) -> Option<&[u8]> {
    let (payload, crc) = bytes.split_last_chunk::<CRC_BYTES>()?;
    (checksum(id, offset, payload) == u32::from_le_bytes(*crc)).then_some(payload)
}

pub(crate) fn header(id: Ulid) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(HEADER_BYTES);
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&VERSION.to_le_bytes());
    bytes.extend_from_slice(&id.to_bytes());
    bytes.extend_from_slice(&checksum(id, 0, &bytes).to_le_bytes());
    bytes
}

/// Length and checksum of a neighbouring file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FileSum {
    pub(crate) bytes: u64,
    pub(crate) crc: u32,
}

impl FileSum {
    pub(crate) fn of(id: Ulid, bytes: &[u8]) -> Self {
        Self {
            bytes: bytes.len() as u64,
            crc: checksum(id, 0, bytes),
        }
    }
}

/// The last bytes of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Footer {
    pub(crate) directory_offset: u64,
    pub(crate) directory: FileSum,
    pub(crate) meta: FileSum,
    pub(crate) index: FileSum,
}

impl Footer {
    pub(crate) fn encode(&self, id: Ulid, offset: u64) -> Result<Vec<u8>> {
        let mut out = Vec::with_capacity(FOOTER_BYTES);
        let short = |bytes: u64| u32::try_from(bytes).map_err(|_| Error::TooLarge);
        out.extend_from_slice(&self.directory_offset.to_le_bytes());
        out.extend_from_slice(&short(self.directory.bytes)?.to_le_bytes());
        out.extend_from_slice(&self.directory.crc.to_le_bytes());
        out.extend_from_slice(&short(self.meta.bytes)?.to_le_bytes());
        out.extend_from_slice(&self.meta.crc.to_le_bytes());
        out.extend_from_slice(&self.index.bytes.to_le_bytes());
        out.extend_from_slice(&self.index.crc.to_le_bytes());
        out.extend_from_slice(&VERSION.to_le_bytes());
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(&checksum(id, offset, &out).to_le_bytes());
        Ok(out)
    }

    /// The footer of a file that is `size` bytes long, from its last bytes.
    pub(crate) fn decode(bytes: &[u8], id: Ulid, size: u64, path: &Path) -> Result<Self> {
        let offset = size.saturating_sub(FOOTER_BYTES as u64);
        let broken = |what| Error::corrupted(path, offset, what);
        let tail = bytes.len().checked_sub(FOOTER_BYTES);
        let tail = tail
            .and_then(|at| bytes.get(at..))
            .ok_or(broken("no footer"))?;
        let version = tail.get(36..38).and_then(|bytes| bytes.try_into().ok());
        let version = u16::from_le_bytes(version.unwrap_or_default());
        if tail.get(38..44) != Some(&MAGIC[..]) {
            return Err(broken("no footer"));
        }
        let payload = checked(id, offset, tail).ok_or(broken("footer checksum"))?;
        if version != VERSION {
            return Err(Error::Version {
                path: path.to_path_buf(),
                version,
            });
        }
        let mut reader = Reader::new(payload);
        let footer = Self::fields(&mut reader).map_err(|_| broken("footer"))?;
        let end = footer.directory_offset.checked_add(footer.directory.bytes);
        if end != Some(offset) {
            return Err(broken("directory is not before the footer"));
        }
        Ok(footer)
    }

    fn fields(reader: &mut Reader<'_>) -> columns::Result<Self> {
        Ok(Self {
            directory_offset: reader.u64()?,
            directory: FileSum {
                bytes: u32_of(reader)?.into(),
                crc: u32_of(reader)?,
            },
            meta: FileSum {
                bytes: u32_of(reader)?.into(),
                crc: u32_of(reader)?,
            },
            index: FileSum {
                bytes: reader.u64()?,
                crc: u32_of(reader)?,
            },
        })
    }
}

fn u32_of(reader: &mut Reader<'_>) -> columns::Result<u32> {
    let bytes = reader.bytes(4)?.try_into();
    bytes
        .map(u32::from_le_bytes)
        .map_err(|_| columns::Error::Truncated)
}

/// A page of columns, as the directory knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PageInfo {
    pub(crate) offset: u64,
    /// With the checksum.
    pub(crate) bytes: u32,
    pub(crate) first_ordinal: u32,
    pub(crate) last_ordinal: u32,
    pub(crate) min_time: i64,
    /// The time of its last sample.
    pub(crate) last_time: i64,
    pub(crate) samples: u64,
}

/// A distinct column of times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TimelineInfo {
    pub(crate) first: i64,
    pub(crate) last: i64,
    pub(crate) n: u32,
    /// Number of its page.
    pub(crate) page: u32,
    /// Where in the page.
    pub(crate) start: u32,
    pub(crate) bytes: u32,
}

/// A page of timelines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TimelinePage {
    pub(crate) offset: u64,
    /// With the checksum.
    pub(crate) bytes: u32,
}

/// Where everything is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Directory {
    /// Ordering: by first ordinal, then by time.
    pub(crate) pages: Vec<PageInfo>,
    pub(crate) timelines: Vec<TimelineInfo>,
    pub(crate) timeline_pages: Vec<TimelinePage>,
}

impl Directory {
    /// Offsets are left out: pages stand one behind the other from the header on, timelines behind them.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        put_unsigned(self.pages.len() as u64, &mut out);
        let (mut ordinal, mut time) = (0u32, 0i64);
        for page in &self.pages {
            put_unsigned(u64::from(page.bytes), &mut out);
            put_unsigned(
                u64::from(page.first_ordinal.wrapping_sub(ordinal)),
                &mut out,
            );
            put_unsigned(u64::from(page.last_ordinal - page.first_ordinal), &mut out);
            put_signed(page.min_time.wrapping_sub(time), &mut out);
            put_unsigned(page.last_time.wrapping_sub(page.min_time) as u64, &mut out);
            put_unsigned(page.samples, &mut out);
            (ordinal, time) = (page.last_ordinal, page.min_time);
        }
        put_unsigned(self.timeline_pages.len() as u64, &mut out);
        for page in &self.timeline_pages {
            put_unsigned(u64::from(page.bytes), &mut out);
        }
        put_unsigned(self.timelines.len() as u64, &mut out);
        let (mut time, mut page) = (0i64, 0u32);
        let mut length = 0;
        for timeline in &self.timelines {
            // The lowest bit says that the timeline begins a new page.
            let turn = u64::from(timeline.page != page);
            put_unsigned(u64::from(timeline.n) << 1 | turn, &mut out);
            put_signed(timeline.first.wrapping_sub(time), &mut out);
            let span = timeline.last.wrapping_sub(timeline.first);
            put_signed(span.wrapping_sub(length), &mut out);
            put_unsigned(u64::from(timeline.bytes), &mut out);
            (time, page, length) = (timeline.first, timeline.page, span);
        }
        out
    }

    /// The directory, and that it fills the file up to `end`.
    pub(crate) fn decode(bytes: &[u8], end: u64) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        let mut directory = Self::default();
        let mut offset = HEADER_BYTES as u64;
        directory.read_pages(&mut reader, &mut offset)?;
        for _ in 0..reader.unsigned().ok()? {
            let bytes = u32::try_from(reader.unsigned().ok()?).ok()?;
            directory
                .timeline_pages
                .push(TimelinePage { offset, bytes });
            offset = offset.checked_add(u64::from(bytes))?;
        }
        directory.read_timelines(&mut reader)?;
        (reader.rest().is_empty() && offset == end).then_some(directory)
    }

    fn read_pages(&mut self, reader: &mut Reader<'_>, offset: &mut u64) -> Option<()> {
        let (mut ordinal, mut time) = (0u32, 0i64);
        for _ in 0..reader.unsigned().ok()? {
            let bytes = u32::try_from(reader.unsigned().ok()?).ok()?;
            let step = u32::try_from(reader.unsigned().ok()?).ok()?;
            let first_ordinal = ordinal.checked_add(step)?;
            let more = u32::try_from(reader.unsigned().ok()?).ok()?;
            let min_time = time.wrapping_add(reader.signed().ok()?);
            let page = PageInfo {
                offset: *offset,
                bytes,
                first_ordinal,
                last_ordinal: first_ordinal.checked_add(more)?,
                min_time,
                last_time: min_time.wrapping_add(reader.unsigned().ok()? as i64),
                samples: reader.unsigned().ok()?,
            };
            *offset = offset.checked_add(u64::from(bytes))?;
            (ordinal, time) = (page.last_ordinal, page.min_time);
            self.pages.push(page);
        }
        Some(())
    }

    fn read_timelines(&mut self, reader: &mut Reader<'_>) -> Option<()> {
        let (mut time, mut page, mut start, mut length) = (0i64, 0u32, 0u32, 0i64);
        for _ in 0..reader.unsigned().ok()? {
            let head = reader.unsigned().ok()?;
            if head & 1 == 1 {
                page = page.checked_add(1)?;
                start = 0;
            }
            let first = time.wrapping_add(reader.signed().ok()?);
            length = length.wrapping_add(reader.signed().ok()?);
            let timeline = TimelineInfo {
                first,
                last: first.wrapping_add(length),
                n: u32::try_from(head >> 1).ok()?,
                page,
                start,
                bytes: u32::try_from(reader.unsigned().ok()?).ok()?,
            };
            let holder = self.timeline_pages.get(page as usize)?;
            start = start.checked_add(timeline.bytes)?;
            if start as usize + CRC_BYTES > holder.bytes as usize
                || timeline.n as usize > COLUMN_SAMPLES
            {
                return None;
            }
            time = first;
            self.timelines.push(timeline);
        }
        Some(())
    }
}
